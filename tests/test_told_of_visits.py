"""What the schedule does, and what the patient hears of it: two duties that meet by events only."""

from datetime import timedelta

import pytest

from almoner.access.tests import make as access
from almoner.facility.models import Organisation
from almoner.ground.models import Event
from almoner.relations.actions import tell_about_visit
from almoner.relations.models import Message
from almoner.relations.rules import SETTLED
from almoner.scheduling import actions
from almoner.scheduling.rules import UNDO_GRACE, UNDO_WITHIN
from almoner.scheduling.tests import make

SECOND = timedelta(seconds=1)
SUNDAY = make.SUNDAY


@pytest.fixture
def ana(db):
    Organisation.objects.create(
        id=1, name="Northlight", npi="1", tax_id="1", phone="608-555-0100", address_line="1 Quay"
    )
    return access.officer("ana")


@pytest.fixture
def visit(ana):
    return make.appointment(officer=ana, asked_at=SUNDAY)


def heard():
    """Let every change's follower run, as late as it must, and say what was sent."""
    for event in Event.objects.filter(kind__startswith="scheduling.").order_by("id"):
        tell_about_visit(event=event, at=event.at + SETTLED)
    return list(Message.objects.order_by("id").values_list("template", flat=True))


def test_nothing_is_told_that_can_still_be_taken_back():
    assert SETTLED > UNDO_WITHIN + UNDO_GRACE


def test_a_booking_that_is_taken_back_is_not_confirmed(ana, visit):
    actions.undo(officer=ana, appointment=visit, at=SUNDAY + 9 * SECOND)

    assert heard() == []


def test_after_each_act_and_its_undo_the_patient_still_believes_what_is_true(ana, visit):
    assert heard() == ["booked"]
    later = SUNDAY + timedelta(hours=1)

    moved = actions.move(
        officer=ana, appointment=visit, clinician=visit.clinician, location=visit.location,
        starts_at=make.at(11), asked_at=later,
    )  # fmt: skip
    actions.undo(officer=ana, appointment=moved, at=later + 5 * SECOND)
    gone = actions.cancel(
        officer=ana, appointment=visit, reason="ill", at=later + timedelta(hours=1)
    )
    actions.undo(officer=ana, appointment=gone, at=later + timedelta(hours=1, seconds=5))

    assert heard() == ["booked"]


def test_what_stands_is_told(ana, visit):
    heard()
    later = SUNDAY + timedelta(hours=1)
    actions.move(
        officer=ana, appointment=visit, clinician=visit.clinician, location=visit.location,
        starts_at=make.at(11), asked_at=later,
    )  # fmt: skip
    assert heard() == ["booked", "moved"]

    actions.cancel(officer=ana, appointment=visit, reason="ill", at=later + timedelta(hours=1))

    assert heard() == ["booked", "moved", "cancelled"]
    assert "11:00 AM" in Message.objects.get(template="cancelled").body
