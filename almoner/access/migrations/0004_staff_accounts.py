from django.db import migrations, models


class Migration(migrations.Migration):
    """One-time passwords; and the last administrator stays.

    Two administrators may end each other at the same moment: the trigger takes them one after the
    other, and the second finds that nobody would be left. Statements of a plain function see what
    was committed while they waited.
    """

    dependencies = [("access", "0003_sealing")]

    operations = [
        migrations.AddField(
            model_name="officer",
            name="password_given_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION access_keep_an_administrator() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_advisory_xact_lock(7331002);
                    IF NOT EXISTS (SELECT 1 FROM access_officer
                                    WHERE left_at IS NULL AND 'administrator' = ANY(roles)) THEN
                        RAISE EXCEPTION 'the last administrator stays one'
                            USING ERRCODE = 'check_violation',
                                  CONSTRAINT = 'officer_last_administrator';
                    END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER access_officer_last_administrator
                    AFTER UPDATE OF roles, left_at ON access_officer
                    FOR EACH ROW
                    WHEN (OLD.left_at IS NULL AND 'administrator' = ANY(OLD.roles)
                          AND NOT (NEW.left_at IS NULL AND 'administrator' = ANY(NEW.roles)))
                    EXECUTE FUNCTION access_keep_an_administrator();
            """,
            reverse_sql="""
                DROP TRIGGER access_officer_last_administrator ON access_officer;
                DROP FUNCTION access_keep_an_administrator();
            """,
        ),
    ]
