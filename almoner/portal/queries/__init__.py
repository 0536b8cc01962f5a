"""What patients may see: the way they came by, and as the patients' role what it leads to."""

from almoner.portal.queries.accounts import (
    Access,
    ActsFor,
    Proxy,
    access_of,
    account_of_patient,
    acts_for,
    digest_of,
    entrance,
    invited,
    local_day,
    seen,
    who_signs_in,
)
from almoner.portal.queries.acting import acting_for, as_the_desk
from almoner.portal.queries.digits import app_address, readable_secret
from almoner.portal.queries.early import Asked, Early, asked, early
from almoner.portal.queries.forms import (
    FormAsked,
    Visiting,
    asked_of,
    left_to_sign,
    paper_of,
    visiting,
)
from almoner.portal.queries.home import (
    Bill,
    LookedAt,
    been,
    bill_letter,
    bills,
    coming,
    looks,
    passkeys,
)
from almoner.portal.queries.links import Found, address_of, found, token_of
from almoner.portal.queries.paying import Paying, paying
from almoner.portal.queries.reminders import last_change, to_remind
from almoner.portal.queries.visits import Day, Visit, appointment, search, times, visit

__all__ = [
    "Access",
    "ActsFor",
    "Asked",
    "Bill",
    "Day",
    "Early",
    "FormAsked",
    "Found",
    "LookedAt",
    "Paying",
    "Proxy",
    "Visit",
    "Visiting",
    "access_of",
    "account_of_patient",
    "acting_for",
    "acts_for",
    "address_of",
    "app_address",
    "appointment",
    "as_the_desk",
    "asked",
    "asked_of",
    "been",
    "bill_letter",
    "bills",
    "coming",
    "digest_of",
    "early",
    "entrance",
    "found",
    "invited",
    "last_change",
    "left_to_sign",
    "local_day",
    "looks",
    "paper_of",
    "passkeys",
    "paying",
    "readable_secret",
    "search",
    "seen",
    "times",
    "to_remind",
    "token_of",
    "visit",
    "visiting",
    "who_signs_in",
]
