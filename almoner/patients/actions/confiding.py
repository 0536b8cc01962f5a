"""A patient asks to be reached in another way, and takes that back; nobody asks them why."""

from datetime import datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients.actions.saying import said
from almoner.patients.models import ConfidentialContact, Patient
from almoner.patients.rules.confidential import Ways


class AskedAnew(Exception):
    """Another request holds than the one that was to be ended."""


def ask_confidential(
    *, officer: Officer, patient_id: int, ways: Ways, at: datetime
) -> ConfidentialContact:
    """Reach a patient in these ways alone from now on. Raises PermissionDenied or DoesNotExist."""
    require(officer, "patients.edit")
    return _ask(patient_id, ways, by=officer, at=at)


def ask_confidential_own(*, patient_id: int, ways: Ways, at: datetime) -> ConfidentialContact:
    """The same, by the patient in their account."""
    return _ask(patient_id, ways, by=None, at=at)


@transaction.atomic
def _ask(patient_id: int, ways: Ways, *, by: Officer | None, at: datetime) -> ConfidentialContact:
    """What held before ends with it: one request is open at a time, whoever asks at once."""
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    with said(how=_how(by), by=by, at=at):
        _end(patient_id, by=by, at=at)
        row = ConfidentialContact.objects.create(
            patient=patient,
            phone=ways.phone,
            may_text=ways.may_text and bool(ways.phone),
            email=ways.email,
            address=ways.address,
            since=at,
            taken_by_id=by.pk if by else None,
        )
    _tell("patients.confidential_asked", row, by=by, at=at)
    return row


def end_confidential(*, officer: Officer, patient_id: int, asked_id: int, at: datetime) -> None:
    """The patient wants it no more. Raises PermissionDenied, DoesNotExist or AskedAnew."""
    require(officer, "patients.edit")
    _ended(patient_id, asked_id, by=officer, at=at)


def end_confidential_own(*, patient_id: int, asked_id: int, at: datetime) -> None:
    """The same, by the patient in their account."""
    _ended(patient_id, asked_id, by=None, at=at)


@transaction.atomic
def _ended(patient_id: int, asked_id: int, *, by: Officer | None, at: datetime) -> None:
    Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    rows = ConfidentialContact.objects.filter(pk=asked_id, patient_id=patient_id, ended_at=None)
    row = rows.first()
    if row is None:
        raise AskedAnew
    with said(how=_how(by), by=by, at=at):
        _end(patient_id, by=by, at=at)
    _tell("patients.confidential_ended", row, by=by, at=at)


def _how(by: Officer | None) -> str:
    return "desk" if by else "account"


def _end(patient_id: int, *, by: Officer | None, at: datetime) -> None:
    ConfidentialContact.objects.filter(patient_id=patient_id, ended_at=None).update(
        ended_at=at, ended_by_id=by.pk if by else None
    )


def _tell(kind: str, row: ConfidentialContact, *, by: Officer | None, at: datetime) -> None:
    more = {} if by else {"by_patient": True}
    events.record(kind, at=at, by=by, about=row, patient_id=row.patient_id, **more)
