"""Calls about a bill, which is one of the very patient as with what is written; an index nobody asks."""

from django.db import migrations, models

THEIRS = """
CREATE TRIGGER relations_call_about_is_theirs
    BEFORE INSERT OR UPDATE OF statement_id, patient_id ON relations_call
    FOR EACH ROW WHEN (NEW.statement_id IS NOT NULL) EXECUTE FUNCTION relations_about_is_theirs();
"""


class Migration(migrations.Migration):
    dependencies = [("relations", "0006_what_holds_at_first")]

    operations = [
        migrations.AddField(
            model_name="call", name="statement_id", field=models.BigIntegerField(null=True)
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("statement_id__isnull", False)),
                fields=["statement_id"],
                name="call_of_statement",
            ),
        ),
        migrations.RunSQL(THEIRS),
        migrations.RemoveIndex(model_name="received", name="received_open"),
    ]
