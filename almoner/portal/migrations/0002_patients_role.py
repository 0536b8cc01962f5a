"""What the patients' role may read, and of whom.

Nothing is granted by default, so a table or column that is not named here cannot be read by any page
of a patient, whatever its code says. The desk's own role owns the tables and is not limited.
"""

from django.db import migrations

FORWARD = """
GRANT SELECT (id, patient_id, visit_type_id, clinician_id, location_id, starts_at, ends_at,
              local_day, local_time, time_zone, status, confirmed_at)
   ON scheduling_appointment TO almoner_patient;
GRANT SELECT (id, given, family, credentials) ON facility_clinician TO almoner_patient;
GRANT SELECT (id, name, address_line, city, state, zip_code, phone, time_zone)
   ON facility_location TO almoner_patient;
GRANT SELECT ON facility_organisation TO almoner_patient;

ALTER TABLE scheduling_appointment ENABLE ROW LEVEL SECURITY;
CREATE POLICY appointment_of_whom_the_session_acts_for ON scheduling_appointment
   FOR SELECT TO almoner_patient
 USING (patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]));
"""

BACK = """
DROP POLICY appointment_of_whom_the_session_acts_for ON scheduling_appointment;
ALTER TABLE scheduling_appointment DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON facility_organisation, facility_location, facility_clinician, scheduling_appointment
  FROM almoner_patient;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_initial"),
        ("scheduling", "0003_confirmed"),
        ("facility", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
