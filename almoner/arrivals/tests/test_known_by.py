"""By what a patient was known when a record was opened; and when nobody had asked yet."""

import re
from datetime import timedelta

import pytest

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.arrivals.models import Encounter
from almoner.ground import clock
from almoner.patients.models import Look
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TWO = {"identifiers": ["name", "birth_date"]}
CHECKED_IN = TWO | {
    "details_done": "on",
    "forms_done": "on",
    "coverage_reason": "self-pay",
    "copay_reason": "bill it",
}
UNCONFIRMED = "nobody has compared two identifiers yet"


@pytest.fixture
def visit(monkeypatch):
    """Cy is booked at nine, and it is nine."""
    visit = scheduling.appointment()
    now = visit.starts_at
    monkeypatch.setattr(clock, "now", lambda: now)
    return visit


@pytest.fixture
def at_the_desk(client, visit):
    """Sign in somebody at the visit's own location."""

    def sign_in(username, **facts):
        officer = access.officer(username, location=visit.location, **facts)
        client.force_login(officer, backend=BACKEND)
        return officer

    return sign_in


def record(visit):
    return f"/patients/{visit.patient_id}/"


def for_the_visit(visit):
    return f"{record(visit)}?for=appointment:{visit.pk}"


def last_look():
    return AccessEvent.objects.latest("id")


def log(client, monkeypatch, visit):
    """What the privacy officer reads a minute later."""
    later = visit.starts_at + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    client.force_login(access.officer("paul", roles=("privacy",)), backend=BACKEND)
    return client.get("/privacy/").content.decode()


def test_a_record_opened_from_a_visit_says_that_nobody_was_asked_and_so_does_the_log(
    client, at_the_desk, visit, monkeypatch
):
    at_the_desk("ana-at-the-desk")

    page = client.get(for_the_visit(visit)).content.decode()

    assert UNCONFIRMED in page
    look = last_look()
    assert (look.reason_kind, look.reason_id, look.confirmed_by) == ("appointment", visit.pk, [])
    assert "two identifiers not confirmed yet" in log(client, monkeypatch, visit)


def test_two_are_compared_from_there_and_the_visit_stays_the_reason(
    client, at_the_desk, visit, monkeypatch
):
    at_the_desk("ana-at-the-desk")
    page = client.get(for_the_visit(visit)).content.decode()
    [compare] = re.findall(r'href="(\?[^"]*ask=1[^"]*)"', page)
    asked = client.get(record(visit) + compare.replace("&amp;", "&")).content.decode()
    [sends_to] = re.findall(r'action="(/patients/\d+/open/[^"]*)"', asked)

    answer = client.post(sends_to, {"said": "desk", "confirmed_by": ["name", "birth_date"]})
    page = client.get(answer["Location"]).content.decode()

    assert UNCONFIRMED not in page
    look = last_look()
    assert (look.reason_kind, look.reason_id) == ("appointment", visit.pk)
    assert look.confirmed_by == ["name", "birth_date"]
    said = log(client, monkeypatch, visit)
    assert "confirmed by name, birth date" in " ".join(said.split())


def test_what_was_compared_holds_for_half_an_hour_on_every_page_about_that_patient_alone(
    client, at_the_desk, visit, monkeypatch
):
    ana = at_the_desk("ana-at-the-desk")
    sends_to = f"{record(visit)}open/?for=appointment:{visit.pk}"
    client.post(sends_to, {"said": "desk", "confirmed_by": ["name", "birth_date"]})
    summary = f"{record(visit)}summary/?for=appointment:{visit.pk}"

    client.get(summary)
    assert last_look().screen == "patients.summary"
    assert last_look().confirmed_by == ["name", "birth_date"]

    later = visit.starts_at + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    client.logout()
    client.force_login(ana, backend=BACKEND)
    client.get(summary)
    assert last_look().at == later
    assert last_look().confirmed_by == []


def test_what_check_in_compared_holds_for_whoever_opens_the_record_that_day(
    client, at_the_desk, visit
):
    at_the_desk("ana-at-the-desk")
    answer = client.post(f"/board/visits/{visit.pk}/check-in/", CHECKED_IN)
    assert answer.status_code == 302, re.findall(r"<li>.*?</li>", answer.content.decode())
    assert Encounter.objects.get().confirmed_by == ["birth_date", "name"]
    at_the_desk("bea")

    page = client.get(for_the_visit(visit)).content.decode()

    assert UNCONFIRMED not in page
    assert last_look().confirmed_by == ["birth_date", "name"]


def test_a_name_alone_opens_no_record_although_a_visit_explains_the_look(
    client, at_the_desk, visit
):
    at_the_desk("ana-at-the-desk")
    found = client.post("/patients/find/", {"q": visit.patient.family})["Location"]

    asked = client.get(found).content.decode()

    assert "panel-details" not in asked
    assert "A name alone opens no record" in asked
    assert "Tick one more" in asked
    assert last_look().reason_kind == "appointment"


def test_a_search_by_two_identifiers_opens_at_once_what_a_visit_explains(
    client, at_the_desk, visit
):
    at_the_desk("ana-at-the-desk")
    born = visit.patient.birth_date
    typed = {"q": f"{visit.patient.family} {born:%m/%d/%Y}"}

    page = client.get(client.post("/patients/find/", typed)["Location"]).content.decode()

    assert "panel-details" in page
    assert last_look().confirmed_by == ["name", "birth_date"]
    assert not Look.objects.exists()


def test_what_was_compared_is_kept_with_a_look_that_ones_own_booking_led_to(
    client, at_the_desk, visit
):
    ana = at_the_desk("ana-at-the-desk")
    Appointment.objects.filter(pk=visit.pk).update(booked_by_id=ana.pk)
    client.post(f"{record(visit)}open/", {"said": "phone", "confirmed_by": ["name", "birth_date"]})

    page = client.get(record(visit)).content.decode()

    assert UNCONFIRMED not in page
    assert (last_look().grade, last_look().confirmed_by) == ("D", ["name", "birth_date"])
