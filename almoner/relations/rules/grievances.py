"""Whether a complaint is a grievance, and why: the questions of the law and its guidance.

Source: 42 CFR 482.13(a)(2), and the State Operations Manual, Appendix A, tag A-0118 of CMS, whose
words the questions follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from almoner.ground.words import gettext_noop

SOURCE = "42 CFR 482.13(a)(2), A-0118"


class Question(StrEnum):
    """What is asked of a complaint, in the order in which it is decided."""

    HARM = "harm"
    RIGHTS = "rights"
    MEDICARE = "medicare"
    FORMAL = "formal"
    BILL_ONLY = "bill_only"
    WRITTEN = "written"
    AT_ONCE = "at_once"


QUESTIONS: dict[Question, str] = {
    Question.HARM: gettext_noop("Do they tell of abuse, neglect or harm?"),
    Question.RIGHTS: gettext_noop("Is it about patients' rights or the conditions for Medicare?"),
    Question.MEDICARE: gettext_noop(
        "Is it about a Medicare bill and the rights and limits of 42 CFR 489?"
    ),
    Question.FORMAL: gettext_noop("Do they ask for a formal complaint, or for an answer to it?"),
    Question.BILL_ONLY: gettext_noop("Is it about a bill and nothing else?"),
    Question.WRITTEN: gettext_noop("Was it in writing, by letter, e-mail, fax or text?"),
    Question.AT_ONCE: gettext_noop("Was it settled at once by the staff who were there?"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is a grievance, and the sentence that says why."""

    grievance: bool
    because: str


_YES: dict[Question, str] = {
    Question.HARM: gettext_noop("A grievance, since abuse, neglect or harm always is one."),
    Question.RIGHTS: gettext_noop(
        "A grievance, since it is about rights or the conditions for Medicare."
    ),
    Question.MEDICARE: gettext_noop(
        "A grievance, since a Medicare bill under 42 CFR 489 is treated as one."
    ),
    Question.FORMAL: gettext_noop("A grievance, since they ask that it be treated as one."),
}
_BILL = gettext_noop("No grievance, since a bill alone is a dispute and no complaint about care.")
_WRITTEN = gettext_noop("A grievance, since a complaint in writing always is one.")
_NOT_SETTLED = gettext_noop("A grievance, since the staff who were there could not settle it.")
_SETTLED = gettext_noop("No grievance, since the staff who were there settled it at once.")


def classify(answers: Mapping[Question, bool]) -> Verdict:
    """What the answers make of a complaint; all questions are answered. Raises KeyError."""
    for question, because in _YES.items():
        if answers[question]:
            return Verdict(grievance=True, because=because)
    if answers[Question.BILL_ONLY]:
        return Verdict(grievance=False, because=_BILL)
    if answers[Question.WRITTEN]:
        return Verdict(grievance=True, because=_WRITTEN)
    if answers[Question.AT_ONCE]:
        return Verdict(grievance=False, because=_SETTLED)
    return Verdict(grievance=True, because=_NOT_SETTLED)
