"""A patient asks that a visit be kept from whoever pays, or from the plan; and takes that back."""

from datetime import datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions import charges, statements
from almoner.billing.models import ChargeSlip, PrivateVisit
from almoner.billing.rules.private import Reason, is_claimed
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.scheduling.models import Appointment

_KEPT = gettext_noop("kept from the plan, as the patient asked")


class ClaimedAlready(Exception):
    """A claim of the visit has left: the plan knows of it."""


class AskedOtherwise(Exception):
    """Something else holds than what was to be ended."""


@transaction.atomic
def keep_private(
    *,
    officer: Officer,
    appointment_id: int,
    from_guarantor: bool,
    from_plan: bool,
    reason: Reason,
    at: datetime,
) -> PrivateVisit:
    """Keep a visit from whoever pays, from the plan, or both; what held before ends with it.

    Charges that stand are the patient's from now on where the plan is not to know: the claim that
    has not left is void, and the ledger follows. Raises ClaimedAlready, `charges.ChargesRefused`,
    `claims.StillOnItsWay`, PermissionDenied or Appointment.DoesNotExist; then nothing was changed.
    """
    require(officer, "billing.private")
    slip, visit = _held(appointment_id)
    if from_plan and is_claimed(queries.claim_states(appointment_id)):
        raise ClaimedAlready
    kept = _ended(appointment_id, visit.patient_id, officer=officer, at=at)
    row = PrivateVisit.objects.create(
        appointment=visit,
        patient_id=visit.patient_id,
        from_guarantor=from_guarantor,
        from_plan=from_plan,
        reason=reason,
        asked_at=at,
        taken_by_id=officer.pk,
    )
    if from_plan:
        _becomes_the_patients(slip, officer=officer, at=at)
    if from_guarantor or (kept and kept.from_guarantor):
        statements.close_if_moved(patient_id=visit.patient_id, at=at)
    _tell("billing.kept_private", row, officer=officer, at=at)
    return row


@transaction.atomic
def end_private(*, officer: Officer, private_id: int, at: datetime) -> None:
    """The patient wants it no more. What was charged to them stays so until it is corrected.

    Raises AskedOtherwise or PermissionDenied.
    """
    require(officer, "billing.private")
    row = PrivateVisit.objects.filter(pk=private_id).first()
    if row is None:
        raise AskedOtherwise
    _held(row.appointment_id)
    ended = _ended(row.appointment_id, row.patient_id, officer=officer, at=at, only=private_id)
    if ended is None:
        raise AskedOtherwise
    if ended.from_guarantor:
        statements.close_if_moved(patient_id=row.patient_id, at=at)
    _tell("billing.private_ended", row, officer=officer, at=at)


def _held(appointment_id: int) -> tuple[ChargeSlip | None, Appointment]:
    """The visit's charges and the visit, in the order in which charging takes them."""
    slips = ChargeSlip.objects.select_for_update(of=("self",)).exclude(
        state=ChargeSlip.State.REVERSED
    )
    rows = slips.filter(encounter__appointment_id=appointment_id)
    # Charges that were corrected while they were waited for are none now; the next look finds what
    # stands in their place.
    slip = rows.first() or rows.first()
    return slip, Appointment.objects.select_for_update(of=("self",)).get(pk=appointment_id)


def _ended(
    appointment_id: int, patient_id: int, *, officer: Officer, at: datetime, only: int | None = None
) -> PrivateVisit | None:
    """End what holds of a visit, if something does; what was paid before is told as paid first."""
    statements.wait_for_issuing(patient_id=patient_id)
    statements.close_if_paid(patient_id=patient_id, at=at)
    row = PrivateVisit.objects.filter(appointment_id=appointment_id, ended_at=None).first()
    if row is None or only not in (None, row.pk):
        return None
    row.ended_at, row.ended_by_id = at, officer.pk
    row.save(update_fields=["ended_at", "ended_by_id"])
    return row


def _becomes_the_patients(slip: ChargeSlip | None, *, officer: Officer, at: datetime) -> None:
    if slip is None or slip.policy_id is None:
        return
    if slip.state == ChargeSlip.State.OPEN:
        slip.policy = None
        slip.save(update_fields=["policy"])
        return
    lines = [charges.entered(line) for line in slip.lines.order_by("number")]
    charges.replaced(
        slip, slip.diagnoses, lines, because=_KEPT, officer=officer, adjusts=None, at=at
    )


def _tell(kind: str, row: PrivateVisit, *, officer: Officer, at: datetime) -> None:
    events.record(
        kind,
        at=at,
        by=officer,
        about=row,
        patient_id=row.patient_id,
        visit_id=row.appointment_id,
        from_guarantor=row.from_guarantor,
        from_plan=row.from_plan,
    )
