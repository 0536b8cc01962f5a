"""What of a record somebody who came by a link may be asked about, and of whom.

Of the patient's own row neither the name nor the birth date, the sex or who pays is granted.
"""

from django.db import migrations

MINE = "patient_id = ANY (coalesce(current_setting('almoner.people', true), '{}')::bigint[])"
ME = MINE.replace("patient_id", "id", 1)
OF_A_PATIENT = {
    "patients_address": "id, patient_id, rank, use, line, line_2, city, state, zip_code, country",
    "patients_phone": "id, patient_id, rank, use, number, may_text",
    "patients_email": "id, patient_id, rank, address",
    "patients_contact": "id, patient_id, kind, name, relation, phone, address",
    "coverage_policy": "id, patient_id, plan_id, rank, member_id, group_number, valid_from,"
    " valid_until, retired_at",
    "arrivals_encounter": "id, appointment_id, patient_id, state",
    "arrivals_earlycheckin": "id, appointment_id, patient_id, begun_at, finished_at, coming_at,"
    " here_at",
    "arrivals_said": "id, appointment_id, patient_id, thing, policy_id, verdict, words, said_at,"
    " outcome",
    "arrivals_cardtaken": "id, appointment_id, patient_id, policy_id, side",
}
OF_NOBODY = {"coverage_plan": "id, payer_id", "coverage_payer": "id, name"}
RULES = {"patients_patient": ME, **dict.fromkeys(OF_A_PATIENT, MINE)}
GRANTS = {
    "patients_patient": "id, name_used, pronouns, language, interpreter_needed",
    **OF_A_PATIENT,
    **OF_NOBODY,
}

FORWARD = [
    *(
        f"GRANT SELECT ({columns}) ON {table} TO almoner_patient"
        for table, columns in GRANTS.items()
    ),
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in RULES),
    *(
        f"CREATE POLICY of_whom_the_session_acts_for ON {table}"
        f" FOR SELECT TO almoner_patient USING ({rule})"
        for table, rule in RULES.items()
    ),
]
BACK = [
    *(f"DROP POLICY of_whom_the_session_acts_for ON {table}" for table in RULES),
    *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in RULES),
    *(f"REVOKE ALL ON {table} FROM almoner_patient" for table in GRANTS),
]


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0005_what_accounts_see"),
        ("patients", "0003_pairs"),
        ("coverage", "0006_what_each_field_is_for"),
        ("arrivals", "0003_said_ahead"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACK)]
