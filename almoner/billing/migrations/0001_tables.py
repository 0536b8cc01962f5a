import almoner.billing.rules.claims
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("billing", "0001_initial")]

    dependencies = [
        ("arrivals", "0001_tables"),
        ("coverage", "0001_tables"),
        ("facility", "0001_tables"),
        ("ground", "0001_tables"),
        ("ledger", "0001_tables"),
        ("patients", "0001_tables"),
        ("scheduling", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="StatementTerms",
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
                        ("starts", models.DateField(unique=True, verbose_name="in force from")),
                        (
                            "smallest_cents",
                            models.PositiveIntegerField(verbose_name="smallest amount"),
                        ),
                        (
                            "due_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="to be paid within (days)"
                            ),
                        ),
                        (
                            "again_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="next statement after (days)"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "statement terms",
                        "verbose_name_plural": "statement terms",
                    },
                ),
                migrations.CreateModel(
                    name="ChargeItem",
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
                        ("code", models.CharField(max_length=5, verbose_name="code")),
                        ("description", models.TextField(verbose_name="description")),
                        ("fee_cents", models.PositiveIntegerField(verbose_name="fee")),
                        (
                            "modifiers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="modifiers",
                            ),
                        ),
                        ("starts", models.DateField(verbose_name="in force from")),
                        (
                            "ends",
                            models.DateField(blank=True, null=True, verbose_name="in force until"),
                        ),
                    ],
                    options={
                        "verbose_name": "charge item",
                        "verbose_name_plural": "charge items",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("code", "starts"), name="charge_item_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("code__regex", "^[A-Z0-9]{5}$")),
                                name="charge_item_code_shape",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends__isnull", True),
                                    ("ends__gt", models.F("starts")),
                                    _connector="OR",
                                ),
                                name="charge_item_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("modifiers__len__lte", 4)),
                                name="charge_item_modifiers",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChargeSlip",
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
                        ("place_of_service", models.CharField(max_length=2)),
                        (
                            "diagnoses",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("open", "Open"),
                                    ("posted", "Posted"),
                                    ("reversed", "Reversed"),
                                ],
                                default="open",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("saved_at", models.DateTimeField()),
                        ("saved_by_id", models.BigIntegerField(null=True)),
                        ("posted_at", models.DateTimeField(blank=True, null=True)),
                        ("reversed_at", models.DateTimeField(blank=True, null=True)),
                        ("reversed_because", models.TextField(blank=True, default="")),
                        (
                            "clinician",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.clinician"
                            ),
                        ),
                        (
                            "encounter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charge_slips",
                                to="arrivals.encounter",
                            ),
                        ),
                        (
                            "journal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journal",
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
                                related_name="charge_slips",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="coverage.policy",
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="billing.chargeslip",
                            ),
                        ),
                        (
                            "reversal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journal",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "-service_date"], name="charge_slip_of_patient"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "reversed"), _negated=True),
                                fields=("encounter",),
                                name="charge_slip_one_live",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("diagnoses__len__lte", 12)),
                                name="charge_slip_twelve_diagnoses",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("journal__isnull", True),
                                        ("reversal__isnull", True),
                                        ("state", "open"),
                                    ),
                                    models.Q(
                                        ("journal__isnull", False),
                                        ("reversal__isnull", True),
                                        ("state", "posted"),
                                    ),
                                    models.Q(
                                        ("journal__isnull", False),
                                        ("reversal__isnull", False),
                                        ("state", "reversed"),
                                    ),
                                    _connector="OR",
                                ),
                                name="charge_slip_state_told",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChargeLine",
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
                        ("procedure", models.CharField(max_length=5)),
                        ("description", models.TextField(blank=True, default="")),
                        (
                            "modifiers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=2),
                                blank=True,
                                default=list,
                                size=None,
                            ),
                        ),
                        ("units", models.PositiveSmallIntegerField(default=1)),
                        ("fee_cents", models.PositiveIntegerField()),
                        ("charge_cents", models.PositiveIntegerField()),
                        (
                            "pointers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), size=None
                            ),
                        ),
                        ("place_of_service", models.CharField(max_length=2)),
                        (
                            "slip",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="billing.chargeslip",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("slip", "number"), name="charge_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "charge_cents",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("units"), "*", models.F("fee_cents")
                                        ),
                                    )
                                ),
                                name="charge_line_sum",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("units__gte", 1)), name="charge_line_units"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("procedure__regex", "^[A-Z0-9]{5}$")),
                                name="charge_line_procedure_shape",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("modifiers__len__lte", 4)),
                                name="charge_line_modifiers",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("pointers__len__gte", 1), ("pointers__len__lte", 4)
                                ),
                                name="charge_line_pointers",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
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
                        ("number", models.CharField(max_length=20, unique=True)),
                        ("rank", models.PositiveSmallIntegerField(default=1)),
                        (
                            "frequency",
                            models.CharField(
                                choices=[("1", "ORIGINAL"), ("7", "CORRECTED"), ("8", "VOID")],
                                default=almoner.billing.rules.claims.Frequency["ORIGINAL"],
                                max_length=1,
                            ),
                        ),
                        ("payer_claim_number", models.TextField(blank=True, default="")),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("draft", "draft"),
                                    ("held", "held"),
                                    ("ready", "ready"),
                                    ("queued", "queued"),
                                    ("sent", "sent"),
                                    ("accepted", "accepted"),
                                    ("rejected", "rejected"),
                                    ("pending", "pending"),
                                    ("paid", "paid"),
                                    ("partly_paid", "partly_paid"),
                                    ("denied", "denied"),
                                    ("unprocessable", "unprocessable"),
                                    ("corrected", "corrected"),
                                    ("void", "void"),
                                    ("closed", "closed"),
                                ],
                                default=almoner.billing.rules.claims.State["DRAFT"],
                            ),
                        ),
                        (
                            "desk",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("front desk", "front desk"),
                                    ("billing", "billing"),
                                    ("clinician", "clinician"),
                                    ("set-up", "set-up"),
                                    ("payer", "payer"),
                                ],
                                default="",
                            ),
                        ),
                        ("total_cents", models.PositiveIntegerField()),
                        ("service_date", models.DateField()),
                        ("file_by", models.DateField()),
                        ("touched", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        ("created_by_id", models.BigIntegerField(null=True)),
                        ("state_since", models.DateTimeField()),
                        ("first_sent_at", models.DateTimeField(blank=True, null=True)),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("left_cents", models.BigIntegerField(blank=True, null=True)),
                        ("forwarded", models.BooleanField(db_default=False, default=False)),
                        ("earlier_changed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "payer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="coverage.payer",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="coverage.policy",
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="billing.claim",
                            ),
                        ),
                        (
                            "slip",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="billing.chargeslip",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["state", "file_by", "id"], name="claim_by_state"),
                            models.Index(
                                fields=["patient", "-service_date"], name="claim_of_patient"
                            ),
                            models.Index(
                                condition=models.Q(("earlier_changed_at__isnull", False)),
                                fields=["earlier_changed_at"],
                                name="claim_earlier_changed",
                            ),
                            models.Index(
                                condition=models.Q(("payer_claim_number", ""), _negated=True),
                                fields=["payer_claim_number"],
                                name="claim_of_payer_number",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("forwarded", False),
                                        ("left_cents__isnull", True),
                                        ("rank", 1),
                                    ),
                                    models.Q(("left_cents__isnull", False), ("rank__gt", 1)),
                                    _connector="OR",
                                ),
                                name="claim_behind_the_first_says_what_is_left",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["corrected", "void"]), _negated=True
                                ),
                                fields=("slip", "rank"),
                                name="claim_one_live",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "draft",
                                            "held",
                                            "ready",
                                            "queued",
                                            "sent",
                                            "accepted",
                                            "rejected",
                                            "pending",
                                            "paid",
                                            "partly_paid",
                                            "denied",
                                            "unprocessable",
                                            "corrected",
                                            "void",
                                            "closed",
                                        ],
                                    )
                                ),
                                name="claim_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("frequency", "1"), ("replaces__isnull", True)),
                                    models.Q(
                                        ("frequency__in", ["7", "8"]), ("replaces__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="claim_replacement_names_first",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClaimFinding",
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
                        ("rule", models.TextField()),
                        (
                            "desk",
                            models.TextField(
                                choices=[
                                    ("front desk", "front desk"),
                                    ("billing", "billing"),
                                    ("clinician", "clinician"),
                                    ("set-up", "set-up"),
                                    ("payer", "payer"),
                                ]
                            ),
                        ),
                        ("field", models.TextField()),
                        ("about", models.JSONField(default=dict)),
                        ("message", models.TextField(blank=True, default="")),
                        ("blocking", models.BooleanField()),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="findings",
                                to="billing.claim",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("claim", "rule", "field"), name="claim_finding_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClaimNote",
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
                        ("text", models.TextField()),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="billing.claim",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="CodeRelease",
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
                        ("system", models.TextField(choices=[("icd10cm", "ICD-10-CM")])),
                        ("name", models.TextField()),
                        ("starts", models.DateField()),
                        ("ends", models.DateField()),
                        ("codes", models.PositiveIntegerField()),
                        ("loaded_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("system", "starts"), name="code_release_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends__gt", models.F("starts"))),
                                name="code_release_days",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DiagnosisCode",
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
                        ("code", models.CharField(max_length=8)),
                        ("description", models.TextField()),
                        ("billable", models.BooleanField()),
                        (
                            "release",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="diagnoses",
                                to="billing.coderelease",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                models.F("release"),
                                django.contrib.postgres.indexes.OpClass(
                                    models.F("code"), "varchar_pattern_ops"
                                ),
                                name="diagnosis_prefix",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("release", "code"), name="diagnosis_code_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Estimate",
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
                        ("number", models.CharField(max_length=20, unique=True)),
                        ("version", models.PositiveSmallIntegerField()),
                        ("service_date", models.DateField()),
                        ("clinician", models.TextField()),
                        ("clinician_npi", models.CharField(max_length=10)),
                        ("organisation", models.TextField()),
                        ("tax_id", models.CharField(max_length=9)),
                        ("location", models.TextField()),
                        ("lines", models.JSONField()),
                        ("total_cents", models.IntegerField()),
                        (
                            "diagnoses",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8), default=list, size=None
                            ),
                        ),
                        ("language", models.CharField(max_length=12)),
                        ("pdf", models.BinaryField()),
                        (
                            "why",
                            models.TextField(
                                choices=[("scheduled", "scheduled"), ("asked", "asked")]
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("due_date", models.DateField(null=True)),
                        ("made_at", models.DateTimeField()),
                        ("made_by_id", models.BigIntegerField(null=True)),
                        ("given_at", models.DateTimeField(null=True)),
                        (
                            "given_how",
                            models.TextField(
                                blank=True,
                                choices=[("paper", "paper"), ("email", "email"), ("page", "page")],
                                default="",
                            ),
                        ),
                        ("given_by_id", models.BigIntegerField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="estimates",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="estimates",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["patient"], name="estimate_of")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("appointment", "version"), name="estimate_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("version__gte", 1)),
                                name="estimate_versions_from_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("total_cents__gte", 0)),
                                name="estimate_total_not_below_nothing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("lines", []), _negated=True),
                                name="estimate_has_lines",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("why__in", ["scheduled", "asked"])),
                                name="estimate_why_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("given_at", None), ("given_by_id", None), ("given_how", "")
                                    ),
                                    models.Q(
                                        ("given_at__isnull", False),
                                        ("given_by_id", None),
                                        ("given_how", "page"),
                                    ),
                                    models.Q(
                                        ("given_at__isnull", False),
                                        ("given_by_id__isnull", False),
                                        ("given_how__in", ["paper", "email"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="estimate_given_somehow",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EstimateWanted",
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
                            "why",
                            models.TextField(
                                choices=[("scheduled", "scheduled"), ("asked", "asked")]
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("due_date", models.DateField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "estimate",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.estimate",
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
                                models.F("due_date"),
                                models.F("id"),
                                condition=models.Q(("closed_at__isnull", True)),
                                name="estimate_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("appointment",),
                                name="estimate_wanted_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("why__in", ["scheduled", "asked"])),
                                name="estimate_wanted_why_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FilingTerms",
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
                        ("starts", models.DateField(verbose_name="in force from")),
                        (
                            "initial_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="first claim within (days)"
                            ),
                        ),
                        (
                            "corrected_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="corrected claim within (days)"
                            ),
                        ),
                        (
                            "appeal_days",
                            models.PositiveSmallIntegerField(verbose_name="appeal within (days)"),
                        ),
                        (
                            "payer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="coverage.payer",
                                verbose_name="payer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "filing terms",
                        "verbose_name_plural": "filing terms",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payer", "starts"),
                                name="filing_terms_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mailbox",
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
                        ("seen", models.TextField(default="")),
                        ("read_at", models.DateTimeField(null=True)),
                        ("trouble", models.TextField(blank=True, default="")),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("id", 1)), name="mailbox_only_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PrivateVisit",
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
                        ("from_guarantor", models.BooleanField()),
                        ("from_plan", models.BooleanField()),
                        (
                            "reason",
                            models.TextField(
                                choices=[
                                    ("paid_in_full", "paid_in_full"),
                                    ("consented_alone", "consented_alone"),
                                    ("agreed", "agreed"),
                                    ("endangered", "endangered"),
                                ]
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("taken_by_id", models.BigIntegerField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_by_id", models.BigIntegerField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="kept_private",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="private_visits",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["patient"],
                                name="private_visit_of",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("appointment",),
                                name="private_visit_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("from_guarantor", True), ("from_plan", True), _connector="OR"
                                ),
                                name="private_visit_from_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "reason__in",
                                        ["paid_in_full", "consented_alone", "agreed", "endangered"],
                                    )
                                ),
                                name="private_visit_reason_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("ended_by_id", None)),
                                    models.Q(
                                        ("ended_at__isnull", False), ("ended_by_id__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="private_visit_ended_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReasonWording",
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
                            "kind",
                            models.TextField(
                                choices=[("carc", "Adjustment reason"), ("rarc", "Remark")]
                            ),
                        ),
                        ("code", models.CharField(max_length=6)),
                        ("wording", models.TextField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "code"), name="reason_wording_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceivedFile",
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
                            "kind",
                            models.TextField(
                                choices=[
                                    ("TA1", "Ta1"),
                                    ("999", "Ack 999"),
                                    ("277CA", "Status 277Ca"),
                                    ("835", "Remittance"),
                                    ("other", "Other"),
                                ]
                            ),
                        ),
                        ("sender", models.CharField(blank=True, default="", max_length=15)),
                        ("receiver", models.CharField(blank=True, default="", max_length=15)),
                        (
                            "interchange_control",
                            models.CharField(blank=True, default="", max_length=9),
                        ),
                        ("group_control", models.CharField(blank=True, default="", max_length=9)),
                        ("set_control", models.CharField(blank=True, default="", max_length=9)),
                        ("sha256", models.CharField(max_length=64)),
                        ("name", models.TextField(blank=True, default="")),
                        ("content", models.BinaryField()),
                        ("received_at", models.DateTimeField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("stored", "Stored"),
                                    ("done", "Done"),
                                    ("refused", "Refused"),
                                ],
                                default="stored",
                            ),
                        ),
                        ("trouble", models.TextField(blank=True, default="")),
                        ("number_used_before", models.BooleanField(default=False)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["kind", "-received_at"], name="received_file_by_kind"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=(
                                    "sender",
                                    "receiver",
                                    "interchange_control",
                                    "group_control",
                                    "set_control",
                                    "sha256",
                                ),
                                name="received_file_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Remittance",
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
                        ("position", models.PositiveSmallIntegerField()),
                        ("set_control", models.CharField(blank=True, default="", max_length=9)),
                        ("payer_name", models.TextField(blank=True, default="")),
                        ("payer_identifier", models.TextField(blank=True, default="")),
                        ("trace_number", models.TextField(blank=True, default="")),
                        ("method", models.CharField(blank=True, default="", max_length=3)),
                        ("paid_cents", models.BigIntegerField(default=0)),
                        ("payment_date", models.DateField(null=True)),
                        ("claim_count", models.PositiveIntegerField(default=0)),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("posting", "Posting"),
                                    ("posted", "Posted"),
                                    ("refused", "Refused"),
                                    ("duplicate", "Duplicate"),
                                ]
                            ),
                        ),
                        ("read_at", models.DateTimeField()),
                        ("posted_at", models.DateTimeField(null=True)),
                        ("refusal", models.JSONField(null=True)),
                        ("digest", models.CharField(blank=True, default="", max_length=64)),
                        ("handled_at", models.DateTimeField(null=True)),
                        ("handled_by_id", models.BigIntegerField(null=True)),
                        ("handled_note", models.TextField(blank=True, default="")),
                        ("parted_at", models.DateTimeField(null=True)),
                        ("parted_by_id", models.BigIntegerField(null=True)),
                        (
                            "payer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="coverage.payer",
                            ),
                        ),
                        (
                            "received",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="remittances",
                                to="billing.receivedfile",
                            ),
                        ),
                        (
                            "same_as",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repeats",
                                to="billing.remittance",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-read_at", "-id"], name="remittance_latest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("received", "position"), name="remittance_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["posting", "posted"]),
                                    models.Q(("trace_number", ""), _negated=True),
                                ),
                                fields=("payer_identifier", "trace_number"),
                                name="remittance_trace_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("parted_at__isnull", True),
                                        ("refusal__isnull", False),
                                        ("state", "refused"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "refused"), _negated=True),
                                        ("parted_at__isnull", True),
                                        ("refusal__isnull", True),
                                    ),
                                    models.Q(
                                        ("parted_at__isnull", False),
                                        ("refusal__isnull", False),
                                        ("state__in", ["posting", "posted"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="remittance_refusal_told",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProviderAdjustment",
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
                        ("position", models.PositiveSmallIntegerField()),
                        ("reason", models.CharField(max_length=2)),
                        ("reference", models.TextField(blank=True, default="")),
                        ("cents", models.BigIntegerField()),
                        (
                            "journal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journal",
                            ),
                        ),
                        (
                            "remittance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adjustments",
                                to="billing.remittance",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("remittance", "position"), name="provider_adjustment_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemittedClaim",
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
                        ("position", models.PositiveIntegerField()),
                        ("number", models.TextField()),
                        ("status", models.CharField(max_length=2)),
                        ("charge_cents", models.BigIntegerField()),
                        ("paid_cents", models.BigIntegerField()),
                        ("patient_cents", models.BigIntegerField(null=True)),
                        ("payer_claim_number", models.TextField(blank=True, default="")),
                        ("patient_family", models.TextField(blank=True, default="")),
                        ("patient_given", models.TextField(blank=True, default="")),
                        ("member_id", models.TextField(blank=True, default="")),
                        ("service_date", models.DateField(null=True)),
                        (
                            "remarks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("segment", models.PositiveIntegerField(default=0)),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("posted", "Posted"),
                                    ("unmatched", "Unmatched"),
                                    ("set_aside", "Set Aside"),
                                    ("parked", "Parked"),
                                    ("returned", "Returned"),
                                    ("applied", "Applied"),
                                ],
                                default="waiting",
                            ),
                        ),
                        ("matched_by", models.TextField(blank=True, default="")),
                        ("posted_at", models.DateTimeField(null=True)),
                        ("needs_review", models.TextField(blank=True, default="")),
                        ("left_cents", models.BigIntegerField(null=True)),
                        (
                            "claim",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="remitted",
                                to="billing.claim",
                            ),
                        ),
                        (
                            "parked_journal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journal",
                            ),
                        ),
                        (
                            "remittance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="billing.remittance",
                            ),
                        ),
                        (
                            "share_to",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="coverage.policy",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["claim", "id"], name="remitted_of_claim"),
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["remittance", "position"],
                                name="remitted_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["unmatched", "parked"])),
                                fields=["id"],
                                name="remitted_unmatched",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("remittance", "position"), name="remitted_claim_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["posted", "applied"]), _negated=True),
                                    models.Q(
                                        ("claim__isnull", False), ("posted_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="remitted_claim_posted_to_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemittedAdjustment",
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
                        ("line_number", models.PositiveSmallIntegerField()),
                        ("position", models.PositiveSmallIntegerField()),
                        ("group", models.CharField(max_length=2)),
                        ("reason", models.CharField(max_length=5)),
                        ("cents", models.BigIntegerField()),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adjustments",
                                to="billing.remittedclaim",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("claim", "line_number", "position"),
                                name="remitted_adjustment_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Denial",
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
                        ("group", models.CharField(max_length=2)),
                        (
                            "category",
                            models.TextField(
                                choices=[
                                    ("registration", "registration"),
                                    ("authorisation", "authorisation"),
                                    ("coding", "coding"),
                                    ("medical necessity", "medical necessity"),
                                    ("duplicate", "duplicate"),
                                    ("timely filing", "timely filing"),
                                    ("other coverage", "other coverage"),
                                    ("information missing", "information missing"),
                                    ("benefit limit", "benefit limit"),
                                    ("not covered", "not covered"),
                                    ("other", "other"),
                                ]
                            ),
                        ),
                        (
                            "reasons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), size=None
                            ),
                        ),
                        (
                            "line_numbers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                default=list,
                                size=None,
                            ),
                        ),
                        ("unprocessable", models.BooleanField(default=False)),
                        ("cents", models.BigIntegerField()),
                        (
                            "desk",
                            models.TextField(
                                choices=[
                                    ("front desk", "front desk"),
                                    ("billing", "billing"),
                                    ("clinician", "clinician"),
                                    ("set-up", "set-up"),
                                    ("payer", "payer"),
                                ]
                            ),
                        ),
                        ("act_by", models.DateField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("open", "Open"),
                                    ("appealed", "Appealed"),
                                    ("settled", "Settled"),
                                ],
                                default="open",
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        (
                            "resolution",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("corrected", "corrected"),
                                    ("billed_next", "billed_next"),
                                    ("billed_patient", "billed_patient"),
                                    ("written_off", "written_off"),
                                    ("answered_anew", "answered_anew"),
                                ],
                                default="",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        ("settled_by_id", models.BigIntegerField(null=True)),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="denials",
                                to="billing.claim",
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
                            "payer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="coverage.payer",
                            ),
                        ),
                        (
                            "remitted",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="denials",
                                to="billing.remittedclaim",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "settled"), _negated=True),
                                fields=["act_by", "id"],
                                name="denial_unsettled",
                            ),
                            models.Index(fields=["claim"], name="denial_of_claim"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("remitted", "group", "category"), name="denial_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("resolution", "billed_patient"), _negated=True),
                                    ("group", "PR"),
                                    _connector="OR",
                                ),
                                name="denial_contractual_never_to_patient",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "settled"),
                                        models.Q(("resolution", ""), _negated=True),
                                        ("settled_at__isnull", False),
                                    ),
                                    models.Q(
                                        models.Q(("state", "settled"), _negated=True),
                                        ("resolution", ""),
                                        ("settled_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="denial_settled_told",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RemittedLine",
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
                        ("procedure", models.TextField()),
                        (
                            "modifiers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        ("charge_cents", models.BigIntegerField()),
                        ("paid_cents", models.BigIntegerField()),
                        ("line_control", models.TextField(blank=True, default="")),
                        (
                            "remarks",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField(), default=list, size=None
                            ),
                        ),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="billing.remittedclaim",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("claim", "number"), name="remitted_line_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Statement",
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
                        ("number", models.CharField(max_length=20, unique=True)),
                        ("private", models.BooleanField(db_default=False, default=False)),
                        ("issued_at", models.DateTimeField()),
                        ("issued_by_id", models.BigIntegerField(null=True)),
                        ("issued_date", models.DateField()),
                        ("due_date", models.DateField()),
                        ("language", models.CharField(max_length=12)),
                        ("cents", models.PositiveIntegerField()),
                        ("lines", models.JSONField()),
                        ("pdf", models.BinaryField()),
                        ("way", models.TextField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("sent", "Sent"),
                                    ("paid", "Paid"),
                                    ("replaced", "Replaced"),
                                    ("over", "Over"),
                                ],
                                default="sent",
                            ),
                        ),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "guarantor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-issued_at", "-id"], name="statement_latest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "sent")),
                                fields=("guarantor", "private"),
                                name="statement_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("cents__gt", 0)),
                                name="statement_owes_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
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
                        ("control_number", models.PositiveIntegerField(unique=True)),
                        ("content", models.BinaryField()),
                        ("sha256", models.CharField(max_length=64)),
                        ("created_at", models.DateTimeField()),
                        ("created_by_id", models.BigIntegerField(null=True)),
                        (
                            "outgoing",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ground.outgoing",
                            ),
                        ),
                        (
                            "claims",
                            models.ManyToManyField(
                                related_name="submissions",
                                through="billing.SubmittedClaim",
                                to="billing.claim",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ClaimStep",
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
                                    ("draft", "draft"),
                                    ("held", "held"),
                                    ("ready", "ready"),
                                    ("queued", "queued"),
                                    ("sent", "sent"),
                                    ("accepted", "accepted"),
                                    ("rejected", "rejected"),
                                    ("pending", "pending"),
                                    ("paid", "paid"),
                                    ("partly_paid", "partly_paid"),
                                    ("denied", "denied"),
                                    ("unprocessable", "unprocessable"),
                                    ("corrected", "corrected"),
                                    ("void", "void"),
                                    ("closed", "closed"),
                                ]
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("by_id", models.BigIntegerField(null=True)),
                        ("what", models.TextField()),
                        ("note", models.TextField(blank=True, default="")),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="billing.claim",
                            ),
                        ),
                        (
                            "received",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.receivedfile",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="billing.submission",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["claim", "id"], name="claim_step_of_claim")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Acknowledgement",
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
                        ("position", models.PositiveIntegerField()),
                        (
                            "kind",
                            models.TextField(
                                choices=[
                                    ("TA1", "Ta1"),
                                    ("999", "Ack 999"),
                                    ("277CA", "Status 277Ca"),
                                    ("835", "Remittance"),
                                    ("other", "Other"),
                                ]
                            ),
                        ),
                        ("named", models.TextField(blank=True, default="")),
                        ("verdict", models.TextField()),
                        ("codes", models.JSONField(default=list)),
                        ("message", models.TextField(blank=True, default="")),
                        ("at", models.DateTimeField()),
                        (
                            "claim",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="billing.claim",
                            ),
                        ),
                        (
                            "received",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acknowledgements",
                                to="billing.receivedfile",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="billing.submission",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["claim", "id"], name="acknowledgement_of_claim")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("received", "position"), name="acknowledgement_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SubmittedClaim",
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
                        ("set_control", models.CharField(max_length=9)),
                        (
                            "claim",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sendings",
                                to="billing.claim",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="billing.submission",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("submission", "claim"), name="submitted_claim_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UsualCharge",
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
                        ("code", models.CharField(max_length=5, verbose_name="code")),
                        (
                            "units",
                            models.PositiveSmallIntegerField(default=1, verbose_name="units"),
                        ),
                        (
                            "visit_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="usual_charges",
                                to="facility.visittype",
                                verbose_name="visit type",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "usual charge",
                        "verbose_name_plural": "usual charges",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit_type", "code"), name="usual_charge_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("code__regex", "^[A-Z0-9]{5}$")),
                                name="usual_charge_code_shape",
                                violation_error_message="A procedure code has five letters or digits.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("units__gte", 1)), name="usual_charge_units"
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
