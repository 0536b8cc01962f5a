"""What is kept from whoever acts for a patient, as functions that the rules of 0003 ask.

They run as their owner: the patients' role may ask whether something is kept, and nothing more.
``almoner.people`` are those the session acts for, ``almoner.own`` is ``yes`` when it is the patient's
own; both are settings of the transaction.
"""

from django.db import migrations

from almoner.ground.schema import words_signed

AS_OWNER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT"
KEPT = f"""
CREATE FUNCTION portal_visit_is_kept(visit bigint) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM billing_privatevisit
                    WHERE appointment_id = visit AND from_guarantor AND ended_at IS NULL)
$$;
CREATE FUNCTION portal_bill_is_kept(item text) RETURNS boolean {AS_OWNER} AS $$
    SELECT item LIKE 'statement:%' AND EXISTS (
        SELECT FROM billing_statement WHERE private AND item = 'statement:' || id)
$$;
CREATE FUNCTION portal_lines_are_kept(lines jsonb) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM jsonb_array_elements(lines) AS line
                    WHERE portal_visit_is_kept((line ->> 'visit_id')::bigint))
$$;
CREATE FUNCTION portal_about_is_kept(kind text, item bigint) RETURNS boolean {AS_OWNER} AS $$
    SELECT CASE kind
        WHEN 'appointment' THEN portal_visit_is_kept(item)
        WHEN 'statement' THEN EXISTS (
            SELECT FROM billing_statement
             WHERE id = item AND (private OR portal_lines_are_kept(lines)))
        ELSE false END
$$;

-- A whole thread is kept when anything in it is about such a visit or bill: whether the patient said
-- so in writing it, we in answering, or an officer afterwards.
CREATE FUNCTION portal_thread_is_kept(thread text) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM relations_message
                    WHERE address = thread AND channel = 'portal'
                      AND (portal_visit_is_kept(visit_id)
                           OR portal_about_is_kept('statement', statement_id)))
        OR EXISTS (SELECT FROM relations_received
                    WHERE sender = thread AND channel = 'portal'
                      AND portal_about_is_kept(about_kind, about_id))
        OR EXISTS (SELECT FROM relations_thread
                    WHERE id = substring(thread FROM '^thread:([0-9]+)$')::bigint
                      AND portal_about_is_kept(about_kind, about_id))
$$;

-- A letter shows where it went. Also what was written before they asked for nothing of the kind any
-- more.
CREATE FUNCTION portal_post_is_kept(person bigint, written timestamptz) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM patients_confidentialcontact
                    WHERE patient_id = person AND (ended_at IS NULL OR ended_at > written))
$$;

-- A result does not say which visit it is of: what is about the day of one that is kept from who acts
-- for the patient, or of the thirty days after it, may be of it, and is kept as well.
CREATE FUNCTION portal_result_is_kept(result bigint) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (
        SELECT FROM records_result r
          JOIN records_resultversion v ON v.result_id = r.id
          JOIN billing_privatevisit kept ON kept.patient_id = r.patient_id
           AND kept.from_guarantor AND kept.ended_at IS NULL
          JOIN scheduling_appointment visit ON visit.id = kept.appointment_id
         WHERE r.id = result AND v."on" BETWEEN visit.local_day AND visit.local_day + 30)
$$;

-- What the clinic filed without saying of which visit it is may be of one that is kept from who acts
-- for the patient, when it came on its day or in the thirty days after it.
CREATE FUNCTION portal_paper_is_kept(person bigint, came timestamptz) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (
        SELECT FROM billing_privatevisit kept
          JOIN scheduling_appointment visit ON visit.id = kept.appointment_id
         WHERE kept.patient_id = person AND kept.from_guarantor AND kept.ended_at IS NULL
           AND (came AT TIME ZONE visit.time_zone)::date
               BETWEEN visit.local_day AND visit.local_day + 30)
$$;

-- The paper that a result came on is shown with the result, by when the patient wants to be told.
CREATE FUNCTION portal_is_paper_of_result(document bigint) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM records_resultversion WHERE document_id = document)
$$;

-- Of a look it is kept whether it was about such a visit, fell on its day, or at what was asked.
CREATE FUNCTION portal_look_is_kept(
    person bigint, seen_at timestamptz, screen text, kind text, item bigint
) RETURNS boolean {AS_OWNER} AS $$
    SELECT screen LIKE '%confidential%' OR screen LIKE '%private%'
        OR (kind = 'statement' AND portal_bill_is_kept('statement:' || item))
        OR EXISTS (
            SELECT FROM billing_privatevisit kept
              JOIN scheduling_appointment visit ON visit.id = kept.appointment_id
             WHERE kept.patient_id = person AND kept.from_guarantor AND kept.ended_at IS NULL
               AND ((seen_at AT TIME ZONE visit.time_zone)::date = visit.local_day
                 OR (kind = 'appointment' AND item = visit.id)
                 OR (kind = 'encounter' AND item IN (
                        SELECT id FROM arrivals_encounter WHERE appointment_id = visit.id))
                 OR (kind IN ('charges', 'claim', 'denial') AND EXISTS (
                        SELECT FROM billing_chargeslip slip
                          JOIN arrivals_encounter e ON e.id = slip.encounter_id
                         WHERE e.appointment_id = visit.id AND (slip.id = item OR EXISTS (
                             SELECT FROM billing_claim WHERE slip_id = slip.id AND id = item))))))
$$;
"""

# Who opened the record is read through a view, since a row of the log names everybody it showed: as
# the patients' role nobody sees a patient in it but those the session acts for. Somebody outside is no
# officer: the log keeps who they say they are as the note.
LOOK = """
CREATE VIEW portal_look WITH (security_barrier) AS
SELECT event.id, event.at, seen.patient_id,
       CASE WHEN officer.id IS NULL THEN event.note ELSE officer.name END AS officer,
       CASE WHEN officer.id IS NULL THEN ARRAY['guest']::text[] ELSE officer.roles::text[] END
         AS roles,
       event.screen, event.reason_kind
  FROM access_event event
  LEFT JOIN access_officer officer ON officer.id = event.officer_id
 CROSS JOIN LATERAL unnest(event.patient_ids) AS seen (patient_id)
 WHERE event.patient_ids && coalesce(current_setting('almoner.people', true), '{}')::bigint[]
   AND seen.patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[])
   AND (current_setting('almoner.own', true) = 'yes' OR NOT portal_look_is_kept(
           seen.patient_id, event.at, event.screen, event.reason_kind, event.reason_id));
"""


class Migration(migrations.Migration):
    replaces = [("portal", "0002_patients_role")]
    dependencies = [
        ("portal", "0001_tables"),
        ("access", "0002_rules"),
        ("billing", "0002_rules"),
        ("surveys", "0002_rules"),
    ]

    operations = [
        migrations.RunSQL(KEPT),
        migrations.RunSQL(LOOK),
        words_signed("portal_selfbooking", ["name_en", "name_es", "prepare_en", "prepare_es"]),
    ]
