"""What this duty offers to the pages below it, and where one can go."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading, explains
from almoner.ground import shell
from almoner.patients.queries import panel
from almoner.relations import queries as relations
from almoner.surveys import queries
from almoner.surveys.rules import ASKS, ASKS_AGAIN

_NEWEST = 5


def of_patient(patient_id: int, reading: Reading) -> dict[str, Any]:
    return {
        "lines": queries.of_patient(patient_id, most=_NEWEST),
        "consent": relations.survey_consent(patient_id),
        "may_say": reading.officer.may("relations.send"),
        "patient_id": patient_id,
        "reason": reading.work_item or "",
    }


def on_case(survey_id: int, reading: Reading) -> dict[str, Any]:
    return {"line": queries.one(survey_id, reading=reading), "reason": reading.work_item or ""}


panel("surveys", 82, "surveys.view", "surveys/_panel.html", of_patient)
relations.sends(ASKS, ASKS_AGAIN)
relations.shows("survey", "surveys/_on_case.html", on_case)
explains("survey", queries.evidence)
shell.register(
    shell.NavItem(
        _("Answers after visits"), "survey_answers", "surveys.view", icon="message", order=74,
        key="n", aside=True,
    )
)  # fmt: skip
shell.register(
    shell.NavItem(
        _("Surveys"), "survey_list", "surveys.design", icon="list", order=98, key="y", aside=True
    )
)
