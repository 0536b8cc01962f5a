"""A clinic, a carrier that keeps what it was given, and a complaint that is a grievance."""

from datetime import timedelta

import pytest

from almoner.access.tests import make as access
from almoner.edges import sms
from almoner.facility.models import Organisation
from almoner.patients.tests import make as patients
from almoner.relations import actions
from almoner.relations.models import Case
from almoner.relations.rules import Kind
from almoner.relations.tests.make import NOON, RUDE, THEIRS, case, mail_in

DAY = timedelta(days=1)


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


@pytest.fixture
def ana(db):
    return access.officer("ana")


@pytest.fixture
def cy(db):
    return patients.patient(emails=(THEIRS,))


@pytest.fixture
def wrote(ana, cy):
    """What the grievance is about, and came in a day before the case was opened."""
    row = mail_in("She was rude.", sender=THEIRS, at=NOON - DAY, subject="Rude")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON - DAY)
    return row


@pytest.fixture
def grievance(ana, wrote):
    row = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),))
    actions.classify(officer=ana, case=row, answers=RUDE, at=NOON)
    return Case.objects.get(pk=row.pk)
