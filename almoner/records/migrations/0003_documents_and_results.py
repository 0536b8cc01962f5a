"""Documents and results are kept as they came."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
ALTER TABLE records_document
  ADD CONSTRAINT document_hash_of_its_bytes CHECK (sha256 = sha256(content));

-- What was handed over stays as it was, with whose it is and where it came from; only what the desk
-- says of it may change, and never back to unseen.
CREATE FUNCTION records_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.state = 'waiting' AND OLD.state <> 'waiting')
       OR (NEW.id, NEW.patient_id, NEW.visit_id, NEW.title, NEW.media, NEW.sha256, NEW.source,
           NEW.sent_at, NEW.sent_by_id, NEW.sender_id)
          IS DISTINCT FROM
          (OLD.id, OLD.patient_id, OLD.visit_id, OLD.title, OLD.media, OLD.sha256, OLD.source,
           OLD.sent_at, OLD.sent_by_id, OLD.sender_id)
    THEN
        RAISE EXCEPTION 'document % is kept as it came', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'document_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_stays BEFORE UPDATE OR DELETE ON records_document
FOR EACH ROW EXECUTE FUNCTION records_document_stays();

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


class Migration(migrations.Migration):
    replaces = [("records", "0009_documents_withheld")]
    dependencies = [("records", "0002_forms"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("records_resultversion"),
        append_only("records_resultvalue"),
        append_only("records_resultreview"),
    ]
