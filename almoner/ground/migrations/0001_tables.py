import django.contrib.postgres.fields
import django.db.models.expressions
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("ground", "0003_withdrawn")]

    dependencies = []

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Event",
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
                        ("kind", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("patient_id", models.BigIntegerField(null=True)),
                        ("about_kind", models.TextField()),
                        ("about_id", models.BigIntegerField(null=True)),
                        ("location_id", models.BigIntegerField(null=True)),
                        ("data", models.JSONField(default=dict)),
                        (
                            "transaction",
                            models.BigIntegerField(
                                db_default=django.db.models.expressions.RawSQL(
                                    "pg_current_xact_id()::text::bigint", ()
                                ),
                                editable=False,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["transaction", "id"], name="event_by_transaction"),
                            models.Index(
                                condition=models.Q(("patient_id__isnull", False)),
                                fields=["patient_id", "-at"],
                                name="event_of_patient",
                            ),
                            models.Index(fields=["about_kind", "about_id"], name="event_about"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outgoing",
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
                        ("key", models.TextField()),
                        ("channel", models.TextField()),
                        ("about_kind", models.TextField()),
                        ("about_id", models.BigIntegerField(null=True)),
                        ("patient_id", models.BigIntegerField(null=True)),
                        ("payload", models.JSONField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sending", "Sending"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                    ("unknown", "Unknown"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="waiting",
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("created_at", models.DateTimeField()),
                        ("tried_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("partner_reference", models.TextField(blank=True, default="")),
                        ("trouble", models.TextField(blank=True, default="")),
                        (
                            "notes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "outgoing",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "sent"), _negated=True),
                                fields=["state", "created_at"],
                                name="outgoing_unsettled",
                            ),
                            models.Index(fields=["about_kind", "about_id"], name="outgoing_about"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("channel", "key"), name="outgoing_key_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "waiting",
                                            "sending",
                                            "sent",
                                            "failed",
                                            "unknown",
                                            "withdrawn",
                                        ],
                                    )
                                ),
                                name="outgoing_state_known",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
