"""What the patients' role may read of surveys: published questions, and their own answers."""

from django.db import migrations

OWN = "patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[])"

FORWARD = f"""
GRANT SELECT (id, appointment_id, patient_id, version_id, visit_on, finished_at)
   ON surveys_survey TO almoner_patient;
GRANT SELECT (id, body, published_at) ON surveys_version TO almoner_patient;
GRANT SELECT (id, survey_id, key, score, words) ON surveys_answer TO almoner_patient;

ALTER TABLE surveys_survey ENABLE ROW LEVEL SECURITY;
CREATE POLICY survey_of_whom_the_session_acts_for ON surveys_survey
   FOR SELECT TO almoner_patient USING ({OWN});

ALTER TABLE surveys_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY what_is_published ON surveys_version
   FOR SELECT TO almoner_patient USING (published_at IS NOT NULL);

ALTER TABLE surveys_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY answer_of_whom_the_session_acts_for ON surveys_answer
   FOR SELECT TO almoner_patient
 USING (EXISTS (SELECT FROM surveys_survey s WHERE s.id = survey_id AND s.{OWN}));
"""

BACK = """
DROP POLICY answer_of_whom_the_session_acts_for ON surveys_answer;
ALTER TABLE surveys_answer DISABLE ROW LEVEL SECURITY;
DROP POLICY what_is_published ON surveys_version;
ALTER TABLE surveys_version DISABLE ROW LEVEL SECURITY;
DROP POLICY survey_of_whom_the_session_acts_for ON surveys_survey;
ALTER TABLE surveys_survey DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON surveys_survey, surveys_version, surveys_answer FROM almoner_patient;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0010_forms_for_others"), ("surveys", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
