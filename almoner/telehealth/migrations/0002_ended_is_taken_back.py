from django.db import migrations

# As in 0001, but an end is taken back and a visit that was moved begins anew, and consent is also
# what was signed as a form for the visit.
AFTER = """
CREATE OR REPLACE FUNCTION telehealth_state_follows() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
BEFORE = """
CREATE OR REPLACE FUNCTION telehealth_state_follows() RETURNS trigger LANGUAGE plpgsql AS $$
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
        ('waiting', 'not_open'), ('waiting', 'ended'), ('admitted', 'waiting'), ('admitted', 'ended'))
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
"""


class Migration(migrations.Migration):
    """An end is not for ever: it is taken back, or the visit is moved to another day."""

    dependencies = [
        ("telehealth", "0001_initial"),
        ("records", "0002_what_is_signed_stays"),
    ]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
