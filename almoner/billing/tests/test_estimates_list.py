"""Where the estimates that are owed are found, and by whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.billing import queries
from almoner.billing.tests import make
from almoner.billing.tests.test_estimates import BOOKED, estimated, give
from almoner.ground import clock

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


DUE = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def clinic(monkeypatch):
    make.organisation()
    make.items()
    monkeypatch.setattr(clock, "now", lambda: BOOKED + timedelta(minutes=1))


def test_what_is_owed_is_counted_by_what_is_left_to_do_and_by_its_day():
    row = estimated()

    assert queries.estimates_owed(DUE) == {"write": 0, "give": 1, "late": 0}
    assert queries.estimates_owed(DUE + timedelta(1)) == {"write": 0, "give": 1, "late": 1}

    give(row)
    assert queries.estimates_owed(DUE) == {"write": 0, "give": 0, "late": 0}


def test_the_first_page_leads_whoever_gives_estimates_to_what_is_owed(client):
    row = estimated()
    client.force_login(access.officer("front"), backend=BACKEND)

    first = client.get("/").content.decode()
    listed = client.get(reverse("estimates_due") + "?left=give").content.decode()

    assert "1 to give" in first
    assert row.patient.family in listed
