import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("records", "0001_initial")]

    dependencies = [
        ("coverage", "0001_tables"),
        ("facility", "0001_tables"),
        ("patients", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Form",
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
                        ("code", models.SlugField(unique=True)),
                        ("made_at", models.DateTimeField()),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="Document",
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
                        ("visit_id", models.BigIntegerField(null=True)),
                        ("title", models.TextField()),
                        (
                            "media",
                            models.TextField(
                                choices=[("image/jpeg", "Jpeg"), ("application/pdf", "Pdf")]
                            ),
                        ),
                        ("content", models.BinaryField()),
                        ("sha256", models.BinaryField()),
                        ("source", models.TextField()),
                        ("sent_at", models.DateTimeField()),
                        ("sent_by_id", models.BigIntegerField(null=True)),
                        ("state", models.TextField(default="waiting")),
                        ("kind", models.TextField(blank=True, default="")),
                        ("reason", models.TextField(blank=True, default="")),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by_id", models.BigIntegerField(null=True)),
                        ("sender_id", models.BigIntegerField(null=True)),
                        ("withheld_at", models.DateTimeField(null=True)),
                        ("withheld_by_id", models.BigIntegerField(null=True)),
                        ("withheld_why", models.TextField(blank=True, default="")),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["patient", "-id"], name="documents_of_patient"),
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["id"],
                                name="documents_waiting",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True),
                                name="document_titled",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "source__in",
                                        [
                                            "desk",
                                            "link",
                                            "account",
                                            "call",
                                            "mail",
                                            "text",
                                            "letter",
                                        ],
                                    )
                                ),
                                name="document_source_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at", None),
                                        ("decided_by_id", None),
                                        ("kind", ""),
                                        ("reason", ""),
                                        ("state", "waiting"),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by_id__isnull", False),
                                        (
                                            "kind__in",
                                            [
                                                "referral",
                                                "identity",
                                                "insurance",
                                                "result",
                                                "letter",
                                                "record",
                                                "picture",
                                                "notes",
                                                "other",
                                            ],
                                        ),
                                        ("reason", ""),
                                        ("state", "filed"),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by_id__isnull", False),
                                        ("kind", ""),
                                        (
                                            "reason__in",
                                            ["unreadable", "somebody_else", "not_needed", "twice"],
                                        ),
                                        ("state", "refused"),
                                    ),
                                    _connector="OR",
                                ),
                                name="document_stands_as_decided",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("withheld_at", None),
                                        ("withheld_by_id", None),
                                        ("withheld_why", ""),
                                    ),
                                    models.Q(
                                        ("state", "filed"),
                                        ("withheld_at__isnull", False),
                                        ("withheld_by_id__isnull", False),
                                        (
                                            "withheld_why__in",
                                            [
                                                "notes",
                                                "proceeding",
                                                "confidence",
                                                "harm",
                                                "somebody_else",
                                            ],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="document_withheld_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "notes"), _negated=True),
                                    ("withheld_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="document_notes_are_withheld",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sender_id", None), ("sent_by_id", None), _connector="OR"
                                ),
                                name="document_sender_is_no_officer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ElectronicConsent",
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
                        ("given", models.BooleanField()),
                        ("text", models.TextField()),
                        ("language", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("session", models.TextField()),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="electronic_consents",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["patient", "-id"], name="consent_of_patient")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Filling",
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
                        ("visit_id", models.BigIntegerField(null=True)),
                        ("language", models.TextField(default="en")),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("open", "open"),
                                    ("signed", "signed"),
                                    ("on_paper", "on_paper"),
                                    ("declined", "declined"),
                                ],
                                default="open",
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        ("begun_by_id", models.BigIntegerField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("settled_on", models.DateField(null=True)),
                        ("settled_by_id", models.BigIntegerField(null=True)),
                        ("reason", models.TextField(blank=True, default="")),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="forms",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="records.form"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.formversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "form", "-settled_on"], name="filling_of_patient"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("patient", "form"),
                                name="filling_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["open", "signed", "on_paper", "declined"])
                                ),
                                name="filling_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("settled_at__isnull", True),
                                        ("settled_on__isnull", True),
                                        ("state", "open"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("settled_at__isnull", False),
                                        ("settled_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="filling_settled_has_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "declined"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="filling_declined_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "es"])),
                                name="filling_language_known",
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
                        ("link_id", models.TextField()),
                        (
                            "values",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), size=None
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        (
                            "filling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="records.filling",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("filling", "link_id"), name="answer_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormRule",
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
                        ("age_from", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("age_to", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "payer_kind",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("hmo", "HMO"),
                                    ("ppo", "PPO"),
                                    ("medicare", "Medicare"),
                                    ("medicaid", "Medicaid"),
                                    ("workers_comp", "Workers' compensation"),
                                    ("self_pay", "Self-pay"),
                                    ("other", "Other"),
                                ],
                                default="",
                            ),
                        ),
                        ("holds_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("when_replaced", models.BooleanField(default=True)),
                        ("decline_stands", models.BooleanField(default=False)),
                        ("made_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules",
                                to="records.form",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="coverage.plan",
                            ),
                        ),
                        (
                            "visit_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="facility.visittype",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("age_from__isnull", True),
                                    ("age_to__isnull", True),
                                    ("age_from__lte", models.F("age_to")),
                                    _connector="OR",
                                ),
                                name="form_rule_ages_in_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormVersion",
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
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        ("published_by_id", models.BigIntegerField(null=True)),
                        (
                            "authors",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="records.form",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("form", "number"), name="form_version_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("published_at__isnull", True)),
                                fields=("form",),
                                name="form_draft_once",
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
                                name="form_published_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="form_version_numbered"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Proposal",
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
                        ("subject", models.TextField()),
                        ("values", models.JSONField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("open", "Open"),
                                    ("accepted", "Accepted"),
                                    ("refused", "Refused"),
                                ],
                                default="open",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("decided_by_id", models.BigIntegerField(null=True)),
                        (
                            "filling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="records.filling",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["patient"],
                                name="proposals_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("filling", "subject"), name="proposal_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("state", "open")),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by_id__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposal_decided_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Result",
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
                        ("source", models.TextField()),
                        ("system", models.TextField()),
                        ("number", models.TextField()),
                        ("ordered_by", models.TextField(blank=True, default="")),
                        ("said_name", models.TextField(blank=True, default="")),
                        ("said_born", models.DateField(null=True)),
                        ("said_mrn", models.TextField(blank=True, default="")),
                        ("newest", models.PositiveIntegerField(default=0)),
                        ("flag", models.PositiveSmallIntegerField(default=0)),
                        ("waits_since", models.DateTimeField(null=True)),
                        ("by_hand", models.BooleanField(default=False)),
                        ("made_at", models.DateTimeField()),
                        ("refused_at", models.DateTimeField(null=True)),
                        ("refused_by_id", models.BigIntegerField(null=True)),
                        ("refused_because", models.TextField(blank=True, default="")),
                        (
                            "clinician",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facility.clinician",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="results",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "shown",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.resultversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["patient", "-id"], name="results_of_patient"),
                            models.Index(
                                condition=models.Q(("waits_since__isnull", False)),
                                fields=["clinician", "-flag", "waits_since"],
                                name="results_to_review",
                            ),
                            models.Index(
                                condition=models.Q(("patient", None), ("refused_at", None)),
                                fields=["id"],
                                name="results_of_nobody",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("system", "number"), name="result_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source__in", ["fhir", "paper"])),
                                name="result_source_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("source", "paper"), _negated=True),
                                    ("patient__isnull", False),
                                    _connector="OR",
                                ),
                                name="result_on_paper_is_somebodys",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("refused_at", None),
                                        ("refused_because", ""),
                                        ("refused_by_id", None),
                                    ),
                                    models.Q(
                                        ("patient", None),
                                        ("refused_at__isnull", False),
                                        ("refused_by_id__isnull", False),
                                        models.Q(("refused_because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="result_refused_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("waits_since", None),
                                    models.Q(("patient__isnull", False), ("shown__isnull", False)),
                                    _connector="OR",
                                ),
                                name="result_waits_for_review_of_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResultVersion",
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
                        ("status", models.TextField()),
                        ("final", models.BooleanField()),
                        ("code", models.TextField(blank=True, default="")),
                        ("system", models.TextField(blank=True, default="")),
                        ("name", models.TextField()),
                        ("issued", models.DateTimeField()),
                        ("on", models.DateField()),
                        ("conclusion", models.TextField(blank=True, default="")),
                        ("performer", models.TextField(blank=True, default="")),
                        ("flag", models.PositiveSmallIntegerField(default=0)),
                        ("digest", models.BinaryField()),
                        ("came_at", models.DateTimeField()),
                        ("filed_by_id", models.BigIntegerField(null=True)),
                        (
                            "document",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.document",
                            ),
                        ),
                        (
                            "result",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="records.result",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("result", "number"), name="result_version_once"
                            ),
                            models.UniqueConstraint(
                                fields=("result", "digest"), name="result_said_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="result_named"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("final", False),
                                    models.Q(
                                        ("status__in", ["registered", "partial", "preliminary"]),
                                        _negated=True,
                                    ),
                                    _connector="OR",
                                ),
                                name="result_preliminary_is_not_final",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResultValue",
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
                        ("place", models.PositiveSmallIntegerField()),
                        ("code", models.TextField(blank=True, default="")),
                        ("system", models.TextField(blank=True, default="")),
                        ("name", models.TextField()),
                        ("value", models.TextField(blank=True, default="")),
                        ("number", models.FloatField(null=True)),
                        ("unit", models.TextField(blank=True, default="")),
                        ("low", models.TextField(blank=True, default="")),
                        ("high", models.TextField(blank=True, default="")),
                        ("range", models.TextField(blank=True, default="")),
                        ("flags", models.JSONField(default=list)),
                        ("note", models.TextField(blank=True, default="")),
                        ("final", models.BooleanField()),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="values",
                                to="records.resultversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["system", "code"], name="result_values_of_code")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "place"), name="result_value_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResultReview",
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
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField()),
                        ("by_name", models.TextField()),
                        ("note", models.TextField(blank=True, default="")),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="records.resultversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "patient"), name="result_reviewed_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signature",
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
                        ("capacity", models.TextField()),
                        ("drawing", models.BinaryField(null=True)),
                        ("at", models.DateTimeField()),
                        ("zone", models.TextField()),
                        ("address", models.GenericIPAddressField(null=True)),
                        ("session", models.TextField()),
                        ("seen_by_id", models.BigIntegerField(null=True)),
                        ("text_sha256", models.BinaryField()),
                        ("pdf", models.BinaryField()),
                        ("sha256", models.BinaryField()),
                        (
                            "consent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.electronicconsent",
                            ),
                        ),
                        (
                            "filling",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signature",
                                to="records.filling",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signatures",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="signature_has_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "capacity__in",
                                        ("self", "parent", "guardian", "representative"),
                                    )
                                ),
                                name="signature_capacity_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("session__in", ["desk", "link"])),
                                name="signature_session_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Upload",
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
                            "media",
                            models.TextField(
                                choices=[("image/jpeg", "Jpeg"), ("application/pdf", "Pdf")]
                            ),
                        ),
                        ("content", models.BinaryField()),
                        ("added_at", models.DateTimeField()),
                        ("added_by_id", models.BigIntegerField(null=True)),
                        (
                            "filling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uploads",
                                to="records.filling",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uploads",
                                to="patients.patient",
                            ),
                        ),
                    ],
                ),
            ]
        )
    ]
