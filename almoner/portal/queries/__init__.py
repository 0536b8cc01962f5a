"""What patients may see: the link they came by, and as the patients' role the visit itself."""

from almoner.portal.queries.acting import acting_for, as_the_desk
from almoner.portal.queries.early import Asked, Early, asked, early
from almoner.portal.queries.links import Found, address_of, found, token_of
from almoner.portal.queries.paying import Paying, paying
from almoner.portal.queries.reminders import last_change, to_remind
from almoner.portal.queries.visits import Day, Visit, appointment, search, times, visit

__all__ = [
    "Asked",
    "Day",
    "Early",
    "Found",
    "Paying",
    "Visit",
    "acting_for",
    "address_of",
    "appointment",
    "as_the_desk",
    "asked",
    "early",
    "found",
    "last_change",
    "paying",
    "search",
    "times",
    "to_remind",
    "token_of",
    "visit",
]
