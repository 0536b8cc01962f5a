"""Reads of the coverage duty."""

from almoner.coverage.queries.ahead import to_ask_ahead
from almoner.coverage.queries.eligibility import (
    CheckLine,
    CheckPage,
    Cover,
    Occasion,
    WorkLine,
    check,
    checks_of,
    cover_on,
    decide,
    is_inactive,
    latest,
    own_cover_on,
    troubled,
    visit_ahead,
)
from almoner.coverage.queries.inquiry import NotAskable, question
from almoner.coverage.queries.kept import is_not_asked, not_to_be_asked
from almoner.coverage.queries.panel import panel_values
from almoner.coverage.queries.policies import (
    PolicyLine,
    card,
    in_force,
    plans,
    policies_of,
    policy,
)

__all__ = [
    "CheckLine",
    "CheckPage",
    "Cover",
    "NotAskable",
    "Occasion",
    "PolicyLine",
    "WorkLine",
    "card",
    "check",
    "checks_of",
    "cover_on",
    "decide",
    "in_force",
    "is_inactive",
    "is_not_asked",
    "latest",
    "not_to_be_asked",
    "own_cover_on",
    "panel_values",
    "plans",
    "policies_of",
    "policy",
    "question",
    "to_ask_ahead",
    "troubled",
    "visit_ahead",
]
