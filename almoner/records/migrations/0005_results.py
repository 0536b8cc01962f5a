"""Results in versions, and who reviewed them."""

import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import append_only


FORWARD = """
-- A result is nobody's, or somebody's, and never goes from one to another; only a final version of
-- its own is shown, and none is ever shown instead that is older.
CREATE FUNCTION records_result_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.source, NEW.system, NEW.number, NEW.made_at)
          IS DISTINCT FROM (OLD.id, OLD.source, OLD.system, OLD.number, OLD.made_at)
       OR (OLD.patient_id IS NOT NULL AND NEW.patient_id IS NOT NULL
           AND NEW.patient_id <> OLD.patient_id)
    THEN
        RAISE EXCEPTION 'result % is kept as it came', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'result_stays';
    END IF;
    IF NEW.shown_id IS DISTINCT FROM OLD.shown_id AND NOT EXISTS (
        SELECT FROM records_resultversion mine
          LEFT JOIN records_resultversion before ON before.id = OLD.shown_id
         WHERE mine.id = NEW.shown_id AND mine.result_id = NEW.id AND mine.final
           AND mine.number > coalesce(before.number, 0))
    THEN
        RAISE EXCEPTION 'result % shows its newest final version', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'result_shows_final';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER result_stays BEFORE UPDATE OR DELETE ON records_result
FOR EACH ROW EXECUTE FUNCTION records_result_stays();
"""
BACK = """
DROP TRIGGER result_stays ON records_result;
DROP FUNCTION records_result_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("facility", "0005_a_zone_that_is_known"),
        ("patients", "0004_found_by_phone_and_mail"),
        ("records", "0004_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            ],
        ),
        migrations.CreateModel(
            name="ResultVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.CreateModel(
            name="ResultValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.CreateModel(
            name="ResultReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.AddField(
            model_name="result",
            name="shown",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.resultversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="resultversion",
            constraint=models.UniqueConstraint(
                fields=("result", "number"), name="result_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultversion",
            constraint=models.UniqueConstraint(
                fields=("result", "digest"), name="result_said_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="result_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("final", False),
                    models.Q(
                        ("status__in", ["registered", "partial", "preliminary"]), _negated=True
                    ),
                    _connector="OR",
                ),
                name="result_preliminary_is_not_final",
            ),
        ),
        migrations.AddIndex(
            model_name="resultvalue",
            index=models.Index(fields=["system", "code"], name="result_values_of_code"),
        ),
        migrations.AddConstraint(
            model_name="resultvalue",
            constraint=models.UniqueConstraint(
                fields=("version", "place"), name="result_value_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultreview",
            constraint=models.UniqueConstraint(
                fields=("version", "patient"), name="result_reviewed_once"
            ),
        ),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(fields=["patient", "-id"], name="results_of_patient"),
        ),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(
                condition=models.Q(("waits_since__isnull", False)),
                fields=["clinician", "-flag", "waits_since"],
                name="results_to_review",
            ),
        ),
        migrations.AddIndex(
            model_name="result",
            index=models.Index(
                condition=models.Q(("patient", None), ("refused_at", None)),
                fields=["id"],
                name="results_of_nobody",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.UniqueConstraint(fields=("system", "number"), name="result_once"),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["fhir", "paper"])), name="result_source_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "paper"), _negated=True),
                    ("patient__isnull", False),
                    _connector="OR",
                ),
                name="result_on_paper_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("refused_at", None), ("refused_because", ""), ("refused_by_id", None)
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
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("waits_since", None),
                    models.Q(("patient__isnull", False), ("shown__isnull", False)),
                    _connector="OR",
                ),
                name="result_waits_for_review_of_somebody",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
        append_only("records_resultversion"),
        append_only("records_resultvalue"),
        append_only("records_resultreview"),
    ]
