"""Patients for tests. Cy is the patient; everybody is invented."""

from datetime import UTC, datetime
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.patients import actions
from almoner.patients.models import Patient
from almoner.patients.tests.details import (
    Address,
    Contact,
    Details,
    Email,
    FormerName,
    Phone,
    details,
)

REGISTERED = datetime(2026, 1, 12, 15, tzinfo=UTC)
__all__ = [
    "Address",
    "Contact",
    "Details",
    "Email",
    "FormerName",
    "Phone",
    "details",
    "patient",
    "picture",
]


def patient(*, officer: Officer | None = None, at: datetime = REGISTERED, **facts) -> Patient:
    """A registered patient, by the registrar ``clerk`` when no officer is named."""
    clerk = officer or Officer.objects.filter(username="clerk").first() or access.officer("clerk")
    return actions.register(officer=clerk, details=details(**facts), at=at)


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    """A picture as a camera uploads it."""
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return SimpleUploadedFile("face.png", made.getvalue())
