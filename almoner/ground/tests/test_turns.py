"""A turn for each of many, whatever one of them fails of."""

import pytest

from almoner.ground.turns import in_turn


def test_each_has_its_turn_and_what_they_did_is_summed_up():
    assert in_turn([1, 2, 3], lambda one: one, named="visit") == 6


def test_one_that_fails_is_named_when_the_others_have_had_theirs():
    seen = []

    def act(one):
        seen.append(one)
        return 1 // (one - 2)

    with pytest.raises(ExceptionGroup) as failed:
        in_turn([1, 2, 3], act, named="visit")

    assert seen == [1, 2, 3]
    [error] = failed.value.exceptions
    assert error.__notes__ == ["visit 2"]
