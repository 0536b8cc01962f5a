"""Saying who is asking, and deciding who is who."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients.models import Look, NotDuplicate, Patient
from almoner.patients.rules.opening import TwoNeeded, enough


@transaction.atomic
def open_record(
    *,
    officer: Officer,
    patient_id: int,
    said: str,
    confirmed_by: Sequence[str],
    at: datetime,
    note: str = "",
) -> Look:
    """Write down why a record is opened and which identifiers the person gave.

    Raises PermissionDenied, Patient.DoesNotExist, or TwoNeeded when a caller gave fewer than two
    identifiers; then nothing was written.
    """
    require(officer, "patients.view")
    if not enough(confirmed_by):
        raise TwoNeeded
    patient = Patient.objects.only("id").get(pk=patient_id)
    look = Look.objects.create(
        patient=patient,
        officer_id=officer.pk,
        said=Look.Said(said),
        note=note,
        confirmed_by=list(confirmed_by),
        at=at,
    )
    events.record(
        "patients.identified",
        at=at,
        by=officer,
        about=look,
        patient_id=patient_id,
        said=said,
        confirmed_by=list(confirmed_by),
    )
    return look


@transaction.atomic
def not_the_same(*, officer: Officer, one_id: int, other_id: int, at: datetime) -> None:
    """Remember that two records are two people's; saying it twice changes nothing.

    Raises PermissionDenied, or ValueError when both are one record.
    """
    require(officer, "patients.edit")
    if one_id == other_id:
        raise ValueError(one_id)
    decision, made = NotDuplicate.objects.get_or_create(
        lower_id=min(one_id, other_id),
        higher_id=max(one_id, other_id),
        defaults={"decided_by_id": officer.pk, "decided_at": at},
    )
    if made:
        events.record(
            "patients.told_apart",
            at=at,
            by=officer,
            about=decision,
            patient_id=one_id,
            other_id=other_id,
        )
