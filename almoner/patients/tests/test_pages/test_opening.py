"""Opening a record: for a reason, and who it is."""

from datetime import date, timedelta

import pytest

from almoner.access.queries import reason_for
from almoner.access.tests import make as access
from almoner.ground import clock, events
from almoner.patients import actions
from almoner.patients.models import Look
from almoner.patients.tests import make
from almoner.patients.tests.test_pages.shared import looks, opened

pytestmark = pytest.mark.django_db


def test_an_unexplained_record_asks_for_the_reason_first(client, ana, cy):
    answer = client.get(f"/patients/{cy.pk}/")

    assert b"Why is this record opened?" in answer.content
    assert b"panel-details" not in answer.content
    [event] = looks()
    assert event.grade == "D"


def test_a_search_by_two_identifiers_leaves_only_the_reason_to_say(client, ana, cy):
    found = client.post("/patients/find/", {"q": "garcia 3/4/85"})["Location"]
    asked = client.get(found)
    assert b'name="confirmed_by"' not in asked.content

    ticket = found.partition("found=")[2]
    answer = client.post(f"/patients/{cy.pk}/open/", {"said": "phone", "found": ticket})

    assert answer.status_code == 302
    look = Look.objects.get()
    assert (look.said, look.confirmed_by) == ("phone", ["name", "birth_date"])
    page = client.get(answer["Location"])
    assert b"panel-details" in page.content
    event = looks().last()
    assert (event.reason_kind, event.reason_id) == ("look", look.pk)
    assert event.confirmed_by == ["name", "birth_date"]


def test_a_name_alone_needs_one_more_identifier(client, ana, cy):
    ticket = client.post("/patients/find/", {"q": "garcia"})["Location"].partition("found=")[2]
    url = f"/patients/{cy.pk}/open/"

    refused = client.post(url, {"said": "desk", "found": ticket})
    opened_then = client.post(
        url, {"said": "desk", "found": ticket, "confirmed_by": ["birth_date"]}
    )

    assert refused.status_code == 422
    assert opened_then.status_code == 302
    assert Look.objects.get().confirmed_by == ["name", "birth_date"]


def test_a_ticket_of_another_patient_or_officer_proves_nothing(client, ana, cy):
    kim = make.patient(given="Kim", birth_date=date(1990, 1, 2))
    location = client.post("/patients/find/", {"q": "garcia 3/4/85"})["Location"]
    ticket = location.partition("found=")[2]

    other_patient = client.post(f"/patients/{kim.pk}/open/", {"said": "desk", "found": ticket})
    client.force_login(access.officer("bea"))
    other_officer = client.post(f"/patients/{cy.pk}/open/", {"said": "desk", "found": ticket})

    assert other_patient.status_code == other_officer.status_code == 422
    assert not Look.objects.exists()


def test_another_reason_must_be_said_in_words(client, ana, cy):
    ids = {"confirmed_by": ["birth_date", "phone"]}
    url = f"/patients/{cy.pk}/open/"

    assert client.post(url, {"said": "other", **ids}).status_code == 422
    assert client.post(url, {"said": "other", "note": "Lost wallet", **ids}).status_code == 302


def test_what_was_said_is_an_own_word_until_something_comes_of_it(client, ana, cy):
    opened(ana, cy)
    client.get(f"/patients/{cy.pk}/")
    assert looks().last().grade == "D"

    events.record("scheduling.booked", at=clock.now(), by=ana, about=cy, patient_id=cy.pk)
    client.get(f"/patients/{cy.pk}/")

    assert looks().last().grade == "C"


def test_what_was_said_stands_for_half_an_hour(cy):
    ana = access.officer("ana")
    at = make.REGISTERED + timedelta(days=1)
    actions.open_record(
        officer=ana, patient_id=cy.pk, said="desk", confirmed_by=("name", "phone"), at=at
    )

    def led_by(officer, minutes):
        reading = access.reading(officer, at=at + timedelta(minutes=minutes))
        return reason_for(reading, cy.pk).kind

    assert led_by(ana, 29) == "look"
    assert led_by(ana, 31) == "said"
    assert led_by(access.officer("bea"), 0) == "said"
