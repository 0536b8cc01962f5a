import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("outreach", "0001_initial")]

    dependencies = [
        ("facility", "0001_tables"),
        ("patients", "0001_tables"),
        ("relations", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Campaign",
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
                        ("name", models.TextField()),
                        ("purpose", models.TextField()),
                        (
                            "channels",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), size=None
                            ),
                        ),
                        ("subject_english", models.TextField()),
                        ("english", models.TextField()),
                        ("subject_spanish", models.TextField()),
                        ("spanish", models.TextField()),
                        ("words", models.TextField()),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField(null=True)),
                        ("reviewed_by_id", models.BigIntegerField(null=True)),
                        ("window_days", models.PositiveSmallIntegerField()),
                        ("remind_after_days", models.PositiveSmallIntegerField(null=True)),
                        ("held_out_percent", models.PositiveSmallIntegerField()),
                        ("pace", models.PositiveSmallIntegerField()),
                        ("rest_days", models.PositiveSmallIntegerField()),
                        ("state", models.TextField(default="draft")),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("started_by_id", models.BigIntegerField(null=True)),
                        ("paused_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "visit_type",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facility.visittype",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="campaigns",
                                to="outreach.segmentversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("purpose__in", ["care", "marketing"])),
                                name="campaign_purpose_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("channels__contained_by", ["sms", "email", "call"]),
                                    ("channels__len__gt", 0),
                                ),
                                name="campaign_channels_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("words__in", ["shipped", "own", "earlier"])),
                                name="campaign_words_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"),
                                    models.Q(("words", "own"), _negated=True),
                                    ("reviewed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="campaign_words_reviewed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reviewed_at", None), ("reviewed_by_id", None)),
                                    models.Q(
                                        ("reviewed_at__isnull", False),
                                        ("reviewed_by_id__isnull", False),
                                        models.Q(
                                            ("authors__contains", [models.F("reviewed_by_id")]),
                                            _negated=True,
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="campaign_reviewed_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("started_at", None),
                                        ("started_by_id", None),
                                        ("state", "draft"),
                                    ),
                                    models.Q(
                                        ("started_at__isnull", False),
                                        ("started_by_id__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="campaign_started_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("finished_at", None),
                                        ("paused_at", None),
                                        ("state__in", ["draft", "running"]),
                                    ),
                                    models.Q(
                                        ("finished_at", None),
                                        ("paused_at__isnull", False),
                                        ("state", "paused"),
                                    ),
                                    models.Q(("finished_at__isnull", False), ("state", "finished")),
                                    _connector="OR",
                                ),
                                name="campaign_state_told",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("held_out_percent__lte", 50),
                                    ("pace__gte", 1),
                                    ("window_days__gte", 1),
                                    models.Q(
                                        ("remind_after_days", None),
                                        ("remind_after_days__gte", 1),
                                        _connector="OR",
                                    ),
                                ),
                                name="campaign_within_bounds",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enrolment",
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
                        ("held_out", models.BooleanField()),
                        ("state", models.TextField()),
                        ("starts_at", models.DateTimeField()),
                        ("next_at", models.DateTimeField(null=True)),
                        ("steps", models.PositiveSmallIntegerField(default=0)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("taken_by_id", models.BigIntegerField(null=True)),
                        ("taken_at", models.DateTimeField(null=True)),
                        ("stopped_at", models.DateTimeField(null=True)),
                        ("stopped_why", models.TextField(blank=True, default="")),
                        ("booked_id", models.BigIntegerField(null=True)),
                        (
                            "campaign",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="outreach.campaign",
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
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("state__in", ["waiting", "reached", "calling"])
                                ),
                                fields=["campaign", "next_at", "id"],
                                name="enrolment_due",
                            ),
                            models.Index(fields=["campaign", "state"], name="enrolment_by_state"),
                            models.Index(
                                condition=models.Q(("state", "calling")),
                                fields=["next_at", "id"],
                                name="enrolment_to_call",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("campaign", "patient"), name="enrolment_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "waiting",
                                            "reached",
                                            "calling",
                                            "stopped",
                                            "over",
                                            "held_out",
                                        ],
                                    )
                                ),
                                name="enrolment_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("held_out", False),
                                        models.Q(("state", "held_out"), _negated=True),
                                    ),
                                    models.Q(
                                        ("held_out", True),
                                        ("next_at", None),
                                        ("state", "held_out"),
                                        ("steps", 0),
                                        ("tries", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="enrolment_held_out_is_left_alone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "stopped"),
                                        ("stopped_at__isnull", False),
                                        (
                                            "stopped_why__in",
                                            [
                                                "deceased",
                                                "double",
                                                "booked",
                                                "case",
                                                "enrolled",
                                                "contacted",
                                                "opted_out",
                                                "no_way",
                                                "replied",
                                                "declined",
                                                "unreached",
                                                "finished",
                                            ],
                                        ),
                                    ),
                                    models.Q(
                                        models.Q(("state", "stopped"), _negated=True),
                                        ("booked_id", None),
                                        ("stopped_at", None),
                                        ("stopped_why", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="enrolment_stopped_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Segment",
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
                        ("name", models.TextField(unique=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="segment_has_a_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SegmentVersion",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("conditions", models.JSONField()),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        (
                            "segment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="outreach.segment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("segment", "number"), name="segment_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("conditions", {}), _negated=True),
                                name="segment_asks_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("address", models.TextField()),
                        ("at", models.DateTimeField()),
                        (
                            "call",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="relations.call",
                            ),
                        ),
                        (
                            "enrolment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="taken",
                                to="outreach.enrolment",
                            ),
                        ),
                        (
                            "message",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="relations.message",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["address"], name="outreach_step_to")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("enrolment", "number"), name="outreach_step_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("call", None), ("message__isnull", False)),
                                    models.Q(("call__isnull", False), ("message", None)),
                                    _connector="OR",
                                ),
                                name="outreach_step_is_a_message_or_a_call",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
