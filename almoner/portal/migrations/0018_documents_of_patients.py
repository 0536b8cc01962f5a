"""What the patients' role may read of documents: that they were sent, and what became of them."""

from django.db import migrations

OWN = "(patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]))"

FORWARD = f"""
GRANT SELECT (id, patient_id, visit_id, title, state, reason, sent_at, sent_by_id)
   ON records_document TO almoner_patient;
ALTER TABLE records_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY document_of_whom_the_session_acts_for ON records_document
   FOR SELECT TO almoner_patient USING {OWN};
"""

BACK = """
DROP POLICY document_of_whom_the_session_acts_for ON records_document;
ALTER TABLE records_document DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON records_document FROM almoner_patient;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0017_kiosks"),
        ("records", "0004_documents"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
