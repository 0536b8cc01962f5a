from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.ground.typed import Lean, NotADate, NotATime, typed_date, typed_time

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/4/85", date(1985, 3, 4)),
        ("03041985", date(1985, 3, 4)),
        ("030485", date(1985, 3, 4)),
        ("1985-03-04", date(1985, 3, 4)),
        (" 3-4-1985 ", date(1985, 3, 4)),
        ("3.4.85", date(1985, 3, 4)),
        ("11/23/26", date(2026, 11, 23)),
        ("11/24/26", date(1926, 11, 24)),  # tomorrow's date cannot be a birth date
        ("1/1/27", date(1927, 1, 1)),
    ],
)
def test_birth_date_is_read_as_typed_and_never_lies_ahead(text, day):
    assert typed_date(text, today=TODAY, lean=Lean.PAST) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("t", TODAY),
        ("tomorrow", date(2026, 11, 24)),
        ("+3", date(2026, 11, 26)),
        ("+2w", date(2026, 12, 7)),
        ("+3m", date(2027, 2, 23)),
        ("thu", date(2026, 11, 26)),
        ("monday", date(2026, 11, 30)),  # the next one, not today
        ("12/1", date(2026, 12, 1)),
        ("1/5", date(2027, 1, 5)),
        ("1/5/27", date(2027, 1, 5)),
    ],
)
def test_appointment_day_leans_to_what_is_coming(text, day):
    assert typed_date(text, today=TODAY) == day


@pytest.mark.parametrize("text", ["", "2/30/85", "13/1/85", "850304x", "1/2/3/4", "soon", "0/0/00"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(NotADate):
        typed_date(text, today=TODAY)


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_birth_date_survives_being_typed_in_full(day):
    for shape in ("%m/%d/%Y", "%m%d%Y", "%Y-%m-%d"):
        assert typed_date(day.strftime(shape), today=TODAY, lean=Lean.PAST) == day


@given(st.dates(TODAY - timedelta(days=36_000), TODAY))
def test_two_digit_birth_year_is_the_nearest_in_the_past(day):
    assert typed_date(day.strftime("%m%d%y"), today=TODAY, lean=Lean.PAST) == day


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9", time(9)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("9:30", time(9, 30)),
        ("9:30a", time(9, 30)),
        ("2", time(14)),
        ("230", time(14, 30)),
        ("2:30 pm", time(14, 30)),
        ("2:30 a.m.", time(2, 30)),
        ("0230", time(2, 30)),
        ("1430", time(14, 30)),
        ("12", time(12)),
        ("12a", time(0)),
        ("12p", time(12)),
    ],
)
def test_time_is_read_as_a_desk_says_it(text, at):
    assert typed_time(text) == at


@pytest.mark.parametrize("text", ["", "25", "9:60", "13p", "0p", "noonish", "99999"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(NotATime):
        typed_time(text)
