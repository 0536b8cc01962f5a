"""The texts that are sent by themselves: which there are, which wording holds, what is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from django.db.models import Max

from almoner.access.models import Officer
from almoner.ground.language import PATIENTS_READ
from almoner.relations import rules
from almoner.relations.models import TextVersion
from almoner.relations.rules import TextKind, Version

_MOST = 20
_kinds: dict[str, TextKind] = {each.code: each for each in rules.OURS}


def sends(*kinds: TextKind) -> None:
    """Register texts that a duty sends by themselves, in every language patients are written to."""
    for kind in kinds:
        if kind.code in _kinds and _kinds[kind.code] != kind:
            raise ValueError(kind.code)
        if set(kind.shipped) != set(PATIENTS_READ):
            raise ValueError(kind.shipped)
        _kinds[kind.code] = kind


def text_kind(code: str) -> TextKind:
    """A text by its code. Raises TextVersion.DoesNotExist for one that nobody sends."""
    return _kinds[code] if code in _kinds else no_such_text(code)


def no_such_text(what: str) -> NoReturn:
    raise TextVersion.DoesNotExist(what)


def approved(code: str) -> list[TextVersion]:
    """Every reviewed wording of a text. One query."""
    rows = TextVersion.objects.filter(text=code, state="approved").select_related("translates")
    return list(rows.order_by("id"))


def held(rows: list[TextVersion], language: str) -> TextVersion | None:
    """Which of them holds in a language."""
    known = {row.pk: row for row in rows}
    found = rules.in_force([_as_rule(row) for row in rows], language)
    return known[found.id] if found else None


def _as_rule(row: TextVersion) -> Version:
    english = row.translates or row
    return Version(row.pk, row.language, row.number, row.shipped, english.number, row.renews)


def is_shipped(kind: TextKind, rows: list[TextVersion]) -> bool:
    """Whether the words that come with the house are among its wordings already."""
    last = {row.language: (row.subject, row.body) for row in rows if row.shipped}
    return last == dict(kind.shipped)


def next_number(code: str, language: str) -> int:
    found = TextVersion.objects.filter(text=code, language=language)
    return (found.aggregate(last=Max("number"))["last"] or 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A wording as pages show it; without an id it came with the house and was not sent yet."""

    id: int | None
    language: str
    number: int
    subject: str
    body: str
    state: str
    shipped: bool
    renews: bool = False
    edition: int = 1
    authors: tuple[int, ...] = ()
    written_by: str = ""
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A text in one language: what holds, what is being written, and what held before."""

    language: str
    holds: Wording | None
    open: Wording | None
    before: tuple[Wording, ...]
    stale: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text on the list, its languages side by side."""

    kind: TextKind
    sides: tuple[Side, ...]


def text_lines() -> list[TextLine]:
    """Every text that is sent by itself, as registered. Two queries."""
    rows: dict[str, list[TextVersion]] = {}
    for row in TextVersion.objects.select_related("translates").order_by("id"):
        rows.setdefault(row.text, []).append(row)
    names = _names([row for of_text in rows.values() for row in of_text])
    return [
        TextLine(kind, _sides(kind, rows.get(kind.code, []), names)) for kind in _kinds.values()
    ]


def text_line(code: str) -> TextLine:
    """One text. Raises TextVersion.DoesNotExist for one that nobody sends. Two queries."""
    kind = text_kind(code)
    found = TextVersion.objects.filter(text=code).select_related("translates").order_by("id")
    rows = list(found)
    return TextLine(kind, _sides(kind, rows, _names(rows)))


def _names(rows: list[TextVersion]) -> dict[int, str]:
    ids = {each for row in rows for each in (*row.authors, row.reviewed_by_id or 0)} - {0}
    return dict(Officer.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _sides(kind: TextKind, rows: list[TextVersion], names: dict[int, str]) -> tuple[Side, ...]:
    reviewed = [row for row in rows if row.state == "approved"]
    return tuple(_side(kind, each, rows, reviewed, names) for each in PATIENTS_READ)


def _side(
    kind: TextKind,
    language: str,
    rows: list[TextVersion],
    reviewed: list[TextVersion],
    names: dict[int, str],
) -> Side:
    mine = [row for row in rows if row.language == language]
    row = held(reviewed, language)
    if row is None and not any(each.shipped for each in reviewed):
        holds: Wording | None = _unsent(kind, language)
    else:
        holds = _shown(row, names) if row else None
    being = next((each for each in mine if each.state != "approved"), None)
    before = [each for each in reversed(mine) if each.state == "approved" and each != row]
    return Side(
        language=language,
        holds=holds,
        open=_shown(being, names) if being else None,
        before=tuple(_shown(each, names) for each in before[:_MOST]),
        stale=holds is None,
    )


def _unsent(kind: TextKind, language: str) -> Wording:
    subject, body = kind.shipped[language]
    return Wording(
        id=None, language=language, number=1, subject=subject, body=body, state="approved",
        shipped=True,
    )  # fmt: skip


def _shown(row: TextVersion, names: dict[int, str]) -> Wording:
    return Wording(
        id=row.pk,
        language=row.language,
        number=row.number,
        subject=row.subject,
        body=row.body,
        state=row.state,
        shipped=row.shipped,
        renews=row.renews,
        edition=row.edition,
        authors=tuple(row.authors),
        written_by=", ".join(names.get(each, "") for each in row.authors),
        reviewed_by=names.get(row.reviewed_by_id or 0, ""),
        reviewed_at=row.reviewed_at,
        note=row.note,
    )
