"""Consent to texts of care and billing, kept as the history of the record's "may be texted"."""

import django.db.models.deletion
from django.db import migrations, models

from almoner.ground.schema import append_only

BEFORE = """
INSERT INTO relations_phoneconsent (patient_id, number, given, how, evidence, at)
SELECT patient_id, number, bool_or(may_text), 'before', 'stood in the record before', now()
  FROM patients_reachedphone GROUP BY patient_id, number;
"""

# Judged at the end of an action (patients.actions.saying) or of the transaction: what the record
# says then is what was said, whichever rows were moved on the way.
KEPT = """
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
"""
NOT_KEPT = """
DROP FUNCTION relations_phone_consent_follows() CASCADE;
DROP FUNCTION relations_contact_says() CASCADE;
DROP FUNCTION relations_phone_says() CASCADE;
DROP FUNCTION relations_keep_phone_consent(bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0008_whose_a_contact_point_is"),
        ("relations", "0022_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="PhoneConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.TextField()),
                ("given", models.BooleanField()),
                ("how", models.TextField()),
                ("evidence", models.TextField()),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="phone_consents",
                        to="patients.patient",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["patient", "number", "-id"], name="phone_consent_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("evidence__regex", "[^[:space:]]")),
                        name="phone_consent_has_evidence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_id__isnull", False), ("how__in", ["desk", "form", "check-in"])
                            ),
                            models.Q(("by_id", None), ("how__in", ["account", "before", "record"])),
                            ("how", "import"),
                            _connector="OR",
                        ),
                        name="phone_consent_said_somehow",
                    ),
                ],
            },
        ),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        append_only("relations_phoneconsent"),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
