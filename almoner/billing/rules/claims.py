"""A claim's life, from the first draft to the last cent.

Three words that are not the same: *rejected* never entered adjudication (mend it, send it again,
the filing clock still runs); *denied* was adjudicated and refused (appeal, or a corrected claim);
*unprocessable* was looked at and handed back (no appeal right: send a new claim).
"""

from datetime import date, timedelta
from enum import StrEnum

from almoner.ground.words import gettext_noop


class Frequency(StrEnum):
    """CLM05-3: what this claim is to the payer."""

    ORIGINAL = "1"
    CORRECTED = "7"
    VOID = "8"


class State(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    READY = "ready"
    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PENDING = "pending"
    PAID = "paid"
    PARTLY_PAID = "partly_paid"
    DENIED = "denied"
    UNPROCESSABLE = "unprocessable"
    CORRECTED = "corrected"
    VOID = "void"
    CLOSED = "closed"


UNSENT = frozenset({State.DRAFT, State.HELD, State.READY})
"""The claim lives with us only: it may still be built anew from its slip."""

AWAITED = frozenset({State.SENT, State.ACCEPTED, State.PENDING})
"""The payer has it, or should."""

ADJUDICATED = frozenset({State.PAID, State.PARTLY_PAID, State.DENIED, State.UNPROCESSABLE})
GONE = frozenset({State.CORRECTED, State.VOID})

_AFTER_ADJUDICATION = ADJUDICATED | {State.PENDING, State.CORRECTED, State.VOID, State.CLOSED}

TRANSITIONS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.HELD, State.READY, State.VOID}),
    State.HELD: frozenset({State.READY, State.VOID}),
    State.READY: frozenset({State.HELD, State.QUEUED, State.VOID}),
    State.QUEUED: frozenset({State.SENT, State.READY, State.ACCEPTED, State.REJECTED,
                             State.PENDING} | ADJUDICATED),
    State.SENT: frozenset({State.ACCEPTED, State.REJECTED, State.PENDING, State.CORRECTED,
                           State.VOID} | ADJUDICATED),
    State.ACCEPTED: frozenset({State.REJECTED, State.PENDING, State.CORRECTED, State.VOID}
                              | ADJUDICATED),
    # A rejected claim was never taken in: it is mended and sent again under its own number.
    State.REJECTED: frozenset({State.HELD, State.READY, State.PENDING, State.VOID} | ADJUDICATED),
    State.PENDING: frozenset({State.REJECTED, State.CORRECTED, State.VOID} | ADJUDICATED),
    State.PAID: _AFTER_ADJUDICATION - {State.PAID},
    State.PARTLY_PAID: _AFTER_ADJUDICATION - {State.PARTLY_PAID},
    State.DENIED: _AFTER_ADJUDICATION - {State.DENIED},
    # No appeal: the payer never made a decision. A new claim takes its place.
    State.UNPROCESSABLE: _AFTER_ADJUDICATION - {State.UNPROCESSABLE},
    # A replaced claim may still be answered by a payer that was slower than we were.
    State.CORRECTED: frozenset(),
    State.VOID: frozenset(),
    State.CLOSED: frozenset({State.PENDING, State.CORRECTED, State.VOID} | ADJUDICATED),
}  # fmt: skip
"""Every step a claim can take; the database refuses all others."""


def may_become(old: State, new: State) -> bool:
    return new in TRANSITIONS[old]


class Answer(StrEnum):
    """What kind of answer came to something we sent."""

    INTERCHANGE = "TA1"
    SYNTAX = "999"
    CLAIM = "277CA"


class Verdict(StrEnum):
    ACCEPTED = gettext_noop("accepted")
    NOTED = gettext_noop("accepted with errors")
    REJECTED = gettext_noop("rejected")


def after_answer(state: State, answer: Answer, verdict: Verdict, *, by_payer: bool) -> State:
    """The state a claim takes when an answer to its sending is read.

    Answers come in any order and more than once. An answer moves a claim forward or rejects it;
    what was already adjudicated is not moved by a late acknowledgement. The TA1 and the 999 speak
    of the file and say nothing of the payer; a 277CA may be the clearinghouse's or the payer's.
    """
    if state not in AWAITED | {State.QUEUED}:
        return state
    if verdict is Verdict.REJECTED:
        return State.REJECTED
    if answer is Answer.CLAIM and by_payer:
        return State.PENDING
    if answer is Answer.INTERCHANGE:
        return State.SENT if state is State.QUEUED else state
    return State.ACCEPTED if state in {State.QUEUED, State.SENT} else state


def file_by(service_date: date, days: int) -> date:
    """The last day a first claim may reach the payer: so many days after the day of service."""
    return service_date + timedelta(days=days)


_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I, no O: numbers are read aloud
_WIDTH = 7


def claim_number(serial: int) -> str:
    """Our number for the claim with this serial: ``A``, seven characters and a check character.

    The check character (weighted sum modulo 34) tells our numbers from another system's: a number
    that comes back in a remittance and does not check was never given out here.
    """
    digits = []
    while serial:
        serial, digit = divmod(serial, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    body = "".join(reversed(digits)).rjust(_WIDTH, "0")
    return f"A{body}{_check(body)}"


def is_claim_number(text: str) -> bool:
    """Whether this can be a number of ours."""
    body, check = text[1:-1], text[-1:]
    return (
        text[:1] == "A"
        and len(body) >= _WIDTH
        and set(body) <= set(_ALPHABET)
        and check == _check(body)
    )


def _check(body: str) -> str:
    # 34 = 2 * 17; odd weights keep a single wrong character from cancelling out, and neighbours
    # differ by two, which 34 does not divide for any swap of characters less than 17 apart.
    total = sum((2 * place + 1) * _ALPHABET.index(character)
                for place, character in enumerate(reversed(body)))  # fmt: skip
    return _ALPHABET[total % len(_ALPHABET)]
