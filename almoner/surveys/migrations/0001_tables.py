import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("surveys", "0001_initial")]

    dependencies = [
        ("facility", "0001_tables"),
        ("patients", "0001_tables"),
        ("relations", "0001_tables"),
        ("scheduling", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Questionnaire",
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
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("name",), name="questionnaire_name_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name__regex", "[^[:space:]]")),
                                name="questionnaire_has_a_name",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rule",
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
                        ("after_minutes", models.PositiveIntegerField()),
                        ("share", models.PositiveSmallIntegerField()),
                        ("pause_days", models.PositiveSmallIntegerField()),
                        ("remind_days", models.PositiveSmallIntegerField()),
                        ("open_days", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(null=True)),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "location",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.location",
                            ),
                        ),
                        (
                            "questionnaire",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules",
                                to="surveys.questionnaire",
                            ),
                        ),
                        (
                            "visit_type",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.visittype",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("share__gte", 1), ("share__lte", 100)),
                                name="survey_rule_share",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on", None),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="survey_rule_days_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("open_days__gte", 1),
                                    ("remind_days__lt", models.F("open_days")),
                                ),
                                name="survey_rule_reminds_while_open",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Survey",
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
                        ("way", models.TextField()),
                        ("visit_on", models.DateField()),
                        ("peace", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ("chosen_at", models.DateTimeField()),
                        ("ask_at", models.DateTimeField()),
                        ("language", models.TextField(default="en")),
                        ("remind_at", models.DateTimeField(null=True)),
                        ("closes_at", models.DateTimeField(null=True)),
                        ("dropped", models.TextField(blank=True, default="")),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("low_at", models.DateTimeField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="surveys",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="relations.case",
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
                            "message",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="relations.message",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="surveys",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "reminder",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="relations.message",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="surveys",
                                to="surveys.rule",
                            ),
                        ),
                        (
                            "visit_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.visittype"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="surveys",
                                to="surveys.version",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("dropped", ""), ("message", None)),
                                fields=["ask_at", "id"],
                                name="survey_to_ask",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("dropped", ""), ("finished_at", None), ("reminder", None)
                                ),
                                fields=["remind_at", "id"],
                                name="survey_to_remind",
                            ),
                            models.Index(
                                condition=models.Q(("case", None), ("low_at__isnull", False)),
                                fields=["low_at", "id"],
                                name="survey_without_case",
                            ),
                            models.Index(fields=["visit_on", "id"], name="survey_by_day"),
                            models.Index(fields=["patient", "-id"], name="survey_of_patient"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("appointment",), name="survey_once_a_visit"
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(
                                    ("message__isnull", False), ("dropped", ""), _connector="OR"
                                ),
                                expressions=[("patient", "="), ("peace", "&&")],
                                name="survey_patient_left_in_peace",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("way__in", ["in_person", "video", "phone"])),
                                name="survey_way_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "dropped__in",
                                        [
                                            "",
                                            "no_consent",
                                            "no_link",
                                            "taken_back",
                                            "too_late",
                                            "no_more",
                                        ],
                                    )
                                ),
                                name="survey_dropped_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="survey_language_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closes_at", None),
                                        ("message", None),
                                        ("remind_at", None),
                                        ("reminder", None),
                                    ),
                                    models.Q(
                                        ("closes_at__isnull", False), ("message__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="survey_closes_once_sent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("message__isnull", False),
                                    models.Q(
                                        ("finished_at", None), ("low_at", None), ("opened_at", None)
                                    ),
                                    _connector="OR",
                                ),
                                name="survey_answered_once_sent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("case", None), ("low_at__isnull", False), _connector="OR"
                                ),
                                name="survey_case_of_a_low_answer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
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
                        ("kind", models.TextField()),
                        ("score", models.SmallIntegerField(null=True)),
                        ("words", models.TextField(blank=True, default="")),
                        ("at", models.DateTimeField()),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="surveys.survey",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("survey", "key"), name="survey_answer_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "nps"),
                                        ("score__gte", 0),
                                        ("score__lte", 10),
                                        ("words", ""),
                                    ),
                                    models.Q(
                                        ("kind", "csat"),
                                        ("score__gte", 1),
                                        ("score__lte", 5),
                                        ("words", ""),
                                    ),
                                    models.Q(("kind", "words"), ("score", None)),
                                    _connector="OR",
                                ),
                                name="survey_answer_on_its_scale",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Version",
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
                        ("number", models.PositiveIntegerField()),
                        ("body", models.JSONField()),
                        ("edition", models.PositiveIntegerField(default=1)),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        ("published_at", models.DateTimeField(null=True)),
                        ("published_by_id", models.BigIntegerField(null=True)),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        (
                            "questionnaire",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="surveys.questionnaire",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("questionnaire", "number"),
                                name="survey_version_number_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("published_at__isnull", True)),
                                fields=("questionnaire",),
                                name="survey_draft_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("published_at", None),
                                    ("authors", []),
                                    models.Q(
                                        ("published_by_id__isnull", False),
                                        models.Q(
                                            ("authors__contains", [models.F("published_by_id")]),
                                            _negated=True,
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="survey_published_by_another",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
