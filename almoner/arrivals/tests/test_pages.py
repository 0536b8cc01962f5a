from datetime import timedelta

import pytest

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.arrivals import actions, queries
from almoner.arrivals.tests import make
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.scheduling.tests import make as scheduling

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def visit(monkeypatch):
    """Cy is booked at nine; it is five to nine."""
    visit = scheduling.appointment()
    now = visit.starts_at
    monkeypatch.setattr(clock, "now", lambda: now)
    return visit


@pytest.fixture
def ana(client, visit):
    officer = access.officer("ana-at-the-desk", location=visit.location)
    client.force_login(officer, backend=BACKEND)
    return officer


def test_the_board_shows_who_is_expected_and_says_so_in_the_access_log(client, ana, visit):
    page = client.get("/board/").content.decode()

    look = AccessEvent.objects.get(officer=ana)
    assert str(visit.patient.given) in page
    assert look.patient_ids == [visit.patient_id]
    assert (look.screen, look.reason_kind, look.grade) == ("arrivals.board", "flow board", "B")


def test_the_board_is_one_query_however_many_are_on_it(ana, visit, django_assert_num_queries):
    for minute in (30, 50):
        scheduling.appointment(
            location=visit.location,
            clinician=visit.clinician,
            visit_type=visit.visit_type,
            patient=scheduling.a_patient(given=f"Number {minute}"),
            starts_at=scheduling.at(9, minute),
        )

    with django_assert_num_queries(1):
        found = queries.board(
            visit.location_id, visit.local_day, reading=access.reading(ana, at=visit.starts_at)
        )

    assert len(found.columns[0].cards) == 3


def test_a_visit_checked_in_meanwhile_leads_back_to_the_board(client, ana, visit):
    make.encounter(appointment=visit)

    answer = client.get(f"/board/visits/{visit.pk}/check-in/")

    assert answer.status_code == 302
    assert answer.url.startswith("/board/")


def test_a_step_answers_with_the_fresh_board_and_a_way_back(client, ana, visit):
    encounter = make.encounter(appointment=visit)
    room = facility.room(visit.location)

    answer = client.post(
        f"/board/encounters/{encounter.pk}/move/?location={visit.location_id}",
        {"to": "roomed", "room": room.pk},
    )

    encounter.refresh_from_db()
    assert encounter.state == "roomed"
    assert room.name in answer.content.decode()
    assert "take-back" in answer["HX-Trigger"]


def test_a_wrong_step_changes_nothing_and_says_why(client, ana, visit):
    encounter = make.encounter(appointment=visit)

    answer = client.post(f"/board/encounters/{encounter.pk}/move/", {"to": "done"})

    encounter.refresh_from_db()
    assert encounter.state == "ready"
    assert "not the next step" in answer["HX-Trigger"]


def test_taking_back_too_late_says_so(client, ana, visit, monkeypatch):
    encounter = make.encounter(appointment=visit)
    room = facility.room(visit.location)
    movement = actions.move(
        officer=ana,
        encounter_id=encounter.pk,
        to=actions.moving.State.ROOMED,
        room_id=room.pk,
        at=scheduling.at(8),
    )

    answer = client.post(f"/board/steps/{movement.pk}/take-back/")

    assert "Too late" in answer["HX-Trigger"]


def test_another_location_has_a_board_of_its_own(client, ana, visit):
    elsewhere = facility.location("Hilltop")

    page = client.get(f"/board/?location={elsewhere.pk}").content.decode()

    assert "Nobody is expected here today" in page


def test_the_first_page_says_how_the_day_stands_and_names_nobody(client, ana, visit):
    page = client.get("/").content.decode()

    found = queries.today(visit.location_id, visit.local_day, now=visit.starts_at)
    assert (found.expected, found.late, found.waiting) == (1, 0, 0)
    assert "Expected" in page
    assert str(visit.patient.family) not in page
    assert not AccessEvent.objects.exists()


def test_the_longest_wait_counts_from_the_appointed_time(ana, visit):
    make.encounter(appointment=visit)

    later = visit.starts_at + timedelta(minutes=17)
    found = queries.today(visit.location_id, visit.local_day, now=later)

    assert (found.waiting, found.longest, found.expected) == (1, 17, 0)


@pytest.mark.parametrize(
    "day", ["yesterday", "2026-13-45", "'; DROP TABLE", "9999-12-31", "0001-01-01"]
)
def test_a_forged_day_is_today(client, ana, visit, day):
    assert client.get("/board/", {"day": day}).status_code == 200
