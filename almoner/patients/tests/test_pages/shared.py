"""What these tests say of looks, of records opened before, and of forms."""

from almoner.access.models import AccessEvent
from almoner.ground import clock
from almoner.patients import actions


def looks():
    return AccessEvent.objects.order_by("at", "id")


def opened(officer, patient):
    """Somebody called, and said name and birth date."""
    actions.open_record(
        officer=officer,
        patient_id=patient.pk,
        said="phone",
        confirmed_by=("name", "birth_date"),
        at=clock.now(),
    )


TYPED = {
    "family": "Nakamura", "given": "Dot", "birth_date": "9/9/71", "sex": "female",
    "phone": "3125550188", "line": "9 Elm St", "zip_code": "60601", "city": "Chicago",
    "state": "IL", "language": "en", "guarantor": "self", "phone_use": "mobile",
}  # fmt: skip
