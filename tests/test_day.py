"""One day at the desk, from the first call to the zero balance, by keyboard alone.

Two browsers, the real server, worker and database, and the payers, the card terminal and the
carrier as processes of their own. Keys are counted where the browser reports them; a budget that is
missed fails the test.
"""

import pytest

from tests import browser, small_clinic

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def clinic():
    """The whole desk, running, with the small clinic of the story in it."""
    place = small_clinic.environment()
    with browser.clinic("day", build="tests.small_clinic", environment=place) as running:
        yield running


def test_start(window, clinic):
    ana = window("ana")
    print(clinic.partners)
    ana.open("/")
    ana.look("day-home")
