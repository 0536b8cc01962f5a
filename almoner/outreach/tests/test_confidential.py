"""A campaign takes the way a patient asked for, or leaves them alone."""

import pytest

from almoner.access.tests import make as access
from almoner.outreach.queries.standing import Terms, standing
from almoner.outreach.rules import Left
from almoner.outreach.tests.make import NOW
from almoner.patients import actions
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        (None, (None, "sms")),
        (Ways(phone="+13125550144", may_text=True), (None, "sms")),
        (Ways(phone="+13125550144"), (None, "call")),
        (Ways(email="own@people.example"), (None, "email")),
        (Ways(address="PO Box 7"), (Left.NO_WAY, "")),
        (Ways(), (Left.NO_WAY, "")),
    ],
)
def test_who_asked_is_reached_in_that_way_or_in_none(ways, expected):
    cy = patients.patient(emails=("house@people.example",))
    if ways:
        desk = access.officer("ana")
        actions.ask_confidential(officer=desk, patient_id=cy.pk, ways=ways, at=NOW)

    stands = standing([cy.pk], Terms(channels=("sms", "email", "call")), at=NOW)[cy.pk]

    assert (stands.left, stands.channel) == expected
