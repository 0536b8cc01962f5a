"""How much of a day the board draws."""

from datetime import time

import pytest

from almoner.access.tests import make as access
from almoner.facility import queries as facility_queries
from almoner.facility.tests import make as facility
from almoner.scheduling import actions
from almoner.scheduling.queries.boards import day_board
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor():
    """A place where one works from seven to six, and one around the clock."""
    place = facility.location()
    facility.clinician("Ng", at=place, starts=time(7), ends=time(18))
    facility.clinician("Reyes", at=place, starts=time(0), ends=time(23, 59))
    make.days(length=2)
    return place


def drawn(place, at):
    """The first and the last hour on the axis, and the columns."""
    reader = access.officer("zoe", location=place)
    board = day_board(
        facility_queries.places()[place.pk], make.MONDAY, reading=access.reading(reader, at=at)
    )
    return board.hours[0].text, board.hours[-1].text, board


def test_hours_around_the_clock_draw_no_empty_night(harbor):
    first, last, board = drawn(harbor, make.SUNDAY)

    assert (first, last, board.rows) == ("7 AM", "5 PM", 11 * 12)
    for column in board.columns:
        assert all(0 <= block.row < board.rows for block in [*column.open, *column.closed])


def test_at_night_the_board_shows_this_hour_and_the_next(harbor):
    first, _last, _board = drawn(harbor, make.at(3, 20))
    assert first == "3 AM"


def test_late_in_the_evening_the_board_ends_with_the_day(harbor):
    first, last, _board = drawn(harbor, make.at(22, 40))
    assert (first, last) == ("7 AM", "11 PM")


def test_a_visit_at_night_is_on_the_board(harbor):
    clinician = harbor.weeklyhours_set.get(ends=time(23, 59), weekday=1).clinician
    make.appointment(clinician=clinician, location=harbor, starts_at=make.at(5))

    first, _last, board = drawn(harbor, make.SUNDAY)

    assert first == "5 AM"
    assert [visit.row for column in board.columns for visit in column.visits] == [0]


def test_who_said_that_they_will_come_is_told_from_who_did_not(harbor):
    clinician = harbor.weeklyhours_set.get(ends=time(23, 59), weekday=1).clinician
    for hour in (9, 10):
        visit = make.appointment(clinician=clinician, location=harbor, starts_at=make.at(hour))
    actions.confirm(appointment=visit, at=make.SUNDAY)

    _first, _last, board = drawn(harbor, make.SUNDAY)

    [column] = [column for column in board.columns if column.visits]
    assert [visit.status for visit in column.visits] == ["booked", "confirmed"]
