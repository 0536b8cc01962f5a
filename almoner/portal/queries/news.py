"""What there is to tell of a result, as the desk: to whom something would be shown."""

from dataclasses import dataclass
from datetime import datetime

from almoner.portal.queries.accounts import access_of
from almoner.portal.queries.results import wish_of
from almoner.portal.rules.accounts import Kind, Part
from almoner.portal.rules.results import Wish
from almoner.records.models import Result, ResultReview


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
    """What there is to tell of a result now; None while there is nothing."""
    row = (
        Result.objects.select_related("patient")
        .filter(pk=result_id, patient__isnull=False, shown__isnull=False)
        .first()
    )
    if row is None or row.patient is None or row.shown_id is None:
        return None
    proxies = access_of(row.patient, at=at).proxies
    review = ResultReview.objects.filter(patient_id=row.patient.pk, version_id=row.shown_id).first()
    return News(
        patient_id=row.patient.pk,
        version_id=row.shown_id,
        reviewed=review is not None,
        noted=bool(review and review.note),
        wish=wish_of(row.patient.pk),
        seen_by_somebody=any(
            Part.RESULTS in one.sees and one.kind != Kind.HELPER for one in proxies
        ),
    )
