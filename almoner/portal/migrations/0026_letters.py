"""Letters in accounts, as the patients' role may read them, once they were posted.

Theirs to us only the patient reads: whoever acts for them did not write it.
"""

from django.db import migrations

PEOPLE = "patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[])"
OWN = "current_setting('almoner.own', true) = 'yes'"
POLICY = "of_whom_the_session_acts_for"
FORWARD = [
    f"ALTER POLICY {POLICY} ON relations_message"
    f" USING ({PEOPLE} AND channel IN ('portal', 'letter'))",
    f"ALTER POLICY {POLICY} ON relations_received"
    f" USING ({PEOPLE} AND (channel = 'portal' OR (channel = 'letter' AND {OWN})))",
    "GRANT SELECT (id, message_id, pdf, state, posted_on) ON relations_paper TO almoner_patient",
    "ALTER TABLE relations_paper ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY {POLICY} ON relations_paper FOR SELECT TO almoner_patient"
    " USING (state IN ('posted', 'delivered', 'returned')"
    " AND EXISTS (SELECT FROM relations_message m WHERE m.id = message_id))",
]
BACK = [
    f"DROP POLICY {POLICY} ON relations_paper",
    "ALTER TABLE relations_paper DISABLE ROW LEVEL SECURITY",
    "REVOKE ALL ON relations_paper FROM almoner_patient",
    *(
        f"ALTER POLICY {POLICY} ON {table} USING ({PEOPLE} AND channel = 'portal')"
        for table in ("relations_message", "relations_received")
    ),
]


class Migration(migrations.Migration):
    dependencies = [("portal", "0025_words_are_signed"), ("relations", "0022_letters")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
