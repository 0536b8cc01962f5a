"""One patient's copy of a form, as it is filled: what it asks, what was answered, what is open."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404

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
    """A form of one patient. ``filling_id`` None: not begun, nobody has written anything."""

    patient_id: int
    version: Version
    filling_id: int | None
    state: str
    answers: rules.Answers


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a form as a page shows it, in the patient's language.

    ``ask`` names the control: group, rows (a group that repeats), row, display, radios, boxes,
    list, line, lines, words, date, dates, number or numbers. ``link_id`` is the key of `rules.key`;
    ``number`` a row's place, counted from one. ``value`` is what the page shows, so that only what
    was changed on it is saved. ``more``: another row may be added.
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


def sheet_of(patient_id: int, form_id: int) -> Sheet:
    """As `sheet`, for an action or as the patient's role; hands nothing to a reader."""
    row = (
        Filling.objects.filter(patient=patient_id, form=form_id, state=rules.State.OPEN)
        .values_list("id", "version_id")
        .first()
    )
    if row is None:
        current = in_use([form_id]).get(form_id)
        if current is None:
            raise Http404
        return Sheet(patient_id, version(current.version_id), None, rules.State.OPEN, {})
    filling_id, version_id = row
    return Sheet(patient_id, version(version_id), filling_id, rules.State.OPEN, answers(filling_id))


def answers(filling_id: int) -> dict[str, tuple[str, ...]]:
    """What was answered so far. One query."""
    rows = Answer.objects.filter(filling=filling_id).values_list("link_id", "values")
    return {link_id: tuple(values) for link_id, values in rows if values}


def lines(
    sheet_: Sheet, language: str, *, wrong: Mapping[str, str] | None = None
) -> tuple[Line, ...]:
    """The form as a page shows it; ``wrong`` names the questions whose faults are said."""
    asked = rules.enabled(sheet_.version.definition, sheet_.answers)
    made = _Lines(sheet_.answers, asked, language, wrong or {})
    return tuple(made.line(item) for item in sheet_.version.definition.items)


def previewed(definition: rules.Definition, language: str) -> tuple[Line, ...]:
    """A form as a page shows it when everything is asked and nothing answered."""
    answers_ = dict.fromkeys(groups(definition), (FIRST,))
    names = [item.link_id for item in definition.every()]
    asked = frozenset([*names, *(rules.key(name, FIRST) for name in names)])
    made = _Lines(answers_, asked, language, {})
    return tuple(made.line(item) for item in definition.items)


@dataclass(frozen=True, slots=True)
class _Lines:
    answers: rules.Answers
    asked: frozenset[str]
    language: str
    wrong: Mapping[str, str]

    def line(self, item: Item, row: str = "") -> Line:
        name = rules.key(item.link_id, row)
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
            else tuple(self.line(each, row) for each in item.items),
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
            lines=tuple(self.line(each, row) for each in group.items),
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
