"""Nobody is past check-in with an item open."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
CREATE FUNCTION arrivals_check_in_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state NOT IN ('arrived', 'left') AND (
        SELECT count(*) FROM arrivals_checkinitem WHERE encounter_id = NEW.id) < 5
    THEN
        RAISE EXCEPTION 'encounter % is past check-in with an item open', NEW.id
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'encounter_check_in_complete';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER encounter_check_in_complete
AFTER INSERT OR UPDATE OF state ON arrivals_encounter
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION arrivals_check_in_complete();
"""


class Migration(migrations.Migration):
    replaces = [("arrivals", "0007_heard_at_the_desk")]
    dependencies = [("arrivals", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("arrivals_movement"),
        append_only("arrivals_checkinitem"),
    ]
