"""A clinic, and a carrier that keeps what it was given."""

import pytest

from almoner.edges import sms
from almoner.facility.models import Organisation


@pytest.fixture
def clinic(db):
    return Organisation.objects.create(
        id=1, name="Northlight", npi="1", tax_id="1", phone="608-555-0100", address_line="1 Quay"
    )


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
