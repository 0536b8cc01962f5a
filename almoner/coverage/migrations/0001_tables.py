import almoner.coverage.models
import almoner.coverage.rules.collect
import almoner.coverage.rules.timing
import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("coverage", "0001_initial")]

    dependencies = [
        ("patients", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Payer",
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
                        ("name", models.TextField(verbose_name="name")),
                        (
                            "payer_id",
                            models.CharField(max_length=20, unique=True, verbose_name="payer id"),
                        ),
                        (
                            "kind",
                            models.TextField(
                                choices=[
                                    ("hmo", "HMO"),
                                    ("ppo", "PPO"),
                                    ("medicare", "Medicare"),
                                    ("medicaid", "Medicaid"),
                                    ("workers_comp", "Workers' compensation"),
                                    ("self_pay", "Self-pay"),
                                    ("other", "Other"),
                                ],
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "claim_filing",
                            models.CharField(max_length=2, verbose_name="claim filing code"),
                        ),
                        (
                            "initial_filing_days",
                            models.PositiveSmallIntegerField(
                                default=365, verbose_name="first claim within (days)"
                            ),
                        ),
                        (
                            "answers_eligibility",
                            models.BooleanField(
                                default=True, verbose_name="answers questions about cover"
                            ),
                        ),
                        ("phone", models.TextField(blank=True, default="", verbose_name="phone")),
                    ],
                    options={
                        "verbose_name": "payer",
                        "verbose_name_plural": "payers",
                    },
                ),
                migrations.CreateModel(
                    name="Plan",
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
                        ("name", models.TextField(verbose_name="name")),
                        (
                            "network",
                            models.TextField(
                                choices=[
                                    ("in", "In network"),
                                    ("out", "Out of network"),
                                    ("unknown", "Not known"),
                                ],
                                default=almoner.coverage.rules.collect.Network["UNKNOWN"],
                                verbose_name="network",
                            ),
                        ),
                        (
                            "payer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="coverage.payer",
                                verbose_name="payer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "plan",
                        "verbose_name_plural": "plans",
                        "constraints": [
                            models.UniqueConstraint(fields=("payer", "name"), name="plan_name_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Policy",
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
                        ("rank", models.PositiveSmallIntegerField(default=1)),
                        (
                            "relation",
                            models.CharField(
                                choices=[
                                    ("18", "Self"),
                                    ("01", "Spouse"),
                                    ("19", "Child"),
                                    ("G8", "Other"),
                                ],
                                default="18",
                                max_length=2,
                            ),
                        ),
                        ("member_id", models.CharField(max_length=80)),
                        ("group_number", models.CharField(blank=True, default="", max_length=50)),
                        ("subscriber_family", models.TextField(blank=True, default="")),
                        ("subscriber_given", models.TextField(blank=True, default="")),
                        ("subscriber_birth_date", models.DateField(blank=True, null=True)),
                        ("subscriber_sex", models.TextField(blank=True, default="")),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="policies",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="coverage.plan"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "policies",
                        "constraints": [
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("retired_at__isnull", True)),
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                expressions=[
                                    ("patient", "="),
                                    ("rank", "="),
                                    (
                                        almoner.coverage.models.DateRange(
                                            "valid_from", "valid_until"
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="policy_rank_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_from__isnull", True),
                                    ("valid_until__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="policy_ends_after_it_began",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rank__gte", 1)), name="policy_rank_from_one"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("member_id", ""), _negated=True),
                                name="policy_has_member_id",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "member_id__regex",
                                        "^[!-)+-9;-\\]_-}][ !-)+-9;-\\]_-}]{0,78}[!-)+-9;-\\]_-}]$",
                                    )
                                ),
                                name="policy_member_id_can_be_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EligibilityCheck",
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
                            "occasion",
                            models.TextField(
                                choices=[
                                    ("booking", "At booking"),
                                    ("upcoming", "Three days before"),
                                    ("arrival", "At arrival"),
                                    ("demand", "On demand"),
                                ]
                            ),
                        ),
                        ("appointment_id", models.BigIntegerField(null=True)),
                        ("service_date", models.DateField()),
                        ("service_type", models.CharField(max_length=3)),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("asked", "asked"),
                                    ("answered", "answered"),
                                    ("rejected", "rejected"),
                                    ("silent", "silent"),
                                    ("failed", "failed"),
                                    ("unreadable", "unreadable"),
                                ],
                                default=almoner.coverage.rules.timing.State["ASKED"],
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("asked_by_id", models.BigIntegerField(null=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("quiet", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ("trace", models.TextField(unique=True)),
                        ("inquiry", models.BinaryField()),
                        ("answer", models.BinaryField(null=True)),
                        ("trouble", models.TextField(blank=True, default="")),
                        ("inactive", models.BooleanField(db_default=False, default=False)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="eligibility_checks",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="coverage.policy",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "-asked_at"], name="eligibility_of_patient"
                            ),
                            models.Index(
                                condition=models.Q(("state", "asked")),
                                fields=["asked_at"],
                                name="eligibility_open",
                            ),
                        ],
                        "constraints": [
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("state__in", ["asked", "silent"])),
                                expressions=[
                                    ("policy", "="),
                                    ("service_type", "="),
                                    ("service_date", "="),
                                    ("quiet", "&&"),
                                ],
                                name="eligibility_not_repeated_early",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("occasion", "demand"), _negated=True),
                                fields=("policy", "appointment_id", "occasion", "service_date"),
                                name="eligibility_once_per_occasion",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_at__isnull", True), ("state", "asked")),
                                    models.Q(
                                        models.Q(("state", "asked"), _negated=True),
                                        ("settled_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="eligibility_settled_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer__isnull", False),
                                        ("state__in", ["answered", "rejected", "unreadable"]),
                                    ),
                                    models.Q(
                                        ("answer__isnull", True),
                                        ("state__in", ["asked", "silent", "failed"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="eligibility_answer_kept",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quiet__startswith__lte", models.F("asked_at")),
                                    (
                                        "quiet__endswith__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("asked_at"),
                                            "+",
                                            models.Value(datetime.timedelta(seconds=90)),
                                        ),
                                    ),
                                ),
                                name="eligibility_quiet_long_enough",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CardImage",
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
                        ("width", models.PositiveSmallIntegerField()),
                        ("height", models.PositiveSmallIntegerField()),
                        ("added_at", models.DateTimeField()),
                        ("added_by_id", models.BigIntegerField()),
                        ("replaced_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cards",
                                to="coverage.policy",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("replaced_at__isnull", True)),
                                fields=("policy", "side"),
                                name="card_image_current_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExpectedVisit",
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
                        ("appointment_id", models.BigIntegerField(unique=True)),
                        ("service_date", models.DateField()),
                        ("service_type", models.CharField(max_length=3)),
                        ("location_id", models.BigIntegerField(null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["service_date", "id"], name="expected_visit_by_day"
                            )
                        ],
                    },
                ),
            ]
        )
    ]
