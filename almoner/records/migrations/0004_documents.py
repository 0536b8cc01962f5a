import django.db.models.deletion
from django.db import migrations, models


FORWARD = """
ALTER TABLE records_document
  ADD CONSTRAINT document_hash_of_its_bytes CHECK (sha256 = sha256(content));

-- What was handed over stays as it was, with whose it is and where it came from; only what the desk
-- says of it may change, and never back to unseen.
CREATE FUNCTION records_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.state = 'waiting' AND OLD.state <> 'waiting')
       OR (NEW.id, NEW.patient_id, NEW.visit_id, NEW.title, NEW.media, NEW.sha256, NEW.source,
           NEW.sent_at, NEW.sent_by_id)
          IS DISTINCT FROM
          (OLD.id, OLD.patient_id, OLD.visit_id, OLD.title, OLD.media, OLD.sha256, OLD.source,
           OLD.sent_at, OLD.sent_by_id)
    THEN
        RAISE EXCEPTION 'document % is kept as it came', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'document_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_stays BEFORE UPDATE OR DELETE ON records_document
FOR EACH ROW EXECUTE FUNCTION records_document_stays();
"""

BACK = """
DROP TRIGGER document_stays ON records_document;
DROP FUNCTION records_document_stays();
ALTER TABLE records_document DROP CONSTRAINT document_hash_of_its_bytes;
"""


class Migration(migrations.Migration):
    """Documents of patients, kept as they came."""

    dependencies = [
        ("patients", "0003_pairs"),
        ("records", "0003_rows_of_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visit_id", models.BigIntegerField(null=True)),
                ("title", models.TextField()),
                (
                    "media",
                    models.TextField(choices=[("image/jpeg", "Jpeg"), ("application/pdf", "Pdf")]),
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
                        condition=models.Q(("title", ""), _negated=True), name="document_titled"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["desk", "link", "account", "call"])),
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
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
