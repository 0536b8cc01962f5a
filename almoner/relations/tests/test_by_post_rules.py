"""How far a letter can come, and which day can be said of it: pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.patients.rules.confidential import Ways, allows
from almoner.relations.rules.by_post import (
    LEFT,
    OLDEST,
    TITLES,
    WORK,
    Stage,
    can_be_that_day,
    follows,
)

stages = st.sampled_from(Stage)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Stage.QUEUED, Stage.POSTED),
        (Stage.QUEUED, Stage.WITHDRAWN),
        (Stage.POSTED, Stage.DELIVERED),
        (Stage.POSTED, Stage.RETURNED),
    ],
)
def test_a_letter_is_posted_or_taken_back_and_arrives_or_comes_back(before, after):
    assert follows(before, after)


@given(walk=st.lists(stages, max_size=8))
def test_a_letter_never_goes_back_and_is_posted_once(walk):
    stands, passed = Stage.QUEUED, [Stage.QUEUED]
    for each in walk:
        if follows(stands, each):
            stands = each
            passed.append(each)

    assert len(passed) == len(set(passed)) <= 3
    assert (Stage.POSTED in passed) == (stands in LEFT)
    assert Stage.WITHDRAWN not in passed or stands not in WORK


@given(on=days, since=days, today=days)
def test_a_day_is_neither_to_come_nor_before_what_came_before(on, since, today):
    if can_be_that_day(on, since=since, today=today):
        assert since <= on <= today
    else:
        assert on > today or on < since


def test_what_came_today_and_what_lay_here_for_weeks_can_be_kept():
    today = date(2026, 11, 28)
    assert can_be_that_day(today, since=today - OLDEST, today=today)
    assert not can_be_that_day(
        today - OLDEST - timedelta(days=1), since=today - OLDEST, today=today
    )


def test_a_title_names_the_clinic_in_each_language():
    assert all("{clinic}" in each for each in TITLES.values())


def test_who_asked_for_another_way_gets_no_letter_and_who_asked_for_letters_only_there():
    asked = Ways(address="PO Box 7\nSpringfield IL 62701")
    assert allows(asked, "letter", "PO Box 7\nSpringfield IL 62701")
    assert not allows(asked, "letter", "1 Home St\nSpringfield IL 62701")
    assert not allows(Ways(email="cy@own.example"), "letter", "")
    assert allows(None, "letter", "1 Home St")
