"""What somebody who came by a link may see of their payments: how each stands, and its receipt."""

from django.db import migrations

COLUMNS = (
    "id, patient_id, visit_id, method, state, cents, refunded_cents, page_url, card_brand,"
    " card_last_four, asked_at, settled_at"
)
FORWARD = [
    f"GRANT SELECT ({COLUMNS}) ON ledger_payment TO almoner_patient",
    "ALTER TABLE ledger_payment ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY of_whom_the_session_acts_for ON ledger_payment FOR SELECT TO almoner_patient"
    " USING (patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]))",
]
BACK = [
    "DROP POLICY of_whom_the_session_acts_for ON ledger_payment",
    "ALTER TABLE ledger_payment DISABLE ROW LEVEL SECURITY",
    "REVOKE ALL ON ledger_payment FROM almoner_patient",
]


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_held_by_video"), ("ledger", "0005_paid_by_link")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
