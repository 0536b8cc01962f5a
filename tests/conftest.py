import os
from functools import partial

import pytest

from tests import browser, calls


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


@pytest.fixture
def window(chromium, clinic):
    """Open a browser window: ``window("ana")`` is signed in, ``window()`` is not."""
    opened = []

    def open_one(username=None):
        desk = browser.Desk(chromium, clinic.address)
        opened.append(desk)
        if username:
            desk.sign_in(username)
            desk.settle()
        return desk

    yield open_one
    for desk in opened:
        desk.close()


@pytest.fixture(scope="session")
def cameras(chromium):
    """A Chromium whose camera and microphone are made up."""
    with browser.launched(chromium.browser_type, *calls.FAKE) as running:
        yield running


@pytest.fixture
def device(cameras, clinic):
    """Open a window with a camera: ``device("linh")`` is signed in, ``device()`` is not."""
    opened = []

    def open_one(username=None):
        one = browser.Desk(cameras, clinic.address)
        opened.append(one)
        if username:
            one.sign_in(username)
            one.settle()
        return one

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def video_visit(clinic):
    """Make a visit by video that is about to begin."""
    return partial(calls.made, clinic)
