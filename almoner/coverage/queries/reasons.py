"""What a question to a payer proves about a look at its patient."""

from almoner.access.queries import Evidence
from almoner.coverage.models import EligibilityCheck


def evidence(item_id: int) -> Evidence | None:
    """An answered question was borne out by the payer, whoever asked it."""
    row = EligibilityCheck.objects.filter(pk=item_id).values_list(
        "patient_id", "asked_by_id", "state"
    )
    for patient_id, asked_by_id, state in row:
        return Evidence(frozenset({patient_id}), asked_by_id, state in {"answered", "rejected"})
    return None
