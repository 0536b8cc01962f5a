"""What a survey asks. Its words are the clinic's own; licensed ones are imported nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from almoner.ground.language import PATIENTS_READ
from almoner.ground.words import gettext_noop


class Kind(StrEnum):
    NPS = "nps"
    CSAT = "csat"
    WORDS = "words"


SCALE: dict[Kind, range] = {Kind.NPS: range(11), Kind.CSAT: range(1, 6)}
"""The answers that may be given to a question that is answered by a number."""
LONGEST_WORDS = 4000
MOST = 5
"""Questions: whoever is asked more gives up."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``low`` is the highest answer that opens a case, None when none does."""

    key: str
    kind: Kind
    text: Mapping[str, str]
    low: int | None = None

    @property
    def scale(self) -> range:
        return SCALE.get(self.kind, range(0))

    def is_low(self, score: int) -> bool:
        return self.low is not None and score <= self.low


def read(body: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions of a version as it is kept."""
    return tuple(
        Question(
            key=str(each["key"]),
            kind=Kind(each["kind"]),
            text={language: str(each.get(language, "")) for language in PATIENTS_READ},
            low=each.get("low"),
        )
        for each in body["questions"]
    )


def written(questions: Sequence[Question]) -> dict[str, Any]:
    """A version as it is kept; the questions are numbered anew, as they stand."""
    return {
        "questions": [
            {"key": f"q{number}", "kind": each.kind.value, **each.text, "low": each.low}
            for number, each in enumerate(questions, start=1)
        ]
    }


NONE_ASKED = gettext_noop("It asks nothing.")
TOO_MANY = gettext_noop("It asks more than five questions, which is too much.")
NO_NUMBER = gettext_noop("One question must be answered by a number, or there is no figure.")
NOT_BOTH = gettext_noop("A question lacks its English or its Spanish words.")
TWICE = gettext_noop("It asks two questions of one scale, whose figures would be mixed.")
NOT_ON_SCALE = gettext_noop("The answer that opens a case is none of that question's scale.")


def faults(questions: Sequence[Question]) -> list[str]:
    """Why these cannot be asked of patients; empty when they can."""
    scored = [each for each in questions if each.scale]
    found = {
        NONE_ASKED: not questions,
        TOO_MANY: len(questions) > MOST,
        NO_NUMBER: bool(questions) and not scored,
        NOT_BOTH: any(not each.text[code].strip() for each in questions for code in PATIENTS_READ),
        TWICE: len({each.kind for each in scored}) < len(scored),
        NOT_ON_SCALE: any(
            each.low is not None and each.low not in each.scale for each in questions
        ),
    }
    return [why for why, holds in found.items() if holds]


def next_open(questions: Sequence[Question], answered: set[str]) -> Question | None:
    """The first question that has no answer yet."""
    return next((each for each in questions if each.key not in answered), None)
