"""Changing what is kept of a patient."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import models, transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients.actions.keys import refresh
from almoner.patients.actions.registering import PARTS, household
from almoner.patients.actions.saying import said
from almoner.patients.models import Identifier, Patient, Photo
from almoner.patients.rules.details import COLUMNS, Details

FACE = 320  # pixels of the square a photo is kept as
LARGEST = 10_000_000  # bytes of an upload
MOST_PIXELS = 50_000_000  # a small file may unpack to something that fills the memory
SLOWLY_CHANGING = (Identifier,)


class ChangedMeanwhile(Exception):
    """Somebody else saved the record after this form was opened."""


class NotAPhoto(Exception):
    """The upload is no picture we can read, or one too large."""


@transaction.atomic
def change(
    *,
    officer: Officer,
    patient_id: int,
    version: int,
    details: Details,
    at: datetime,
    how: str = "desk",
) -> Patient:
    """Replace what is kept of a patient by these details; the history keeps what was before.

    ``version`` is the one the officer saw, ``how`` it was said to them (`said`). Identifiers of
    other systems stay as they are. Raises PermissionDenied, Patient.DoesNotExist, or
    ChangedMeanwhile; then nothing was written.
    """
    require(officer, "patients.edit")
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    if patient.version != version:
        raise ChangedMeanwhile
    changed = [name for name in COLUMNS if getattr(patient, name) != getattr(details, name)]
    for name in changed:
        setattr(patient, name, getattr(details, name))
    if patient.guarantor_id != details.guarantor_id:
        patient.guarantor_id = details.guarantor_id
        changed.append("guarantor")
    if details.household_with is not None:
        patient.household = household(details)
        changed.append("household")
    patient.version, patient.reviewed_at = version + 1, at
    patient.save()
    with said(how=how, by=officer, at=at):
        changed += [
            model._meta.model_name or ""
            for model, make in PARTS
            if model not in SLOWLY_CHANGING
            and _replace(model, patient_id, make(details, patient_id))
        ]
    refresh(patient_id)
    events.record(
        "patients.changed", at=at, by=officer, about=patient, patient_id=patient_id, fields=changed
    )
    return patient


def _replace(model: type[models.Model], patient_id: int, wanted: Iterable[models.Model]) -> bool:
    """Make a patient's rows of one table the wanted ones, in their order; whether any differed.

    The first row becomes the first, the second the second: the order of rows is the order in which
    they were made, and the history tells what each was and became. Rows that stay are left alone.
    """
    had, new = list(_kept(model, patient_id)), list(wanted)
    if list(map(_values, had)) == list(map(_values, new)):
        return False
    model._default_manager.filter(pk__in=[row.pk for row in had[len(new) :]]).delete()
    becoming = list(zip(had, new, strict=False))
    # The one who pays moves last: nowhere on the way are there two of them.
    for old, row in sorted(becoming, key=lambda both: getattr(both[1], "kind", "") == "guarantor"):
        if _values(old) != _values(row):
            row.pk = old.pk
            row.save(force_update=True)
    model._default_manager.bulk_create(new[len(had) :])
    return True


def _kept(model: type[models.Model], patient_id: int) -> Iterable[models.Model]:
    ranked = any(field.name == "rank" for field in model._meta.concrete_fields)
    rows = model._default_manager.filter(patient_id=patient_id)
    return rows.order_by("rank" if ranked else "pk")


def _values(row: models.Model) -> tuple[Any, ...]:
    return tuple(
        getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    )


@transaction.atomic
def leave_household(*, officer: Officer, patient_id: int, at: datetime) -> None:
    """The patient lives with the household no longer; who lives with nobody leaves nothing.

    Who pays stays as it is. Raises PermissionDenied or Patient.DoesNotExist.
    """
    require(officer, "patients.edit")
    rows = Patient.objects.select_for_update(of=("self",), no_key=True)
    patient = rows.get(pk=patient_id)
    if patient.household_id is None:
        return
    patient.household, patient.version = None, patient.version + 1
    patient.save(update_fields=["household", "version"])
    events.record(
        "patients.left_household", at=at, by=officer, about=patient, patient_id=patient_id
    )


@transaction.atomic
def review(*, officer: Officer, patient_id: int, at: datetime) -> None:
    """Note that the patient said: nothing has changed. Raises PermissionDenied, DoesNotExist."""
    require(officer, "patients.edit")
    patient = Patient.objects.only("id").get(pk=patient_id)
    Patient.objects.filter(pk=patient_id).update(reviewed_at=at)
    events.record("patients.reviewed", at=at, by=officer, about=patient, patient_id=patient_id)


@transaction.atomic
def take_photo(*, officer: Officer, patient_id: int, upload: bytes, at: datetime) -> None:
    """Keep a face. What was uploaded is never served: it is drawn anew, square, without its data.

    Raises PermissionDenied, Patient.DoesNotExist, or NotAPhoto; then nothing was written.
    """
    require(officer, "patients.edit")
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    jpeg = _drawn_anew(upload)
    Photo.objects.update_or_create(patient=patient, defaults={"jpeg": jpeg, "taken_at": at})
    patient.version += 1
    patient.save(update_fields=["version"])
    events.record("patients.pictured", at=at, by=officer, about=patient, patient_id=patient_id)


@transaction.atomic
def remove_photo(*, officer: Officer, patient_id: int, at: datetime) -> None:
    """Keep the face no longer; where there is none nothing changes.

    Raises PermissionDenied or Patient.DoesNotExist; then nothing was written.
    """
    require(officer, "patients.edit")
    rows = Patient.objects.select_for_update(of=("self",), no_key=True)
    patient = rows.get(pk=patient_id)
    removed, _ = Photo.objects.filter(patient=patient).delete()
    if not removed:
        return
    patient.version += 1
    patient.save(update_fields=["version"])
    events.record("patients.photo_removed", at=at, by=officer, about=patient, patient_id=patient_id)


def _drawn_anew(upload: bytes) -> bytes:
    if len(upload) > LARGEST:
        raise NotAPhoto
    try:
        with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPhoto
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            face = ImageOps.fit(upright, (FACE, FACE))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise NotAPhoto from error
    drawn = BytesIO()
    face.save(drawn, "JPEG", quality=85, optimize=True)
    return drawn.getvalue()
