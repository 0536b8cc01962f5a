"""Answers, deliveries, wordings, letters, and what words are about."""

from django.db import migrations

RULES = """
CREATE FUNCTION relations_delivery_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outgoing_id <> OLD.outgoing_id OR NEW.carrier_id <> OLD.carrier_id
       OR OLD.state IN ('delivered', 'undelivered', 'failed')
       OR NEW.state = 'queued'
       OR (OLD.state = 'sent' AND NEW.state = 'sent') THEN
        RAISE EXCEPTION 'a delivery only moves forward: % after %', NEW.state, OLD.state
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'delivery_moves_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_moves_forward BEFORE UPDATE ON relations_delivery
FOR EACH ROW EXECUTE FUNCTION relations_delivery_forward();

-- An answer goes to the address that wrote, and to no other.
ALTER TABLE relations_received ADD CONSTRAINT received_and_its_sender UNIQUE (id, sender);

ALTER TABLE relations_message ADD CONSTRAINT message_answers_whoever_wrote
    FOREIGN KEY (answers_id, address) REFERENCES relations_received (id, sender);

-- Nobody reviews what they wrote in.
ALTER TABLE relations_textversion ADD CONSTRAINT text_reviewed_by_another
    CHECK (reviewed_by_id IS NULL OR NOT reviewed_by_id = ANY (authors));

CREATE FUNCTION relations_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'approved'
       OR TG_OP = 'UPDATE' AND (
            (NEW.text, NEW.language, NEW.number, NEW.shipped)
                IS DISTINCT FROM (OLD.text, OLD.language, OLD.number, OLD.shipped)
            OR OLD.state = 'review' AND
               (NEW.subject, NEW.body, NEW.renews, NEW.translates_id, NEW.authors)
                IS DISTINCT FROM
               (OLD.subject, OLD.body, OLD.renews, OLD.translates_id, OLD.authors)
            OR OLD.state = 'draft' AND NEW.state = 'approved')
    THEN
        RAISE EXCEPTION 'wording % stays as it was reviewed', OLD.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'text_version_approved_stays';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER text_version_approved_stays BEFORE UPDATE OR DELETE ON relations_textversion
FOR EACH ROW EXECUTE FUNCTION relations_text_stays();

-- No words leave that nobody has reviewed.
CREATE FUNCTION relations_words_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.wording_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM relations_textversion
         WHERE id = NEW.wording_id AND state = 'approved')
    THEN
        RAISE EXCEPTION 'wording % was not reviewed', NEW.wording_id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'words_are_reviewed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_words_reviewed BEFORE INSERT OR UPDATE OF wording_id
ON relations_message FOR EACH ROW EXECUTE FUNCTION relations_words_reviewed();
CREATE TRIGGER letter_words_reviewed BEFORE INSERT OR UPDATE OF wording_id
ON relations_letter FOR EACH ROW EXECUTE FUNCTION relations_words_reviewed();

ALTER TABLE relations_paper ADD CONSTRAINT paper_is_a_pdf
    CHECK (octet_length(pdf) <= 15728640 AND substring(pdf FROM 1 FOR 5) = '%PDF-'::bytea);

-- What was printed stays as it was; a letter goes the way of the post, and no way back.
CREATE FUNCTION relations_paper_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM relations_refuse('paper_stays');
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'queued' OR NOT EXISTS (
            SELECT FROM relations_message WHERE id = NEW.message_id AND channel = 'letter')
        THEN
            PERFORM relations_refuse('paper_of_a_letter');
        END IF;
    ELSIF (NEW.id, NEW.message_id, NEW.pdf) IS DISTINCT FROM (OLD.id, OLD.message_id, OLD.pdf)
        OR (OLD.posted_on IS NOT NULL AND (NEW.posted_on, NEW.posted_by_id)
            IS DISTINCT FROM (OLD.posted_on, OLD.posted_by_id))
        OR (OLD.ended_on IS NOT NULL AND (NEW.ended_on, NEW.ended_by_id, NEW.why)
            IS DISTINCT FROM (OLD.ended_on, OLD.ended_by_id, OLD.why))
    THEN
        PERFORM relations_refuse('paper_stays');
    ELSIF NEW.state <> OLD.state
        AND (OLD.state, NEW.state) NOT IN (('queued', 'posted'), ('queued', 'withdrawn'),
                                           ('posted', 'delivered'), ('posted', 'returned'))
    THEN
        PERFORM relations_refuse('paper_goes_forward');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER paper_stays BEFORE INSERT OR UPDATE OR DELETE ON relations_paper
FOR EACH ROW EXECUTE FUNCTION relations_paper_stays();

-- A letter says what is printed on its paper, and has one once it is written.
CREATE FUNCTION relations_letter_is_its_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM relations_paper WHERE message_id = NEW.id) THEN
            PERFORM relations_refuse('letter_has_its_paper');
        END IF;
    ELSIF (NEW.channel, NEW.patient_id, NEW.address, NEW.language, NEW.subject, NEW.body)
        IS DISTINCT FROM
          (OLD.channel, OLD.patient_id, OLD.address, OLD.language, OLD.subject, OLD.body)
    THEN
        PERFORM relations_refuse('letter_says_what_is_printed');
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER letter_has_its_paper AFTER INSERT ON relations_message
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.channel = 'letter')
EXECUTE FUNCTION relations_letter_is_its_paper();
CREATE TRIGGER letter_says_what_is_printed AFTER UPDATE ON relations_message
FOR EACH ROW WHEN (OLD.channel = 'letter' OR NEW.channel = 'letter')
EXECUTE FUNCTION relations_letter_is_its_paper();

-- What is said to be about a visit or bill is about one of the very patient, as the log knows it.
CREATE FUNCTION relations_about_is_theirs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said jsonb := to_jsonb(NEW);
    wanted text := coalesce(said ->> 'about_kind', 'statement');
    which bigint := coalesce(said ->> 'about_id', said ->> 'statement_id')::bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM ground_event
                    WHERE about_kind = wanted AND about_id = which
                      AND patient_id = NEW.patient_id) THEN
        RAISE EXCEPTION 'the % with the number % is not of this patient', wanted, which
            USING ERRCODE = 'check_violation', CONSTRAINT = 'about_is_theirs';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relations_thread_about_is_theirs
    BEFORE INSERT OR UPDATE OF about_kind, about_id, patient_id ON relations_thread
    FOR EACH ROW WHEN (NEW.about_id IS NOT NULL) EXECUTE FUNCTION relations_about_is_theirs();
CREATE TRIGGER relations_received_about_is_theirs
    BEFORE INSERT OR UPDATE OF about_kind, about_id, patient_id ON relations_received
    FOR EACH ROW WHEN (NEW.about_id IS NOT NULL) EXECUTE FUNCTION relations_about_is_theirs();
CREATE TRIGGER relations_message_about_is_theirs
    BEFORE INSERT OR UPDATE OF statement_id, patient_id ON relations_message
    FOR EACH ROW WHEN (NEW.statement_id IS NOT NULL)
    EXECUTE FUNCTION relations_about_is_theirs();
"""


class Migration(migrations.Migration):
    replaces = [("relations", "0003_texts_received")]
    dependencies = [("relations", "0002_cases"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
    ]
