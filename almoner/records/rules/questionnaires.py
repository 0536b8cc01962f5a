"""Questionnaires as FHIR R4 writes them: what is read of one, and all that is wrong with it.

The subset: groups in groups, display, boolean, choice, date, string, text and integer items;
``enableWhen``; choices, strings, dates and integers that repeat; groups that repeat, at most
``maxOccurs`` times; ``ordinalValue`` points. Every text is English with a Spanish translation by
FHIR's own extension. Two extensions are ours: the bands of a score, and the field of the
registration that an answer speaks about.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from almoner.ground.words import gettext_noop, saying
from almoner.records.rules.elements import answer, extension, extensions, translation

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
OCCURS = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs"
BAND = "urn:almoner:score-band"
REGISTRATION = "urn:almoner:registration-field"

FIELDS = (
    "phone", "email", "language",
    "address.line", "address.city", "address.state", "address.zip_code",
    "contact.name", "contact.relation", "contact.phone",
)  # fmt: skip
"""What an answer may propose for the registration, and nothing else of it."""
MOST_ITEMS, MOST_OPTIONS, DEEPEST, LONGEST = 200, 60, 3, 4000
MOST_ROWS = 20
"""Of a group that repeats, when the group names no smaller number."""
LINE, TEXT = 200, 2000
"""Characters of a string's and of a text's answer when the item names no other bound."""


class Kind(StrEnum):
    GROUP = "group"
    DISPLAY = "display"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"
    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"


ASKING = frozenset(Kind) - {Kind.GROUP, Kind.DISPLAY}
REPEATING = frozenset({Kind.GROUP, Kind.CHOICE, Kind.STRING, Kind.DATE, Kind.INTEGER})
OPERATORS = frozenset({"exists", "=", "!=", ">", "<", ">=", "<="})
ORDERED = frozenset({Kind.DATE, Kind.INTEGER})


@dataclass(frozen=True, slots=True)
class Words:
    """A text in each language of the patients; empty where nobody has written it."""

    en: str
    es: str

    def said(self, language: str) -> str:
        return (self.es or self.en) if language == "es" else self.en


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice; ``points`` count towards the score."""

    code: str
    words: Words
    points: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What an earlier question must be answered for an item to be asked."""

    question: str
    operator: str
    answer: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a form. ``longest`` is characters; ``field`` one of `FIELDS`, or empty.

    A group that repeats is filled row by row, at most ``most`` rows; ``required``: at least one.
    """

    link_id: str
    kind: Kind
    words: Words
    required: bool = False
    repeats: bool = False
    longest: int = LINE
    options: tuple[Option, ...] = ()
    conditions: tuple[Condition, ...] = ()
    any_of: bool = False
    field: str = ""
    items: tuple["Item", ...] = ()
    most: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Band:
    """What a score from ``least`` points on means."""

    least: int
    words: Words


@dataclass(frozen=True, slots=True)
class Definition:
    title: Words
    items: tuple[Item, ...]
    bands: tuple[Band, ...] = ()

    def every(self) -> Iterator[Item]:
        """Every item, as one reads the form."""
        return _each(self.items)

    @property
    def questions(self) -> dict[str, Item]:
        return {item.link_id: item for item in self.every() if item.kind in ASKING}

    @property
    def in_rows(self) -> frozenset[str]:
        """What stands in a group that repeats."""
        groups = (item for item in self.every() if item.kind == Kind.GROUP and item.repeats)
        return frozenset(inner.link_id for group in groups for inner in _each(group.items))


def _each(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _each(item.items)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and at which item; ``link_id`` is empty when it is the form as a whole."""

    link_id: str
    says: str


class NotADefinition(ValueError):
    """This is no form that can be filled; carries every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.link_id}: {fault.says}" for fault in faults))
        self.faults = tuple(faults)


def parsed(body: Any) -> Definition:
    """The form a FHIR Questionnaire describes. Raises NotADefinition with all that is wrong."""
    definition, faults = read(body)
    if faults:
        raise NotADefinition(faults)
    return definition


def read(body: Any) -> tuple[Definition, list[Fault]]:
    """What can be read of it, and all that is wrong: a draft is shown as far as it has come."""
    reader = _Reader()
    if not isinstance(body, Mapping) or body.get("resourceType") != "Questionnaire":
        reader.fault("", gettext_noop("This is no FHIR Questionnaire."))
        return Definition(Words("", ""), ()), reader.faults
    items = reader.items(body.get("item"), "", 1)
    definition = Definition(reader.words(body, "title", ""), items, reader.bands(body))
    reader.whole(definition)
    return definition, reader.faults


class _Reader:
    """One walk through a Questionnaire, in the order of reading."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.known: dict[str, Item] = {}
        self.row_of: dict[str, str] = {}
        self.repeating = ""  # the group that repeats in which is being read
        self.count = 0
        self.named: set[str] = set()

    def fault(self, link_id: str, says: str) -> None:
        self.faults.append(Fault(link_id, says))

    def words(self, element: Mapping[str, Any], name: str, where: str) -> Words:
        en = element.get(name)
        if not isinstance(en, str) or not en.strip():
            self.fault(where, gettext_noop("A text is missing."))
            en = ""
        es = translation(element.get(f"_{name}"))
        if max(len(en), len(es)) > LONGEST:
            self.fault(where, gettext_noop("A text is longer than 4,000 characters."))
        return Words(en.strip(), es.strip())

    def items(self, raw: Any, inside: str, depth: int) -> tuple[Item, ...]:
        if not isinstance(raw, list) or not raw:
            self.fault(inside, gettext_noop("There is nothing in it."))
            return ()
        if depth > DEEPEST:
            self.fault(inside, gettext_noop("Groups stand in groups at most three deep."))
            return ()
        return tuple(item for each in raw if (item := self.item(each, inside, depth)))

    def item(self, raw: Any, inside: str, depth: int) -> Item | None:
        link_id = raw.get("linkId") if isinstance(raw, Mapping) else None
        if not isinstance(link_id, str) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", link_id):
            self.fault(inside, gettext_noop("An item has no linkId of letters and digits."))
            return None
        self.count += 1
        if self.count == MOST_ITEMS + 1:
            self.fault("", gettext_noop("A form has at most 200 items."))
        if link_id in self.known:
            self.fault(link_id, gettext_noop("Two items have this linkId."))
            return None
        if str(raw.get("type")) not in set(Kind):
            what = str(raw.get("type"))[:40]
            self.fault(link_id, saying(gettext_noop("No form can ask a “%(what)s”."), what=what))
            return None
        return self.sound(raw, link_id, Kind(raw["type"]), depth)

    def sound(self, raw: Mapping[str, Any], link_id: str, kind: Kind, depth: int) -> Item:
        conditions = self.conditions(raw, link_id)
        item = Item(
            link_id=link_id,
            kind=kind,
            words=self.words(raw, "text", link_id),
            required=raw.get("required") is True,
            repeats=raw.get("repeats") is True,
            longest=self.longest(raw, link_id, kind),
            options=self.options(raw, link_id) if kind == Kind.CHOICE else (),
            conditions=conditions,
            any_of=raw.get("enableBehavior") == "any",
            field=self.field(raw, link_id),
            most=self.most(raw, link_id),
        )
        self.known[link_id], self.row_of[link_id] = item, self.repeating
        self.fits(item, raw)
        if self.repeating:
            self.fits_a_row(item)
        if kind != Kind.GROUP:
            return item
        around = self.repeating
        self.repeating = link_id if item.repeats else around
        inner = self.items(raw.get("item"), link_id, depth + 1)
        self.repeating = around
        return replace(item, required=item.required and item.repeats, field="", items=inner)

    def fits_a_row(self, item: Item) -> None:
        """Whether it may stand in a group that repeats."""
        if item.kind == Kind.GROUP and item.repeats:
            self.fault(
                item.link_id, gettext_noop("A group that repeats stands in no other that repeats.")
            )
        if any(option.points is not None for option in item.options):
            self.fault(item.link_id, gettext_noop("In a group that repeats no answer has points."))
        if item.field and not item.field.startswith("contact."):
            self.fault(
                item.link_id,
                gettext_noop("In a group that repeats only emergency contacts are proposed."),
            )

    def most(self, raw: Mapping[str, Any], link_id: str) -> int:
        said = extension(raw, OCCURS).get("valueInteger", MOST_ROWS)
        if not isinstance(said, int) or isinstance(said, bool) or not 0 < said <= MOST_ROWS:
            self.fault(link_id, gettext_noop("A group repeats at most 20 times."))
            return MOST_ROWS
        return said

    def fits(self, item: Item, raw: Mapping[str, Any]) -> None:
        """Whether what is said of an item is something its kind can be."""
        if item.kind != Kind.GROUP and raw.get("item"):
            self.fault(item.link_id, gettext_noop("Only a group holds other items."))
        if item.repeats and item.kind not in REPEATING:
            self.fault(item.link_id, gettext_noop("A longer text and a yes or no do not repeat."))
        if item.required and item.kind not in ASKING and not item.repeats:
            self.fault(
                item.link_id,
                gettext_noop("Only a question, or a group that repeats, can be required."),
            )
        if item.field and (item.kind not in {Kind.STRING, Kind.CHOICE} or item.repeats):
            self.fault(
                item.link_id,
                gettext_noop("Only a single line or one choice can be for the registration."),
            )

    def longest(self, raw: Mapping[str, Any], link_id: str, kind: Kind) -> int:
        most = TEXT if kind == Kind.TEXT else LINE
        said = raw.get("maxLength", most)
        if not isinstance(said, int) or isinstance(said, bool) or not 0 < said <= LONGEST:
            self.fault(link_id, gettext_noop("The longest answer is no number of characters."))
            return most
        return said

    def options(self, raw: Mapping[str, Any], link_id: str) -> tuple[Option, ...]:
        told = raw.get("answerOption")
        if not isinstance(told, list) or not 0 < len(told) <= MOST_OPTIONS:
            self.fault(link_id, gettext_noop("A choice needs between one and 60 answers."))
            return ()
        options = [self.option(each, link_id) for each in told]
        codes = [option.code for option in options]
        if len(set(codes)) < len(codes):
            self.fault(link_id, gettext_noop("Two answers have one code."))
        return tuple(options)

    def option(self, raw: Any, link_id: str) -> Option:
        coding = raw.get("valueCoding") if isinstance(raw, Mapping) else None
        if not isinstance(coding, Mapping):
            coding = {}
        code = coding.get("code")
        if not isinstance(code, str) or not re.fullmatch(r"\S{1,60}", code):
            self.fault(link_id, gettext_noop("An answer has no code."))
            code = ""
        points = extension(raw, ORDINAL).get("valueDecimal")
        if points is not None and (not isinstance(points, int) or isinstance(points, bool)):
            self.fault(link_id, gettext_noop("Points are whole numbers."))
            points = None
        return Option(code, self.words(coding, "display", link_id), points)

    def conditions(self, raw: Mapping[str, Any], link_id: str) -> tuple[Condition, ...]:
        told = raw.get("enableWhen", [])
        if not isinstance(told, list):
            told = [told]
        if len(told) > 1 and raw.get("enableBehavior") not in {"all", "any"}:
            self.fault(link_id, gettext_noop("Say whether all conditions must hold, or any."))
        return tuple(one for each in told if (one := self.condition(each, link_id)))

    def condition(self, raw: Any, link_id: str) -> Condition | None:
        raw = raw if isinstance(raw, Mapping) else {}
        asked = self.known.get(str(raw.get("question")))
        if asked is None or asked.kind not in ASKING:
            # Only what stands before it: so that no two items can wait for one another.
            self.fault(link_id, gettext_noop("Its condition names no question that stands before."))
            return None
        if self.row_of[asked.link_id] not in {"", self.repeating}:
            self.fault(
                link_id,
                gettext_noop("Its condition asks a group that repeats, and does not stand in it."),
            )
            return None
        operator, wanted = str(raw.get("operator")), answer(raw)
        if not _may_ask(asked, operator, wanted):
            self.fault(link_id, gettext_noop("Its condition asks what cannot be answered there."))
            return None
        return Condition(asked.link_id, operator, wanted or "")

    def field(self, raw: Mapping[str, Any], link_id: str) -> str:
        name = str(extension(raw, REGISTRATION).get("valueCode", ""))
        if name and (name not in FIELDS or name in self.named):
            self.fault(
                link_id, gettext_noop("No such field of the registration, or one asked already.")
            )
            return ""
        self.named.add(name)
        return name

    def bands(self, body: Mapping[str, Any]) -> tuple[Band, ...]:
        bands = []
        for each in extensions(body):
            if each.get("url") != BAND:
                continue
            least = extension(each, "from").get("valueInteger")
            if not isinstance(least, int) or isinstance(least, bool):
                self.fault("", gettext_noop("A band of the score begins with a whole number."))
                continue
            words = self.words(extension(each, "text"), "valueString", "")
            bands.append(Band(least, words))
        least_of = [band.least for band in bands]
        if least_of != sorted(set(least_of)):
            self.fault("", gettext_noop("The bands of the score stand in no order."))
        return tuple(bands)

    def may_have_no_row(self, item: Item) -> bool:
        group = self.row_of[item.link_id]
        return bool(group) and not self.known[group].required

    def whole(self, definition: Definition) -> None:
        asked = definition.questions.values()
        if asked and not any(
            item.required and not item.conditions and not self.may_have_no_row(item)
            for item in asked
        ):
            self.fault(
                "", gettext_noop("Nothing in it must be answered, so it could be signed blank.")
            )
        if not asked:
            self.fault("", gettext_noop("It asks nothing."))
        scored = any(option.points is not None for item in asked for option in item.options)
        if definition.bands and not scored:
            self.fault("", gettext_noop("It has bands of a score, and no answer has points."))


def untranslated(definition: Definition) -> list[str]:
    """Items (or "" for title and score) whose text lacks Spanish, in the order of reading."""
    lacks = [""] if not definition.title.es or any(not b.words.es for b in definition.bands) else []
    return lacks + [
        item.link_id
        for item in definition.every()
        if not item.words.es or any(not option.words.es for option in item.options)
    ]


def _may_ask(asked: Item, operator: str, wanted: str | None) -> bool:
    if operator not in OPERATORS or wanted is None:
        return False
    if operator == "exists":
        return wanted in {"true", "false"}
    if operator not in {"=", "!="} and asked.kind not in ORDERED:
        return False
    if asked.kind == Kind.CHOICE:
        return wanted in {option.code for option in asked.options}
    if asked.kind == Kind.BOOLEAN:
        return wanted in {"true", "false"}
    return asked.kind != Kind.INTEGER or bool(re.fullmatch(r"-?\d{1,9}", wanted))
