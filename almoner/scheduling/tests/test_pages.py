import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.queries import header, panel_named
from almoner.patients.tests import make as patients
from almoner.scheduling import actions
from almoner.scheduling.models import Appointment
from almoner.scheduling.queries import of_patient
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class Desk:
    """A clinic open every day from eight to five, and Ana signed in at its front desk."""

    def __init__(self, client, clinicians=("Ng", "Ruiz")):
        self.client = client
        self.harbor = facility.location()
        self.ana = access.officer("ana", location=self.harbor)
        self.visit_type = facility.visit_type("New patient", minutes=40, align_minutes=20)
        self.clinicians = [
            facility.clinician(
                family, at=self.harbor, does=(self.visit_type,), weekdays=(1, 2, 3, 4, 5, 6, 7)
            )
            for family in clinicians
        ]
        self.today = clock.today(facility.CHICAGO)
        self.day = self.today + timedelta(days=1)
        actions.rebuild(since=self.today, until=self.today + timedelta(days=30))
        self.cy = patients.patient()
        client.force_login(self.ana)

    def asked(self, **facts):
        return {"patient": self.cy.pk, "visit": self.visit_type.pk} | facts

    def chosen(self, hour=9, clinician=0):
        at = make.at(hour, day=self.day).isoformat()
        return f"{self.clinicians[clinician].pk}_{self.harbor.pk}_{at}"

    def take(self, **facts):
        asked = self.asked(opening=self.chosen(), token="t", earliest=str(self.day)) | facts
        return self.client.post(reverse("take_opening"), asked, headers=HTMX)

    def order(self, **facts):
        return {
            "officer": self.ana, "patient": self.cy, "visit_type": self.visit_type,
            "clinician": self.clinicians[0], "location": self.harbor,
            "starts_at": make.at(9, day=self.day), "asked_at": clock.now(),
        } | facts  # fmt: skip

    def booked(self, **facts):
        return actions.book(**self.order(**facts))

    def get(self, name, *args, headers=None, **query):
        return self.client.get(reverse(name, args=args), query, headers=headers or {})


@pytest.fixture
def desk(client):
    return Desk(client)


def test_the_booking_page_shows_openings_by_day_with_the_first_in_focus(desk):
    page = desk.get("book", **desk.asked(earliest=str(desk.day)))

    text = page.content.decode()
    assert page.status_code == 200
    assert "8:00 AM" in text
    assert "Linh Ng, MD" in text
    assert text.count("data-focus") == 1
    assert "Third next available" in text


@pytest.mark.parametrize(
    ("may_text", "emails", "said"),
    [
        (True, True, "They are told by text."),
        (False, True, "They are told by e-mail."),
        (False, False, "Nothing can be sent to them: say the time aloud."),
    ],
)
def test_whoever_books_reads_how_the_patient_hears_of_it(desk, may_text, emails, said):
    written = (patients.Email("alma@people.example"),) if emails else ()
    desk.cy = patients.patient(given="Alma", emails=written)
    desk.cy.phones.update(may_text=may_text)

    assert said in desk.get("book", **desk.asked()).content.decode()


def test_openings_can_be_looked_for_before_the_caller_is_known_but_not_booked(desk):
    page = desk.get("book", visit=desk.visit_type.pk)

    assert "Who is it for?" in page.content.decode()
    assert 'value="' + desk.chosen(8) not in page.content.decode() or "disabled" in (
        page.content.decode()
    )


def test_days_are_typed_as_letters_and_what_is_no_day_is_said(desk):
    found = desk.get("openings", **desk.asked(days="xyz"))

    assert found.status_code == 422
    assert "names no days" in found.content.decode()


def test_an_opening_is_taken_with_one_press_and_can_be_undone(desk):
    answer = desk.take()

    visit = Appointment.objects.get()
    assert answer.headers["HX-Redirect"].startswith(reverse("appointment", args=[visit.pk]))
    page = desk.client.get(answer.headers["HX-Redirect"]).content.decode()
    assert reverse("undo_appointment", args=[visit.pk]) in page
    assert desk.client.post(reverse("undo_appointment", args=[visit.pk])).status_code == 204
    visit.refresh_from_db()
    assert visit.cancel_reason == "undone"


def test_the_same_press_twice_is_one_visit(desk):
    desk.take()
    again = desk.take()

    assert again.status_code == 204
    assert Appointment.objects.count() == 1


def test_the_second_officer_keeps_what_was_typed_and_gets_the_next_three(desk):
    desk.booked(patient=patients.patient())

    answer = desk.take(days="mtwrfsu", part="morning", who=str(desk.clinicians[0].pk))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody has just taken that time" in text
    assert 'name="days" value="mtwrfsu"' in text
    assert [f'data-key="{n}"' in text for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert not Appointment.objects.filter(patient=desk.cy).exists()


def test_a_patient_who_is_elsewhere_then_is_said_so(desk):
    desk.booked(clinician=desk.clinicians[1])

    answer = desk.take()

    assert answer.status_code == 422
    assert "another visit at that time" in answer.content.decode()


def test_a_chosen_opening_that_is_nonsense_books_nothing(desk):
    for opening in ("", "1", "1_2_noon", f"1_2_{desk.day}", "x_y_z"):
        assert desk.take(opening=opening).status_code == 422
    assert not Appointment.objects.exists()


def test_the_caller_is_found_beside_the_search_that_is_kept(desk):
    asked = {"q": "garcia", "visit": desk.visit_type.pk, "days": "tr"}
    found = desk.client.post(reverse("book_who"), asked, headers=HTMX)

    text = found.content.decode()
    assert f"?patient={desk.cy.pk}&amp;visit={desk.visit_type.pk}&amp;days=tr" in text
    assert desk.cy.pk in AccessEvent.objects.latest("at").patient_ids


def test_who_is_looked_for_never_stands_in_an_address(desk):
    asked = {"q": "garcia 3/4/85", "visit": desk.visit_type.pk}

    page = desk.client.get(reverse("book")).content.decode()
    found = desk.client.post(reverse("book_who"), asked, headers=HTMX).content.decode()

    assert f'hx-post="{reverse("book_who")}"' in page
    assert desk.client.get(reverse("book_who"), asked).status_code == 405
    addresses = re.findall(r'(?:href|action)="([^"]*)"', found)
    assert addresses
    assert not any("garcia" in address or "3/4" in address for address in addresses)


def test_whoever_is_not_found_is_registered_with_what_was_typed(desk):
    found = desk.client.post(reverse("book_who"), {"q": "zwick 9/9/71"}, headers=HTMX)

    text = found.content.decode()
    assert f'action="{reverse("register_typed")}"' in text
    assert 'name="q" value="zwick 9/9/71"' in text


def test_an_extra_visit_is_booked_on_top_for_a_reason_that_is_kept(desk):
    desk.visit_type.overbook_lanes = 1
    desk.visit_type.save()
    desk.booked(patient=patients.patient())
    said = {
        "patient": desk.cy.pk, "visit": desk.visit_type.pk, "clinician": desk.clinicians[0].pk,
        "place": desk.harbor.pk, "day": str(desk.day), "at": "9", "reason": "",
    }  # fmt: skip

    unsaid = desk.client.post(reverse("extra_visit"), said)
    done = desk.client.post(reverse("extra_visit"), said | {"reason": "Fever since Friday"})
    again = desk.client.post(reverse("extra_visit"), said | {
        "reason": "Also fever", "patient": patients.patient(family="Lee").pk})  # fmt: skip

    visit = Appointment.objects.get(patient=desk.cy)
    assert unsaid.status_code == 422
    assert done.status_code == 302
    assert (visit.lane, visit.overbook_reason) == (1, "Fever since Friday")
    assert again.status_code == 422
    assert "Also fever" in again.content.decode()
    board = desk.get("day_board", day=str(desk.day)).content.decode()
    assert "<em>extra</em>" in board
    assert 'class="ticks tracks-2"' in board


def test_the_day_board_has_a_column_for_each_clinician_and_logs_whom_it_showed(desk):
    visit = desk.booked()

    page = desk.get("day_board", day=str(desk.day))

    text = page.content.decode()
    assert text.count('class="board-column"') == 2
    assert f'id="visit-{visit.pk}"' in text
    assert 'class="visit hue-21 r-12 s-8 k-0"' in text
    event = AccessEvent.objects.latest("at")
    assert (event.patient_ids, event.reason_kind, event.grade) == ([desk.cy.pk], "day_board", "B")


def test_states_on_the_board_are_words_not_colours(desk):
    actions.arrive(appointment=desk.booked())

    assert "<em>here</em>" in desk.get("day_board", day=str(desk.day)).content.decode()


def test_a_board_that_refreshes_itself_gets_the_grid_alone(desk):
    grid = desk.get("day_board", headers=HTMX, day=str(desk.day)).content.decode()

    assert grid.lstrip().startswith('<div id="board"')
    assert "live:scheduling from:body" in grid


def test_a_day_is_typed_and_nonsense_is_today(desk):
    for typed in ("+1", "no day", "99/99", "12/31/9999", "9999-12-31", "0001-01-01"):
        assert desk.get("day_board", day=typed, place="x", page="-3").status_code == 200
        assert desk.get("week", desk.clinicians[0].pk, day=typed).status_code == 200


@pytest.mark.parametrize("typed", ["9999-12-31", "0001-01-01", "2200-12-31", "1880-01-01"])
def test_openings_are_looked_for_from_any_day_that_is_typed(desk, typed):
    assert desk.get("book", **desk.asked(earliest=typed)).status_code == 200


def test_an_open_place_leads_to_a_booking_page_that_begins_there(desk):
    page = desk.get(
        "book", who=desk.clinicians[0].pk, place=desk.harbor.pk, earliest=str(desk.day),
        since="10:30", visit=desk.visit_type.pk, patient=desk.cy.pk,
    )  # fmt: skip

    assert "10:40 AM" in page.content.decode()
    assert "10:20 AM" not in page.content.decode()


def test_a_visit_is_dropped_on_another_place_of_the_board(desk):
    visit = desk.booked()
    board = desk.get("day_board", day=str(desk.day), move=visit.pk).content.decode()

    answer = desk.client.post(
        reverse("drop_appointment", args=[visit.pk]),
        {"clinician": desk.clinicians[1].pk, "location": desk.harbor.pk, "day": str(desk.day),
         "at": "14:00"},
    )  # fmt: skip

    assert "Choose where it goes" in board
    assert "lifted" in board
    assert answer.status_code == 204
    visit.refresh_from_db()
    assert (visit.clinician, visit.local_time.hour) == (desk.clinicians[1], 14)


def test_a_visit_is_moved_by_search(desk):
    visit = desk.booked()
    page = desk.get("book", move=visit.pk).content.decode()

    answer = desk.take(move=visit.pk, patient="", opening=desk.chosen(15), visit=desk.visit_type.pk)

    assert "Move a visit" in page
    assert answer.status_code == 204
    visit.refresh_from_db()
    assert visit.local_time.hour == 15


def test_a_visit_by_video_says_so_where_it_is(desk):
    visit = desk.booked()
    assert "By video" not in desk.get("appointment", visit.pk).content.decode()
    desk.visit_type.by_video = True
    desk.visit_type.save()

    page = desk.get("appointment", visit.pk).content.decode()

    assert f"By video; booked at {desk.harbor.name}" in " ".join(page.split())


def test_a_visit_is_cancelled_with_a_reason_and_a_note(desk):
    visit = desk.booked()
    url = reverse("cancel_appointment", args=[visit.pk])

    refused = desk.client.post(url, {"reason": "because", "note": "kept"}, headers=HTMX)
    done = desk.client.post(url, {"reason": "ill", "note": "Flu"}, headers=HTMX)

    assert refused.status_code == 422
    assert "kept" in refused.content.decode()
    assert done.status_code == 204
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason, visit.cancel_note) == ("cancelled", "ill", "Flu")


def test_a_visit_to_come_cannot_be_marked_as_not_kept(desk):
    answer = desk.client.post(reverse("no_show", args=[desk.booked().pk]))

    assert "has not begun" in answer.headers["HX-Trigger"]


def test_the_page_of_a_visit_tells_its_history(desk):
    visit = desk.booked()
    actions.cancel(officer=desk.ana, appointment=visit, reason="ill", at=clock.now())

    text = desk.get("appointment", visit.pk).content.decode()

    assert "Booked for" in text
    assert "Cancelled" in text
    assert "Ana" in text


def test_from_a_visit_that_will_not_be_the_next_one_is_booked(desk):
    visit = desk.booked()
    booking = f"{reverse('book')}?patient={visit.patient_id}&amp;for=appointment:{visit.pk}"
    while_it_stands = desk.get("appointment", visit.pk).content.decode()
    actions.cancel(officer=desk.ana, appointment=visit, reason="ill", at=clock.now())

    text = desk.get("appointment", visit.pk).content.decode()

    assert booking not in while_it_stands
    assert booking in text


def test_the_week_of_a_clinician_shows_each_day_of_it(desk):
    desk.booked()

    page = desk.get("week", desk.clinicians[0].pk, day=str(desk.day), place=desk.harbor.pk)

    assert page.content.decode().count('class="board-column"') == 7


def test_a_patients_visits_are_listed_on_the_patients_page(desk):
    desk.booked()
    reading = access.reading(desk.ana, at=clock.now())

    shown = panel_named("appointments").load(desk.cy.pk, reading)

    assert [line.clinician for line in shown["to_come"]] == ["Linh Ng, MD"]
    assert "Linh Ng, MD" in header(desk.cy.pk, reading=reading).next_visit
    assert reading.patient_ids == {desk.cy.pk}


def test_an_appointment_explains_a_look_at_its_patient_only(desk):
    visit = desk.booked()
    desk.client.force_login(access.officer("bea"))

    desk.get("appointment", visit.pk, **{"for": f"appointment:{visit.pk}"})

    event = AccessEvent.objects.latest("at")
    assert (event.reason_kind, event.reason_id, event.grade) == ("appointment", visit.pk, "B")


@pytest.mark.parametrize("name", ["day_board", "book"])
def test_a_clinic_without_set_up_shows_pages_that_say_what_to_do(client, name):
    client.force_login(access.officer("ana"))

    assert client.get(reverse(name)).status_code == 200


def test_a_board_of_many_clinicians_costs_as_many_queries_as_one_of_few(
    client, django_assert_max_num_queries
):
    desk = Desk(client, clinicians=[f"Doctor {n:02d}" for n in range(30)])
    for number, clinician in enumerate(desk.clinicians):
        other = patients.patient(family=f"Family {number}")
        desk.booked(clinician=clinician, patient=other)

    with django_assert_max_num_queries(14):
        page = desk.get("day_board", day=str(desk.day))

    text = page.content.decode()
    assert text.count('class="board-column"') == 24
    assert "page=2" in text


def test_the_sheet_that_places_blocks_knows_every_tick():
    sheet = (Path(__file__).parents[1] / "static/scheduling/ticks.css").read_text()

    assert all(f".r-{n} {{ grid-row-start: {n + 1}; }}" in sheet for n in range(300))
    assert all(f".s-{n} {{ grid-row-end: span {n}; }}" in sheet for n in range(1, 301))
    assert all(f".hue-{n} " in sheet for n in range(36))


def test_the_header_names_the_first_visits_of_today_and_counts_the_others():
    told = {"today": [[number, "09:00:00"] for number in range(1, 6)], "missed": 0}

    said = [alert.text for alert in of_patient.alerts(told, 1, None)]

    assert said == ["Visit today at 9:00 AM"] * 3 + ["2 more visits today"]
