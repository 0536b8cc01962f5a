"""What a patient's page shows of forms."""

from collections.abc import Mapping
from typing import Any

from almoner.access.queries import Reading
from almoner.records.queries.documents import forms_of
from almoner.records.queries.proposals import waiting

SHOWN = 5


def panel_values(patient_id: int, reading: Reading) -> Mapping[str, Any]:
    """The newest forms, and whether answers wait for somebody to look at them."""
    kept, more = forms_of(patient_id, reading=reading, size=SHOWN)
    return {
        "patient_id": patient_id,
        "kept": kept,
        "more": more,
        "proposed": waiting(patient_id, reading=reading),
        "reason": reading.work_item or "",
        "may_fill": reading.officer.may("records.fill"),
    }
