"""What ends outreach to somebody, in the transaction in which it happens."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
-- The headings (three characters) of the codes of a slip, so that an index finds by a code's beginning.
CREATE FUNCTION outreach_headings(codes varchar[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(array_agg(DISTINCT left(code, 3)), '{}') FROM unnest(codes) AS code $$;
CREATE INDEX outreach_by_diagnosis ON billing_chargeslip USING gin (outreach_headings(diagnoses));

-- Somebody who has booked, answered, a case or died is left alone from that very transaction on: what
-- waits to leave is taken back in it. By the event, since every way to book records one.
CREATE FUNCTION outreach_stop(ids bigint[], why text, visit bigint, since timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    stopped bigint[];
BEGIN
    WITH ended AS (
        UPDATE outreach_enrolment
           SET state = 'stopped', stopped_why = why, stopped_at = since, booked_id = visit
         WHERE id = ANY(ids) AND state IN ('waiting', 'reached', 'calling')
        RETURNING id
    ) SELECT array_agg(id) INTO stopped FROM ended;
    -- A statement of its own: it sees what a worker put on its way while this one waited for it.
    UPDATE ground_outgoing outgoing SET state = 'withdrawn', settled_at = since
      FROM outreach_step step JOIN relations_message message ON message.id = step.message_id
     WHERE step.enrolment_id = ANY(stopped) AND outgoing.id = message.outgoing_id
       AND outgoing.state = 'waiting';
END $$;

CREATE FUNCTION outreach_hears() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    heard relations_received;
BEGIN
    CASE
    WHEN NEW.kind = 'scheduling.booked' THEN
        SELECT array_agg(enrolment.id ORDER BY enrolment.id) INTO ids
          FROM outreach_enrolment enrolment
          JOIN outreach_campaign campaign ON campaign.id = enrolment.campaign_id
          JOIN scheduling_appointment visit ON visit.id = NEW.about_id
         WHERE enrolment.patient_id = NEW.patient_id
           AND enrolment.state IN ('waiting', 'reached', 'calling')
           AND coalesce(campaign.visit_type_id, visit.visit_type_id) = visit.visit_type_id;
        PERFORM outreach_stop(ids, 'booked', NEW.about_id, NEW.at) WHERE ids IS NOT NULL;
    WHEN NEW.kind = 'scheduling.undone' THEN
        UPDATE outreach_enrolment
           SET state = CASE WHEN tries > 0 THEN 'calling' WHEN steps = 0 THEN 'waiting'
                            ELSE 'reached' END,
               stopped_why = '', stopped_at = NULL, booked_id = NULL
         WHERE patient_id = NEW.patient_id AND booked_id = NEW.about_id
           AND NEW.data ->> 'undone' = 'scheduling.booked';
    WHEN NEW.kind IN ('relations.case_opened', 'relations.case_decided') THEN
        SELECT array_agg(id ORDER BY id) INTO ids FROM outreach_enrolment
         WHERE patient_id = NEW.patient_id AND state IN ('waiting', 'reached', 'calling');
        PERFORM outreach_stop(ids, 'case', NULL, NEW.at) WHERE ids IS NOT NULL;
    WHEN NEW.kind IN ('patients.changed', 'patients.imported') THEN
        SELECT array_agg(enrolment.id ORDER BY enrolment.id) INTO ids
          FROM outreach_enrolment enrolment JOIN patients_patient p ON p.id = enrolment.patient_id
         WHERE enrolment.patient_id = NEW.patient_id AND p.deceased
           AND enrolment.state IN ('waiting', 'reached', 'calling');
        PERFORM outreach_stop(ids, 'deceased', NULL, NEW.at) WHERE ids IS NOT NULL;
    ELSE
        SELECT * INTO heard FROM relations_received WHERE id = NEW.about_id;
        IF NOT FOUND OR heard.meaning IN ('machine', 'start', 'help') THEN
            RETURN NULL;
        END IF;
        SELECT array_agg(id ORDER BY id) INTO ids FROM outreach_enrolment
         WHERE state IN ('waiting', 'reached', 'calling')
           AND id IN (SELECT enrolment_id FROM outreach_step
                       WHERE address IN (heard.sender, lower(heard.sender))
                       UNION SELECT id FROM outreach_enrolment WHERE patient_id = NEW.patient_id);
        PERFORM outreach_stop(
            ids, CASE WHEN heard.meaning = 'stop' OR NEW.kind = 'relations.revoked'
                      THEN 'opted_out' ELSE 'replied' END, NULL, NEW.at)
          WHERE ids IS NOT NULL;
    END CASE;
    RETURN NULL;
END $$;
CREATE TRIGGER outreach_hears AFTER INSERT ON ground_event FOR EACH ROW
  WHEN (NEW.kind IN ('scheduling.booked', 'scheduling.undone', 'relations.case_opened',
                     'relations.case_decided', 'patients.changed', 'patients.imported',
                     'relations.received', 'relations.revoked', 'relations.mailed',
                     'relations.recognised', 'relations.posted'))
  EXECUTE FUNCTION outreach_hears();
"""


class Migration(migrations.Migration):
    replaces = [("outreach", "0004_drafts_have_an_author")]
    dependencies = [
        ("outreach", "0001_tables"),
        ("billing", "0001_tables"),
        ("ground", "0002_append_only"),
    ]

    operations = [
        migrations.RunSQL(RULES),
        append_only("outreach_segmentversion"),
        append_only("outreach_step"),
    ]
