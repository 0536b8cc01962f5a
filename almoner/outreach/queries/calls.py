"""The call list: whom nobody can write to, and who is called instead."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from almoner.access.queries import Reading, WorkItem
from almoner.outreach import rules
from almoner.outreach.models import Enrolment
from almoner.outreach.queries.words import to_say
from almoner.outreach.rules import HELD_FOR, Standing, State
from almoner.patients import queries as patients
from almoner.patients.models import ReachedPhone
from almoner.patients.rules.details import listed_name, readable
from almoner.relations.queries.consents import zones_of
from almoner.relations.rules import may_send_at

SIZE = 25


@dataclass(frozen=True, slots=True)
class CallLine:
    """Somebody to be called."""

    id: int
    patient_id: int
    name: str
    campaign: str
    tries: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom to call now: who it is, at which number, what to say and what to book.

    ``there`` is the time of day where they are (``hour``), told when it is no hour to call.
    """

    id: int
    header: patients.Header
    number: str
    number_shown: str
    campaign: str
    words: str
    visit_type_id: int | None
    tries: int
    tries_left: int
    there: datetime | None


def to_call(*, number: int, reading: Reading) -> Page[Any]:
    """One page of whom nobody is calling, the longest due first; all on it are noted as seen.

    Two queries.
    """
    page: Page[Any] = Paginator(free(reading.at), SIZE).get_page(number)
    page.object_list = [
        CallLine(
            row.pk, row.patient_id,
            listed_name(family=row.patient.family, given=row.patient.given),
            row.campaign.name, row.tries, row.next_at or row.starts_at,
        )
        for row in page.object_list
    ]  # fmt: skip
    for line in page.object_list:
        reading.saw_about(WorkItem("enrolment", line.id), line.patient_id)
    return page


def waiting(at: datetime) -> int:
    """How many are to be called now, and nobody is calling. One query."""
    return free(at).count()


def caller(*, reading: Reading) -> Caller | None:
    """Whom this officer has taken to call, as they need them; None for nobody.

    A number is shown as it is now.
    """
    row = taken(reading.officer.pk, reading.at).first()
    if row is None:
        return None
    reading.saw_about(WorkItem("enrolment", row.pk), row.patient_id)
    phones = ReachedPhone.objects.filter(patient=row.patient_id).order_by("rank")
    known = phones.values_list("number", flat=True).first() or ""
    return Caller(
        id=row.pk,
        header=patients.header(row.patient_id, reading=reading),
        number=known,
        number_shown=readable(known) if known else "",
        campaign=row.campaign.name,
        words=to_say(row.campaign),
        visit_type_id=row.campaign.visit_type_id,
        tries=row.tries,
        tries_left=rules.GIVEN_UP_AFTER - row.tries,
        there=_night_there(row.patient_id, reading.at),
    )


def enrolment(enrolment_id: int, *, reading: Reading) -> Enrolment:
    """Raises Enrolment.DoesNotExist; whose place it is, is noted as seen."""
    row = Enrolment.objects.select_related("campaign").get(pk=enrolment_id)
    reading.saw_about(WorkItem("enrolment", row.pk), row.patient_id)
    return row


def _night_there(patient_id: int, at: datetime) -> datetime | None:
    zones = zones_of(patient_id, None)
    return None if may_send_at(at, zones) == at else at.astimezone(ZoneInfo(zones[0]))


def _calling() -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(state=State.CALLING, campaign__state=Standing.RUNNING)
    return rows.select_related("campaign", "patient")


def taken(officer_id: int, at: datetime) -> QuerySet[Enrolment]:
    """Whom an officer took, a short while ago, and who is still to be called."""
    mine = _calling().filter(taken_by_id=officer_id, taken_at__gt=at - HELD_FOR)
    return mine.order_by("-taken_at", "id")


def free(at: datetime) -> QuerySet[Enrolment]:
    """Who is to be called now and whom nobody is calling, the longest due first."""
    nobody = Q(taken_at=None) | Q(taken_at__lte=at - HELD_FOR)
    return _calling().filter(nobody, next_at__lte=at).order_by("next_at", "id")
