"""Words of the set-up that patients read: which tables have them, and what waits to be signed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from almoner.access.queries.officers import names_of
from almoner.ground.signing import SignedWords
from almoner.relations import rules
from almoner.relations.models import Macro, ScriptLine
from almoner.relations.rules import Lint, TextKind
from almoner.relations.rules.script import SCRIPT

MOST = 20
_tables: dict[str, tuple[type[SignedWords], TextKind]] = {
    rules.CANNED.code: (Macro, rules.CANNED),
    SCRIPT.code: (ScriptLine, SCRIPT),
}


def signs(kind: TextKind, model: type[SignedWords]) -> None:
    """Register a table of the set-up whose words are signed by another; ``kind``: what is such."""
    _tables[kind.code] = (model, kind)


def signed_table(code: str) -> tuple[type[SignedWords], TextKind] | None:
    return _tables.get(code)


@dataclass(frozen=True, slots=True)
class SignedColumn:
    """Words in one language: what counts until then (empty: nothing does), and what is new."""

    label: str
    language: str
    before: str
    lint: Lint


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A row of the set-up whose words wait for somebody who did not write them."""

    kind: TextKind
    id: int
    title: str
    seen: str
    authors: tuple[int, ...]
    written_by: str
    counts: bool
    columns: tuple[SignedColumn, ...]


def unsigned() -> list[Unsigned]:
    """The first of what waits, table by table. A query for each table, and one for each row."""
    return list(islice(_unsigned(), MOST))


def _unsigned() -> Iterator[Unsigned]:
    for model, kind in _tables.values():
        for row in model.waiting()[:MOST]:
            yield _shown(kind, row)


def unsigned_count() -> int:
    """How many rows wait. A query for each table."""
    return sum(model.waiting().count() for model, _kind in _tables.values())


def _shown(kind: TextKind, row: Any) -> Unsigned:
    return Unsigned(
        kind=kind,
        id=row.pk,
        title=str(row),
        seen=seen_words(row),
        authors=tuple(row.authors),
        written_by=names_of(row.authors),
        counts=row.signed is not None,
        columns=tuple(
            SignedColumn(
                label=str(row._meta.get_field(name).verbose_name),
                language=row.languages[name],
                before=row.said(name) if row.said(name) != words else "",
                lint=rules.lint(kind, row.languages[name], subject="", body=words),
            )
            for name, words in row.words.items()
            if words or row.said(name)
        ),
    )


def faulty(kind: TextKind, row: SignedWords) -> bool:
    """Whether something stops its words from being signed; words there are none of do not."""
    return any(
        rules.lint(kind, row.languages[name], subject="", body=words).stops
        for name, words in row.words.items()
        if words
    )


def seen_words(row: SignedWords) -> str:
    """What tells these words from any others: who signs has read these."""
    return sha256(json.dumps(row.words, sort_keys=True).encode()).hexdigest()
