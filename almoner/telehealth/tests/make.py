"""A visit by video for tests, brought as far as a test wants it by the actions themselves."""

from datetime import date, datetime, timedelta

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.facility.models import Licence
from almoner.facility.tests import make as facility
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make as scheduling
from almoner.telehealth import actions
from almoner.telehealth.models import ConsentText, Participant, VideoVisit

LONG_AGO = date(2020, 1, 1)
WHERE = {"state": "Wisconsin", "address": "5 Mill Lane, Madison", "callback": "608 555 0123"}
PAGE = "00000000-0000-4000-8000-00000000000"


def text(state: str = "", **facts) -> ConsentText:
    facts = {"version": "1", "valid_from": LONG_AGO, "english": "Yes?", "spanish": "¿Sí?"} | facts
    return ConsentText.objects.create(state=state, **facts)


def appointment(**facts) -> Appointment:
    """A visit by video on Monday at nine, with a clinician who is licensed in Wisconsin."""
    facts.setdefault("visit_type", facility.visit_type("Video visit", by_video=True))
    facts.setdefault("patient", a_patient(birth_date=date(1984, 4, 27)))
    visit = scheduling.appointment(**facts)
    licence(visit.clinician)
    return visit


def licence(clinician, state: str = "WI", **facts) -> Licence:
    facts = {"number": "12345-20", "valid_from": LONG_AGO} | facts
    made, _new = Licence.objects.get_or_create(clinician=clinician, state=state, defaults=facts)
    return made


def host(visit: Appointment, username: str = "linh") -> Officer:
    """The clinician of the visit, who signs in."""
    made = access.officer(username, roles=("clinician",), location=visit.location)
    made.clinician = visit.clinician
    made.save()
    return made


def prepared(visit: Appointment, *, at: datetime, **where) -> None:
    """The patient said everything that the gate asks them."""
    if not ConsentText.objects.exists():
        text()
    actions.identify(officer=None, appointment_id=visit.pk, at=at)
    actions.say_where(officer=None, appointment_id=visit.pk, at=at, **WHERE | where)
    agreed = VideoVisit.objects.get(appointment=visit)
    row = (
        ConsentText.objects.filter(state__in=[agreed.located_state, ""]).order_by("-state").first()
    )
    actions.agree(officer=None, appointment_id=visit.pk, text_id=row.pk, language="en", at=at)


def early(visit: Appointment) -> datetime:
    """Ten minutes before the visit: its waiting room is open."""
    return visit.starts_at - timedelta(minutes=10)


def waiting(visit: Appointment | None = None, **where) -> tuple[Appointment, actions.Place]:
    """The patient waits, with nothing open at the gate."""
    visit = visit or appointment()
    prepared(visit, at=early(visit), **where)
    return visit, actions.enter(appointment_id=visit.pk, language="en", at=early(visit))


def opened(place: actions.Place, number: int, *, at: datetime) -> str:
    """The page of a place is open; its session."""
    session = f"{PAGE}{number}"
    actions.come(participant_id=place.participant_id, session=session, at=at)
    return session


def opened_again(who: Participant, number: int, *, at: datetime) -> str:
    """The page of somebody is open anew; its session."""
    return opened(actions.Place(who.pk, ""), number, at=at)


def person(place: actions.Place) -> Participant:
    """Whoever holds the place, as the database has them now."""
    return Participant.objects.select_related("visit__appointment").get(pk=place.participant_id)


def admitted(visit=None, **reasons):
    """A visit in which patient and clinician have their pages open."""
    visit, patient = waiting(visit)
    at = early(visit)
    linh = host(visit)
    hosts = actions.admit(officer=linh, appointment_id=visit.pk, reasons=reasons, at=at)
    opened(patient, 1, at=at)
    opened(hosts, 2, at=at)
    return visit, linh, person(patient), person(hosts)
