"""The script of a call: who may be calling, what they can be asked, and when something may be told.

A covered entity makes sure who asks before it tells anything (45 CFR 164.514(h)). No clock.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from almoner.ground.words import gettext_noop
from almoner.relations.rules.texts import TextKind


class CallerKind(StrEnum):
    """Who calls, by what they say."""

    PATIENT = "patient"
    ACTS_FOR = "acts_for"
    PROVIDER = "provider"
    PAYER = "payer"
    UNKNOWN = "unknown"


class Asked(StrEnum):
    """What a caller can be asked, as the call's log keeps it: that it was, never the answer."""

    CALLER_NAME = "caller_name"
    PATIENT_NAME = "patient_name"
    BIRTH_DATE = "birth_date"
    ONE_MORE = "one_more"
    RELATION = "relation"
    AUTHORITY = "authority"
    OFFICE = "office"
    REFERENCE = "reference"
    PURPOSE = "purpose"
    CALL_BACK = "call_back"


TOLD = "told"
"""The line of a script that nobody is asked: what may be said afterwards."""


class MayTell(StrEnum):
    """Whether what a script lets an officer say may be said now."""

    NOTHING_OF_ANYBODY = "nothing_of_anybody"
    ONCE_SURE = "once_sure"
    NOW = "now"


def may_tell(kind: str, *, sure: bool) -> MayTell:
    """Whether it may be said now; ``sure``: two identifiers of a patient agreed.

    Whom nobody knows is told nothing of anybody, not even whether they are a patient here,
    whatever they can say of one.
    """
    if kind == CallerKind.UNKNOWN:
        return MayTell.NOTHING_OF_ANYBODY
    return MayTell.NOW if sure else MayTell.ONCE_SURE


def asked_of(kind: str, said: Collection[str], script: Iterable[str]) -> list[str]:
    """What of the script was asked, once each and in its order; nothing without a caller's kind."""
    if not kind:
        return []
    return [each for each in dict.fromkeys(script) if each in said and each != TOLD]


SCRIPT = TextKind(
    code="script",
    name=gettext_noop("Script of a call"),
    channels=(),  # read out by a person, to the person; no machine sends it
    fields=(),
    shipped={},
    part=True,
)
"""What officers read out on the phone, and are told to ask; it names no facts."""
