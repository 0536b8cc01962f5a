from datetime import UTC, datetime

import pytest
from django.utils.functional import Promise

from almoner.access.tests import make as access
from almoner.ground import events
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.rules import Kind
from almoner.relations.templatetags.timeline import SENTENCES, says, sentence
from almoner.relations.tests.make import RUDE, case, complete, mail_in, text_in
from almoner.relations.tests.test_messages import booked

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)


def test_the_timeline_reads_newest_first_in_sentences_and_is_one_query(django_assert_num_queries):
    cy, ana = patients.patient(), access.officer("reader")
    booked(cy)
    reading = access.reading(ana)

    with django_assert_num_queries(1):
        lines, following = queries.timeline(cy.pk, reading=reading)

    assert [says(line) for line in lines][:1] == [
        "Booked New patient with Linh Ng, MD, Tuesday, December 1, 2026 at 2:20 PM"
    ]
    assert reading.patient_ids == {cy.pk}
    assert following is None


def test_the_timeline_pages_and_filters():
    cy, reading = patients.patient(), access.reading(access.officer("reader"))
    for _ in range(5):
        booked(cy)

    first, after = queries.timeline(cy.pk, reading=reading, only="visits", limit=3)
    rest, end = queries.timeline(cy.pk, reading=reading, only="visits", limit=3, after=after)

    assert len({line.id for line in first + rest}) == 5
    assert {line.duty for line in first + rest} == {"scheduling"}
    assert end is None


ONE_OF_EACH = {
    "scheduling.booked", "arrivals.arrived", "coverage.added", "ledger.paid", "billing.denied",
    "relations.sent", "patients.changed", "surveys.scored",
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("manager", set()),
        ("biller", {"surveys.scored"}),
        ("officer", set()),
        ("clinician", {"coverage.added", "ledger.paid", "billing.denied", "surveys.scored"}),
        ("administrator", ONE_OF_EACH),
    ],
)
@pytest.mark.parametrize("only", ["", "money", "coverage", "visits"])
def test_each_role_reads_only_what_it_may_see_elsewhere(role, hidden, only):
    cy, reader = patients.patient(), access.officer("reader", roles=(role,))
    for kind in ONE_OF_EACH | {"weather.changed"}:
        events.record(kind, at=NOON, by=None, about=cy, patient_id=cy.pk)

    lines, _ = queries.timeline(cy.pk, reading=access.reading(reader), only=only)

    duties = queries.KINDS.get(only)
    asked = {kind for kind in ONE_OF_EACH if not duties or kind.partition(".")[0] in duties}
    assert {line.kind for line in lines} - {"patients.registered"} == asked - hidden


def test_a_clinician_is_offered_no_tab_of_what_is_not_shown(client):
    cy = patients.patient()
    client.force_login(access.officer("linh", roles=("clinician",)))

    page = client.get(f"/messages/{cy.pk}/timeline/").content.decode()

    assert "?only=visits" in page
    assert "?only=coverage" not in page


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("ledger.paid", {"cents": 2500, "method": "cash"}, "Paid $25.00 by cash"),
        (
            "billing.remitted",
            {"payer": "P", "number": "7", "paid_cents": 0},
            "P answered claim 7 and paid $0.00",
        ),
        ("arrivals.moved", {"state": "roomed", "room": "Room 1"}, "Moved on: roomed Room 1"),
        ("coverage.asked", {}, "Asked … about coverage"),
        ("relations.queued", {"channel": "sms", "subject": "S"}, "On its way by text: S"),
        (
            "relations.failed",
            {"channel": "email", "subject": "S", "trouble": "no such mailbox"},
            "Not sent by e-mail: S (no such mailbox)",
        ),
        (
            "patients.identified",
            {"confirmed_by": ["name", "birth_date"]},
            "Identified by name, birth date",
        ),
        ("surveys.scored_low", {}, "Scored low (surveys)"),
    ],
)
def test_what_happened_reads_as_a_sentence(kind, data, expected):
    assert sentence(kind, data) == expected


def test_every_sentence_can_be_translated():
    assert SENTENCES
    assert all(isinstance(pattern, Promise) for pattern in SENTENCES.values())


def test_cases_stand_apart_from_what_is_said_and_sign_ins_have_a_tab_of_their_own(client):
    cy, ana = patients.patient(), access.officer("reader")
    for kind in ("relations.case_opened", "relations.sent", "portal.entered"):
        events.record(kind, at=NOON, by=None, about=cy, patient_id=cy.pk)

    def kinds(only):
        lines, _more = queries.timeline(cy.pk, reading=access.reading(ana), only=only)
        return [line.kind for line in lines]

    assert kinds("messages") == ["relations.sent"]
    assert kinds("cases") == ["relations.case_opened"]
    assert kinds("outside") == ["portal.entered"]
    assert set(kinds("")) >= {"relations.case_opened", "relations.sent", "portal.entered"}
    client.force_login(ana)
    page = client.get(f"/messages/{cy.pk}/timeline/").content.decode()
    assert all(f"?only={kind}" in page for kind in queries.KINDS)


# --- Some of the visits, and some of the cases.


def kinds_of(cy, ana, only):
    lines, _more = queries.timeline(cy.pk, reading=access.reading(ana), only=only)
    return [line.kind for line in lines]


def test_visits_by_video_stand_apart_with_what_was_booked_of_them(django_assert_num_queries):
    cy, ana = patients.patient(), access.officer("reader")
    for kind, by_video in (
        ("scheduling.booked", True), ("scheduling.booked", False), ("scheduling.moved", True),
        ("arrivals.arrived", None), ("telehealth.tested", None), ("portal.entered", None),
        ("surveys.scored", None), ("relations.sent", None),
    ):  # fmt: skip
        facts = {} if by_video is None else {"by_video": by_video}
        events.record(kind, at=NOON, by=None, about=cy, patient_id=cy.pk, **facts)

    with django_assert_num_queries(1):
        found = kinds_of(cy, ana, "video")

    assert found == ["telehealth.tested", "scheduling.moved", "scheduling.booked"]
    assert kinds_of(cy, ana, "visits").count("scheduling.booked") == 2


def test_complaints_stand_apart_from_what_they_are_not(clinic, django_assert_num_queries):
    cy, ana = patients.patient(), access.officer("reader")
    question = case(ana, patient_id=cy.pk)
    complaint = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk)
    rude = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk)
    actions.classify(officer=ana, case=rude, answers=RUDE, at=NOON)
    bill = case(ana, kind=Kind.BILLING, patient_id=cy.pk)
    events.record("relations.sent", at=NOON, by=None, about=cy, patient_id=cy.pk)

    reading = access.reading(ana)
    with django_assert_num_queries(1):
        lines, _more = queries.timeline(cy.pk, reading=reading, only="complaints")

    assert {line.about_id for line in lines} == {complaint.pk, rude.pk}
    assert {line.kind for line in lines} == {"relations.case_opened", "relations.case_classified"}
    others = {question.pk, bill.pk, complaint.pk, rude.pk}
    every, _more = queries.timeline(cy.pk, reading=access.reading(ana), only="cases")
    assert {line.about_id for line in every} == others


def test_both_have_a_tab_and_are_paged(client):
    cy, ana = patients.patient(), access.officer("reader")
    for each in range(4):
        events.record("telehealth.noted", at=NOON, by=None, about=cy, patient_id=cy.pk, n=each)
    narrowed = {"reading": access.reading(ana), "only": "video", "limit": 3}

    first, after = queries.timeline(cy.pk, **narrowed)
    rest, end = queries.timeline(cy.pk, after=after, **narrowed)

    assert (len(first), len(rest), end) == (3, 1, None)
    client.force_login(ana)
    page = client.get(f"/messages/{cy.pk}/timeline/?only=complaints").content.decode()
    assert ">Visits by video</a>" in page
    assert 'aria-current="page">Complaints</a>' in page
    assert "Nothing has happened yet." in page


def test_a_filter_that_is_not_known_shows_everything_there_is():
    cy, ana = patients.patient(), access.officer("reader")
    events.record("telehealth.noted", at=NOON, by=None, about=cy, patient_id=cy.pk)

    assert kinds_of(cy, ana, "video' OR 1=1 --") == kinds_of(cy, ana, "")
    assert "telehealth.noted" in kinds_of(cy, ana, "")


# --- Messages by the way they went.

ANA = "ana@people.example"


@pytest.fixture
def told(clinic, sent):
    """One of each way with one patient, and a change of a case that is no letter."""
    cy = patients.patient(emails=(ANA,))
    ana = access.officer("ana")
    text, mail = text_in("hello"), mail_in("Hello", sender=ANA)
    for row in (text, mail):
        actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    call = {"incoming": True, "said": "hello", "disposition": "settled", "visit_id": None}
    actions.log_call_with(officer=ana, patient_id=cy.pk, call=call, at=NOON)
    row = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk)
    actions.classify(officer=ana, case=row, answers=RUDE, at=NOON)
    complete(ana, row)
    actions.draft(officer=ana, case=row, kind="answer", at=NOON)
    events.record(
        "relations.posted", at=NOON, by=None, about=cy, patient_id=cy.pk, channel="portal"
    )
    return cy, ana


@pytest.mark.parametrize(
    ("by", "kinds"),
    [
        ("sms", {"relations.recognised"}),
        ("email", {"relations.recognised"}),
        ("call", {"relations.called"}),
        ("letter", {"relations.case_drafted"}),
        ("portal", {"relations.posted"}),
    ],
)
def test_messages_are_narrowed_to_one_way_by_one_query(told, by, kinds, django_assert_num_queries):
    cy, ana = told

    with django_assert_num_queries(1):
        lines, _after = queries.timeline(cy.pk, reading=access.reading(ana), only="messages", by=by)

    assert {each.kind for each in lines} == kinds
    assert len(lines) == 1


def test_a_way_that_is_not_known_narrows_nothing_and_so_does_one_of_another_kind(told):
    cy, ana = told

    def found(**narrowed):
        lines, _after = queries.timeline(cy.pk, reading=access.reading(ana), **narrowed)
        return [each.id for each in lines]

    assert found(only="messages", by="x' OR 1=1") == found(only="messages")
    assert found(only="cases", by="sms") == found(only="cases")


def test_what_is_narrowed_to_one_way_is_paged(told):
    cy, ana = told
    for _each in range(3):
        events.record(
            "relations.posted", at=NOON, by=None, about=cy, patient_id=cy.pk, channel="portal"
        )
    narrowed = {"reading": access.reading(ana), "only": "messages", "by": "portal", "limit": 3}

    first, after = queries.timeline(cy.pk, **narrowed)
    rest, end = queries.timeline(cy.pk, after=after, **narrowed)

    assert (len(first), len(rest), end) == (3, 1, None)


def test_by_the_page_the_way_stands_in_the_address_and_on_the_page(client, told):
    cy, ana = told
    client.force_login(ana)

    page = client.get(f"/messages/{cy.pk}/timeline/?only=messages&by=letter").content.decode()

    assert 'by=letter"\n           aria-current="true"' in page
    assert "letter drafted" in page
    assert "by=letter" not in client.get(f"/messages/{cy.pk}/timeline/").content.decode()
