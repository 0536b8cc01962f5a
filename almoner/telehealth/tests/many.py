"""A call of five for tests, brought so far by the actions themselves."""

from almoner.telehealth import actions
from almoner.telehealth.actions import gathering
from almoner.telehealth.models import Participant, Passage
from almoner.telehealth.rules import Role
from almoner.telehealth.tests import make
from almoner.telehealth.tests.make import admitted, person

OFFER = "v=0 an offer"


def invited(visit, officer, *, at):
    return actions.invite(
        officer=officer, appointment_id=visit.pk, role=Role.FAMILY, language="en", at=at
    )


def comes(visit, officer, number):
    """A guest takes their place and opens the page of it."""
    at = make.early(visit)
    token = invited(visit, officer, at=at)
    place = actions.accept(token=token, name=f"Guest {number}", language="en", at=at)
    make.opened(place, number, at=at)
    return person(place)


def five():
    """A visit in which five have their pages open: patient, clinician and three guests."""
    visit, linh, *_two = admitted()
    guests = [comes(visit, linh, number) for number in (3, 4, 5)]
    patient, host = (Participant.objects.get(role=role) for role in (Role.PATIENT, Role.CLINICIAN))
    return visit, linh, [patient, host, *guests]


def sends(who, *, at=None, up=True):
    who = fresh(who)
    at = at or make.early(who.visit.appointment)
    sent = gathering.send(participant=who, session=who.session, offer=OFFER, at=at)
    if up:
        gathering.stay(participant=who, session=who.session, ids=[sent["id"]], at=at)
    return sent["id"]


def gets(who, feed):
    who, far = fresh(who), Passage.objects.get(pk=feed).near_id
    at = make.early(who.visit.appointment)
    return gathering.get(participant=who, session=who.session, to=far, feed=feed, at=at)["id"]


def fresh(who):
    return Participant.objects.select_related("visit__appointment").get(pk=who.pk)
