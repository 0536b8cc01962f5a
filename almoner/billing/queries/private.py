"""Which visits are kept from whoever pays, or from the plan."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import Http404

from almoner.access.models import Officer
from almoner.access.queries import Reading
from almoner.billing.models import Claim, PrivateVisit, Statement
from almoner.billing.rules.private import is_claimed
from almoner.ledger import queries as ledger
from almoner.scheduling.models import Appointment

_MOST = 12
_OPEN = PrivateVisit.objects.filter(ended_at=None)


def is_kept_from_plan(appointment_id: int | None) -> bool:
    """Whether the plan is asked nothing, and told nothing, of this visit. One query."""
    return (
        appointment_id is not None
        and _OPEN.filter(appointment_id=appointment_id, from_plan=True).exists()
    )


def is_kept_from_guarantor(appointment_id: int) -> bool:
    """Whether those around the patient are told nothing of this visit. One query."""
    return _OPEN.filter(appointment_id=appointment_id, from_guarantor=True).exists()


def is_kept(kind: str, item_id: int) -> bool:
    """Whether those around the patient are told nothing of this visit or statement. One query."""
    if kind == "appointment":
        return is_kept_from_guarantor(item_id)
    return kind == "statement" and is_private_bill(f"statement:{item_id}")


def kept_from_guarantor(patient_id: int) -> frozenset[int]:
    """The visits whose money stands apart from all other of a patient's. One query."""
    rows = _OPEN.filter(patient_id=patient_id, from_guarantor=True)
    return frozenset(rows.values_list("appointment_id", flat=True))


def is_private_bill(item: str) -> bool:
    """Whether what a payment is for, ``statement:17``, is a statement to the patient alone."""
    kind, _colon, number = item.partition(":")
    if kind != "statement" or not number.isdigit():
        return False
    return Statement.objects.filter(pk=int(number), private=True).exists()


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as the panel lists it: whether it is kept from whoever pays, and from the plan."""

    id: int
    day: date
    clinician: str
    from_guarantor: bool
    from_plan: bool


def visits_to_keep(patient_id: int) -> list[VisitLine]:
    """The newest visits that are planned or were kept; the page has noted who is seen.

    Two queries.
    """
    rows = Appointment.objects.filter(patient_id=patient_id).exclude(
        status=Appointment.Status.CANCELLED
    )
    known = {row.appointment_id: row for row in _OPEN.filter(patient_id=patient_id)}
    return [
        VisitLine(
            row.pk,
            row.local_day,
            str(row.clinician),
            bool(row.pk in known and known[row.pk].from_guarantor),
            bool(row.pk in known and known[row.pk].from_plan),
        )
        for row in rows.select_related("clinician").order_by("-starts_at", "-id")[:_MOST]
    ]


@dataclass(frozen=True, slots=True)
class Keeping:
    """One visit and what is asked of it; ``owed`` in cents is what the patient owes for it.

    ``claimed``: the plan knows of it already.
    """

    visit: Appointment
    open: PrivateVisit | None
    taken_by: str
    owed: int
    claimed: bool


def keeping(appointment_id: int, *, reading: Reading) -> Keeping:
    """Noted as seen. Five queries. Raises Http404."""
    visit = Appointment.objects.select_related("clinician").filter(pk=appointment_id).first()
    if visit is None:
        raise Http404
    reading.saw([visit.patient_id])
    row = _OPEN.filter(appointment_id=appointment_id).first()
    by = Officer.objects.filter(pk=row.taken_by_id).values_list("name", flat=True) if row else ()
    return Keeping(
        visit,
        row,
        next(iter(by), ""),
        ledger.visit_balances([appointment_id])[appointment_id].due,
        is_claimed(claim_states(appointment_id)),
    )


def claim_states(appointment_id: int) -> list[str]:
    """How the claims of a visit stand. One query."""
    rows = Claim.objects.filter(slip__encounter__appointment_id=appointment_id)
    return list(rows.values_list("state", flat=True))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A visit that a statement does not name."""

    id: int
    patient_name: str
    day: date


def left_out_of(row: Statement, *, reading: Reading) -> list[LeftOut]:
    """What a statement to whoever pays does not say; those it is about are noted as seen.

    One query. Nothing of a statement to the patient alone; what was kept only after it was sent
    stands on it.
    """
    if row.private:
        return []
    theirs = Q(patient__guarantor=row.guarantor_id) | Q(
        patient=row.guarantor_id, patient__guarantor=None
    )
    printed = [line["visit_id"] for line in row.lines if line["visit_id"]]
    kept = _OPEN.filter(theirs, from_guarantor=True).exclude(appointment_id__in=printed)
    kept = kept.select_related("appointment", "patient")
    rows = list(kept.order_by("appointment__local_day", "pk")[:_MOST])
    reading.saw_beside(row.guarantor_id, {each.patient_id for each in rows})
    return [
        LeftOut(
            each.appointment_id,
            f"{each.patient.given} {each.patient.family}".strip(),
            each.appointment.local_day,
        )
        for each in rows
    ]
