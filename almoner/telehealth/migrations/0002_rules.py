"""The gate: nobody is admitted past an open one, and nothing passes before."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
-- What may follow what, and that nobody is admitted past an open gate: each of its six items is
-- written down, and what was not passed over for a reason is true. An end is taken back, a visit that
-- was moved begins anew, and consent is also what was signed as a form for the visit.
CREATE FUNCTION telehealth_state_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    met integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'not_open' THEN
            RAISE EXCEPTION 'a visit by video begins with nobody there'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'video_visit_state_follows';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('not_open', 'waiting'), ('not_open', 'ended'), ('waiting', 'admitted'),
        ('waiting', 'not_open'), ('waiting', 'ended'), ('admitted', 'waiting'), ('admitted', 'ended'),
        ('ended', 'not_open'))
    THEN
        RAISE EXCEPTION 'visit by video %: % does not follow %', NEW.id, NEW.state, OLD.state
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'video_visit_state_follows';
    END IF;
    IF NEW.state <> 'admitted' THEN
        RETURN NEW;
    END IF;
    SELECT count(*) INTO met FROM telehealth_gateitem gate
      JOIN scheduling_appointment visit ON visit.id = NEW.appointment_id
     WHERE gate.visit_id = NEW.id AND (gate.overridden OR CASE gate.item
           WHEN 'identity' THEN NEW.identified_at IS NOT NULL
           WHEN 'location' THEN NEW.located_state <> '' AND NEW.located_at IS NOT NULL
           WHEN 'emergency' THEN NEW.emergency_address <> ''
           WHEN 'callback' THEN NEW.callback <> ''
           WHEN 'consent' THEN EXISTS (
                SELECT FROM telehealth_consent consent
                  JOIN telehealth_consenttext text ON text.id = consent.text_id
                 WHERE consent.visit_id = NEW.id AND text.state IN (NEW.located_state, ''))
             OR NEW.located_state <> '' AND EXISTS (
                SELECT FROM records_filling filling
                  JOIN records_form form ON form.id = filling.form_id
                 WHERE form.code = 'telehealth_consent' AND filling.visit_id = visit.id
                   AND filling.patient_id = visit.patient_id
                   AND filling.state IN ('signed', 'on_paper'))
           WHEN 'licence' THEN EXISTS (
                SELECT FROM facility_licence licence
                 WHERE licence.clinician_id = NEW.clinician_id
                   AND licence.state = NEW.located_state
                   AND licence.valid_from <= visit.local_day
                   AND coalesce(licence.valid_until > visit.local_day, true))
           END);
    IF met < 6 THEN
        RAISE EXCEPTION 'visit by video %: the gate is open', NEW.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'video_visit_gate';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER video_visit_state_follows BEFORE INSERT OR UPDATE ON telehealth_videovisit
FOR EACH ROW EXECUTE FUNCTION telehealth_state_follows();

CREATE FUNCTION telehealth_signal_passes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- FOR SHARE: whoever ends the call waits for this signal, or this signal sees that it ended.
    PERFORM FROM telehealth_videovisit
      WHERE id = NEW.visit_id AND state = 'admitted' AND by_phone_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'visit by video % is not admitted', NEW.visit_id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'signal_passes_when_admitted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signal_passes_when_admitted BEFORE INSERT ON telehealth_signal
FOR EACH ROW EXECUTE FUNCTION telehealth_signal_passes();

-- What was asked and what was answered stays: an answer is given once, a picture is kept once.
CREATE FUNCTION telehealth_picture_asked_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.visit_id, NEW.asked_by_id, NEW.asked_at, NEW.text, NEW.language)
          IS DISTINCT FROM
          (OLD.id, OLD.visit_id, OLD.asked_by_id, OLD.asked_at, OLD.text, OLD.language)
       OR (OLD.given IS NOT NULL
           AND (NEW.given, NEW.answered_at) IS DISTINCT FROM (OLD.given, OLD.answered_at))
       OR (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id)
    THEN
        RAISE EXCEPTION 'what was asked for picture % stays', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'picture_asked_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER picture_asked_stays BEFORE UPDATE OR DELETE ON telehealth_pictureasked
FOR EACH ROW EXECUTE FUNCTION telehealth_picture_asked_stays();

-- As with signals, and for the page that is open now: whoever is let out, or opens another page,
-- waits for this row, or this row sees it.
CREATE FUNCTION telehealth_passage_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM telehealth_videovisit
      WHERE id = NEW.visit_id AND state = 'admitted' AND by_phone_at IS NULL
        AND gathered_at IS NOT NULL FOR SHARE;
    IF FOUND THEN
        PERFORM FROM telehealth_participant
          WHERE id = NEW.near_id AND visit_id = NEW.visit_id AND session = NEW.near_session
            AND device IS NOT NULL AND removed_at IS NULL FOR SHARE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'visit by video % has nobody there in the call', NEW.visit_id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'passage_opens_when_admitted';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER passage_opens_when_admitted BEFORE INSERT ON telehealth_passage
FOR EACH ROW EXECUTE FUNCTION telehealth_passage_opens();
"""


class Migration(migrations.Migration):
    replaces = [("telehealth", "0005_word_to_who_waits")]
    dependencies = [("telehealth", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("telehealth_consenttext"),
        append_only("telehealth_consent"),
        append_only("telehealth_chatline"),
    ]
