"""When a parent's right narrows, and who is told: for every child, terms and day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from almoner.patients.rules.details import age
from almoner.portal.rules.accounts import EVERYTHING, Kind, Part, Terms, may_see
from almoner.portal.rules.people import (
    TOLD_BEFORE,
    birthday,
    is_told,
    may_end,
    narrows,
    sees_people,
)

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
BORN = st.dates(date(2004, 1, 1), date(2023, 12, 31))
PARTS = st.frozensets(st.sampled_from(Part))
TERMS = st.lists(
    st.builds(Terms, st.sampled_from(["", "WI"]), st.integers(0, 20), PARTS, DAYS), max_size=4
)
KINDS = st.sampled_from(Kind)


@given(born=BORN, years=st.integers(0, 30))
def test_a_birthday_is_the_first_day_of_an_age(born, years):
    day = birthday(born, years)

    assert age(born, on=day) == years
    assert age(born, on=day - timedelta(days=1)) == years - 1


@given(kind=KINDS, granted=PARTS, born=st.none() | BORN, terms=TERMS, on=DAYS)
def test_a_right_narrows_on_the_first_day_of_sixty_that_shows_less(kind, granted, born, terms, on):
    def seen(day):
        return may_see(kind, granted, born=born, state="WI", terms=terms, on=day)

    later = (on + timedelta(days=each) for each in range(1, TOLD_BEFORE.days + 1))
    first = next((day for day in later if seen(on) - seen(day)), None)

    found = narrows(kind, granted, born=born, state="WI", terms=terms, on=on)

    assert (found.day if found else None) == first
    assert found is None or found.left == seen(first)


@given(born=BORN, terms=TERMS, on=DAYS)
def test_of_themself_is_told_whoever_a_parent_does_not_see_all_of(born, terms, on):
    told = is_told(born=born, state="WI", terms=terms, has_way=False, on=on)
    sees = may_see(Kind.PARENT, EVERYTHING, born=born, state="WI", terms=terms, on=on)

    assert told == (sees != EVERYTHING)
    assert is_told(born=born, state="WI", terms=terms, has_way=True, on=on)


def test_adults_are_told_and_a_small_child_without_a_way_of_its_own_is_not():
    on = date(2026, 3, 1)
    facts = {"state": "WI", "terms": [], "has_way": False, "on": on}

    assert is_told(born=date(2008, 3, 1), **facts)
    assert not is_told(born=date(2008, 3, 2), **facts)


def test_who_sees_who_else_may_act():
    assert [kind.value for kind in Kind if sees_people(kind, told=True)] == [
        "self", "representative",
    ]  # fmt: skip
    assert {kind for kind in Kind if not sees_people(kind, told=False)} == {Kind.HELPER}


def test_only_whom_the_patient_chose_is_ended_by_them():
    assert [kind for kind in Kind if may_end(kind)] == [Kind.HELPER]
