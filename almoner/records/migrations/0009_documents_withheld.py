from django.db import migrations, models

# As before, and whose account it came from.
STAYS = """
CREATE OR REPLACE FUNCTION records_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.state = 'waiting' AND OLD.state <> 'waiting')
       OR (NEW.id, NEW.patient_id, NEW.visit_id, NEW.title, NEW.media, NEW.sha256, NEW.source,
           NEW.sent_at, NEW.sent_by_id%(new)s)
          IS DISTINCT FROM
          (OLD.id, OLD.patient_id, OLD.visit_id, OLD.title, OLD.media, OLD.sha256, OLD.source,
           OLD.sent_at, OLD.sent_by_id%(old)s)
    THEN
        RAISE EXCEPTION 'document %% is kept as it came', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'document_stays';
    END IF;
    RETURN NEW;
END $$;
"""
FORWARD = STAYS % {"new": ", NEW.sender_id", "old": ", OLD.sender_id"}
BACK = STAYS % {"new": "", "old": ""}
KINDS = ["referral", "identity", "insurance", "result", "letter", "record", "picture"]


def stands_as_decided(kinds):
    decided = {"decided_at__isnull": False, "decided_by_id__isnull": False}
    return models.CheckConstraint(
        condition=models.Q(state="waiting", kind="", reason="", decided_at=None, decided_by_id=None)
        | models.Q(state="filed", kind__in=kinds, reason="", **decided)
        | models.Q(
            state="refused",
            kind="",
            reason__in=["unreadable", "somebody_else", "not_needed", "twice"],
            **decided,
        ),
        name="document_stands_as_decided",
    )


class Migration(migrations.Migration):
    """A document can be kept from the patient's account, and says which account it came from."""

    dependencies = [("records", "0008_letters")]

    operations = [
        migrations.AddField("document", "sender_id", models.BigIntegerField(null=True)),
        migrations.AddField("document", "withheld_at", models.DateTimeField(null=True)),
        migrations.AddField("document", "withheld_by_id", models.BigIntegerField(null=True)),
        migrations.AddField("document", "withheld_why", models.TextField(blank=True, default="")),
        migrations.RemoveConstraint(model_name="document", name="document_stands_as_decided"),
        migrations.AddConstraint(
            model_name="document",
            constraint=stands_as_decided([*KINDS, "notes", "other"]),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(withheld_why="", withheld_at=None, withheld_by_id=None)
                | models.Q(
                    state="filed",
                    withheld_why__in=[
                        "notes",
                        "proceeding",
                        "confidence",
                        "harm",
                        "somebody_else",
                    ],
                    withheld_at__isnull=False,
                    withheld_by_id__isnull=False,
                ),
                name="document_withheld_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=~models.Q(kind="notes") | models.Q(withheld_at__isnull=False),
                name="document_notes_are_withheld",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(sender_id=None) | models.Q(sent_by_id=None),
                name="document_sender_is_no_officer",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
