"""What there is to tell of a result, as the desk: to whom something would be shown."""

from dataclasses import dataclass
from datetime import datetime

from almoner.patients.queries import ways
from almoner.portal.queries.accounts import Proxy, access_of
from almoner.portal.queries.results import kept_from_who_acts, wish_of
from almoner.portal.rules.accounts import Kind, Part
from almoner.portal.rules.results import Wish
from almoner.records.models import Result, ResultReview

_MOST = 50


@dataclass(frozen=True, slots=True)
class News:
    """A final version as it stands, for whoever tells of it.

    ``noted``: a clinician wrote a word to it.
    """

    patient_id: int
    version_id: int
    reviewed: bool
    noted: bool
    wish: Wish
    seen_by_somebody: bool


def news_of(result_id: int, *, at: datetime) -> News | None:
    """What there is to tell of a result now; None while there is nothing.

    Nor is there of one that is kept from who acts for the patient, before they have said how they
    are reached: their phone may be the family's.
    """
    row = (
        Result.objects.select_related("patient")
        .annotate(kept=kept_from_who_acts())
        .filter(pk=result_id, patient__isnull=False, shown__isnull=False)
        .first()
    )
    if row is None or row.patient is None or row.shown_id is None:
        return None
    if row.kept and ways(row.patient.pk) is None:
        return None
    proxies = access_of(row.patient, at=at).proxies
    review = ResultReview.objects.filter(patient_id=row.patient.pk, version_id=row.shown_id).first()
    return News(
        patient_id=row.patient.pk,
        version_id=row.shown_id,
        reviewed=review is not None,
        noted=bool(review and review.note),
        wish=wish_of(row.patient.pk),
        seen_by_somebody=any(_sees(one, kept=row.kept) for one in proxies),
    )


def news_kept_back(patient_id: int, *, since: datetime) -> list[tuple[int, int]]:
    """A patient's results that came lately and the version shown of each: maybe nobody was told."""
    rows = Result.objects.filter(patient_id=patient_id, shown__came_at__gte=since)
    return list(rows.order_by("pk").values_list("pk", "shown_id")[:_MOST])


def _sees(one: Proxy, *, kept: bool) -> bool:
    """Whether somebody reads it for whom it is told: only helping does not count."""
    return Part.RESULTS in one.sees and (one.kind == Kind.SELF if kept else one.kind != Kind.HELPER)
