"""Patients for tests. Cy is the patient; everybody is invented."""

from datetime import UTC, date, datetime

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.patients import actions
from almoner.patients.models import Patient
from almoner.patients.rules.details import Address, Contact, Details, FormerName, Phone

REGISTERED = datetime(2026, 1, 12, 15, tzinfo=UTC)
__all__ = ["Address", "Contact", "Details", "FormerName", "Phone", "details", "patient"]


def details(**facts) -> Details:
    """Cy Garcia's details; name only the facts that matter to the test."""
    return Details(
        **{
            "family": "Garcia",
            "given": "Cy",
            "birth_date": date(1985, 3, 4),
            "sex": "male",
            "phones": (Phone("+13125550117"),),
            "addresses": (Address("12 Main St", "", "Springfield", "IL", "62701"),),
        }
        | facts
    )


def patient(*, officer: Officer | None = None, at: datetime = REGISTERED, **facts) -> Patient:
    """A registered patient, by the registrar ``clerk`` when no officer is named."""
    clerk = officer or Officer.objects.filter(username="clerk").first() or access.officer("clerk")
    return actions.register(officer=clerk, details=details(**facts), at=at)
