"""Words that are typed at the desk: how long a text they make, and how a call can end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from almoner.ground.words import gettext_noop
from almoner.relations.rules.phoning import seconds_aloud

TYPED = gettext_noop("Words typed at the desk")
"""What stands for the subject of a text that an officer typed: its words are no part of a log."""
LONGEST = 1600
"""Characters; the carrier takes no more in one text."""
LONGEST_MAIL = 20_000
ASKED_FOR = timedelta(days=7)
"""How long after they wrote an answer is what they asked for, and so not counted."""

# 3GPP TS 23.038: the basic character set, and the characters that take two places.
_PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€")
_ALL = _PLAIN | _DOUBLE
_PLAIN_LENGTH, _PLAIN_PART = 160, 153
_WIDE_LENGTH, _WIDE_PART = 70, 67


class Disposition(StrEnum):
    """How a phone call ended."""

    SETTLED = "settled"
    PASSED_ON = "passed_on"
    LEFT_MESSAGE = "left_message"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a text is: characters, the parts it is sent and paid in, and what stretches it.

    ``seconds`` is how long it takes to say.
    ``wide`` are the first few characters outside the phones' plain set: they halve what fits.
    """

    characters: int
    parts: int
    wide: str = ""
    seconds: int = 0


def subject_of_answer(subject: str) -> str:
    """The subject of an answer to an e-mail with this one."""
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def filled(body: str, facts: Mapping[str, str]) -> str:
    """A canned answer with its facts in it; where there is no name, its comma has no space before.

    A brace that names nothing we know stays as it was written.
    """
    for name, value in facts.items():
        body = body.replace(f"{{{name}}}", value)
    return body.replace(" ,", ",")


FACTS = ("name", "clinic", "phone", "number")
"""What a canned answer may name: of the patient, of us, and the case's number."""


def can_be_filled(body: str, facts: Mapping[str, str]) -> bool:
    """Whether there is everything at hand that a canned answer names; an empty name is at hand."""
    return not any(f"{{{name}}}" in body for name in FACTS if name not in facts)


def measure(text: str) -> Measure:
    """The length of a text as a carrier counts it."""
    wide = "".join(dict.fromkeys(each for each in text if each not in _ALL))
    if wide:
        places = len(text.encode("utf-16-le", "surrogatepass")) // 2
        whole, part = _WIDE_LENGTH, _WIDE_PART
    else:
        places = len(text) + sum(each in _DOUBLE for each in text)
        whole, part = _PLAIN_LENGTH, _PLAIN_PART
    parts = 1 if places <= whole else -(-places // part)
    return Measure(len(text), parts if text else 0, wide[:5], seconds_aloud(text))
