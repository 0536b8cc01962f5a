"""What patients see of the payment of a bill, and of the day a form was signed."""

from django.db import migrations

FORWARD = [
    "GRANT SELECT (for_item) ON ledger_payment TO almoner_patient",
    "GRANT SELECT (settled_on) ON records_filling TO almoner_patient",
]
BACK = [
    "REVOKE SELECT (for_item) ON ledger_payment FROM almoner_patient",
    "REVOKE SELECT (settled_on) ON records_filling FROM almoner_patient",
]


class Migration(migrations.Migration):
    dependencies = [("portal", "0013_messages_and_drafts")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
