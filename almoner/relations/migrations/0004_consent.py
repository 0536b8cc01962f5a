"""Consent to texts, and how many of them."""

from django.db import migrations

from almoner.ground.schema import append_only

RULES = """
-- Judged at the end of an action (patients.actions.saying) or of the transaction: what the record
-- says then is what was said, whichever rows were moved on the way.
CREATE FUNCTION relations_keep_phone_consent(of_patient bigint, of_number text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    said jsonb := nullif(current_setting('almoner.said', true), '')::jsonb;
    says boolean;
    before boolean;
BEGIN
    SELECT bool_or(may_text) INTO says FROM patients_reachedphone
     WHERE patient_id = of_patient AND number = of_number;
    SELECT given INTO before FROM relations_phoneconsent
     WHERE patient_id = of_patient AND number = of_number ORDER BY id DESC LIMIT 1;
    IF before IS NULL AND says IS NULL OR before = coalesce(says, false) THEN
        RETURN;
    END IF;
    INSERT INTO relations_phoneconsent (patient_id, number, given, how, evidence, at, by_id)
    VALUES (
        of_patient, of_number, coalesce(says, false), coalesce(said ->> 'how', 'record'),
        CASE WHEN says IS NULL THEN 'they are not reached at this number any more'
             WHEN says THEN 'may be texted' ELSE 'no texts' END,
        coalesce((said ->> 'at')::timestamptz, transaction_timestamp()),
        (said ->> 'by')::bigint
    );
END $$;

CREATE FUNCTION relations_phone_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM relations_keep_phone_consent(OLD.patient_id, OLD.number);
    END IF;
    IF TG_OP = 'INSERT'
       OR TG_OP = 'UPDATE' AND (NEW.patient_id, NEW.number) <> (OLD.patient_id, OLD.number) THEN
        PERFORM relations_keep_phone_consent(NEW.patient_id, NEW.number);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION relations_contact_says() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
    of_patient bigint := (asked ->> 'patient_id')::bigint;
BEGIN
    PERFORM relations_keep_phone_consent(of_patient, number)
       FROM (SELECT number FROM patients_phone WHERE patient_id = of_patient
              UNION SELECT number FROM relations_phoneconsent WHERE patient_id = of_patient
              UNION SELECT asked ->> 'phone' WHERE asked ->> 'phone' <> '') theirs;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER phone_consent_of_phone
    AFTER INSERT OR UPDATE OR DELETE ON patients_phone DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION relations_phone_says();
CREATE CONSTRAINT TRIGGER phone_consent_of_contact
    AFTER INSERT OR UPDATE OR DELETE ON patients_confidentialcontact DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION relations_contact_says();

CREATE FUNCTION relations_phone_consent_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'consent to texts is written with the phone it is of'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'phone_consent_follows_the_record';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER phone_consent_follows_the_record BEFORE INSERT ON relations_phoneconsent
    FOR EACH ROW EXECUTE FUNCTION relations_phone_consent_follows();

-- As `rules.limits` decides, so that no row can be written past it: for each purpose so many in a day
-- of the recipient's, in every zone they may be in, and in seven days. What did not leave does not
-- count. The limits are a setting of the transaction, told with the row: a table of them would be a
-- second truth that lags behind the configuration, and has to be kept in step by somebody. Who does
-- not tell them gets those of the law, 47 CFR 64.1200(a)(9)(iv): one in a day, three in a week. The
-- lock is the one that `one_at_a_time` takes, so that whoever forgot it waits for its holder here.
CREATE FUNCTION relations_counted_within_limits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := nullif(current_setting('almoner.text_limits', true), '')::jsonb -> NEW.purpose;
    a_day integer := coalesce((told ->> 0)::integer, 1);
    a_week integer := coalesce((told ->> 1)::integer, 3);
    left_at timestamptz[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('address ' || NEW.address, 0));
    SELECT coalesce(array_agg(counted.at), '{}') INTO left_at
      FROM relations_counted counted JOIN ground_outgoing item ON item.id = counted.outgoing_id
     WHERE counted.address = NEW.address AND counted.purpose = NEW.purpose
       AND counted.at > NEW.at - interval '168 hours'
       AND counted.outgoing_id <> NEW.outgoing_id
       AND item.state NOT IN ('failed', 'withdrawn');
    IF cardinality(left_at) >= a_week
       OR EXISTS (SELECT FROM unnest(NEW.zones) AS zone
                   WHERE (SELECT count(*) FROM unnest(left_at) AS at
                           WHERE (at AT TIME ZONE zone)::date
                                 = (NEW.at AT TIME ZONE zone)::date) >= a_day) THEN
        RAISE EXCEPTION 'that number got its texts of this purpose'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'counted_within_limits';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER relations_counted_within_limits
    BEFORE INSERT OR UPDATE OF address, purpose, at, zones ON relations_counted
    FOR EACH ROW EXECUTE FUNCTION relations_counted_within_limits();
"""


class Migration(migrations.Migration):
    replaces = [("relations", "0004_deliveries_reported")]
    dependencies = [("relations", "0003_what_is_said"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
        append_only("relations_consent"),
        append_only("relations_phoneconsent"),
    ]
