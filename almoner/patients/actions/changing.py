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
    *, officer: Officer, patient_id: int, version: int, details: Details, at: datetime
) -> Patient:
    """Replace what is kept of a patient by these details; the history keeps what was before.

    ``version`` is the one the officer saw. Identifiers of other systems stay as they are. Raises
    PermissionDenied, Patient.DoesNotExist, or ChangedMeanwhile; then nothing was written.
    """
    require(officer, "patients.edit")
    patient = Patient.objects.select_for_update(of=("self",), no_key=True).get(pk=patient_id)
    if patient.version != version:
        raise ChangedMeanwhile
    changed = [name for name in COLUMNS if getattr(patient, name) != getattr(details, name)]
    for name in changed:
        setattr(patient, name, getattr(details, name))
    patient.guarantor_id = details.guarantor_id
    if details.household_with is not None:
        patient.household = household(details)
    patient.version, patient.reviewed_at = version + 1, at
    patient.save()
    changed += [
        model._meta.model_name or ""
        for model, make in PARTS
        if model not in SLOWLY_CHANGING and _replace(model, patient_id, make(details, patient_id))
    ]
    refresh(patient_id)
    events.record(
        "patients.changed", at=at, by=officer, about=patient, patient_id=patient_id, fields=changed
    )
    return patient


def _replace(model: type[models.Model], patient_id: int, wanted: Iterable[models.Model]) -> bool:
    """Make a patient's rows of one table the wanted ones; whether any differed.

    Rows that stay are left alone, so that the history tells only what changed.
    """
    kept = model._default_manager.filter(patient_id=patient_id)
    had = {_values(row): row.pk for row in kept}
    new = {_values(row): row for row in wanted}
    if had.keys() == new.keys():
        return False
    gone = [pk for values, pk in had.items() if values not in new]
    kept.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(row for values, row in new.items() if values not in had)
    return True


def _values(row: models.Model) -> tuple[Any, ...]:
    return tuple(
        getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
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
