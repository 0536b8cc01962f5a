"""One patient's copy of a form, as it is filled: what it asks, what was answered, what is open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import Http404
from django.utils.crypto import salted_hmac

from almoner.access.queries import Reading
from almoner.patients.models import Patient
from almoner.records import rules
from almoner.records.models import Answer, ElectronicConsent, Filling
from almoner.records.queries.definitions import Version, in_use, version
from almoner.records.rules import WORDS, Item, Kind
from almoner.records.rules.rows import FIRST, groups, repeated, rows

LONG_LIST = 7
"""From so many answers on a choice is one box that opens, not a row of buttons."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form of one patient. ``filling_id`` None: not begun, nobody has written anything.

    ``known`` is what it need not ask, beside what was answered on it.
    """

    patient_id: int
    version: Version
    filling_id: int | None
    state: str
    answers: rules.Answers
    known: rules.Known = field(default_factory=dict)

    @property
    def whole(self) -> dict[str, tuple[str, ...]]:
        """What was answered, with what need not be asked."""
        definition = self.version.definition
        return dict(self.answers) | rules.carried(definition, self.answers, self.known)

    @property
    def mark(self) -> str:
        """Marks what stands here unasked, so that nobody signs another; empty when nothing does.

        Keyed: it says nothing of a value that the page veils.
        """
        stand = rules.stands(self.version.definition, self.answers, self.known)
        if not stand:
            return ""
        told = [
            [self.patient_id, subject, self.known[subject].text, said]
            for subject, said in stand.items()
        ]
        return salted_hmac("records.told", json.dumps(told), algorithm="sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a form as a page shows it, in the patient's language.

    ``ask`` names the control: group, rows (a group that repeats), row, display, told (a subject of
    the registration that need not be asked), radios, boxes, list, line, lines, words, date, dates,
    number or numbers. ``link_id`` is the key of `rules.key`;
    ``number`` a row's place, counted from one. ``value`` is what the page shows, so that only what
    was changed on it is saved. ``more``: another row may be added. ``source``: in words where it
    was told, and ``change_at`` where that is changed, when it is another page.
    """

    link_id: str
    ask: str
    text: str
    required: bool
    shown: bool
    longest: int
    values: tuple[str, ...]
    options: tuple[tuple[str, str, bool], ...]
    wrong: str
    field: str
    lines: tuple["Line", ...]
    number: int = 0
    more: bool = False
    source: str = ""
    change_at: str = ""

    @property
    def value(self) -> str:
        return "\n".join(self.values)


def sheet(patient_id: int, form_id: int, *, reading: Reading) -> Sheet:
    """The copy that is open, or a clean one of the version in use. Raises Http404.

    At most four queries.
    """
    if not Patient.objects.filter(pk=patient_id).exists():
        raise Http404
    reading.saw([patient_id])
    return sheet_of(patient_id, form_id)


def sheet_of(patient_id: int, form_id: int, *, known: rules.Known | None = None) -> Sheet:
    """As `sheet`, for an action or as the patient's role; hands nothing to a reader."""
    known = known or {}
    row = (
        Filling.objects.filter(patient=patient_id, form=form_id, state=rules.State.OPEN)
        .values_list("id", "version_id")
        .first()
    )
    if row is None:
        current = in_use([form_id]).get(form_id)
        if current is None:
            raise Http404
        return Sheet(patient_id, version(current.version_id), None, rules.State.OPEN, {}, known)
    filling_id, version_id = row
    told = answers(filling_id)
    return Sheet(patient_id, version(version_id), filling_id, rules.State.OPEN, told, known)


def answers(filling_id: int) -> dict[str, tuple[str, ...]]:
    """What was answered so far. One query."""
    rows = Answer.objects.filter(filling=filling_id).values_list("link_id", "values")
    return {link_id: tuple(values) for link_id, values in rows if values}


def lines(
    sheet_: Sheet,
    language: str,
    *,
    wrong: Mapping[str, str] | None = None,
    change_at: Mapping[str, str] | None = None,
) -> tuple[Line, ...]:
    """The form as a page shows it; ``wrong`` names the questions whose faults are said.

    ``change_at`` has the pages where a subject that is not asked here was asked.
    """
    definition = sheet_.version.definition
    asked = rules.enabled(definition, sheet_.whole)
    told = _told(sheet_, language, change_at or {})
    made = _Lines(sheet_.answers, asked, language, wrong or {}, told)
    return made.of(definition.items)


def _told(sheet_: Sheet, language: str, change_at: Mapping[str, str]) -> dict[str, Line | None]:
    """By question that is not asked: the line of its subject at the first, None at the others."""
    found: dict[str, Line | None] = {}
    for subject, said in rules.stands(
        sheet_.version.definition, sheet_.answers, sheet_.known
    ).items():
        first, *others = said
        title, text, source = told_words(subject, sheet_.known[subject], language)
        found[first] = Line(
            link_id=first,
            ask="told",
            text=title,
            required=False,
            shown=True,
            longest=0,
            values=(text,),
            options=(),
            wrong="",
            field=subject,
            lines=(),
            source=source,
            change_at=change_at.get(subject, ""),
        )
        found |= dict.fromkeys(others)
    return found


def told_words(subject: str, told: rules.Told, language: str) -> tuple[str, str, str]:
    """What a subject is called, what is known of it, and from where, as people read it."""
    words = WORDS[language]
    source = words["from_check_in" if told.said else "from_record"]
    return words[f"told_{subject}"], told.text or words["none"], source


def previewed(definition: rules.Definition, language: str) -> tuple[Line, ...]:
    """A form as a page shows it when everything is asked and nothing answered."""
    answers_ = dict.fromkeys(groups(definition), (FIRST,))
    names = [item.link_id for item in definition.every()]
    asked = frozenset([*names, *(rules.key(name, FIRST) for name in names)])
    return _Lines(answers_, asked, language, {}, {}).of(definition.items)


@dataclass(frozen=True, slots=True)
class _Lines:
    answers: rules.Answers
    asked: frozenset[str]
    language: str
    wrong: Mapping[str, str]
    told: Mapping[str, Line | None]

    def of(self, items: tuple[Item, ...], row: str = "") -> tuple[Line, ...]:
        return tuple(line for item in items if (line := self.line(item, row)))

    def line(self, item: Item, row: str = "") -> Line | None:
        """None for what stands in the line of another question."""
        name = rules.key(item.link_id, row)
        if name in self.told:
            return self.told[name]
        values = self.answers.get(name, ())
        code = self.wrong.get(name, "")
        stand = rows(item, self.answers) if repeated(item) else ()
        return Line(
            link_id=name,
            ask="rows" if repeated(item) else _control(item),
            text=item.words.said(self.language),
            required=item.required,
            shown=name in self.asked,
            longest=item.longest,
            values=stand or values,
            options=self.options(item, values),
            wrong=WORDS[self.language][code] if code else "",
            field=item.field,
            lines=tuple(self.row(item, one, place) for place, one in enumerate(stand, 1))
            if repeated(item)
            else self.of(item.items, row),
            more=len(stand) < item.most,
        )

    def row(self, group: Item, row: str, place: int) -> Line:
        name = rules.key(group.link_id, row)
        return Line(
            link_id=name,
            ask="row",
            text=group.words.said(self.language),
            required=False,
            shown=name in self.asked,
            longest=0,
            values=(),
            options=(),
            wrong="",
            field="",
            lines=self.of(group.items, row),
            number=place,
        )

    def options(self, item: Item, values: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
        if item.kind == Kind.BOOLEAN:
            words = WORDS[self.language]
            return tuple(
                (code, words[name], code in values)
                for code, name in (("true", "yes"), ("false", "no"))
            )
        return tuple(
            (each.code, each.words.said(self.language), each.code in values)
            for each in item.options
        )


_CONTROLS = {
    Kind.GROUP: "group",
    Kind.DISPLAY: "display",
    Kind.BOOLEAN: "radios",
    Kind.DATE: "date",
    Kind.INTEGER: "number",
    Kind.TEXT: "words",
}


def _control(item: Item) -> str:
    if item.kind == Kind.CHOICE:
        if item.repeats or len(item.options) == 1:
            return "boxes"
        return "list" if len(item.options) >= LONG_LIST else "radios"
    if item.kind == Kind.STRING:
        return "lines" if item.repeats else "line"
    several = item.repeats and item.kind in {Kind.DATE, Kind.INTEGER}
    return f"{_CONTROLS[item.kind]}s" if several else _CONTROLS[item.kind]


def consent_of(patient_id: int) -> ElectronicConsent | None:
    """The consent to sign electronically that holds; None when none was given, or no more.

    One query.
    """
    said = ElectronicConsent.objects.filter(patient=patient_id).only("given", "text")
    newest = said.order_by("-id").first()
    return newest if newest and newest.given else None
