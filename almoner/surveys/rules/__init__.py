"""Pure decisions about surveys after visits. No database, no clock."""

from almoner.surveys.rules.choosing import (
    ADULT,
    LATE,
    Dropped,
    Rule,
    Way,
    applying,
    in_sample,
    left_in_peace,
    too_late,
)
from almoner.surveys.rules.figures import FEWEST, SURE, Figure, csat, moved, nps, rate, shown
from almoner.surveys.rules.questions import (
    LONGEST_WORDS,
    MOST,
    Kind,
    Question,
    faults,
    next_open,
    read,
    written,
)
from almoner.surveys.rules.words import ASKS, ASKS_AGAIN

__all__ = [
    "ADULT",
    "ASKS",
    "ASKS_AGAIN",
    "FEWEST",
    "LATE",
    "LONGEST_WORDS",
    "MOST",
    "SURE",
    "Dropped",
    "Figure",
    "Kind",
    "Question",
    "Rule",
    "Way",
    "applying",
    "csat",
    "faults",
    "in_sample",
    "left_in_peace",
    "moved",
    "next_open",
    "nps",
    "rate",
    "read",
    "shown",
    "too_late",
    "written",
]
