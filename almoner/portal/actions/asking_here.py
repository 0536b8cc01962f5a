"""An officer goes through the patient's own check-in with them, at the desk."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from almoner.access.models import Officer
from almoner.arrivals import actions as arrivals
from almoner.arrivals.rules import Identifier, confirmed
from almoner.ground import events
from almoner.ground.language import language_for
from almoner.portal import queries
from almoner.portal.actions.letting_in import open_visit
from almoner.portal.models import Sitting
from almoner.scheduling.models import Appointment


class NotSure(Exception):
    """Fewer than two identifiers were said: nobody knows who stands there."""


class NotAsked(Exception):
    """The check-in of this visit is not open, or its patient's record has no birth date."""


@transaction.atomic
def ask_here(
    *, officer: Officer, appointment_id: int, identifiers: Collection[Identifier], days: int,
    at: datetime,
) -> str:  # fmt: skip
    """Open the patient's own page of the visit in the officer's browser; its token.

    In the patient's language. Whoever that officer asked before is not asked there any more.
    Raises PermissionDenied, Appointment.DoesNotExist, NotSure or NotAsked.
    """
    arrivals.identify(
        officer=officer, appointment_id=appointment_id, identifiers=identifiers, at=at
    )
    if not confirmed(identifiers):
        raise NotSure
    visit = Appointment.objects.select_related("patient").get(pk=appointment_id)
    if visit.patient.birth_date is None:
        raise NotAsked
    if not queries.early(appointment_id, days=days, at=at).is_open:
        raise NotAsked
    language = language_for(visit.patient.language)
    open_visit(visit.pk, language, at)
    rows = Officer.objects.select_for_update(of=("self",), no_key=True)
    rows.get(pk=officer.pk)  # one sitting of each
    Sitting.objects.filter(officer_id=officer.pk, over_at=None).update(over_at=at)
    sitting = Sitting.objects.create(
        officer_id=officer.pk, appointment=visit, language=language, began_at=at, seen_at=at
    )
    events.record(
        "portal.asked_here", at=at, by=officer, about=sitting, patient_id=visit.patient_id,
        location_id=visit.location_id, visit_id=visit.pk,
    )  # fmt: skip
    return queries.desk_token(sitting)


def end_asking(*, officer: Officer, sitting_id: int, at: datetime) -> None:
    """The page leads nowhere any more."""
    Sitting.objects.filter(pk=sitting_id, officer_id=officer.pk, over_at=None).update(over_at=at)
