"""Whether somebody who asks for an account by themselves is sent a code, or looked at by a person.

What this is worth, and what not: docs/decisions/2026-11-27-an-account-by-a-code-to-a-known-phone.md
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from almoner.patients.rules.details import age
from almoner.patients.rules.fold import fold
from almoner.portal.rules.accounts import ADULT

CODE_LASTS = timedelta(minutes=10)  # NIST SP 800-63A-3, 4.4.1.6: to a telephone of record
TRIES = 5
MOST_OF_A_PERSON = 3
"""Codes and cases for one name and birth date in a day, whoever asks."""
MOST_OF_AN_ADDRESS = 5
"""What is looked at of one address of the network in an hour."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FORGOTTEN = timedelta(days=30)


class Checked(StrEnum):
    """What came of asking: a code is sent, or why a person has to look."""

    SENT = "sent"
    UNKNOWN = "unknown"  # nobody is reached there, or not under that name and birth date
    SHARED = "shared"  # several are reached there, or it is somebody's who is not the patient
    SEVERAL = "several"  # more than one record has that name and birth date
    MINOR = "minor"
    DECEASED = "deceased"
    NEW = "new"  # it came into the record today: whoever put it there may be asking
    NO_WAY = "no_way"  # nothing may be sent there, by consent or as the patient asked
    NIGHT = "night"
    ACCOUNT = "account"  # they have one: who cannot get in is identified by the desk
    OFTEN = "often"  # nothing is done


@dataclass(frozen=True, slots=True)
class Known:
    """What the record says of the one who is reached at a phone or an e-mail.

    ``since`` is the day it came into the record; ``born`` and ``names`` (given and family, the name
    used among them) are theirs. ``reachable``: something may be sent there, ``by_day`` now.
    """

    names: tuple[tuple[str, str], ...]
    born: date | None
    deceased: bool
    since: date
    namesakes: int
    reachable: bool
    by_day: bool
    has_account: bool


def verdict(
    *, holders: int, known: Known | None, given: str, family: str, born: date, today: date
) -> Checked:
    """What is done about who asks. ``holders`` are reached there; ``known`` is the only one."""
    if holders > 1:
        return Checked.SHARED
    if known is None or not _is(known, given, family, born):
        return Checked.UNKNOWN
    table = (
        (known.namesakes > 1, Checked.SEVERAL),
        (known.deceased, Checked.DECEASED),
        (age(born, on=today) < ADULT, Checked.MINOR),
        (known.has_account, Checked.ACCOUNT),
        (known.since >= today, Checked.NEW),
        (not known.reachable, Checked.NO_WAY),
        (not known.by_day, Checked.NIGHT),
    )
    return next((why for holds, why in table if holds), Checked.SENT)


def _is(known: Known, given: str, family: str, born: date) -> bool:
    said = (fold(given), fold(family))
    return (
        known.born == born
        and all(said)
        and said in {(fold(one), fold(other)) for one, other in known.names}
    )


def person_key(given: str, family: str, born: date) -> str:
    """The same for one person however the name is written; digested before it is kept."""
    return f"{fold(given)}|{fold(family)}|{born.isoformat()}"


def may_try(*, sent_at: datetime, tries: int, used: bool, at: datetime) -> bool:
    """Whether a code still opens anything."""
    return not used and tries < TRIES and at < sent_at + CODE_LASTS
