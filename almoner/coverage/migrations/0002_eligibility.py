from django.db import migrations


class Migration(migrations.Migration):
    """A question is settled once; its bytes never change. Control numbers come from a sequence."""

    dependencies = [("coverage", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
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
            """,
            reverse_sql="""
                DROP SEQUENCE coverage_interchange;
                DROP TRIGGER eligibility_settled_once ON coverage_eligibilitycheck;
                DROP FUNCTION coverage_settle_once();
            """,
        ),
    ]
