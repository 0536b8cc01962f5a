"""The words of what is sent by itself: in the patient's language when they are reviewed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from almoner.ground.language import language_for
from almoner.ground.locks import hold
from almoner.ground.tongues import tongue
from almoner.relations import queries, rules
from almoner.relations.models import TextVersion
from almoner.relations.rules import TextKind


@dataclass(frozen=True, slots=True)
class Chosen:
    """The wordings that hold of some texts, all in one language, in the order they were asked for.

    ``line`` stands under them when that is not the patient's: where an interpreter is.
    """

    language: str
    versions: tuple[TextVersion, ...]
    line: TextVersion | None = None
    tongue: str = ""

    @property
    def parts(self) -> list[int]:
        """The versions of what is put into the first, and under it."""
        rest = [*self.versions[1:], *([self.line] if self.line else [])]
        return [each.pk for each in rest]

    def body(self, facts: Mapping[str, str], *, apart: str = " ") -> str:
        """The first with its facts, and the line of the interpreter under it."""
        words = rules.fill(self.versions[0].body, facts)
        if self.line is None:
            return words
        under = rules.fill(self.line.body, {**facts, "language": self.tongue})
        return f"{words}{apart}{under}"


def choose(codes: Sequence[str], preferred: str, *, at: datetime) -> Chosen:
    """The wordings of these texts that hold, for somebody who prefers a language (BCP 47).

    What is not reviewed in it is said in English, with a line that leads to an interpreter.
    """
    rows = [_reviewed(queries.text_kind(code), at=at) for code in codes]
    wanted = language_for(preferred)
    found = [queries.held(of_text, wanted) for of_text in rows]
    language = wanted if all(found) else "en"
    versions = tuple(_holds(of_text, language) for of_text in rows)
    if not preferred or preferred.partition("-")[0].lower() == language:
        return Chosen(language, versions)
    lines = _reviewed(rules.LANGUAGE_LINE, at=at)
    line = queries.held(lines, wanted) or _holds(lines, "en")
    return Chosen(language, versions, line, tongue(preferred.partition("-")[0].lower()))


def _holds(rows: list[TextVersion], language: str) -> TextVersion:
    row = queries.held(rows, language)
    assert row is not None  # noqa: S101 (the English that comes with the house is never taken away)
    return row


def _reviewed(kind: TextKind, *, at: datetime) -> list[TextVersion]:
    """Its reviewed wordings; what comes with the house is among them from the first time on."""
    rows = queries.approved(kind.code)
    if queries.is_shipped(kind, rows):
        return rows
    return ship(kind, at=at)


@transaction.atomic
def ship(kind: TextKind, *, at: datetime) -> list[TextVersion]:
    """Keep the words that come with the house as reviewed; every reviewed wording of the text."""
    hold("text", kind.code)
    rows = queries.approved(kind.code)
    if queries.is_shipped(kind, rows):
        return rows
    english: TextVersion | None = None
    for language in sorted(kind.shipped, key=lambda each: each != "en"):
        subject, body = kind.shipped[language]
        made = TextVersion.objects.create(
            text=kind.code, language=language, number=queries.next_number(kind.code, language),
            subject=subject, body=body, state="approved", shipped=True, translates=english,
            made_at=at, reviewed_at=at,
        )  # fmt: skip
        english = english or made
    return queries.approved(kind.code)
