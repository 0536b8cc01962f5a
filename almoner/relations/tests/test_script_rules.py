"""The script of a call: what was asked, and when something may be told. No database."""

from hypothesis import given
from hypothesis import strategies as st

from almoner.relations.rules.script import TOLD, Asked, CallerKind, MayTell, asked_of, may_tell

CODES = [each.value for each in Asked]
ticked = st.lists(st.sampled_from([*CODES, TOLD, "diagnosis"]))


def test_whom_nobody_knows_is_told_nothing_of_anybody_whatever_they_can_say():
    assert {may_tell(CallerKind.UNKNOWN, sure=sure) for sure in (True, False)} == {
        MayTell.NOTHING_OF_ANYBODY
    }


@given(st.sampled_from([each for each in CallerKind if each is not CallerKind.UNKNOWN]))
def test_whoever_else_it_is_is_told_something_once_two_identifiers_agree_and_no_sooner(kind):
    assert may_tell(kind, sure=False) is MayTell.ONCE_SURE
    assert may_tell(kind, sure=True) is MayTell.NOW


@given(st.sampled_from([each.value for each in CallerKind]), ticked, st.permutations(CODES))
def test_what_was_asked_is_kept_once_in_the_order_of_the_script_and_nothing_else(kind, said, order):
    kept = asked_of(kind, said, [*order, *order, TOLD])

    assert set(kept) == set(said) & set(CODES)
    assert kept == sorted(set(kept), key=order.index)


@given(ticked)
def test_without_a_kind_of_caller_no_script_was_read(said):
    assert asked_of("", said, CODES) == []
