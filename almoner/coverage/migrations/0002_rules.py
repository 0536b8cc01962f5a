"""What was asked of a plan is settled once."""

from django.db import migrations

RULES = """
CREATE FUNCTION coverage_settle_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'asked'
       OR ROW(OLD.policy_id, OLD.patient_id, OLD.asked_at, OLD.trace, OLD.inquiry,
              OLD.service_date, OLD.service_type, OLD.occasion)
          IS DISTINCT FROM
          ROW(NEW.policy_id, NEW.patient_id, NEW.asked_at, NEW.trace, NEW.inquiry,
              NEW.service_date, NEW.service_type, NEW.occasion) THEN
        RAISE EXCEPTION 'An eligibility check is settled once and kept as it was.'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'eligibility_settled_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER eligibility_settled_once
    BEFORE UPDATE OR DELETE ON coverage_eligibilitycheck
    FOR EACH ROW EXECUTE FUNCTION coverage_settle_once();

CREATE SEQUENCE coverage_interchange MAXVALUE 999999999 CYCLE;
"""


class Migration(migrations.Migration):
    replaces = [("coverage", "0006_what_each_field_is_for")]
    dependencies = [("coverage", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
    ]
