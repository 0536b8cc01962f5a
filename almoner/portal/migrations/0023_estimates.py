"""Estimates of their visits may be read by patients; of one kept from who acts, by them alone."""

from django.db import migrations

FORWARD = """
GRANT SELECT (id, number, patient_id, appointment_id, version, lines, total_cents, pdf)
   ON billing_estimate TO almoner_patient;
ALTER TABLE billing_estimate ENABLE ROW LEVEL SECURITY;
CREATE POLICY estimate_of_whom_the_session_acts_for ON billing_estimate
   FOR SELECT TO almoner_patient
 USING (patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]));
CREATE POLICY kept_from_who_acts ON billing_estimate AS RESTRICTIVE FOR SELECT TO almoner_patient
 USING (current_setting('almoner.own', true) = 'yes' OR NOT portal_visit_is_kept(appointment_id));
"""
BACK = """
DROP POLICY kept_from_who_acts ON billing_estimate;
DROP POLICY estimate_of_whom_the_session_acts_for ON billing_estimate;
ALTER TABLE billing_estimate DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON billing_estimate FROM almoner_patient;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0022_acting_told"), ("billing", "0010_estimates")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
