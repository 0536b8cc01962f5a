"""Which visits a statement names, for the page of the visit: what stands on its paper anyway."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0023_estimates")]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT (lines) ON billing_statement TO almoner_patient",
            "REVOKE SELECT (lines) ON billing_statement FROM almoner_patient",
        )
    ]
