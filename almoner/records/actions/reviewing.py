"""A clinician looks at a result, and says what it means to the patient where they wish."""

from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.records.models import Result, ResultReview
from almoner.records.rules.results import LONGEST_NOTE

REVIEWS = "records.results"


class NotReviewed(Exception):
    """Nothing was signed: another version came meanwhile, or it was reviewed already."""


@transaction.atomic
def review_result(
    *, officer: Officer, result_id: int, version_id: int, note: str, at: datetime
) -> ResultReview:
    """Sign that the version that was read is reviewed; ``note`` is read by the patient.

    Raises PermissionDenied or NotReviewed.
    """
    access.require(officer, REVIEWS)
    row = Result.objects.select_for_update(of=("self",)).get(pk=result_id)
    if row.waits_since is None or row.patient_id is None or row.shown_id != version_id:
        raise NotReviewed
    review = ResultReview.objects.create(
        version_id=version_id, patient_id=row.patient_id, at=at, by_id=officer.pk,
        by_name=officer.name, note=note.strip()[:LONGEST_NOTE],
    )  # fmt: skip
    row.waits_since = None
    row.save(update_fields=["waits_since"])
    events.record(
        "records.result_reviewed", at=at, by=officer, about=row, patient_id=row.patient_id,
        version_id=version_id, told=bool(review.note),
    )  # fmt: skip
    return review
