from datetime import UTC, datetime

import pytest
from django.utils.functional import Promise

from almoner.access.tests import make as access
from almoner.ground import events
from almoner.patients.tests import make as patients
from almoner.relations import queries
from almoner.relations.templatetags.timeline import SENTENCES, says, sentence
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
