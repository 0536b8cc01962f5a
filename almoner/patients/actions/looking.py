"""Saying who is asking."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients.models import Look, Patient
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
