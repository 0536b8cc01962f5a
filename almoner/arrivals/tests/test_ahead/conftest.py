"""A visit prepared by its link, and the officer who looks at it."""

import pytest

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.arrivals.tests.test_ahead.make import (
    HOME,
)
from almoner.coverage.tests import make as coverage
from almoner.ground import clock
from almoner.patients.tests.make import Contact
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling.tests import make as scheduling


@pytest.fixture
def ana(visit):
    return Officer.objects.filter(username="ana").first() or access.officer("ana")


@pytest.fixture
def visit():
    coverage.organisation()
    person = a_patient(
        phones=(HOME,),
        emails=("cy@example.org",),
        contacts=(Contact("Sol Garcia", relation="sister", phone="+16085550143"),),
    )
    coverage.policy(person)
    return scheduling.appointment(patient=person)


@pytest.fixture
def desk(client, ana):
    client.force_login(ana)
    return client


@pytest.fixture
def on_the_day(visit, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
