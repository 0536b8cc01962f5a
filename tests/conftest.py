import os
from contextlib import contextmanager
from functools import partial

import pytest

from tests import browser, calls


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep with a test that it went wrong, for what is told in chapters."""
    report = yield
    if report.failed:
        item.went_wrong = True
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Tell a story again in a clinic that knows nothing of the first try.

    What the first try booked, sent or made stands in its own clinic, and would mislead the second.
    """
    of_clinic = item._fixtureinfo.name2fixturedefs.get("clinic")
    if of_clinic and getattr(item, "execution_count", 1) > 1:
        of_clinic[-1].finish(item._request)


@pytest.fixture(scope="session")
def clinic():
    """The whole desk, running, with the demo clinic in it; or one that runs already."""
    if address := os.environ.get("ALMONER_TEST_ADDRESS"):
        yield browser.Clinic(address, os.environ["ALMONER_TEST_DATABASE"])
        return
    with browser.clinic() as running:
        yield running


@pytest.fixture(scope="session")
def chromium():
    with browser.chromium() as running:
        yield running


@contextmanager
def _windows(running, clinic):
    """A way to open windows; all are closed behind it."""
    opened = []

    def open_one(username=None):
        desk = browser.Desk(running, clinic.address)
        opened.append(desk)
        if username:
            desk.sign_in(username)
            desk.settle()
        return desk

    yield open_one
    for desk in opened:
        desk.close()


@pytest.fixture
def window(chromium, clinic):
    """Open a browser window: ``window("ana")`` is signed in, ``window()`` is not."""
    with _windows(chromium, clinic) as open_one:
        yield open_one


@pytest.fixture(scope="session")
def cameras(chromium):
    """A Chromium whose camera and microphone are made up."""
    with browser.launched(chromium.browser_type, *calls.FAKE) as running:
        yield running


@pytest.fixture
def device(cameras, clinic):
    """Open a window with a camera: ``device("linh")`` is signed in, ``device()`` is not."""
    with _windows(cameras, clinic) as open_one:
        yield open_one


@pytest.fixture
def video_visit(clinic):
    """Make a visit by video that is about to begin."""
    return partial(calls.made, clinic)
