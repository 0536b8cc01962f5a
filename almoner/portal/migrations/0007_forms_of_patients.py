"""What the patients' role may read of forms: published texts, and their own copies."""

from django.db import migrations

OWN = "(patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]))"

FORWARD = f"""
GRANT SELECT (id, code, retired_at) ON records_form TO almoner_patient;
GRANT SELECT (id, form_id, number, body, published_at) ON records_formversion TO almoner_patient;
GRANT SELECT (id, patient_id, form_id, version_id, visit_id, state)
   ON records_filling TO almoner_patient;
GRANT SELECT (id, filling_id, link_id, "values") ON records_answer TO almoner_patient;
GRANT SELECT (id, patient_id, filling_id, pdf) ON records_signature TO almoner_patient;
GRANT SELECT (id, patient_id, given, text) ON records_electronicconsent TO almoner_patient;

ALTER TABLE records_formversion ENABLE ROW LEVEL SECURITY;
CREATE POLICY what_is_published ON records_formversion
   FOR SELECT TO almoner_patient USING (published_at IS NOT NULL);

ALTER TABLE records_filling ENABLE ROW LEVEL SECURITY;
CREATE POLICY filling_of_whom_the_session_acts_for ON records_filling
   FOR SELECT TO almoner_patient USING {OWN};

ALTER TABLE records_answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY answer_of_whom_the_session_acts_for ON records_answer
   FOR SELECT TO almoner_patient
 USING (EXISTS (SELECT FROM records_filling f WHERE f.id = filling_id AND f.{OWN[1:-1]}));

ALTER TABLE records_signature ENABLE ROW LEVEL SECURITY;
CREATE POLICY signature_of_whom_the_session_acts_for ON records_signature
   FOR SELECT TO almoner_patient USING {OWN};

ALTER TABLE records_electronicconsent ENABLE ROW LEVEL SECURITY;
CREATE POLICY consent_of_whom_the_session_acts_for ON records_electronicconsent
   FOR SELECT TO almoner_patient USING {OWN};
"""

BACK = """
DROP POLICY consent_of_whom_the_session_acts_for ON records_electronicconsent;
ALTER TABLE records_electronicconsent DISABLE ROW LEVEL SECURITY;
DROP POLICY signature_of_whom_the_session_acts_for ON records_signature;
ALTER TABLE records_signature DISABLE ROW LEVEL SECURITY;
DROP POLICY answer_of_whom_the_session_acts_for ON records_answer;
ALTER TABLE records_answer DISABLE ROW LEVEL SECURITY;
DROP POLICY filling_of_whom_the_session_acts_for ON records_filling;
ALTER TABLE records_filling DISABLE ROW LEVEL SECURITY;
DROP POLICY what_is_published ON records_formversion;
ALTER TABLE records_formversion DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON records_form, records_formversion, records_filling, records_answer,
              records_signature, records_electronicconsent
  FROM almoner_patient;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0006_check_in_ahead"),
        ("records", "0002_what_is_signed_stays"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
