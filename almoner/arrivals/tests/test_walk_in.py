"""Somebody stands at the desk without an appointment."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.arrivals import actions, queries
from almoner.arrivals.models import Encounter
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling import actions as scheduling_actions
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = scheduling.at(9, 7)


@pytest.fixture
def clinic(monkeypatch):
    """Dr Ng sees sick people at Harbor Street; it is seven past nine on a Monday."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    place = facility.location()
    facility.visit_type("Consult", notice_minutes=1440)
    sick = facility.visit_type("Same-day sick", minutes=15, align_minutes=15, overbook_lanes=1)
    ng = facility.clinician(at=place, does=(sick,))
    scheduling.days()
    return place, sick, ng


@pytest.fixture
def ana(client, clinic):
    officer = access.officer("ana-at-the-desk", location=clinic[0])
    client.force_login(officer, backend=BACKEND)
    return officer


def fill_nine(clinic):
    place, sick, ng = clinic
    return [
        scheduling.appointment(
            location=place, visit_type=sick, clinician=ng, starts_at=scheduling.at(9, minute)
        )
        for minute in (0, 15, 30)
    ]


def come(clinic, ana, **facts):
    place, sick, ng = clinic
    return actions.walk_in(
        **{
            "officer": ana,
            "patient": a_patient(),
            "visit_type": sick,
            "clinician": ng,
            "location": place,
            "starts_at": scheduling.at(9, 15),
            "at": NOW,
        }
        | facts
    )


def test_whoever_walks_in_is_booked_through_the_schedule_and_is_here(clinic, ana):
    encounter = come(clinic, ana)

    visit = Appointment.objects.get()
    assert (visit.status, visit.lane, visit.starts_at) == ("arrived", 0, scheduling.at(9, 15))
    assert (encounter.appointment_id, encounter.state) == (visit.pk, "arrived")


def test_a_key_pressed_twice_is_one_visit(clinic, ana):
    patient = a_patient()

    first = come(clinic, ana, patient=patient, request_key="once")
    second = come(clinic, ana, patient=patient, request_key="once")

    assert first == second
    assert Appointment.objects.count() == 1


def test_an_opening_taken_meanwhile_leaves_nothing_behind(clinic, ana):
    fill_nine(clinic)

    with pytest.raises(scheduling_actions.OpeningTaken):
        come(clinic, ana)

    assert not Encounter.objects.exists()


def test_a_clinician_books_no_walk_in(clinic, ana):
    with pytest.raises(PermissionDenied):
        come(clinic, access.officer("linh", roles=("clinician",)))


def test_the_first_opening_about_now_comes_first(clinic):
    place, sick, ng = clinic
    busy = facility.clinician("Adler", at=place, does=(sick,))
    scheduling.days()
    scheduling.appointment(
        location=place, visit_type=sick, clinician=busy, starts_at=scheduling.at(9, 15)
    )

    ways = queries.ways_in(sick, place, born=None, at=NOW)

    assert [(way.clinician_id, way.local_time.minute, way.on_top) for way in ways] == [
        (ng.pk, 15, False), (busy.pk, 30, False),
    ]  # fmt: skip


def test_who_has_no_opening_soon_is_offered_on_top_at_once(clinic):
    place, sick, ng = clinic
    fill_nine(clinic)

    [way] = queries.ways_in(sick, place, born=None, at=NOW)

    assert (way.clinician_id, way.on_top, way.starts_at) == (ng.pk, True, scheduling.at(9, 5))


def test_nobody_is_offered_after_hours(clinic):
    place, sick, _ng = clinic

    assert queries.ways_in(sick, place, born=None, at=scheduling.at(18)) == []
    assert queries.ways_in(sick, place, born=None, at=scheduling.at(23, 50)) == []


NIGHT = {"weekdays": (1, 2, 3, 4, 5, 6, 7), "starts": time(0), "ends": time(23, 59)}


@pytest.mark.parametrize("minute", [30, 40, 45, 50, 55])
def test_before_midnight_somebody_is_found_round_the_clock(minute):
    place = facility.location()
    sick = facility.visit_type("Same-day sick", minutes=15, overbook_lanes=1)
    facility.clinician(at=place, does=(sick,), **NIGHT)
    scheduling.days()
    late = scheduling.at(23, minute)

    [way] = queries.ways_in(sick, place, born=None, at=late)

    assert timedelta(0) <= way.starts_at - late < timedelta(minutes=30)
    assert not way.on_top


def test_whoever_comes_before_midnight_is_seen_after_it_and_is_here_at_once(ana):
    place = facility.location("All night")
    sick = facility.visit_type("Night visit", minutes=15, overbook_lanes=1)
    facility.clinician("Owl", at=place, does=(sick,), **NIGHT)
    scheduling.days()
    late = scheduling.at(23, 50)
    [way] = queries.ways_in(sick, place, born=None, at=late)
    order = {
        "officer": ana, "visit_type": sick, "location": place, "starts_at": way.starts_at,
        "clinician": facility.Clinician.objects.get(pk=way.clinician_id), "at": late,
    }  # fmt: skip

    encounter = actions.walk_in(patient=a_patient(), **order)
    [full] = queries.ways_in(sick, place, born=None, at=scheduling.at(23, 55))
    on_top = actions.walk_in_on_top(
        patient=a_patient(given="Dot"), reason="bleeding", **order | {"starts_at": way.starts_at}
    )

    assert way.starts_at == scheduling.at(0, day=scheduling.MONDAY + timedelta(days=1))
    assert encounter.service_date == scheduling.MONDAY + timedelta(days=1)
    assert full.starts_at == way.starts_at + timedelta(minutes=15)
    assert on_top.state == "arrived"


def test_an_adult_is_sent_to_a_pediatrician_last(clinic):
    place, sick, ng = clinic
    fill_nine(clinic)
    children = facility.clinician("Rahman", at=place, does=(sick,), taxonomy="208000000X")
    scheduling.days()

    adult = queries.ways_in(sick, place, born=NOW.date() - timedelta(days=40 * 365), at=NOW)
    child = queries.ways_in(sick, place, born=NOW.date() - timedelta(days=9 * 365), at=NOW)

    assert [way.clinician_id for way in adult] == [ng.pk, children.pk]
    assert [way.clinician_id for way in child] == [children.pk, ng.pk]


def test_what_asks_for_notice_is_no_walk_in(clinic):
    assert [each.name for each in queries.sudden_types()] == ["Same-day sick"]


def found_by(client, typed):
    """The page a search leads to by Enter."""
    return client.post("/board/walk-in/who/", {"q": typed}, follow=True)


def sent(page, **facts):
    form = page.context["form"]
    return {
        "patient": page.context["header"].id,
        "place": page.context["place"],
        "found": page.context["ticket"],
        "visit": form["visit"].value(),
        "clinician": page.context["ways"][0].clinician_id,
        "token": form["token"].value(),
        "reason": "",
    } | facts


def test_one_search_and_one_key_lead_to_check_in_with_both_identifiers_ticked(client, clinic, ana):
    a_patient(given="Ira", family="Walker", birth_date=date(1985, 3, 4))

    page = found_by(client, "walker 3/4/85")
    answer = client.post("/board/walk-in/", sent(page), follow=True)

    [(there, _status)] = answer.redirect_chain
    assert f"/board/visits/{Appointment.objects.get().pk}/check-in/" in there
    assert answer.context["form"].initial["identifiers"] == ["name", "birth_date"]
    looks = AccessEvent.objects.filter(screen="arrivals.walk_in")
    assert {tuple(look.confirmed_by) for look in looks} == {("name", "birth_date")}


def test_a_name_alone_opens_nothing(client, clinic, ana):
    a_patient(given="Ira", family="Walker")

    page = found_by(client, "walker")

    assert "Tick one more that the person told you" in page.content.decode()


def test_an_address_typed_by_hand_is_asked_who_it_is(client, clinic, ana):
    patient = a_patient()

    answer = client.get("/board/walk-in/", {"patient": patient.pk, "found": "forged"})

    assert answer.status_code == 302
    assert answer.url.startswith(f"/patients/{patient.pk}/")


def test_on_top_of_others_asks_for_a_reason_and_keeps_it(client, clinic, ana):
    fill_nine(clinic)
    a_patient(given="Ira", family="Walker", birth_date=date(1985, 3, 4))
    page = found_by(client, "walker 3/4/85")

    refused = client.post("/board/walk-in/", sent(page))
    answer = client.post("/board/walk-in/", sent(page, reason="chest pain"))

    assert refused.status_code == 422
    assert "Say why the visit is booked on top" in refused.content.decode()
    assert answer.status_code == 302
    visit = Appointment.objects.latest("id")
    assert (visit.lane, visit.overbook_reason) == (1, "chest pain")


def test_another_kind_of_visit_is_asked_without_leaving_the_page(client, clinic, ana):
    _place, _sick, ng = clinic
    shot = facility.visit_type("Vaccination", minutes=10)
    ng.visit_types.add(shot)
    a_patient(given="Ira", family="Walker", birth_date=date(1985, 3, 4))
    page = found_by(client, "walker 3/4/85")

    part = client.get("/board/walk-in/", sent(page, visit=shot.pk), headers={"HX-Request": "true"})

    assert part.context["ways"][0].local_time.minute == 5
    assert "<html" not in part.content.decode()
