"""The look at every page that tests are answered with sees what an officer would see."""

import pytest

from tests.primaries import crowded

ONE = '<button class="primary">Send</button>'
TWO = '<a class="button primary" href="/">Match</a>'


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (ONE, 0),
        (f"<main>{ONE}<p>{TWO}</p></main>", 2),
        (f"<main>{ONE}</main><dialog><p>{TWO}</p></dialog>", 0),
        (f"<main>{ONE}<br><div popover>{TWO}</div></main>", 0),
        (f"<dialog>{ONE}{TWO}</dialog>", 2),
        (f"<div hidden>{ONE}<input></div>{TWO}", 0),
        ('<button class="primary-looking">A</button>' + ONE, 0),
    ],
)
def test_a_screen_with_two_primary_buttons_is_found(page, found):
    assert len(crowded(page)) == found
