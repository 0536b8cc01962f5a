"""When a payer is asked, how long it is waited for, and what may become of a question.

Source of the times: CAQH CORE 155 and 156 (real-time answer within 20 s; no automatic repetition
before 90 s); an HTTP connection is given up after 60 s.
"""

from datetime import date, timedelta
from enum import StrEnum

HARD_STOP = timedelta(seconds=60)
QUIET = timedelta(seconds=90)
LOST = timedelta(minutes=10)
"""A question not sent by then never will be: the worker that had it is gone."""
AHEAD = timedelta(hours=72)


class State(StrEnum):
    """What became of a question. All but ``asked`` are final; asking again is a new question.

    ``silent``: sent, no answer came. ``failed``: it never reached the payer. ``rejected``: the
    payer answered that it cannot answer (AAA). ``unreadable``: what came is no 271.
    """

    ASKED = "asked"
    ANSWERED = "answered"
    REJECTED = "rejected"
    SILENT = "silent"
    FAILED = "failed"
    UNREADABLE = "unreadable"


def upcoming_day(today: date) -> date:
    """Visits up to and including this day are near enough to be asked about again."""
    return today + AHEAD
