"""What patient and clinician are told of pictures, papers and money while they talk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from almoner.arrivals.queries import due
from almoner.ground.money import dollars
from almoner.ledger.models import Payment
from almoner.records.models import Document
from almoner.records.rules.papers import Source
from almoner.scheduling.models import Appointment
from almoner.telehealth import rules
from almoner.telehealth.models import Participant, PictureAsked
from almoner.telehealth.rules import Role
from almoner.telehealth.rules.handing import ANSWER_WITHIN, waits

_MOST = 10
_WAITING = ("asked", "sent", "unknown")


def handed(row: Participant, *, at: datetime) -> dict[str, Any]:
    """For the room of this place; nothing for whoever was invited. Three queries in a call."""
    if row.role in rules.INVITED:
        return {}
    paid = {"pay": paying(row.visit.appointment).said}
    if not row.visit.passes:
        return paid
    return paid | {"picture": _picture(row, at=at), "papers": _papers(row)}


def _picture(row: Participant, *, at: datetime) -> dict[str, Any] | None:
    """The newest question of the last minutes, and how it stands."""
    asked = PictureAsked.objects.filter(visit=row.visit_id, asked_at__gt=at - 2 * ANSWER_WITHIN)
    newest = asked.order_by("-id").first()
    if newest is None:
        return None
    if newest.given is None:
        state = "asked" if waits(asked_at=newest.asked_at, at=at) else "lapsed"
    elif newest.document_id:
        state = "kept"
    else:
        state = "given" if newest.given else "refused"
    return {"id": newest.pk, "state": state}


def _papers(row: Participant) -> list[dict[str, Any]]:
    """What was handed over in this visit; to the patient their own."""
    rows = Document.objects.filter(visit_id=row.visit.appointment_id, source=Source.CALL)
    if row.role == Role.PATIENT:
        rows = rows.filter(sent_by_id=None)
    told = rows.order_by("-id").values_list("id", "title")[:_MOST]
    return [{"id": id_, "title": title} for id_, title in told]


@dataclass(frozen=True, slots=True)
class Paying:
    """The newest payment of a visit by card: empty, asked or done, and its amount in words."""

    state: str
    amount: str

    @property
    def said(self) -> dict[str, str]:
        return {"state": self.state, "amount": self.amount}


def paying(appointment: Appointment) -> Paying:
    """One query."""
    rows = Payment.objects.filter(
        patient_id=appointment.patient_id, visit_id=appointment.pk, method="card"
    )
    newest = rows.order_by("-id").values_list("state", "cents").first()
    return paying_as(*newest) if newest else paying_as("", 0)


def paying_as(state: str, cents: int) -> Paying:
    if state in _WAITING:
        return Paying("asked", dollars(cents))
    done = state == Payment.State.COMPLETED
    return Paying("done", dollars(cents)) if done else Paying("", "")


def left_to_pay(appointment_id: int) -> str:
    """What is still to pay before or in the visit, in words; empty when nothing, or unknown."""
    cents = due(appointment_id)
    return dollars(cents) if cents else ""
