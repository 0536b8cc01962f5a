"""What patients may see: the link they came by, and as the patients' role the visit itself."""

from almoner.portal.queries.acting import acting_for, as_the_desk
from almoner.portal.queries.forms import Asked, Visiting, asked_of, paper_of, visiting
from almoner.portal.queries.links import Found, address_of, found, token_of
from almoner.portal.queries.reminders import last_change, to_remind
from almoner.portal.queries.visits import Day, Visit, appointment, search, times, visit

__all__ = [
    "Asked",
    "Day",
    "Found",
    "Visit",
    "Visiting",
    "acting_for",
    "address_of",
    "appointment",
    "as_the_desk",
    "asked_of",
    "found",
    "last_change",
    "paper_of",
    "search",
    "times",
    "to_remind",
    "token_of",
    "visit",
    "visiting",
]
