"""What patients' pages may read, and of whom.

Nothing is granted by default, so a table or column that is not named here cannot be read by any page
of a patient, whatever its code says. The desk's own role owns the tables and is not limited.

A page says for whom it reads by settings of its transaction: ``almoner.people`` are those the session
acts for, ``almoner.own`` is ``yes`` when it is the patient's own; ``almoner.shared_of`` is the patient
who shared something by a code, ``almoner.shared`` which kinds. Whoever reads what was shared acts for
nobody, so that every table but those of `SHARED` shows them nothing.
"""

from django.db import migrations

COLUMNS = {
    # the clinic
    "facility_organisation": "*",
    "facility_location": "id, name, address_line, city, state, zip_code, phone, time_zone",
    "facility_clinician": "id, given, family, credentials",
    "facility_visittype": "id, by_video",
    # of the words of a visit that patients book only what another has signed
    "portal_selfbooking": "id, visit_type_id, whom, age_from, age_until, notice_hours, ahead_days,"
    " most_open, signed",
    "portal_selfbooking_clinicians": "id, selfbooking_id, clinician_id",
    # the record: of the patient's own row neither the name nor the birth date, the sex or who pays
    "patients_patient": "id, name_used, pronouns, language, interpreter_needed",
    "patients_address": "id, patient_id, rank, use, line, line_2, city, state, zip_code, country",
    "patients_phone": "id, patient_id, rank, use, number, may_text",
    "patients_email": "id, patient_id, rank, address",
    "patients_contact": "id, patient_id, kind, name, relation, phone, address",
    "coverage_payer": "id, name",
    "coverage_plan": "id, payer_id",
    "coverage_policy": "id, patient_id, plan_id, rank, member_id, group_number, valid_from,"
    " valid_until, retired_at",
    # visits: the reasons and notes of the desk are not among it
    "scheduling_appointment": "id, patient_id, visit_type_id, clinician_id, location_id, starts_at,"
    " ends_at, local_day, local_time, time_zone, status, confirmed_at",
    "scheduling_waitentry": "id, patient_id, visit_type_id, visit_id, ended_at",
    "scheduling_placeoffer": "id, entry_id, patient_id, clinician_id, location_id, starts_at,"
    " local_day, local_time, time_zone, expires_at, state, appointment_id",
    "arrivals_encounter": "id, appointment_id, patient_id, state",
    "arrivals_earlycheckin": "id, appointment_id, patient_id, begun_at, finished_at, coming_at,"
    " here_at",
    "arrivals_said": "id, appointment_id, patient_id, thing, policy_id, verdict, words, said_at,"
    " outcome",
    "arrivals_cardtaken": "id, appointment_id, patient_id, policy_id, side",
    # forms, documents, results
    "records_form": "id, code, retired_at",
    "records_formversion": "id, form_id, number, body, published_at",
    "records_filling": "id, patient_id, form_id, version_id, visit_id, state, settled_on",
    "records_answer": 'id, filling_id, link_id, "values"',
    "records_signature": "id, patient_id, filling_id, pdf",
    "records_electronicconsent": "id, patient_id, given, text",
    "records_document": "id, patient_id, visit_id, title, state, reason, sent_at, sent_by_id, kind,"
    " media, sender_id, withheld_at",
    "records_result": "id, patient_id, source, clinician_id, ordered_by, shown_id",
    "records_resultversion": "id, result_id, number, status, final, code, system, name, issued,"
    ' "on", conclusion, performer, flag, document_id, came_at',
    "records_resultvalue": "*",
    "records_resultreview": "id, version_id, patient_id, at, by_name, note",
    "portal_resultwish": "id, patient_id, wish",
    "portal_resultopened": "id, patient_id, account_id, version_id, at",
    # money: of a statement also which visits it names, which stands on its paper anyway
    "billing_statement": "id, number, guarantor_id, issued_at, issued_date, due_date, cents, state,"
    " pdf, private, lines",
    "billing_estimate": "id, number, patient_id, appointment_id, version, lines, total_cents, pdf",
    "ledger_payment": "id, patient_id, visit_id, method, state, cents, refunded_cents, page_url,"
    " card_brand, card_last_four, asked_at, settled_at, for_item",
    # what was said
    "relations_thread": "id, patient_id, topic, subject, opened_at, last_at, about_kind, about_id",
    "relations_received": "id, patient_id, channel, sender, body, at, wrote, account_id, answer_by,"
    " handled_at",
    "relations_message": "id, patient_id, channel, address, body, written_at, written_by_id",
    "relations_opened": "id, message_id, account_id, at",
    "relations_paper": "id, message_id, pdf, state, posted_on",
    "portal_draft": "id, account_id, patient_id, thread_id, topic, subject, words, key, saved_at,"
    " about",
    "surveys_version": "id, body, published_at",
    "surveys_survey": "id, appointment_id, patient_id, version_id, visit_on, finished_at",
    "surveys_answer": "id, survey_id, key, score, words",
    "portal_look": "*",
}

OWN = "current_setting('almoner.own', true) = 'yes'"
PEOPLE = "coalesce(current_setting('almoner.people', true), '{}')::bigint[]"
THEIRS = f"patient_id = ANY ({PEOPLE})"
MAY_BE_SHOWN = "state = 'filed' AND withheld_at IS NULL AND NOT portal_is_paper_of_result(id)"
PUBLISHED = ("what_is_published", "published_at IS NOT NULL")


def those(what: str = "", rule: str = THEIRS) -> tuple[str, str]:
    return f"{what}{'_' if what else ''}of_whom_the_session_acts_for", rule


ROWS = {
    "patients_patient": those(rule=f"id = ANY ({PEOPLE})"),
    "patients_address": those(),
    "patients_phone": those(),
    "patients_email": those(),
    "patients_contact": those(),
    "coverage_policy": those(),
    "scheduling_appointment": those("appointment"),
    "scheduling_waitentry": those(),
    "scheduling_placeoffer": those(),
    "arrivals_encounter": those(),
    "arrivals_earlycheckin": those(),
    "arrivals_said": those(),
    "arrivals_cardtaken": those(),
    "records_formversion": PUBLISHED,
    "records_filling": those("filling"),
    "records_answer": those(
        "answer", f"EXISTS (SELECT FROM records_filling f WHERE f.id = filling_id AND f.{THEIRS})"
    ),
    "records_signature": those("signature"),
    "records_electronicconsent": those("consent"),
    # A document is a row to patients when they sent it, or once it is filed and not withheld.
    "records_document": those("document", f"{THEIRS} AND (sent_by_id IS NULL OR ({MAY_BE_SHOWN}))"),
    # What is preliminary, and a line that is, are no rows at all to patients: whoever asks, and
    # however. A version is seen by whoever sees its result, a line by whoever sees its version.
    "records_result": those("result", f"shown_id IS NOT NULL AND {THEIRS}"),
    "records_resultversion": (
        "version_of_a_result_that_is_seen",
        "final AND EXISTS (SELECT FROM records_result r WHERE r.id = result_id)",
    ),
    "records_resultvalue": (
        "value_of_a_version_that_is_seen",
        "final AND EXISTS (SELECT FROM records_resultversion v WHERE v.id = version_id)",
    ),
    "records_resultreview": (
        "review_of_a_version_that_is_seen",
        "EXISTS (SELECT FROM records_resultversion v JOIN records_result r ON r.id = v.result_id"
        " WHERE v.id = version_id AND r.patient_id = records_resultreview.patient_id)",
    ),
    "portal_resultwish": those("wish"),
    "portal_resultopened": those("opened"),
    "billing_statement": (
        "statement_to_whom_the_session_acts_for",
        f"guarantor_id = ANY ({PEOPLE})",
    ),
    "billing_estimate": those("estimate"),
    "ledger_payment": those(),
    "relations_thread": those(),
    # Letters of theirs to us only the patient reads: whoever acts for them did not write them.
    "relations_received": those(
        rule=f"{THEIRS} AND (channel = 'portal' OR (channel = 'letter' AND {OWN}))"
    ),
    "relations_message": those(rule=f"{THEIRS} AND channel IN ('portal', 'letter')"),
    # Of the messages that can be read; as the patients' role, so by their own rule.
    "relations_opened": those(
        rule="EXISTS (SELECT FROM relations_message m WHERE m.id = message_id)"
    ),
    "relations_paper": those(
        rule="state IN ('posted', 'delivered', 'returned')"
        " AND EXISTS (SELECT FROM relations_message m WHERE m.id = message_id)"
    ),
    "portal_draft": those(),
    "surveys_version": PUBLISHED,
    "surveys_survey": those("survey"),
    "surveys_answer": those(
        "answer", f"EXISTS (SELECT FROM surveys_survey s WHERE s.id = survey_id AND s.{THEIRS})"
    ),
}


def kind(name: str) -> str:
    return (
        "patient_id = nullif(current_setting('almoner.shared_of', true), '')::bigint"
        f" AND '{name}' = ANY ({KINDS})"
    )


KINDS = "coalesce(nullif(current_setting('almoner.shared', true), ''), '{}')::text[]"
SHARED = {
    "scheduling_appointment": kind("visits"),
    "coverage_policy": kind("coverage"),
    "records_filling": kind("documents"),
    "records_signature": kind("documents"),
    "records_document": f"{kind('papers')} AND {MAY_BE_SHOWN}"
    f" AND (kind <> 'result' OR 'results' = ANY ({KINDS}))",
    "records_result": f"shown_id IS NOT NULL AND {kind('results')}",
}

# What is kept from whoever pays is kept from everybody who acts for the patient. These rules stand
# beside those above and are asked too (restrictive): a page that forgets shows nothing of it.
KEPT = {
    "scheduling_appointment": "NOT portal_visit_is_kept(id)",
    "scheduling_waitentry": "NOT portal_visit_is_kept(visit_id)",
    "scheduling_placeoffer": "NOT portal_visit_is_kept(appointment_id)",
    "arrivals_encounter": "NOT portal_visit_is_kept(appointment_id)",
    "arrivals_earlycheckin": "NOT portal_visit_is_kept(appointment_id)",
    "arrivals_said": "NOT portal_visit_is_kept(appointment_id)",
    "arrivals_cardtaken": "NOT portal_visit_is_kept(appointment_id)",
    "records_filling": "NOT portal_visit_is_kept(visit_id)",
    "records_signature": "EXISTS (SELECT FROM records_filling f WHERE f.id = filling_id)",
    "records_document": "NOT portal_visit_is_kept(visit_id)",
    "records_result": "NOT portal_result_is_kept(id)",
    "billing_statement": "NOT private AND NOT portal_lines_are_kept(lines)",
    "billing_estimate": "NOT portal_visit_is_kept(appointment_id)",
    "ledger_payment": "NOT portal_visit_is_kept(visit_id) AND NOT portal_bill_is_kept(for_item)",
    "relations_thread": "NOT portal_thread_is_kept('thread:' || id)",
    "relations_received": "NOT portal_thread_is_kept(sender)",
    "relations_message": "NOT portal_visit_is_kept(visit_id) AND NOT portal_thread_is_kept(address)"
    " AND (channel <> 'letter' OR NOT portal_post_is_kept(patient_id, written_at))"
    " AND NOT portal_about_is_kept('statement', statement_id)",
    "surveys_survey": "NOT portal_visit_is_kept(appointment_id)",
}
KEPT_NEAR = (
    "visit_id IS NOT NULL OR sent_by_id IS NULL OR NOT portal_paper_is_kept(patient_id, sent_at)"
)

GRANTS = [
    f"GRANT SELECT {'' if columns == '*' else f'({columns})'} ON {table} TO almoner_patient"
    for table, columns in COLUMNS.items()
]
LIMITS = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in ROWS]
POLICIES = [
    f"CREATE POLICY {name} ON {table} {how}FOR SELECT TO almoner_patient USING ({rule})"
    for name, table, how, rule in (
        *((name, table, "", rule) for table, (name, rule) in ROWS.items()),
        *(("what_was_shared", table, "", rule) for table, rule in SHARED.items()),
        *(
            ("kept_from_who_acts", table, "AS RESTRICTIVE ", f"{OWN} OR ({rule})")
            for table, rule in KEPT.items()
        ),
        ("kept_near_a_kept_visit", "records_document", "AS RESTRICTIVE ", f"{OWN} OR {KEPT_NEAR}"),
    )
]


class Migration(migrations.Migration):
    replaces = [("portal", "0029_documents_and_the_desk")]
    dependencies = [("portal", "0002_what_is_kept")]

    operations = [migrations.RunSQL([*GRANTS, *LIMITS, *POLICIES])]
