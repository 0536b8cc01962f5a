"""When a file that could not be had is asked for again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from almoner.edges.papers import Why
from almoner.relations.rules.files import TRIES, WHY, tried_again

AT = datetime(2026, 11, 23, 18, tzinfo=UTC)


@given(st.integers(min_value=1, max_value=1000))
def test_it_is_tried_later_each_time_and_not_for_ever(tries):
    again = tried_again(tries, AT)

    assert (again is None) == (tries >= TRIES)
    if again is not None:
        later = tried_again(tries + 1, AT)
        assert again > AT
        assert later is None or later > again


def test_all_tries_together_last_as_long_as_the_words_say():
    total = sum((tried_again(each, AT) - AT for each in range(1, TRIES)), timedelta())

    assert total // timedelta(hours=1) == 5


def test_whatever_screening_refuses_is_said_in_words():
    assert {each.value for each in Why} <= set(WHY)
