"""A clinic with a manager and an officer, and a carrier that keeps what it was given."""

import pytest

from almoner.access.tests import make as access
from almoner.billing.tests import make as billing
from almoner.edges import sms
from almoner.facility.tests import make as facility


@pytest.fixture(autouse=True)
def clinic(db):
    billing.organisation()
    return facility.location()


@pytest.fixture
def mara(db):
    return access.officer("mara", roles=("manager",))


@pytest.fixture
def ana(db):
    return access.officer("ana")


@pytest.fixture
def sent(monkeypatch, settings):
    """What left, as (to, body)."""
    settings.SMS_URL = "http://127.0.0.1:1"
    left = []

    def send(_carrier, *, to, body, report_to=""):
        left.append((to, body))
        return f"SM{len(left)}"

    monkeypatch.setattr(sms, "send", send)
    return left
