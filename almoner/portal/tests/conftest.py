"""A clinic that patients reach over the web, and a clock that a test may put forward."""

import pytest
from django.core.cache import cache

from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.scheduling.tests import make


@pytest.fixture
def clinic(db, settings):
    cache.clear()
    settings.ADDRESS = "https://clinic.example"
    return facility.organisation()


@pytest.fixture
def now(monkeypatch):
    told = {"now": make.SUNDAY}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told
