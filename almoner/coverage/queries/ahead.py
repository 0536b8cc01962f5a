"""Coming visits whose payers have not been asked yet. For actions; hands nothing to a reader."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from almoner.coverage.models import EligibilityCheck, ExpectedVisit, Policy
from almoner.coverage.rules import State

BATCH = 200


def to_ask_ahead(*, until: date, fresh_since: datetime) -> Iterator[ExpectedVisit]:
    """Visits up to a day with a policy that was not asked about ahead, in the order they were told.

    Left out are those about whose day anything was asked since ``fresh_since`` that is answered or
    on its way. One query for each two hundred, begun when the ones before have been dealt with.
    """
    rows = _unasked(fresh_since).filter(service_date__lte=until).order_by("id")
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(id__gt=batch[-1].pk)[:BATCH])


def _unasked(fresh_since: datetime) -> QuerySet[ExpectedVisit]:
    fresh = EligibilityCheck.objects.filter(
        patient_id=OuterRef("patient_id"),
        service_date=OuterRef("service_date"),
        asked_at__gte=fresh_since,
        state__in=[State.ASKED, State.ANSWERED],
    )
    asked = EligibilityCheck.objects.filter(
        policy_id=OuterRef("pk"),
        appointment_id=OuterRef(OuterRef("appointment_id")),
        occasion=EligibilityCheck.Occasion.UPCOMING,
        service_date=OuterRef(OuterRef("service_date")),
    )
    day = OuterRef("service_date")
    open_policies = Policy.objects.filter(
        ~Exists(asked),
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_until__isnull=True) | Q(valid_until__gt=day),
        patient_id=OuterRef("patient_id"),
        retired_at__isnull=True,
        plan__payer__answers_eligibility=True,
    )
    return ExpectedVisit.objects.filter(~Exists(fresh), Exists(open_policies))
