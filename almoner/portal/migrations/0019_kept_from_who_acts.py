"""What is kept from whoever pays is kept from everybody who acts for the patient.

These rules stand beside those of each table and are asked too (restrictive): a page that forgets
shows nothing of such a visit, unless the session is the patient's own (``almoner.own``).
"""

from django.db import migrations

OWN = "current_setting('almoner.own', true) = 'yes'"
OF_A_VISIT = {
    "scheduling_appointment": "id",
    "scheduling_waitentry": "visit_id",
    "scheduling_placeoffer": "appointment_id",
    "arrivals_encounter": "appointment_id",
    "arrivals_earlycheckin": "appointment_id",
    "arrivals_said": "appointment_id",
    "arrivals_cardtaken": "appointment_id",
    "records_filling": "visit_id",
    "records_document": "visit_id",
    "surveys_survey": "appointment_id",
}
# A whole thread is kept when we said anything in it about such a visit.
OTHERS = {
    "records_signature": "EXISTS (SELECT FROM records_filling f WHERE f.id = filling_id)",
    "ledger_payment": "NOT portal_visit_is_kept(visit_id) AND NOT portal_bill_is_kept(for_item)",
    "billing_statement": "NOT private AND NOT portal_lines_are_kept(lines)",
    "relations_message": "NOT portal_visit_is_kept(visit_id)"
    " AND NOT portal_thread_is_kept(address)",
    "relations_received": "NOT portal_thread_is_kept(sender)",
    "relations_thread": "NOT portal_thread_is_kept('thread:' || id)",
}
RULES = {
    **{table: f"NOT portal_visit_is_kept({column})" for table, column in OF_A_VISIT.items()},
    **OTHERS,
}
AS_OWNER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT"
FUNCTIONS = f"""
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
CREATE FUNCTION portal_thread_is_kept(thread text) RETURNS boolean {AS_OWNER} AS $$
    SELECT EXISTS (SELECT FROM relations_message
                    WHERE address = thread AND channel = 'portal'
                      AND portal_visit_is_kept(visit_id))
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
NO_FUNCTIONS = """
DROP FUNCTION portal_look_is_kept;
DROP FUNCTION portal_thread_is_kept;
DROP FUNCTION portal_lines_are_kept;
DROP FUNCTION portal_bill_is_kept;
DROP FUNCTION portal_visit_is_kept;
"""
LOOK = """
CREATE OR REPLACE VIEW portal_look WITH (security_barrier) AS
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
"""
KEPT = f"""   AND ({OWN} OR NOT portal_look_is_kept(
           seen.patient_id, event.at, event.screen, event.reason_kind, event.reason_id))
"""
FORWARD = [
    FUNCTIONS,
    "GRANT SELECT (private) ON billing_statement TO almoner_patient",
    *(
        f"CREATE POLICY kept_from_who_acts ON {table} AS RESTRICTIVE FOR SELECT TO almoner_patient"
        f" USING ({OWN} OR ({rule}))"
        for table, rule in RULES.items()
    ),
    LOOK + KEPT,
]
BACK = [
    LOOK,
    *(f"DROP POLICY kept_from_who_acts ON {table}" for table in RULES),
    "REVOKE SELECT (private) ON billing_statement FROM almoner_patient",
    NO_FUNCTIONS,
]


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0018_documents_of_patients"),
        ("billing", "0008_visits_kept_private"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
