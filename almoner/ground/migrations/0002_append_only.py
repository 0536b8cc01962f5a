from django.db import migrations

from almoner.ground.schema import append_only


class Migration(migrations.Migration):
    """The trigger function behind every append-only table, and the event log's own trigger."""

    dependencies = [("ground", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION ground_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = TG_TABLE_NAME || '_append_only';
                END $$;
            """,
            reverse_sql="DROP FUNCTION ground_refuse_change();",
        ),
        append_only("ground_event"),
    ]
