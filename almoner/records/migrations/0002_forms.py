"""What is published, and what is signed, stays."""

from django.db import migrations

from almoner.ground.schema import append_only, authors_stay

RULES = """
-- A published version is what people answered and signed: nobody edits it, not even the owner.
CREATE FUNCTION records_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'version % is published', OLD.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'form_version_published_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER form_version_published_stays BEFORE UPDATE OR DELETE ON records_formversion
FOR EACH ROW EXECUTE FUNCTION records_published_stays();

ALTER TABLE records_formversion ADD CONSTRAINT form_version_of_form UNIQUE (id, form_id);

ALTER TABLE records_filling
  ADD CONSTRAINT filling_version_of_its_form FOREIGN KEY (version_id, form_id)
      REFERENCES records_formversion (id, form_id),
  ADD CONSTRAINT filling_of_patient_once UNIQUE (id, patient_id);

ALTER TABLE records_signature ADD CONSTRAINT signature_of_whose_form
  FOREIGN KEY (filling_id, patient_id) REFERENCES records_filling (id, patient_id);

ALTER TABLE records_upload ADD CONSTRAINT upload_of_whose_form
  FOREIGN KEY (filling_id, patient_id) REFERENCES records_filling (id, patient_id);

ALTER TABLE records_proposal ADD CONSTRAINT proposal_of_whose_form
  FOREIGN KEY (filling_id, patient_id) REFERENCES records_filling (id, patient_id);

-- The seal: the hash is of these very bytes.
ALTER TABLE records_signature
  ADD CONSTRAINT signature_hash_of_its_bytes CHECK (sha256 = sha256(pdf));

CREATE FUNCTION records_settled_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'open' OR NEW.patient_id <> OLD.patient_id
       OR NEW.version_id <> OLD.version_id
    THEN
        RAISE EXCEPTION 'form % is settled, or would be another', OLD.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'filling_settled_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER filling_settled_stays BEFORE UPDATE OR DELETE ON records_filling
FOR EACH ROW EXECUTE FUNCTION records_settled_stays();

-- FOR KEY SHARE waits for whoever is signing at this moment, and then reads what became of it.
CREATE FUNCTION records_answers_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT state INTO stands FROM records_filling
     WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.filling_id ELSE NEW.filling_id END
       FOR KEY SHARE;
    IF stands <> 'open' THEN
        RAISE EXCEPTION 'the form of this answer is settled'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'answer_while_open';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER answer_while_open BEFORE INSERT OR UPDATE OR DELETE ON records_answer
FOR EACH ROW EXECUTE FUNCTION records_answers_while_open();

-- Neither unsigned nor blank: whatever is required without a condition has an answer, in a group
-- that repeats in each of its rows. One that must be filled has a row although nobody added it.
CREATE FUNCTION records_signed_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'signed' AND (
        NOT EXISTS (SELECT FROM records_signature WHERE filling_id = NEW.id)
        OR NOT EXISTS (SELECT FROM records_answer
                        WHERE filling_id = NEW.id AND cardinality("values") > 0)
        OR EXISTS (
            WITH RECURSIVE item (told, at_row) AS (
                SELECT top.value, ''
                  FROM records_formversion v, jsonb_array_elements(v.body->'item') top
                 WHERE v.id = NEW.version_id
                UNION ALL
                SELECT inner_.value, stands.at_row
                  FROM item
                 CROSS JOIN LATERAL (
                    SELECT item.at_row WHERE item.told->'repeats' IS DISTINCT FROM 'true'::jsonb
                    UNION ALL
                    SELECT '@' || one FROM records_answer a, unnest(a."values") one
                     WHERE item.told->'repeats' = 'true'::jsonb AND a.filling_id = NEW.id
                       AND a.link_id = item.told->>'linkId'
                    UNION ALL
                    SELECT '@1' WHERE item.told->'repeats' = 'true'::jsonb
                       AND item.told->'required' = 'true'::jsonb
                       AND NOT EXISTS (
                           SELECT FROM records_answer a
                            WHERE a.filling_id = NEW.id AND a.link_id = item.told->>'linkId'
                              AND cardinality(a."values") > 0)
                 ) stands (at_row)
                 CROSS JOIN LATERAL jsonb_array_elements(item.told->'item') inner_
                 WHERE item.told ? 'item' AND NOT item.told ? 'enableWhen'
            )
            SELECT FROM item
             WHERE told->'required' = 'true'::jsonb AND NOT told ? 'enableWhen'
               AND told->>'type' <> 'group'
               AND NOT EXISTS (
                   SELECT FROM records_answer a
                    WHERE a.filling_id = NEW.id AND a.link_id = (told->>'linkId') || at_row
                      AND cardinality(a."values") > 0)))
    THEN
        RAISE EXCEPTION 'form % is signed blank, in part, or not at all', NEW.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'filling_signed_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER filling_signed_whole AFTER INSERT OR UPDATE ON records_filling
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION records_signed_whole();

CREATE FUNCTION records_signature_of_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM records_filling WHERE id = NEW.filling_id AND state = 'signed') THEN
        RAISE EXCEPTION 'signature % is of a form that is not signed', NEW.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'signature_of_a_signed_form';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER signature_of_a_signed_form AFTER INSERT ON records_signature
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION records_signature_of_signed();
"""


class Migration(migrations.Migration):
    replaces = [("records", "0002_what_is_signed_stays")]
    dependencies = [("records", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("records_electronicconsent"),
        append_only("records_signature"),
        append_only("records_upload"),
        authors_stay("records_formversion"),
    ]
