from datetime import timedelta
from importlib import import_module

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


def test_the_board_is_two_queries_however_many_are_on_it(ana, visit, django_assert_num_queries):
    for minute in (30, 50):
        scheduling.appointment(
            location=visit.location,
            clinician=visit.clinician,
            visit_type=visit.visit_type,
            patient=scheduling.a_patient(given=f"Number {minute}"),
            starts_at=scheduling.at(9, minute),
        )

    with django_assert_num_queries(2):
        found = queries.board(
            visit.location_id, visit.local_day, reading=access.reading(ana, at=visit.starts_at)
        )

    assert len(found.columns[0].cards) == 3


def crowd(visit, count):
    """More people on the same day, each ten minutes after the one before."""
    return [
        scheduling.appointment(
            location=visit.location,
            clinician=visit.clinician,
            visit_type=visit.visit_type,
            patient=scheduling.a_patient(given=f"Number {number}"),
            starts_at=scheduling.at(10 + number // 2, number % 2 * 30),
        )
        for number in range(count)
    ]


def test_a_crowded_board_says_how_many_more_there_are_and_leads_to_them(
    client, ana, visit, monkeypatch
):
    monkeypatch.setattr(import_module("almoner.arrivals.queries.board"), "MOST", 2)
    late = crowd(visit, 4)[-1]
    make.encounter(appointment=late)

    first = client.get("/board/").content.decode()
    second = client.get("/board/", {"page": "2", "location": visit.location_id})
    last = client.get("/board/", {"page": "99"}).content.decode()

    assert "3 more" in first
    assert late.patient.given in first  # in the building, so on the first page
    assert second.context["board"].before == 2
    assert "1 more" in second.content.decode()
    here = f"/board/?location={visit.location_id}&amp;page=2"
    assert f'hx-get="{here}"' in second.content.decode()
    assert "more<" not in last
    assert "4 before" in last
    pages = [set(look.patient_ids) for look in AccessEvent.objects.order_by("id")]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len(set.union(*pages)) == 5


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40])
def test_a_forged_page_is_one_there_is(client, ana, visit, page):
    assert visit.patient.given in client.get("/board/", {"page": page}).content.decode()


def test_a_step_on_the_board_of_another_day_answers_with_that_day(client, ana, visit):
    page = client.get("/board/", {"day": "2026-03-05"}).content.decode()
    answer = client.post(
        f"/board/visits/{visit.pk}/arrive/?location={visit.location_id}&day=2026-03-05"
    )

    assert f"?location={visit.location_id}&amp;day=2026-03-05" in page
    assert answer.context["day"].isoformat() == "2026-03-05"


LIVE = {"HX-Request": "true", "X-Live": "1"}


def looks(officer):
    return [look.patient_ids for look in AccessEvent.objects.filter(officer=officer).order_by("id")]


def test_a_board_that_refreshes_itself_is_noted_for_whom_it_had_not_shown(
    client, ana, visit, monkeypatch
):
    five_to, five_past = (visit.starts_at + timedelta(minutes=late) for late in (-5, 5))
    monkeypatch.setattr(clock, "now", lambda: five_to)
    client.get("/board/", headers=LIVE)  # even the first look says so: all are new to it
    client.get("/board/", headers=LIVE)
    (dot,) = crowd(visit, 1)
    client.get("/board/", headers=LIVE)
    client.get("/board/", headers=LIVE)
    assert looks(ana) == [[visit.patient_id], [dot.patient_id]]

    client.get("/board/")
    both = sorted([visit.patient_id, dot.patient_id])
    assert looks(ana)[2:] == [both]  # somebody asked: that is a look of its own

    monkeypatch.setattr(clock, "now", lambda: five_past)
    client.get("/board/", headers=LIVE)
    assert looks(ana)[3:] == [both]  # another hour


def test_who_was_seen_by_somebody_else_elsewhere_or_on_another_screen_is_noted(client, ana, visit):
    client.get("/board/", headers=LIVE)
    client.get("/board/", headers=LIVE, REMOTE_ADDR="10.0.0.7")
    client.get(f"/schedule/?place={visit.location_id}&day={visit.local_day}", headers=LIVE)
    bea = access.officer("bea-at-the-desk", location=visit.location)
    client.force_login(bea, backend=BACKEND)
    client.get("/board/", headers=LIVE)

    assert looks(ana) == [[visit.patient_id]] * 3
    assert looks(bea) == [[visit.patient_id]]


def test_a_record_that_says_it_is_live_is_noted_all_the_same(client, ana, visit):
    for _again in range(2):
        client.get(f"/patients/{visit.patient_id}/?for=appointment:{visit.pk}", headers=LIVE)

    assert looks(ana) == [[visit.patient_id]] * 2


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


@pytest.mark.parametrize("step", ["arrive", "move", "a wrong move"])
def test_a_step_is_one_look_at_the_whole_list(client, ana, visit, step):
    others = crowd(visit, 2)
    encounter = None if step == "arrive" else make.encounter(appointment=visit)
    to = {"to": "roomed", "room": facility.room(visit.location).pk} if step == "move" else {}

    if encounter is None:
        client.post(f"/board/visits/{visit.pk}/arrive/?location={visit.location_id}")
    else:
        client.post(f"/board/encounters/{encounter.pk}/move/?location={visit.location_id}", to)

    [look] = AccessEvent.objects.filter(officer=ana)
    assert look.patient_ids == sorted(one.patient_id for one in (visit, *others))
    assert (look.reason_kind, look.grade) == ("flow board", "B")


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


def test_who_said_that_they_will_come_is_marked_until_they_are_here(client, ana, visit):
    def board():
        return client.get("/board/").content.decode()

    before = board()
    scheduling.actions.confirm(appointment=visit, at=visit.starts_at - timedelta(hours=3))
    expected = board()
    make.encounter(appointment=visit)

    assert ["Will come" in each for each in (before, expected, board())] == [False, True, False]


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
