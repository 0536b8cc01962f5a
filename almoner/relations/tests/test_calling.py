"""Somebody calls: all it may be, nothing of a record before two identifiers, two keys after."""

from datetime import timedelta

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.ground import clock, events
from almoner.ground.models import Event
from almoner.patients import actions as asked
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests import make as patients
from almoner.relations.models import Call, Conversation
from almoner.relations.queries.received import MOST
from almoner.relations.tests.make import CYS, NOON, SECOND, case

HTMX = {"HX-Request": "true"}
MOTHERS = "+13125550188"


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def family(ana):
    """Two who share a phone; one of them has a case and a visit today."""
    phone = (patients.Phone(number=CYS),)
    cy = patients.patient(given="Cyrus", family="Vale", phones=phone)
    dee = patients.patient(given="Deirdre", family="Vale", phones=phone)
    case(ana, patient_id=cy.pk, subject="A rash that itches")
    events.record(
        "scheduling.booked", at=NOON, by=ana, about=type("Appointment", (), {"pk": 5})(),
        patient_id=cy.pk, local_day="2026-11-23", starts_at=NOON.isoformat(),
        when="today at noon", clinician="Dr. Ng",
    )  # fmt: skip
    return cy, dee


def page(client, number=CYS):
    return client.get(reverse("calling"), {"number": number}).content.decode()


def verified(client, patient, *names):
    where = reverse("caller_is", args=[patient.pk])
    return client.post(where, {"confirmed_by": names}, headers=HTMX)


def test_a_number_of_a_family_is_everybodys_and_says_what_is_open_and_no_more(client, family):
    cy, dee = family

    shown = page(client, "(312) 555-0117")

    assert "Vale, Cyrus" in shown
    assert "Vale, Deirdre" in shown
    assert "It may be any of them" in shown
    assert "1 case" in shown
    assert "Visit today" in shown
    assert "rash" not in shown
    assert "Dr. Ng" not in shown
    event = AccessEvent.objects.latest("id")
    assert set(event.patient_ids) >= {cy.pk, dee.pk}
    assert (event.screen, event.reason_kind, event.note) == ("relations.calling", "search", "phone")


def test_whoever_stands_by_a_patient_is_found_by_their_number_too(client, ana):
    mother = patients.Contact(name="Ada Vale", kind="guardian", relation="mother", phone=MOTHERS)
    kit = patients.patient(given="Kit", family="Vale", contacts=(mother,))

    shown = page(client, MOTHERS)

    assert "Vale, Kit" in shown
    assert "Ada Vale (mother)" in shown
    assert kit.pk in AccessEvent.objects.latest("id").patient_ids


def test_who_asked_for_confidential_contact_is_not_found_by_whoever_stands_by_them(client, ana):
    mother = patients.Contact(name="Ada Vale", relation="mother", phone=MOTHERS)
    kit = patients.patient(given="Kit", family="Vale", contacts=(mother,))
    asked.ask_confidential(officer=ana, patient_id=kit.pk, ways=Ways(phone=CYS), at=NOON)

    assert "Vale, Kit" not in page(client, MOTHERS)


def test_who_is_more_than_a_page_holds_is_said(client, ana):
    for number in range(MOST + 2):
        patients.patient(given=f"Kit{number}", family="Vale", phones=(patients.Phone(number=CYS),))

    assert "2 more have it too" in page(client)


def test_two_identifiers_show_that_one_and_nobody_else(client, family):
    cy, _dee = family
    one = verified(client, cy, "name")
    assert "Two identifiers" in one.headers["HX-Trigger"]
    assert "rash" not in page(client)

    both = verified(client, cy, "name", "birth_date")
    shown = page(client)

    assert both.headers["HX-Refresh"] == "true"
    assert "A rash that itches" in shown
    assert "Dr. Ng" in shown
    assert shown.count("Ask, and tick two that they say right") == 1
    assert Event.objects.filter(kind="patients.identified", patient_id=cy.pk).exists()


def test_what_was_compared_is_over_after_half_an_hour(client, family, monkeypatch):
    cy, _dee = family
    verified(client, cy, "name", "birth_date")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=31))

    assert "rash" not in page(client)


def test_a_call_is_kept_with_its_number_by_how_it_ended(client, family):
    cy, _dee = family
    form = {"way": "in", "disposition": "settled", "number": CYS}

    client.post(reverse("call_with", args=[cy.pk]), form, headers=HTMX)

    call = Call.objects.get()
    assert (call.patient, call.number, call.disposition) == (cy, CYS, "settled")


def test_a_number_nobody_has_stays_nobodys_and_its_call_can_become_a_case(client, ana):
    assert "Nobody here has that phone" in page(client)
    form = {"way": "in", "disposition": "passed_on", "number": CYS, "said": "wants her money"}

    answer = client.post(reverse("call_at"), form, headers=HTMX)

    conversation = Conversation.objects.get(patient=None, address=CYS)
    where = reverse("conversation_from", args=[conversation.pk])
    assert answer.headers["HX-Redirect"] == where
    opening = client.get(where).content.decode()
    assert f"?from=call:{Call.objects.get().pk}" in opening


@pytest.mark.parametrize("typed", ["hello", "12", "+1608555010000000000", "'; --"])
def test_what_is_no_number_is_told_so(client, ana, typed):
    assert "That is no phone number." in page(client, typed)


def test_the_page_asks_few_questions_of_the_database(client, family, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        page(client)


def test_a_phone_that_is_not_the_patients_own_says_whose_it_is(client, ana):
    mothers = patients.Phone(CYS, whose="parent", whose_name="Ruth Ochoa")
    patients.patient(given="Cyrus", family="Vale", phones=(mothers,))
    patients.patient(given="Deirdre", family="Vale", phones=(patients.Phone(CYS),))

    shown = page(client)

    assert shown.count("A parent&#x27;s phone: Ruth Ochoa") == 1
    cyrus = shown.index("Vale, Cyrus")
    assert cyrus < shown.index("A parent&#x27;s phone") < shown.index("Vale, Deirdre")


def test_an_old_phone_says_nothing_of_who_calls(client, ana):
    mothers = patients.Phone(CYS, "old", whose="parent", whose_name="Ruth Ochoa")
    patients.patient(given="Cyrus", family="Vale", phones=(mothers,))

    assert "Ruth Ochoa" not in page(client)


def test_what_may_be_sent_says_whose_each_place_is(client, ana):
    cy = patients.patient(
        phones=(patients.Phone(CYS, whose="parent", whose_name="Ruth Ochoa"),),
        emails=(patients.Email("Kim@people.example", "carer", "Kim Lee"),),
    )

    shown = client.get(reverse("may_be_sent", args=[cy.pk])).content.decode()

    assert shown.count("A parent&#x27;s: Ruth Ochoa") == 2  # texts and calls
    assert shown.count("A carer&#x27;s: Kim Lee") == 1
