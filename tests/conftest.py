import os

import pytest

from tests import browser


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
