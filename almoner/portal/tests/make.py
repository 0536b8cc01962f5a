"""A visit with its link, and a phone that opens it."""

from datetime import date, datetime, timedelta

from django.test import Client

from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.queries import token_of
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

BORN = date(1984, 4, 27)
NOW = make.SUNDAY


def linked(
    *, language: str = "en", at: datetime = NOW, starts_at: datetime | None = None, **facts
) -> Appointment:
    """A visit booked for somebody born on `BORN`, whose link was sent; Tuesday at nine."""
    person = facts.pop("patient", None) or a_patient(birth_date=BORN, language=language)
    starts_at = starts_at or make.at(9, day=make.MONDAY + timedelta(days=1))
    visit = make.appointment(patient=person, starts_at=starts_at, asked_at=at, **facts)
    make.days(since=make.MONDAY)
    assert actions.link_for(visit.pk, language, at)
    return visit


def path(visit: Appointment, rest: str = "") -> str:
    return f"/v/{token_of(visit.pk)}/{rest}"


def says(visit: Appointment, born: date = BORN, *, client: Client | None = None) -> Client:
    """A phone that opened the link and said a birth date."""
    client = client or Client()
    client.post(path(visit), {"month": born.month, "day": born.day, "year": born.year})
    return client
