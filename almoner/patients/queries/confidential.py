"""How a patient may be reached now: by all that is kept of them, or only as they asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.models import Officer
from almoner.access.queries import Reading
from almoner.ground.words import gettext_noop
from almoner.patients.models import ConfidentialContact, ReachedAddress
from almoner.patients.queries.registry import Alert
from almoner.patients.rules.confidential import Ways, allows
from almoner.patients.rules.details import readable

_MOST = 50

CONFIDENTIAL = """
    (SELECT json_build_array(phone, may_text, email, address)
       FROM patients_confidentialcontact
      WHERE patient_id = p.id AND ended_at IS NULL)
"""


def confidential_alerts(asked: Any, patient_id: int, reading: Reading) -> Iterator[Alert]:
    """What whoever is about to call or write must know, on every screen about the patient."""
    may = reading.officer.may("patients.edit")
    url = reverse("confidential_contact", args=[patient_id]) if may else ""
    yield Alert(only(Ways(*asked)), "warn", url)


def only(ways: Ways) -> str:
    """``Confidential contact: only (608) 555-0117, no texts``."""
    told = []
    if ways.phone:
        number = readable(ways.phone)
        told.append(number if ways.may_text else _("%(number)s, no texts") % {"number": number})
    told += [each for each in (ways.email, " ".join(ways.address.split())) if each]
    where = " · ".join(told) or _("in their account")
    return _("Confidential contact: only %(where)s") % {"where": where}


def open_contact(patient_id: int) -> ConfidentialContact | None:
    """The request that holds now. For sending and for pages that have noted who was seen."""
    return ConfidentialContact.objects.filter(patient_id=patient_id, ended_at=None).first()


def ways_of(row: ConfidentialContact) -> Ways:
    return Ways(row.phone, row.may_text, row.email, row.address)


def ways(patient_id: int) -> Ways | None:
    """How a patient asked to be reached; None for who did not ask. One query."""
    row = open_contact(patient_id)
    return ways_of(row) if row else None


def kept_confidential(patient_id: int | None, channel: str, address: str) -> str:
    """Why nothing may leave there for this patient, in words; empty when it may. One query.

    Asked by everything that sends, at the moment of sending.
    """
    if patient_id is None or allows(ways(patient_id), channel, address):
        return ""
    return gettext_noop("The patient asked for confidential contact, in another way")


def only_of(ids: list[int]) -> dict[int, str]:
    """The alert of each of these who asked, by id. One query."""
    rows = ConfidentialContact.objects.filter(patient_id__in=ids, ended_at=None)
    return {row.patient_id: only(ways_of(row)) for row in rows}


def mail_lines(patient_id: int) -> list[str]:
    """Where letters go, line by line; none to whoever gets no mail. One query."""
    row = ReachedAddress.objects.filter(patient_id=patient_id).order_by("rank").first()
    return row.lines.splitlines() if row else []


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the page lists it; ``taken_by`` is empty when the patient made it online."""

    id: int
    only: str
    since: datetime
    taken_by: str
    ended_at: datetime | None
    ended_by: str


def asked_of(patient_id: int, *, reading: Reading) -> list[Asked]:
    """What a patient asked for, the newest first; noted as seen. Two queries."""
    reading.saw([patient_id])
    rows = list(ConfidentialContact.objects.filter(patient_id=patient_id).order_by("-pk")[:_MOST])
    ids = {each for row in rows for each in (row.taken_by_id, row.ended_by_id) if each}
    names = dict(Officer.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        Asked(
            row.pk, only(ways_of(row)), row.since, names.get(row.taken_by_id or 0, ""),
            row.ended_at, names.get(row.ended_by_id or 0, ""),
        )
        for row in rows
    ]  # fmt: skip
