"""What is offered instead of a time that is taken, and the note that travels with a booking."""

import re

import pytest
from django.urls import reverse

from almoner.patients.tests import make as patients
from almoner.scheduling import actions
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests.test_pages import HTMX, Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client)


def test_a_visit_dropped_where_it_does_not_fit_stays_and_the_next_three_are_offered(desk):
    visit = desk.booked()
    desk.booked(patient=patients.patient(), clinician=desk.clinicians[1])

    answer = desk.client.post(
        reverse("drop_appointment", args=[visit.pk]),
        {"clinician": desk.clinicians[1].pk, "location": desk.harbor.pk, "day": str(desk.day),
         "at": "08:30"},
    )  # fmt: skip

    text = answer.content.decode()
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#dialog")
    assert [f'data-key="{n}"' in text for n in (1, 2, 3, 4)] == [True, True, True, False]
    visit.refresh_from_db()
    assert visit.clinician == desk.clinicians[0]
    offered = hidden(text) | {"opening": re.search(r'name="opening"\s+value="([^"]+)"', text)[1]}
    assert desk.client.post(reverse("take_opening"), offered, headers=HTMX).status_code == 204
    visit.refresh_from_db()
    assert (visit.clinician, visit.local_time.hour) == (desk.clinicians[1], 8)


def hidden(text):
    """What a form sends along by itself."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def test_what_the_visit_is_about_can_be_said_when_it_is_booked_and_stands_on_it(desk):
    page = desk.get("book", **desk.asked(earliest=str(desk.day))).content.decode()
    box = re.search(r'<textarea name="note"[^>]*>', page)[0]

    desk.take(note="Cough since Sunday")

    visit = Appointment.objects.get()
    assert 'form="take"' in box
    assert 'id="take"' in page
    assert page.index('id="search"') < page.index(box)
    assert visit.note == "Cough since Sunday"
    assert "Cough since Sunday" in desk.get("appointment", visit.pk).content.decode()


def test_a_note_that_is_too_long_books_nothing_and_says_so_above_the_openings(desk):
    answer = desk.take(note="x" * 401)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "at most 400 characters" in text
    assert 'class="offer"' in text
    assert not Appointment.objects.exists()


def test_moving_a_visit_keeps_its_note_and_asks_for_none(desk):
    visit = desk.booked(note="Cough")

    page = desk.get("book", move=visit.pk).content.decode()
    desk.take(move=visit.pk, patient="", opening=desk.chosen(15))

    visit.refresh_from_db()
    assert (visit.note, visit.local_time.hour) == ("Cough", 15)
    assert 'name="note"' not in page


def test_an_extra_visit_that_does_not_fit_offers_the_next_three_and_keeps_what_was_typed(desk):
    desk.visit_type.overbook_lanes = 1
    desk.visit_type.save()
    for reason in ("", "Fever"):
        other = {"patient": patients.patient(family=f"Lee {reason}")}
        actions.overbook(**desk.order(reason=reason, **other)) if reason else desk.booked(**other)
    said = {
        "patient": desk.cy.pk, "visit": desk.visit_type.pk, "clinician": desk.clinicians[0].pk,
        "place": desk.harbor.pk, "day": str(desk.day), "at": "9", "reason": "Also fever",
        "note": "Brings her mother",
    }  # fmt: skip

    answer = desk.client.post(reverse("extra_visit"), said)

    text = answer.content.decode()
    first = re.search(r'name="opening"\s+value="([^"]+)"', text)[1]
    offers = text[text.index("take/") : text.index("</ol>")]
    assert answer.status_code == 422
    assert text.count('name="opening"') == 3
    assert "Also fever" in text
    desk.client.post(reverse("take_opening"), hidden(offers) | {"opening": first}, headers=HTMX)
    assert Appointment.objects.get(patient=desk.cy).note == "Brings her mother"
