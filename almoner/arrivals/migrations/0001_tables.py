import almoner.arrivals.rules.desk
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("arrivals", "0001_initial")]

    dependencies = [
        ("coverage", "0001_tables"),
        ("facility", "0001_tables"),
        ("patients", "0001_tables"),
        ("scheduling", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="EarlyCheckIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("coming_at", models.DateTimeField(blank=True, null=True)),
                        ("here_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "appointment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="early",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Encounter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("service_date", models.DateField()),
                        ("by_video", models.BooleanField(default=False)),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("arrived", "arrived"),
                                    ("ready", "ready"),
                                    ("roomed", "roomed"),
                                    ("with_clinician", "with_clinician"),
                                    ("done", "done"),
                                    ("left", "left"),
                                ],
                                default=almoner.arrivals.rules.desk.State["ARRIVED"],
                            ),
                        ),
                        ("state_since", models.DateTimeField()),
                        ("arrived_at", models.DateTimeField()),
                        (
                            "confirmed_by",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("left_at", models.DateTimeField(blank=True, null=True)),
                        ("left_early", models.TextField(blank=True, default="")),
                        (
                            "appointment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="encounter",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.clinician"
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.location"
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="encounters",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "room",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.room",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["location", "service_date", "state"], name="encounter_board"
                            ),
                            models.Index(
                                fields=["patient", "-service_date"], name="encounter_of_patient"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "left"), ("left_at__isnull", False)),
                                    models.Q(
                                        models.Q(("state", "left"), _negated=True),
                                        ("left_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="encounter_left_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "arrived",
                                            "ready",
                                            "roomed",
                                            "with_clinician",
                                            "done",
                                            "left",
                                        ],
                                    )
                                ),
                                name="encounter_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "state__in",
                                            (
                                                almoner.arrivals.rules.desk.State["ROOMED"],
                                                almoner.arrivals.rules.desk.State["WITH_CLINICIAN"],
                                            ),
                                        ),
                                        _negated=True,
                                    ),
                                    ("room__isnull", False),
                                    ("by_video", True),
                                    _connector="OR",
                                ),
                                name="encounter_in_a_room_names_it",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        (
                                            almoner.arrivals.rules.desk.State["ROOMED"],
                                            almoner.arrivals.rules.desk.State["WITH_CLINICIAN"],
                                        ),
                                    )
                                ),
                                fields=("room",),
                                name="encounter_room_for_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CheckInItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "item",
                            models.TextField(
                                choices=[
                                    ("identity", "identity"),
                                    ("details", "details"),
                                    ("coverage", "coverage"),
                                    ("forms", "forms"),
                                    ("copay", "copay"),
                                ]
                            ),
                        ),
                        ("waived", models.BooleanField(default=False)),
                        ("reason", models.TextField(blank=True, default="")),
                        ("note", models.TextField(blank=True, default="")),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        (
                            "encounter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="arrivals.encounter",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("encounter", "item"), name="check_in_item_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("waived", False),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="check_in_waived_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "item__in",
                                        ["identity", "details", "coverage", "forms", "copay"],
                                    )
                                ),
                                name="check_in_item_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Movement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("arrived", "arrived"),
                                    ("ready", "ready"),
                                    ("roomed", "roomed"),
                                    ("with_clinician", "with_clinician"),
                                    ("done", "done"),
                                    ("left", "left"),
                                ]
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        (
                            "encounter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="arrivals.encounter",
                            ),
                        ),
                        (
                            "room",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.room",
                            ),
                        ),
                        (
                            "takes_back",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="arrivals.movement",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Said",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "thing",
                            models.TextField(
                                choices=[
                                    ("name_used", "name_used"),
                                    ("pronouns", "pronouns"),
                                    ("address", "address"),
                                    ("phone", "phone"),
                                    ("other_phone", "other_phone"),
                                    ("email", "email"),
                                    ("language", "language"),
                                    ("interpreter", "interpreter"),
                                    ("emergency", "emergency"),
                                    ("policy", "policy"),
                                    ("new_policy", "new_policy"),
                                    ("company", "company"),
                                    ("reason", "reason"),
                                    ("needs", "needs"),
                                    ("devices", "devices"),
                                ]
                            ),
                        ),
                        (
                            "verdict",
                            models.TextField(
                                choices=[
                                    ("right", "right"),
                                    ("changed", "changed"),
                                    ("gone", "gone"),
                                    ("told", "told"),
                                ]
                            ),
                        ),
                        ("was", models.JSONField()),
                        ("words", models.JSONField()),
                        ("said_at", models.DateTimeField()),
                        ("heard_by_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "outcome",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("", ""),
                                    ("accepted", "accepted"),
                                    ("refused", "refused"),
                                ],
                                default="",
                            ),
                        ),
                        ("why", models.TextField(blank=True, default="")),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        ("settled_by_id", models.BigIntegerField(blank=True, null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="said",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="coverage.policy",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "said",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "")),
                                fields=("appointment", "thing", "policy"),
                                name="said_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "thing__in",
                                        [
                                            "name_used",
                                            "pronouns",
                                            "address",
                                            "phone",
                                            "other_phone",
                                            "email",
                                            "language",
                                            "interpreter",
                                            "emergency",
                                            "policy",
                                            "new_policy",
                                            "company",
                                            "reason",
                                            "needs",
                                            "devices",
                                        ],
                                    )
                                ),
                                name="said_thing_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("verdict__in", ["right", "changed", "gone", "told"])
                                ),
                                name="said_verdict_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("policy__isnull", False), ("thing", "policy")),
                                    models.Q(
                                        models.Q(("thing", "policy"), _negated=True),
                                        ("policy__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="said_of_a_policy_names_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("outcome", ""),
                                        ("settled_at__isnull", True),
                                        ("settled_by_id__isnull", True),
                                    ),
                                    models.Q(
                                        ("outcome__in", ["accepted", "refused"]),
                                        ("settled_at__isnull", False),
                                        ("settled_by_id__isnull", False),
                                        ("verdict__in", ["changed", "gone"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="said_settled_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "refused"), _negated=True),
                                    models.Q(("why", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="said_refused_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardTaken",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("side", models.TextField(choices=[("front", "Front"), ("back", "Back")])),
                        ("jpeg", models.BinaryField()),
                        ("taken_at", models.DateTimeField()),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cards_taken",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="coverage.policy",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("appointment", "policy", "side"),
                                name="card_taken_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
            ]
        )
    ]
