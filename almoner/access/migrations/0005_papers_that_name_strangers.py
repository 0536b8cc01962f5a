from django.db import migrations


class Migration(migrations.Migration):
    """A look at a partner's paper is written down even where it names nobody of ours.

    Whoever looks by his own word or by a search looks at somebody.
    """

    dependencies = [("access", "0004_staff_accounts")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE access_event
                  DROP CONSTRAINT access_event_patient_ids_check,
                  ADD CONSTRAINT access_event_shows_somebody CHECK (
                      cardinality(patient_ids) > 0 OR reason_kind NOT IN ('said', 'search'));
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
