"""Charge capture: what was done at a visit, written down, posted, corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.arrivals.models import Encounter
from almoner.billing import queries
from almoner.billing.actions import claims
from almoner.billing.models import ChargeLine, ChargeSlip
from almoner.billing.rules import edits
from almoner.coverage.models import Policy
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.ledger import actions as ledger
from almoner.ledger import rules as shapes


@dataclass(frozen=True, slots=True)
class LineEntered:
    """A service as it was typed; without a fee the charge master's holds (cents for one unit)."""

    procedure: str
    pointers: tuple[int, ...]
    units: int = 1
    modifiers: tuple[str, ...] = ()
    fee_cents: int | None = None
    place_of_service: str = ""


class SlipChanged(Exception):
    """Somebody else changed or posted these charges meanwhile; nothing was written."""


class NoFee(Exception):
    """A procedure is not in the charge master of the day of service, and no fee was typed."""

    def __init__(self, number: int, procedure: str) -> None:
        super().__init__(number, procedure)
        self.number = number
        self.procedure = procedure


class ChargesRefused(Exception):
    """The charges cannot be posted as they are; ``findings`` say why, and whose move it is."""

    def __init__(self, findings: list[edits.Finding]) -> None:
        super().__init__(", ".join(finding.rule for finding in findings))
        self.findings = findings


@transaction.atomic
def save_charges(
    *,
    officer: Officer,
    encounter: Encounter,
    diagnoses: Sequence[str],
    lines: Sequence[LineEntered],
    version: int,
    at: datetime,
) -> ChargeSlip:
    """Write a visit's charges down without posting them; the next save takes their place.

    ``version`` is the one that was read, 0 when there were none yet. Raises SlipChanged, NoFee or
    PermissionDenied; then nothing was written.
    """
    require(officer, "billing.charge")
    slip = _open_slip(encounter, version=version, at=at)
    _write(slip, diagnoses=diagnoses, lines=lines, officer=officer, at=at)
    events.record(
        "billing.charges_saved", at=at, by=officer, about=slip, patient_id=slip.patient_id
    )
    return slip


def _open_slip(encounter: Encounter, *, version: int, at: datetime) -> ChargeSlip:
    live = (
        ChargeSlip.objects.select_for_update()
        .filter(encounter=encounter)
        .exclude(state=ChargeSlip.State.REVERSED)
        .first()
    )
    if live is None and version == 0:
        try:
            with transaction.atomic():
                return _new_slip(encounter, at=at)
        except IntegrityError as error:
            if not violated(error, "charge_slip_one_live"):
                raise
            raise SlipChanged from error
    if live is None or live.state != ChargeSlip.State.OPEN or live.version != version:
        raise SlipChanged
    live.version += 1
    return live


def _new_slip(
    encounter: Encounter, *, at: datetime, replaces: ChargeSlip | None = None
) -> ChargeSlip:
    return ChargeSlip.objects.create(
        encounter=encounter,
        patient_id=encounter.patient_id,
        clinician_id=encounter.clinician_id,
        location_id=encounter.location_id,
        service_date=encounter.service_date,
        place_of_service=encounter.location.place_of_service,
        saved_at=at,
        replaces=replaces,
    )


def _write(
    slip: ChargeSlip,
    *,
    diagnoses: Sequence[str],
    lines: Sequence[LineEntered],
    officer: Officer,
    at: datetime,
) -> None:
    slip.diagnoses = list(diagnoses)
    slip.policy = queries.policy_of_visit(slip.encounter)
    slip.saved_at, slip.saved_by_id = at, officer.pk
    slip.save()
    items = queries.items_on([line.procedure for line in lines], day=slip.service_date)
    slip.lines.all().delete()
    rows = []
    for number, line in enumerate(lines, 1):
        item = items.get(line.procedure)
        master = item.fee_cents if item else None
        fee = master if line.fee_cents is None else line.fee_cents
        if fee is None:
            raise NoFee(number, line.procedure)
        rows.append(
            ChargeLine(
                slip=slip,
                number=number,
                procedure=line.procedure,
                description=item.description if item else "",
                modifiers=list(line.modifiers or (item.modifiers if item else ())),
                units=line.units,
                fee_cents=fee,
                charge_cents=line.units * fee,
                pointers=list(line.pointers),
                place_of_service=line.place_of_service or slip.place_of_service,
            )
        )
    ChargeLine.objects.bulk_create(rows)


@transaction.atomic
def post_charges(*, officer: Officer, slip: ChargeSlip, version: int, at: datetime) -> ChargeSlip:
    """Post saved charges: the payer, or without coverage the patient, now owes them.

    With coverage a claim is drafted and checked in the same step. Raises SlipChanged,
    ChargesRefused or PermissionDenied; then nothing was posted.
    """
    require(officer, "billing.charge")
    slip = ChargeSlip.objects.select_for_update().get(pk=slip.pk)
    if slip.state != ChargeSlip.State.OPEN or slip.version != version:
        raise SlipChanged
    _post(slip, officer=officer, at=at)
    if slip.policy:
        claims.draft_claim(slip=slip, policy=slip.policy, officer=officer, at=at)
    return slip


@transaction.atomic
def save_and_post_charges(
    *,
    officer: Officer,
    encounter: Encounter,
    diagnoses: Sequence[str],
    lines: Sequence[LineEntered],
    version: int,
    at: datetime,
) -> ChargeSlip:
    """Write a visit's charges down and post them in one step; see both. All or nothing."""
    slip = save_charges(
        officer=officer,
        encounter=encounter,
        diagnoses=diagnoses,
        lines=lines,
        version=version,
        at=at,
    )
    return post_charges(officer=officer, slip=slip, version=slip.version, at=at)


def _post(slip: ChargeSlip, *, officer: Officer, at: datetime) -> None:
    slip.policy = queries.policy_of_visit(slip.encounter)
    blocking = [f for f in edits.coding_findings(queries.coding_of(slip)) if f.blocking]
    if blocking:
        raise ChargesRefused(blocking)
    lines = list(slip.lines.order_by("number"))
    posted = ledger.post(
        kind=shapes.Kind.CHARGE,
        source="billing.charge",
        external_id=str(slip.pk),
        lines=_entries(slip, lines, slip.policy),
        effective_date=slip.service_date,
        at=at,
        by=officer,
    )
    slip.state, slip.posted_at, slip.journal_id = ChargeSlip.State.POSTED, at, posted.journal_id
    slip.save(update_fields=["state", "posted_at", "journal", "policy"])
    if slip.policy is None:
        use_credit(slip, at=at)
    events.record(
        "billing.charged",
        at=at,
        by=officer,
        about=slip,
        patient_id=slip.patient_id,
        location_id=slip.location_id,
        cents=sum(line.charge_cents for line in lines),
        visit_id=slip.encounter.appointment_id,
        clinician=str(slip.clinician),
        service_date=slip.service_date.isoformat(),
        payer=slip.policy.plan.payer.name if slip.policy else "",
    )


def _entries(
    slip: ChargeSlip, lines: Sequence[ChargeLine], policy: Policy | None
) -> list[shapes.Line]:
    return [
        entry
        for line in lines
        for entry in shapes.charge(
            line.charge_cents,
            patient_id=slip.patient_id,
            visit_id=slip.encounter.appointment_id,
            payer_id=policy.plan.payer_id if policy else None,
            line_id=line.pk,
        )
    ]


def use_credit(slip: ChargeSlip, *, at: datetime) -> None:
    """What the patient paid ahead (a co-pay at the desk) pays what the patient now owes."""
    ledger.apply_credit(
        patient_id=slip.patient_id,
        source="billing.credit",
        external_id=f"slip-{slip.pk}",
        effective_date=slip.service_date,
        at=at,
    )


@transaction.atomic
def correct_charges(
    *,
    officer: Officer,
    slip: ChargeSlip,
    diagnoses: Sequence[str],
    lines: Sequence[LineEntered],
    because: str,
    at: datetime,
) -> ChargeSlip:
    """Take posted charges back by a reversal and post others in their place.

    The claim follows: one that never left is drafted anew; one the payer has is succeeded by a
    corrected claim. Raises SlipChanged, NoFee, ChargesRefused, `claims.StillOnItsWay` or
    PermissionDenied; then nothing was changed.
    """
    require(officer, "billing.charge")
    return replaced(
        slip, diagnoses, lines, because=because, officer=officer, adjusts=officer, at=at
    )


def replaced(
    slip: ChargeSlip,
    diagnoses: Sequence[str],
    lines: Sequence[LineEntered],
    *,
    because: str,
    officer: Officer,
    adjusts: Officer | None,
    at: datetime,
) -> ChargeSlip:
    """See `correct_charges`; part of the caller's own action.

    ``adjusts`` is whose correction it is; nobody's when a patient's right asks for it.
    """
    old = ChargeSlip.objects.select_for_update().get(pk=slip.pk)
    if old.state != ChargeSlip.State.POSTED or old.journal_id is None:
        raise SlipChanged
    reversal = ledger.reverse(
        journal_id=old.journal_id,
        source="billing.charge_reversal",
        external_id=str(old.pk),
        reason=because,
        effective_date=old.service_date,
        at=at,
        by=adjusts,
    )
    old.state, old.reversal_id = ChargeSlip.State.REVERSED, reversal.journal_id
    old.reversed_at, old.reversed_because = at, because
    old.save(update_fields=["state", "reversal", "reversed_at", "reversed_because"])
    new = _new_slip(old.encounter, at=at, replaces=old)
    _write(new, diagnoses=diagnoses, lines=lines, officer=officer, at=at)
    _post(new, officer=officer, at=at)
    claims.follow_correction(old=old, new=new, officer=officer, because=because, at=at)
    return new


def entered(line: ChargeLine) -> LineEntered:
    """A service that stands as it would be typed again."""
    return LineEntered(
        procedure=line.procedure,
        pointers=tuple(line.pointers),
        units=line.units,
        modifiers=tuple(line.modifiers),
        fee_cents=line.fee_cents,
        place_of_service=line.place_of_service,
    )
