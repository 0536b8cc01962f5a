"""What check-in of one visit asks: each item with what is known about it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.queries import Reading
from almoner.arrivals import rules
from almoner.arrivals.models import Encounter
from almoner.arrivals.queries.ahead import Ahead, told
from almoner.arrivals.rules import Item
from almoner.coverage import queries as coverage
from almoner.coverage.queries import CheckLine
from almoner.coverage.rules import CannotTell, Collect, Why
from almoner.ground import dates
from almoner.ground.money import dollars
from almoner.ledger import queries as ledger
from almoner.patients import queries as patients
from almoner.patients.models import Patient
from almoner.patients.queries import ChangeLine, Reach
from almoner.records import queries as records
from almoner.records.queries import Due
from almoner.scheduling.models import Appointment

MOST_CHANGES = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One item: what is known, and whether nothing needs to be asked (``clear``)."""

    item: Item
    says: str
    clear: bool
    tone: str = "info"


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything the check-in page shows of one visit. ``copay`` is cents, None when unknown.

    ``reach`` is what the patient is asked to compare; ``changed`` what changed in the record in the
    time for which confirmed details hold, the latest first. Nobody can arrive for a visit of
    ``another_day``. A payer asked at ``asking_since`` has not answered yet. ``ahead`` is what the
    patient said by link before coming, ``proposals`` counts what the patient wrote on forms for the
    registration and nobody has decided.
    """

    appointment_id: int
    patient_id: int
    encounter: Encounter | None
    status: str
    visit_type: str
    clinician: str
    location_id: int
    local_day: date
    local_time: time
    another_day: bool
    asking_since: datetime | None
    lines: dict[Item, Line]
    forms: tuple[Due, ...]
    copay: int | None
    paid: int
    reach: Reach
    changed: list[ChangeLine]
    ahead: Ahead | None
    proposals: int

    @property
    def clear(self) -> frozenset[Item]:
        """The items nothing needs to be asked about."""
        return frozenset(item for item, line in self.lines.items() if line.clear)

    @property
    def said(self) -> frozenset[Item]:
        """The items of which a change said ahead is neither accepted nor refused."""
        if self.ahead is None:
            return frozenset()
        return frozenset(
            item
            for item, changes in (
                (Item.DETAILS, self.ahead.details),
                (Item.COVERAGE, [*self.ahead.coverage, *self.ahead.cards]),
            )
            if changes
        )

    @property
    def to_collect(self) -> int:
        """Cents still to collect at the desk; 0 when nothing is known to be due."""
        return _left(self.copay, self.paid) or 0

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
    forms = records.due(
        patient.pk,
        visit_type_id=visit.visit_type_id,
        on=visit.local_day,
        visit_id=visit.pk,
        reading=reading,
    )
    kept = coverage.is_not_asked(visit.pk)
    cover = None if kept else coverage.cover_on(patient.pk, on=visit.local_day, reading=reading)
    check = cover.stands if cover else None
    ahead = told(visit.pk, reading=reading)
    copay, paid = _copay(check), _paid(visit)
    encounter = Encounter.objects.filter(appointment=visit).first()
    lines = (
        Line(Item.IDENTITY, "", clear=False),
        _details_ahead(ahead) or _details(patient, at=reading.at),
        _coverage_kept() if kept else _coverage_ahead(ahead) or _coverage(check),
        _forms_line(forms),
        _money_kept(paid) if kept else _money(copay, paid, check),
    )
    return Checklist(
        appointment_id=visit.pk,
        patient_id=patient.pk,
        encounter=encounter,
        status=visit.status,
        visit_type=visit.visit_type.name,
        clinician=str(visit.clinician),
        location_id=visit.location_id,
        local_day=visit.local_day,
        local_time=visit.local_time,
        another_day=encounter is None and _another_day(visit, at=reading.at),
        asking_since=cover.asking_since if cover else None,
        lines={line.item: line for line in lines},
        forms=forms,
        copay=copay,
        paid=paid,
        reach=patients.reach(patient.pk, reading=reading),
        changed=_changed(patient.pk, reading=reading),
        ahead=ahead,
        proposals=records.waiting(patient.pk, reading=reading),
    )


def _another_day(visit: Appointment, *, at: datetime) -> bool:
    today = at.astimezone(ZoneInfo(visit.time_zone)).date()
    return rules.another_day(visit.local_day, starts_at=visit.starts_at, today=today, at=at)


def _changed(patient_id: int, *, reading: Reading) -> list[ChangeLine]:
    lines, _following = patients.history(patient_id, reading=reading)
    since = reading.at - rules.DETAILS_HOLD_FOR
    return [line for line in lines if line.at > since][:MOST_CHANGES]


def _details_ahead(ahead: Ahead | None) -> Line | None:
    if ahead is None:
        return None
    if ahead.details:
        says = _("The patient changed details: accept or refuse each.")
        return Line(Item.DETAILS, says, clear=False, tone="warn")
    if ahead.details_at is None:
        return None
    says = _("The patient confirmed them on %(day)s.")
    on = dates.day(timezone.localtime(ahead.details_at))
    return Line(Item.DETAILS, says % {"day": on}, clear=True, tone="good")


def _coverage_ahead(ahead: Ahead | None) -> Line | None:
    if ahead is None or not (ahead.coverage or ahead.cards):
        return None
    says = _("The patient sent something about the coverage: accept or refuse it.")
    return Line(Item.COVERAGE, says, clear=False, tone="warn")


def _details(patient: Patient, *, at: datetime) -> Line:
    fresh = rules.details_are_fresh(patient.reviewed_at, at=at)
    if patient.reviewed_at is None:
        return Line(Item.DETAILS, _("Never confirmed: ask address, phone and e-mail."), clear=False)
    says = _("Confirmed on %(day)s.") if fresh else _("Last confirmed on %(day)s: ask again.")
    return Line(
        Item.DETAILS,
        says % {"day": dates.day(timezone.localtime(patient.reviewed_at))},
        fresh,
        _tone(clear=fresh),
    )


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
    if check.decision and check.decision.covered:
        says = _("%(payer)s: active; the answer tells no co-pay.") % {"payer": check.payer}
        return Line(Item.COVERAGE, says, clear=True, tone="good")
    says = _("%(payer)s answered, and the cover is in doubt: open it.") % {"payer": check.payer}
    return Line(Item.COVERAGE, says, clear=False, tone="warn")


def _coverage_kept() -> Line:
    says = _("Kept from the plan, as the patient asked: it is not asked and not told.")
    return Line(Item.COVERAGE, says, clear=True, tone="warn")


def _money_kept(paid: int) -> Line:
    says = _("The patient pays this visit in full. Paid so far: %(amount)s.")
    return Line(Item.COPAY, says % {"amount": dollars(paid)}, clear=True, tone="warn")


def _forms_line(forms: tuple[Due, ...]) -> Line:
    says = _("To be signed, here or on paper.") if forms else _("Nothing to sign.")
    if any(form.declined for form in forms):
        says = _("The patient declined: ask, and have it signed or say why not.")
    return Line(Item.FORMS, says, clear=not forms, tone=_tone(clear=not forms))


def due(appointment_id: int) -> int | None:
    """Cents the desk would still collect; None when it cannot be told before the visit.

    For the patient's own page; hands nothing to a reader. Raises Appointment.DoesNotExist.
    """
    visit = Appointment.objects.get(pk=appointment_id)
    if coverage.is_not_asked(appointment_id):
        return None
    cover = coverage.own_cover_on(visit.patient_id, on=visit.local_day)
    return _left(_copay(cover.stands if cover else None), _paid(visit))


def _left(copay: int | None, paid: int) -> int | None:
    return None if copay is None else max(0, copay - paid)


def _copay(check: CheckLine | None) -> int | None:
    decision = check.decision if check else None
    return decision.cents if isinstance(decision, Collect) else None


def _paid(visit: Appointment) -> int:
    return ledger.visit_balances([visit.pk])[visit.pk].credit


def _money(copay: int | None, paid: int, check: CheckLine | None) -> Line:
    if copay is None and paid:
        says = _("Paid %(amount)s.") % {"amount": dollars(paid)}
        return Line(Item.COPAY, says, clear=True, tone="good")
    if copay is None:
        decision = check.decision if check else None
        if isinstance(decision, CannotTell) and decision.why is Why.NEEDS_PRICE:
            says = _("Nothing to collect now: the share is billed when the payer has paid.")
            return Line(Item.COPAY, says, clear=True, tone="good")
        return Line(Item.COPAY, _("No co-pay is known."), clear=False)
    facts = {"amount": dollars(max(0, copay - paid)), "whole": dollars(copay)}
    if copay <= paid:
        says = _("Co-pay %(whole)s is paid.") if copay else _("No co-pay is due.")
        return Line(Item.COPAY, says % facts, clear=True, tone="good")
    return Line(Item.COPAY, _("Collect %(amount)s now.") % facts, clear=False, tone="warn")


def _tone(*, clear: bool) -> str:
    return "good" if clear else "warn"
