"""What check-in of one visit asks: each item with what is known about it."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.queries import Reading
from almoner.arrivals import rules
from almoner.arrivals.models import Encounter, SignedForm
from almoner.arrivals.rules import Item
from almoner.coverage import queries as coverage
from almoner.coverage.queries import CheckLine
from almoner.coverage.rules import Collect
from almoner.ground.money import dollars
from almoner.ledger import queries as ledger
from almoner.patients.models import Patient
from almoner.scheduling.models import Appointment


@dataclass(frozen=True, slots=True)
class Line:
    """One item: what is known, and whether nothing needs to be asked (``clear``)."""

    item: Item
    says: str
    clear: bool
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything the check-in page shows of one visit. ``copay`` is cents, None when unknown."""

    appointment_id: int
    patient_id: int
    encounter: Encounter | None
    status: str
    visit_type: str
    clinician: str
    location_id: int
    local_day: date
    local_time: time
    lines: dict[Item, Line]
    forms: tuple[str, ...]
    copay: int | None
    paid: int

    @property
    def to_collect(self) -> int:
        """Cents still to collect at the desk; 0 when nothing is known to be due."""
        return max(0, (self.copay or 0) - self.paid)

    @property
    def here(self) -> bool:
        """Whether check-in is behind this visit."""
        return self.encounter is not None and self.encounter.state != rules.State.ARRIVED


def checklist(appointment_id: int, *, reading: Reading) -> Checklist:
    """What check-in of this visit asks. Raises Http404 when there is no such visit."""
    visit = (
        Appointment.objects.select_related("patient", "visit_type", "clinician")
        .defer("patient__keys", "patient__likeness")
        .filter(pk=appointment_id)
        .first()
    )
    if visit is None:
        raise Http404
    patient = visit.patient
    reading.saw([patient.pk])
    forms = _forms(patient.pk, visit.local_day)
    check = coverage.collect_for(patient.pk, on=visit.local_day, reading=reading)
    copay, paid = _copay(check), _paid(visit)
    lines = (
        Line(Item.IDENTITY, "", clear=False),
        _details(patient, at=reading.at),
        _coverage(check),
        _forms_line(forms),
        _money(copay, paid),
    )
    return Checklist(
        appointment_id=visit.pk,
        patient_id=patient.pk,
        encounter=Encounter.objects.filter(appointment=visit).first(),
        status=visit.status,
        visit_type=visit.visit_type.name,
        clinician=str(visit.clinician),
        location_id=visit.location_id,
        local_day=visit.local_day,
        local_time=visit.local_time,
        lines={line.item: line for line in lines},
        forms=forms,
        copay=copay,
        paid=paid,
    )


def _details(patient: Patient, *, at: datetime) -> Line:
    fresh = rules.details_are_fresh(patient.reviewed_at, at=at)
    if patient.reviewed_at is None:
        return Line(Item.DETAILS, _("Never confirmed: ask address, phone and e-mail."), clear=False)
    day = patient.reviewed_at.date()
    says = _("Confirmed on %(day)s.") if fresh else _("Last confirmed on %(day)s: ask again.")
    return Line(Item.DETAILS, says % {"day": f"{day:%b} {day.day}"}, fresh, _tone(clear=fresh))


_COVERAGE_SAYS = {
    "asked": gettext_lazy("Asked; the payer has not answered yet. Check-in can go on."),
    "silent": gettext_lazy("The payer did not answer. Waive it, or ask again."),
    "failed": gettext_lazy("The question did not reach the payer. Waive it, or ask again."),
    "rejected": gettext_lazy("The payer could not answer: open it to see what must be corrected."),
    "unreadable": gettext_lazy("What came back could not be read. Waive it, or ask again."),
}


def _coverage(check: CheckLine | None) -> Line:
    if check is None:
        return Line(Item.COVERAGE, _("Nothing is known for today."), clear=False)
    if check.state != "answered":
        return Line(Item.COVERAGE, str(_COVERAGE_SAYS[check.state]), clear=False, tone="warn")
    if isinstance(check.decision, Collect):
        says = _("%(payer)s: active, answered for today.") % {"payer": check.payer}
        return Line(Item.COVERAGE, says, clear=True, tone="good")
    says = _("%(payer)s answered; the co-pay cannot be told from it.") % {"payer": check.payer}
    return Line(Item.COVERAGE, says, clear=False, tone="warn")


def _forms(patient_id: int, on: date) -> tuple[str, ...]:
    rows = SignedForm.objects.filter(patient=patient_id).order_by("signed_date", "id")
    signed = {row.code: (row.version, row.signed_date) for row in rows}
    return tuple(form.code for form in rules.forms_due(signed, on=on))


def _forms_line(forms: tuple[str, ...]) -> Line:
    says = _("Hand out and see signed.") if forms else _("Nothing to sign.")
    return Line(Item.FORMS, says, clear=not forms, tone=_tone(clear=not forms))


def _copay(check: CheckLine | None) -> int | None:
    decision = check.decision if check else None
    return decision.cents if isinstance(decision, Collect) else None


def _paid(visit: Appointment) -> int:
    return ledger.visit_balances([visit.pk])[visit.pk].credit


def _money(copay: int | None, paid: int) -> Line:
    if copay is None:
        says = _("No co-pay is known.") if not paid else _("Paid %(amount)s.")
        return Line(Item.COPAY, says % {"amount": dollars(paid)}, clear=bool(paid))
    facts = {"amount": dollars(max(0, copay - paid)), "whole": dollars(copay)}
    if copay <= paid:
        says = _("Co-pay %(whole)s is paid.") if copay else _("No co-pay is due.")
        return Line(Item.COPAY, says % facts, clear=True, tone="good")
    return Line(Item.COPAY, _("Collect %(amount)s now.") % facts, clear=False, tone="warn")


def _tone(*, clear: bool) -> str:
    return "good" if clear else "warn"
