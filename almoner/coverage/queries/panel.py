"""What a patient's page shows of coverage."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from almoner.access.queries import Reading
from almoner.coverage.queries.eligibility import latest
from almoner.coverage.queries.policies import policies_of
from almoner.ground import clock


def panel_values(patient_id: int, reading: Reading) -> Mapping[str, Any]:
    """What the panel shows: policies with the newest answer of each."""
    checks = {line.policy_id: line for line in latest(patient_id, reading=reading)}
    policies = policies_of(patient_id, on=clock.today(settings.TIME_ZONE), reading=reading)
    return {
        "patient_id": patient_id,
        "rows": [(policy, checks.get(policy.id)) for policy in policies],
        "reason": reading.work_item or "",
        "may_edit": reading.officer.may("coverage.edit"),
        "may_check": reading.officer.may("coverage.check"),
    }
