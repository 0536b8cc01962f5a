"""What an answer may be begun with: canned answers, and what articles say, by one key each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from almoner.relations import queries, rules
from almoner.relations.queries import articles as known_articles

_TEN = 10  # a key is one digit


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be answered: whose, of which kinds of case it may be, at which desk, its words.

    ``case`` is the one it is answered from, if it is. ``taken`` are the digits that say who of so
    many wrote it.
    """

    patient_id: int | None
    kinds: Collection[str]
    desk: str
    words: str
    case: Any = None
    taken: int = 0


def asked_in(patient_id: int | None, line: queries.Said | None) -> Asked:
    """What the message that waits first asks; of no desk and without words when none does."""
    if line is None:
        return Asked(patient_id, (), "", "")
    words, taken = f"{line.subject} {line.words}", 0 if patient_id else len(line.may_be)
    return Asked(patient_id, rules.kinds_of(line.desk), line.desk, words, taken=taken)


def offered(officer: Any, asked: Asked) -> dict[str, Any]:
    """Canned answers with their facts in them, and after them passages, each under its digit.

    In the language of whom it goes to. One that names what is not known here, the number of a
    case where there is none, is not offered. At most seven queries.
    """
    language = queries.language_of(asked.patient_id)
    facts = queries.facts_for_macros(asked.patient_id, asked.case)
    found = queries.macros(officer, language=language, kinds=asked.kinds)
    keys = iter(range(asked.taken + 1, _TEN))
    macros = [
        (str(next(keys, "")), each, rules.filled(each.said("body"), facts))
        for each in found
        if rules.can_be_filled(each.said("body"), facts)
    ]
    articles = known_articles.offered(
        officer,
        kind=asked.case.kind if asked.case else "",
        desk=asked.desk,
        words=asked.words,
        language=language,
    )
    passages = [(str(next(keys, "")) if each.passage else "", each) for each in articles]
    return {"macros": macros, "passages": passages, "language": language}
