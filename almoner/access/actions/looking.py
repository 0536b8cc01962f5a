"""May I, and writing down that somebody looked."""

from collections import defaultdict

from django.core.exceptions import PermissionDenied

from almoner.access.models import AccessEvent, Officer
from almoner.access.queries import Reading, Reason, reason_for


def require(officer: Officer, permission: str) -> None:
    """Raises PermissionDenied unless one of the officer's roles carries the permission."""
    if not officer.may(permission):
        raise PermissionDenied(permission)


def record_access(reading: Reading) -> None:
    """Write down whom this response showed and why; must run in the response's transaction.

    One event for each distinct reason: a list whose rows have one reason is one event.
    """
    by_reason: dict[Reason, list[int]] = defaultdict(list)
    for patient_id in sorted(reading.patient_ids):
        by_reason[reason_for(reading, patient_id)].append(patient_id)
    AccessEvent.objects.bulk_create(
        AccessEvent(
            at=reading.at,
            officer=reading.officer,
            screen=reading.screen,
            purpose=reading.purpose,
            patient_ids=patient_ids,
            reason_kind=reason.kind,
            reason_id=reason.id,
            reason_by_id=reason.by_id,
            grade=reason.grade,
            confirmed_by=list(reading.confirmed_by),
            note=reason.note,
            address=reading.address,
        )
        for reason, patient_ids in by_reason.items()
    )
