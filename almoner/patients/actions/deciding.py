"""Saying of two records whether they are one person's, and taking it back.

Nothing is merged: both records stay as they are, and each shows the other.
"""

from datetime import datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients.actions.pairing import put
from almoner.patients.models import Decision, Pair, Patient
from almoner.patients.rules.alike import compare
from almoner.patients.rules.person import unpacked


@transaction.atomic
def not_the_same(*, officer: Officer, one_id: int, other_id: int, at: datetime) -> None:
    """Remember that two records are two people's; saying it twice changes nothing.

    Raises PermissionDenied, Patient.DoesNotExist, or ValueError when both are one record.
    """
    _decide(officer=officer, one_id=one_id, other_id=other_id, same=False, at=at)


@transaction.atomic
def same_person(*, officer: Officer, one_id: int, other_id: int, at: datetime) -> None:
    """Remember that two records are one person's; saying it twice changes nothing.

    Raises PermissionDenied, Patient.DoesNotExist, or ValueError when both are one record.
    """
    _decide(officer=officer, one_id=one_id, other_id=other_id, same=True, at=at)


@transaction.atomic
def take_back(*, officer: Officer, one_id: int, other_id: int, at: datetime) -> None:
    """Forget what was decided about two records; when they are still alike they wait again.

    Where nothing was decided nothing changes. Raises PermissionDenied, Patient.DoesNotExist, or
    ValueError when both are one record.
    """
    require(officer, "patients.edit")
    lower, higher = _held(one_id, other_id)
    decision = Decision.objects.filter(lower=lower, higher=higher).first()
    if decision is None:
        return
    for patient_id, other in ((one_id, other_id), (other_id, one_id)):
        events.record(
            "patients.undecided",
            at=at,
            by=officer,
            about=decision,
            patient_id=patient_id,
            other_id=other,
            same=decision.same,
        )
    decision.delete()
    match = compare(unpacked(lower.likeness), unpacked(higher.likeness))
    if match.grade:
        put(lower.pk, [(higher.pk, match)])


def _decide(*, officer: Officer, one_id: int, other_id: int, same: bool, at: datetime) -> None:
    require(officer, "patients.edit")
    lower, higher = _held(one_id, other_id)
    Pair.objects.filter(lower=lower, higher=higher).delete()
    decision = Decision.objects.filter(lower=lower, higher=higher).first()
    if decision and decision.same == same:
        return
    decision = decision or Decision(lower=lower, higher=higher)
    decision.same, decision.decided_by_id, decision.decided_at = same, officer.pk, at
    decision.save()
    decided(decision, officer=officer)


def decided(decision: Decision, *, officer: Officer) -> None:
    """Record it about either patient: the story of each tells it."""
    kind = "patients.confirmed_same" if decision.same else "patients.told_apart"
    both = (decision.lower_id, decision.higher_id)
    for patient_id, other in (both, both[::-1]):
        events.record(
            kind,
            at=decision.decided_at,
            by=officer,
            about=decision,
            patient_id=patient_id,
            other_id=other,
        )


def _held(one_id: int, other_id: int) -> list[Patient]:
    """Both rows, the lower id first, locked in that order so that no two decisions cross."""
    if one_id == other_id:
        raise ValueError(one_id)
    rows = Patient.objects.only("id", "likeness").select_for_update(of=("self",), no_key=True)
    both = list(rows.filter(pk__in=[one_id, other_id]).order_by("pk"))
    if len(both) != 2:  # noqa: PLR2004 (the two that were asked for)
        raise Patient.DoesNotExist
    return both
