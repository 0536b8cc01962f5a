"""What happens around a campaign: the worker, a call, a booking, a fault."""

from datetime import timedelta

from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.outreach import actions
from almoner.outreach.actions import sending
from almoner.outreach.rules import Called
from almoner.outreach.tests.make import NOW
from almoner.relations import actions as relations
from almoner.scheduling.tests import make as scheduling

HOUR = timedelta(hours=1)


def deliver(at=NOW):
    """What the outbox's worker does with everything that waits."""
    for item in Outgoing.objects.filter(state="waiting").order_by("pk"):
        outbox.try_delivery(item.pk, at=at)


def run(at=NOW):
    actions.send_due(at=at)
    deliver(at)


def called(officer, here, how=Called.NO_ANSWER, *, number="", at=NOW):
    """An officer takes somebody of the list, and their call ends so."""
    actions.take_call(officer=officer, at=at, enrolment_id=here.pk)
    actions.record_call(officer=officer, enrolment=here, called=how, said="", number=number, at=at)


def books(patient, **facts):
    return scheduling.appointment(patient=patient, asked_at=NOW + HOUR, **facts)


def breaks_for(patient, monkeypatch):
    """Writing to this one fails, whatever it is of."""
    broken, reach_out = patient.phones.get().number, relations.reach_out

    def fails(to, *arguments, **facts):
        if to.address == broken:
            raise ZeroDivisionError
        return reach_out(to, *arguments, **facts)

    monkeypatch.setattr(sending.relations, "reach_out", fails)
