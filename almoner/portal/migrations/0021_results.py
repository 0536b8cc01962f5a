"""When patients hear of results, which they have read, and what the patients' role may read."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


OWN = "(patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[]))"
OF = "patient_id = nullif(current_setting('almoner.shared_of', true), '')::bigint"
KINDS = "coalesce(nullif(current_setting('almoner.shared', true), ''), '{}')::text[]"

# What is preliminary, and a line that is, are no rows at all to patients: whoever asks, and however.
# A version is seen by whoever sees its result, a line by whoever sees its version.
FORWARD = f"""
GRANT SELECT (id, patient_id, source, clinician_id, ordered_by, shown_id)
   ON records_result TO almoner_patient;
GRANT SELECT (id, result_id, number, status, final, code, system, name, issued, "on", conclusion,
              performer, flag, document_id, came_at)
   ON records_resultversion TO almoner_patient;
GRANT SELECT ON records_resultvalue TO almoner_patient;
GRANT SELECT (id, version_id, patient_id, at, by_name, note)
   ON records_resultreview TO almoner_patient;
GRANT SELECT (id, patient_id, wish) ON portal_resultwish TO almoner_patient;
GRANT SELECT (id, patient_id, account_id, version_id, at) ON portal_resultopened TO almoner_patient;

ALTER TABLE records_result ENABLE ROW LEVEL SECURITY;
CREATE POLICY result_of_whom_the_session_acts_for ON records_result
   FOR SELECT TO almoner_patient USING (shown_id IS NOT NULL AND {OWN});
CREATE POLICY what_was_shared ON records_result
   FOR SELECT TO almoner_patient
 USING (shown_id IS NOT NULL AND {OF} AND 'results' = ANY ({KINDS}));

-- A result does not say which visit it is of: what is about the day of one that is kept from who acts
-- for the patient, or of the thirty days after it, may be of it, and is kept as well.
CREATE FUNCTION portal_result_is_kept(result bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT FROM records_result r
          JOIN records_resultversion v ON v.result_id = r.id
          JOIN billing_privatevisit kept ON kept.patient_id = r.patient_id
           AND kept.from_guarantor AND kept.ended_at IS NULL
          JOIN scheduling_appointment visit ON visit.id = kept.appointment_id
         WHERE r.id = result AND v."on" BETWEEN visit.local_day AND visit.local_day + 30)
$$;
CREATE POLICY kept_from_who_acts ON records_result AS RESTRICTIVE FOR SELECT TO almoner_patient
 USING (current_setting('almoner.own', true) = 'yes' OR NOT portal_result_is_kept(id));

ALTER TABLE records_resultversion ENABLE ROW LEVEL SECURITY;
CREATE POLICY version_of_a_result_that_is_seen ON records_resultversion
   FOR SELECT TO almoner_patient
 USING (final AND EXISTS (SELECT FROM records_result r WHERE r.id = result_id));

ALTER TABLE records_resultvalue ENABLE ROW LEVEL SECURITY;
CREATE POLICY value_of_a_version_that_is_seen ON records_resultvalue
   FOR SELECT TO almoner_patient
 USING (final AND EXISTS (SELECT FROM records_resultversion v WHERE v.id = version_id));

ALTER TABLE records_resultreview ENABLE ROW LEVEL SECURITY;
CREATE POLICY review_of_a_version_that_is_seen ON records_resultreview
   FOR SELECT TO almoner_patient
 USING (EXISTS (SELECT FROM records_resultversion v JOIN records_result r ON r.id = v.result_id
                 WHERE v.id = version_id AND r.patient_id = records_resultreview.patient_id));

ALTER TABLE portal_resultwish ENABLE ROW LEVEL SECURITY;
CREATE POLICY wish_of_whom_the_session_acts_for ON portal_resultwish
   FOR SELECT TO almoner_patient USING {OWN};

ALTER TABLE portal_resultopened ENABLE ROW LEVEL SECURITY;
CREATE POLICY opened_of_whom_the_session_acts_for ON portal_resultopened
   FOR SELECT TO almoner_patient USING {OWN};
"""
TABLES = (
    "portal_resultopened", "portal_resultwish", "records_resultreview", "records_resultvalue",
    "records_resultversion", "records_result",
)  # fmt: skip
POLICIES = (
    ("opened_of_whom_the_session_acts_for", "portal_resultopened"),
    ("wish_of_whom_the_session_acts_for", "portal_resultwish"),
    ("review_of_a_version_that_is_seen", "records_resultreview"),
    ("value_of_a_version_that_is_seen", "records_resultvalue"),
    ("version_of_a_result_that_is_seen", "records_resultversion"),
    ("kept_from_who_acts", "records_result"),
    ("what_was_shared", "records_result"),
    ("result_of_whom_the_session_acts_for", "records_result"),
)
BACK = [
    *(f"DROP POLICY {policy} ON {table}" for policy, table in POLICIES),
    *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in TABLES),
    *(f"REVOKE ALL ON {table} FROM almoner_patient" for table in TABLES),
    "DROP FUNCTION portal_result_is_kept",
]


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_found_by_phone_and_mail"),
        ("portal", "0020_asking_for_an_account"),
        ("records", "0005_results"),
    ]

    operations = [
        migrations.AlterField(
            model_name="acting",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[
                        ("visits", "visits"),
                        ("forms", "forms"),
                        ("bills", "bills"),
                        ("messages", "messages"),
                        ("results", "results"),
                        ("looks", "looks"),
                    ]
                ),
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[
                        ("visits", "visits"),
                        ("forms", "forms"),
                        ("bills", "bills"),
                        ("messages", "messages"),
                        ("results", "results"),
                        ("looks", "looks"),
                    ]
                ),
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="minorterms",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[
                        ("visits", "visits"),
                        ("forms", "forms"),
                        ("bills", "bills"),
                        ("messages", "messages"),
                        ("results", "results"),
                        ("looks", "looks"),
                    ]
                ),
                blank=True,
                default=list,
                help_text="visits, forms, bills, messages, results, looks; separated by commas; nothing when empty",
                size=None,
                verbose_name="what they may see",
            ),
        ),
        migrations.AlterField(
            model_name="share",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(
                    choices=[
                        ("visits", "visits"),
                        ("documents", "documents"),
                        ("coverage", "coverage"),
                        ("results", "results"),
                    ]
                ),
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="ResultWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wish",
                    models.TextField(choices=[("at_once", "at_once"), ("reviewed", "reviewed")]),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.account",
                    ),
                ),
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ResultOpened",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.account",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patient",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.resultversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "version"), name="portal_result_opened_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
