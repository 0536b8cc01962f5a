"""What an account's pages may read beside the visits: statements, and who opened the record.

Looks are read through a view, since a row of the log names everybody it showed: as the patients'
role nobody sees a patient in it but those the session acts for.
"""

from django.db import migrations

FORWARD = """
GRANT SELECT (id, number, guarantor_id, issued_at, issued_date, due_date, cents, state, pdf)
   ON billing_statement TO almoner_patient;
ALTER TABLE billing_statement ENABLE ROW LEVEL SECURITY;
CREATE POLICY statement_to_whom_the_session_acts_for ON billing_statement
   FOR SELECT TO almoner_patient
 USING (guarantor_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]));

CREATE VIEW portal_look WITH (security_barrier) AS
SELECT event.id, event.at, seen.patient_id, officer.name AS officer, officer.roles,
       event.screen, event.reason_kind
  FROM access_event event
  JOIN access_officer officer ON officer.id = event.officer_id
 CROSS JOIN LATERAL unnest(event.patient_ids) AS seen (patient_id)
 WHERE event.patient_ids && coalesce(current_setting('almoner.people', true), '{}')::bigint[]
   AND seen.patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]);
GRANT SELECT ON portal_look TO almoner_patient;
"""

BACK = """
DROP VIEW portal_look;
DROP POLICY statement_to_whom_the_session_acts_for ON billing_statement;
ALTER TABLE billing_statement DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON billing_statement FROM almoner_patient;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_accounts"),
        ("billing", "0006_what_each_field_is_for"),
        ("access", "0005_papers_that_name_strangers"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
