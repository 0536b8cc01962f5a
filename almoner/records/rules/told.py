"""What is known of the registration before a form asks for it, and so is not asked again.

What the patient has said in the check-in of this visit stands on the form as said. What the record
keeps stands there too, until one word says that it is right. Both are of a whole subject: of an
address that is written anew no part of the old one is kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from almoner.records.rules.answers import faults, kept
from almoner.records.rules.questionnaires import Definition, Item
from almoner.records.rules.rows import Answers

SUBJECTS = ("phone", "email", "language", "address", "contact")


@dataclass(frozen=True, slots=True)
class Told:
    """One subject of the registration: by part as a form names it (``line``; of a phone "value").

    ``text`` is the part of it that whoever fills the form may read; empty when there is none.
    ``said``: the patient has said it in the check-in of this visit; else the record keeps it.
    """

    parts: Mapping[str, str]
    text: str
    said: bool


Known = Mapping[str, Told]
"""By subject."""


def without(known: Known, subjects: Iterable[str]) -> dict[str, Told]:
    """What is left when these are to be asked after all."""
    left_out = set(subjects)
    return {subject: told for subject, told in known.items() if subject not in left_out}


def confirmed(known: Known, *, right: bool) -> dict[str, Told]:
    """What can be signed: what was said, and what is kept once somebody says that it is right."""
    return {subject: told for subject, told in known.items() if told.said or right}


def stands(
    definition: Definition, answers: Answers, known: Known
) -> dict[str, dict[str, tuple[str, ...]]]:
    """By subject in the order of reading, the answers to questions that are not asked again.

    Not of a subject that was written on the form itself, nor where what is known is no answer that
    the form takes (a language it does not offer), nor in a group that repeats.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for subject, items in about(definition).items():
        told = known.get(subject)
        if told is None or any(answers.get(item.link_id) for item in items):
            continue
        said = {item.link_id: _said(item, told) for item in items}
        if not said.keys() & faults(definition, {**answers, **said}).keys():
            found[subject] = said
    return found


def carried(definition: Definition, answers: Answers, known: Known) -> dict[str, tuple[str, ...]]:
    """The answers that the form takes over, by what they are kept by."""
    said = stands(definition, answers, known).values()
    return {name: values for each in said for name, values in each.items() if values}


def first(definition: Definition, subject: str) -> str:
    """The first question about a subject; empty when there is none."""
    return next((item.link_id for item in about(definition).get(subject, ())), "")


def about(definition: Definition) -> dict[str, list[Item]]:
    """The questions about each subject, outside groups that repeat."""
    inside, found = definition.in_rows, dict[str, list[Item]]()
    for link_id, item in definition.questions.items():
        if item.field and link_id not in inside:
            found.setdefault(item.field.partition(".")[0], []).append(item)
    return found


def _said(item: Item, told: Told) -> tuple[str, ...]:
    return kept(item, [told.parts.get(item.field.partition(".")[2] or "value", "")])
