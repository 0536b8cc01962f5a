import pytest

from almoner.ground.statements import one_line


def test_line_breaks_and_indents_are_left_out():
    assert one_line("SELECT id\n  FROM patients\n") == "SELECT id FROM patients"


def test_a_comment_is_refused_for_it_would_swallow_the_rest():
    with pytest.raises(ValueError, match="of whom"):
        one_line("SELECT id -- of whom\n  FROM patients")
