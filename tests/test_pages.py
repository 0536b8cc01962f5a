"""Every address of the desk that can be opened, in all three dresses, by an officer who may."""

from http import HTTPStatus
from io import BytesIO

import psycopg
import pytest
from django.contrib.admin import site
from django.urls import get_resolver, reverse
from PIL import Image

from almoner.access.checks import routes
from almoner.access.rules import permits
from almoner.demo.setup import OFFICERS
from tests import keyboard
from tests.browser import Desk

pytestmark = pytest.mark.browser

_SHEET = BytesIO()
Image.new("RGB", (60, 80), "white").save(_SHEET, "JPEG")
JPEG = _SHEET.getvalue().hex()
# A row for each argument an address takes, out of the demo clinic.
ARGUMENTS = {
    "patient_id": "SELECT min(id) FROM patients_patient",
    "other_id": "SELECT max(id) FROM patients_patient",
    "appointment_id": "SELECT max(id) FROM scheduling_appointment WHERE status = 'booked'",
    "entry_id": "SELECT max(id) FROM scheduling_waitentry",
    "encounter_id": "SELECT min(id) FROM arrivals_encounter",
    "policy_id": "SELECT min(id) FROM coverage_policy",
    "check_id": "SELECT min(id) FROM coverage_eligibilitycheck",
    "claim_id": "SELECT min(id) FROM billing_claim",
    "submission_id": "SELECT min(id) FROM billing_submission",
    "remittance_id": "SELECT min(id) FROM billing_remittance",
    "remitted_id": "SELECT min(id) FROM billing_remittedclaim",
    "denial_id": "SELECT min(id) FROM billing_denial",
    "statement_id": "SELECT min(id) FROM billing_statement",
    "estimate_id": "SELECT max(id) FROM billing_estimate",
    "payment_id": "SELECT min(id) FROM ledger_payment",
    "incoming_id": "SELECT min(id) FROM ledger_incoming",
    "deposit_id": "SELECT min(id) FROM ledger_deposit",
    "conversation_id": """
        WITH known AS (
            INSERT INTO relations_conversation (channel, address, last_at)
            VALUES ('sms', '+16085550188', now())
            ON CONFLICT (channel, address) WHERE patient_id IS NULL
            DO UPDATE SET last_at = excluded.last_at RETURNING id
        ), heard AS (
            INSERT INTO relations_received (conversation_id, channel, carrier_id, sender, subject,
                                            body, attached, at, meaning, work, handled_why,
                                            wrote, desk, about_kind)
            SELECT id, 'sms', 'SM of a page', '+16085550188', '', 'HELP', '{}', now(), 'help',
                   false, '', '', '', '' FROM known
            ON CONFLICT (carrier_id) DO NOTHING
        ) SELECT id FROM known""",
    "case_id": """
        WITH thing AS (
            INSERT INTO relations_case (kind, desk, skill, patient_id, subject, owner_id, answer_by,
                                        warn_at, due_at, state, waiting_for, opened_at, result)
            SELECT 'task', 'front', '', (SELECT min(id) FROM patients_patient), 'A page',
                   (SELECT min(id) FROM access_officer), now(), now(), now(), 'open', '', now(), ''
             WHERE NOT EXISTS (SELECT FROM relations_case) RETURNING id
        ) SELECT min(id) FROM (SELECT id FROM thing UNION SELECT id FROM relations_case) every""",
    "questionnaire_id": "SELECT min(id) FROM surveys_questionnaire",
    "survey_id": "SELECT min(id) FROM surveys_survey",
    "segment_id": """
        WITH thing AS (
            INSERT INTO outreach_segment (name) SELECT 'A page'
             WHERE NOT EXISTS (SELECT FROM outreach_segment) RETURNING id
        ), asks AS (
            INSERT INTO outreach_segmentversion (segment_id, number, conditions, made_at)
            SELECT id, 1, '{"age_from": 18}', now() FROM thing
        ) SELECT min(id) FROM (SELECT id FROM thing UNION SELECT id FROM outreach_segment) every""",
    "campaign_id": """
        WITH thing AS (
            INSERT INTO outreach_segment (name) SELECT 'A page of a campaign'
             WHERE NOT EXISTS (SELECT FROM outreach_campaign) RETURNING id
        ), asks AS (
            INSERT INTO outreach_segmentversion (segment_id, number, conditions, made_at)
            SELECT id, 1, '{"age_from": 18}', now() FROM thing RETURNING id
        ), drafted AS (
            INSERT INTO outreach_campaign (
                   name, version_id, purpose, channels, subject_english, english, subject_spanish,
                   spanish, words, window_days, remind_after_days, held_out_percent, pace,
                   rest_days, state, made_at)
            SELECT 'A page', id, 'care', '{sms,call}', 'A visit', 'Call {phone}.', 'Una cita',
                   'Llame al {phone}.', 'own', 30, 10, 10, 50, 30, 'draft', now()
              FROM asks RETURNING id
        ) SELECT min(id) FROM (SELECT id FROM drafted UNION SELECT id FROM outreach_campaign) every
        """,
    "article_id": "SELECT min(id) FROM relations_article",
    "letter_id": "SELECT min(id) FROM relations_letter",
    "closed_id": "SELECT 1",
    "version_id": "SELECT 1",
    "form_id": "SELECT id FROM records_form WHERE code = 'registration'",
    "signature_id": "SELECT min(id) FROM records_signature",
    "upload_id": "SELECT 1",
    "document_id": """
        WITH thing AS (
            INSERT INTO records_document (patient_id, title, media, content, sha256, source,
                                          sent_at, state, kind, reason, withheld_why)
            SELECT (SELECT min(id) FROM patients_patient), 'A page', 'image/jpeg', content,
                   sha256(content), 'link', now(), 'waiting', '', '', ''
              FROM (SELECT decode('JPEG', 'hex') AS content) made
             WHERE NOT EXISTS (SELECT FROM records_document) RETURNING id
        ) SELECT min(id) FROM (SELECT id FROM thing UNION SELECT id FROM records_document) every
        """.replace("JPEG", JPEG),
    "file_id": """
        WITH thing AS (
            INSERT INTO relations_file (received_id, name, state, place, media, content, why, tries,
                                        settled_at)
            SELECT (SELECT min(id) FROM relations_received), 'card.jpg', 'kept', '', 'image/jpeg',
                   decode('JPEG', 'hex'), '', 1, now()
             WHERE NOT EXISTS (SELECT FROM relations_file WHERE state = 'kept') RETURNING id
        ) SELECT min(id) FROM (
            SELECT id FROM thing UNION SELECT id FROM relations_file WHERE state = 'kept') every
        """.replace("JPEG", JPEG),
    "result_id": """
        SELECT max(id) FROM records_result WHERE patient_id IS NOT NULL AND waits_since IS NOT NULL
        """,
    "nobodys_id": "SELECT min(id) FROM records_result WHERE patient_id IS NULL",
    "drawer_id": "SELECT min(id) FROM ledger_drawer",
    "officer_id": "SELECT min(id) FROM access_officer",
    "photo_id": "SELECT 1",
    "message_id": "SELECT min(id) FROM relations_message",
    "clinician_id": "SELECT min(id) FROM facility_clinician",
}
A_VIDEO_VISIT = """SELECT max(visit.id) FROM scheduling_appointment visit
    JOIN facility_visittype kind ON kind.id = visit.visit_type_id
     WHERE kind.by_video AND visit.status = 'booked'"""
# Rows of their own, for routes that want another than the argument says.
OF_THEIR_OWN = {
    "estimate": {"appointment_id": "SELECT max(appointment_id) FROM billing_estimate"},
    "video_ring": {"appointment_id": A_VIDEO_VISIT},
    "video_visit": {"appointment_id": A_VIDEO_VISIT},
}
# Arguments that are no ids, by route.
GIVEN = {
    "patient_panel": {"name": "balance"},
    "card": {"side": "front"},
    "write_article": {"language": "es"},
    "form_item": {"link_id": "phone"},
    "text_page": {"text": "reminder"},
}
FRAGMENT = {
    HTTPStatus.OK,
    HTTPStatus.NO_CONTENT,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
# Files the demo clinic has none of, and an item of a draft: what is published has no such page.
EMPTY = {
    "patient_photo", "card", "card_taken", "uploaded", "form_item", "result_paper", "paper_pdf",
}  # fmt: skip

DOORS = {
    pattern.name: pattern
    for _where, pattern in routes(get_resolver().url_patterns)
    if hasattr(pattern.callback, "door") and "GET" in pattern.callback.door.methods
}


def who_may(permission):
    """The first officer of the demo clinic whose role opens this door."""
    return next(name for name, _, roles, _ in OFFICERS if permits(list(roles), permission))


def address(name, clinic):
    arguments, found = dict(GIVEN.get(name, {})), ARGUMENTS | OF_THEIR_OWN.get(name, {})
    for argument in DOORS[name].pattern.converters:
        if argument not in arguments:
            with psycopg.connect(clinic.database_url) as connection:
                arguments[argument] = connection.execute(found[argument]).fetchone()[0]
    assert None not in arguments.values(), f"no example of {arguments}: run the day first"
    return reverse(name, kwargs=arguments)


@pytest.fixture(scope="module")
def windows(chromium, clinic):
    """One signed-in window for each officer, opened when first asked for."""
    opened = {}

    def window(username):
        if username not in opened:
            opened[username] = Desk(chromium, clinic.address)
            opened[username].sign_in(username)
        return opened[username]

    yield window
    for desk in opened.values():
        desk.close()


@pytest.mark.parametrize("name", sorted(DOORS))
def test_page_is_in_order(name, windows, clinic):
    desk = windows(who_may(DOORS[name].callback.door.permission))
    where = address(name, clinic)

    answer = desk.context.request.get(where)
    if name in EMPTY:
        assert answer.status == HTTPStatus.NOT_FOUND
        return

    if not is_page(answer):
        # A fragment or a file, seen inside its page; one that is asked nothing may say so.
        assert answer.status in FRAGMENT, (where, answer.status)
        return
    assert answer.status == HTTPStatus.OK, (where, answer.status)
    in_order(desk, where, name)


def in_order(desk, where, name):
    desk.refused.clear()
    desk.open(where)
    desk.in_order(f"page-{name}")
    assert keyboard.left_out(desk.page) == [], name


# The pages of the set-up have no door of ours; what they show is about nobody.
TABLES = {
    f"{model._meta.app_label}_{model._meta.model_name}": model._meta.db_table
    for model in site._registry
}
OF_A_ROW = ("change", "delete", "history")
SET_UP = [f"{table}_{page}" for table in TABLES for page in ("changelist", "add", *OF_A_ROW)]
# What is booked is never deleted, and there is one organisation.
NOT_OFFERED = (
    {
        "facility_organisation_add",
        "billing_chargeitem_add",
        "billing_chargeitem_delete",
    }
    | {
        f"facility_{table}_delete"
        for table in ("organisation", "location", "visittype", "clinician", "room", "device")
    }
    | {"telehealth_consenttext_delete"}
)
# A table the demo clinic has no row of.
DAY_OFF = """
    INSERT INTO facility_hoursexception (clinician_id, day, reason)
    SELECT min(id), '2001-01-01', 'Away' FROM facility_clinician
"""


def set_up_address(name, clinic):
    table, _bar, page = name.rpartition("_")
    if page not in OF_A_ROW:
        return reverse(f"admin:{name}")
    first = f"SELECT min(id) FROM {TABLES[table]}"  # noqa: S608 (a table of ours)
    with psycopg.connect(clinic.database_url) as rows:
        if not (found := rows.execute(first).fetchone()[0]):
            rows.execute(DAY_OFF)
            found = rows.execute(first).fetchone()[0]
    return reverse(f"admin:{name}", args=[found])


@pytest.mark.parametrize("name", sorted(SET_UP))
def test_set_up_page_is_in_order(name, windows, clinic):
    desk, where = windows("ada"), set_up_address(name, clinic)

    answer = desk.context.request.get(where)
    if name in NOT_OFFERED:
        assert answer.status == HTTPStatus.FORBIDDEN
        return

    assert answer.status == HTTPStatus.OK, (where, answer.status)
    in_order(desk, where, name)


def test_set_up_begins_with_pages_in_order(windows):
    desk = windows("ada")

    in_order(desk, reverse("admin:index"), "set-up")
    in_order(desk, reverse("admin:app_list", args=["facility"]), "set-up-of-one-duty")


def is_page(answer):
    html = answer.headers.get("content-type", "").startswith("text/html")
    return html and "<html" in answer.text()
