"""What was said to a patient, and everything that happened, in one line of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from almoner.access.queries import Reading
from almoner.facility.models import Location, Organisation
from almoner.patients.models import Email, Patient, Phone
from almoner.relations.rules import sentence

PAGE = 50

KINDS = {
    "visits": ("scheduling", "arrivals"),
    "coverage": ("coverage",),
    "money": ("ledger", "billing"),
    "messages": ("relations",),
    "details": ("patients",),
}
"""Names of the filter, and the duties whose events each lets through."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    id: int
    at: datetime
    kind: str
    duty: str
    says: str
    by: str | None
    about_kind: str
    about_id: int | None


TIMELINE = """
SELECT event.id, event.at, event.kind, event.data, officer.name, event.about_kind, event.about_id
  FROM ground_event event
  LEFT JOIN access_officer officer ON officer.id = event.by_id
 WHERE event.patient_id = %(patient_id)s
   AND (%(duties)s::text[] IS NULL OR split_part(event.kind, '.', 1) = ANY(%(duties)s))
   AND (%(after_at)s::timestamptz IS NULL
        OR (event.at, event.id) < (%(after_at)s::timestamptz, %(after_id)s))
 ORDER BY event.at DESC, event.id DESC
 LIMIT %(limit)s
"""


def timeline(
    patient_id: int,
    *,
    reading: Reading,
    only: str = "",
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> tuple[list[Happening], tuple[datetime, int] | None]:
    """What happened to one patient, newest first, and where the next page begins. One query.

    ``only`` is a name of `KINDS`; any other text lets everything through.
    """
    reading.saw([patient_id])
    parameters = {
        "patient_id": patient_id,
        "duties": list(KINDS[only]) if only in KINDS else None,
        "after_at": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit + 1,
    }
    with connection.cursor() as sql:
        sql.execute(TIMELINE, parameters)
        lines = [_happening(row) for row in sql.fetchall()]
    page = lines[:limit]
    return page, (page[-1].at, page[-1].id) if len(lines) > limit else None


def _happening(row: tuple[Any, ...]) -> Happening:
    number, at, kind, data, by, about_kind, about_id = row
    facts = orjson.loads(data) if isinstance(data, str) else data
    return Happening(
        id=number,
        at=at,
        kind=kind,
        duty=kind.partition(".")[0],
        says=sentence(kind, facts),
        by=by,
        about_kind=about_kind,
        about_id=about_id,
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """How a patient can be told something: the language, a phone that takes texts, an address."""

    patient_id: int
    language: str
    phone: str | None
    may_text: bool
    email: str | None


def reach(patient_id: int) -> Reach:
    """Where a message to this patient goes; for sending, so nothing is shown to a reader."""
    language = Patient.objects.values_list("language", flat=True).get(pk=patient_id)
    phone = Phone.objects.filter(patient_id=patient_id).exclude(use="old").order_by("rank").first()
    email = Email.objects.filter(patient_id=patient_id).order_by("rank").first()
    return Reach(
        patient_id=patient_id,
        language=language,
        phone=phone.number if phone else None,
        may_text=phone.may_text if phone else False,
        email=email.address if email else None,
    )


@dataclass(frozen=True, slots=True)
class Sender:
    """What every message says of us."""

    clinic: str
    address: str
    phone: str


def sender(location_id: int | None) -> Sender:
    """Our name, and the address and phone of the location the message is about."""
    clinic = Organisation.objects.get()
    here = Location.objects.filter(pk=location_id).first() if location_id else None
    where = here or clinic
    return Sender(clinic=clinic.name, address=where.address_line, phone=where.phone)
