"""What a designer of forms types: texts in both languages side by side, answers, conditions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.facility import queries as facility
from almoner.ground.forms import offer
from almoner.records.queries import PAYER_KINDS
from almoner.records.rules import FIELDS, Condition, Definition, Item, Kind, Option, Words
from almoner.records.rules.questionnaires import MOST_ROWS, REPEATING
from almoner.records.rules.rows import groups

KINDS: Mapping[Kind, Promise] = {
    Kind.DISPLAY: _("Text to read"),
    Kind.GROUP: _("Group"),
    Kind.CHOICE: _("Choice"),
    Kind.BOOLEAN: _("Yes or no"),
    Kind.STRING: _("Line"),
    Kind.TEXT: _("Longer text"),
    Kind.DATE: _("Date"),
    Kind.INTEGER: _("Number"),
}
FIELD_WORDS: Mapping[str, Promise] = {
    "phone": _("Mobile phone"),
    "email": _("E-mail"),
    "language": _("Language"),
    "address.line": _("Street"),
    "address.city": _("City"),
    "address.state": _("State"),
    "address.zip_code": _("ZIP code"),
    "contact.name": _("Emergency contact, name"),
    "contact.relation": _("Emergency contact, relation"),
    "contact.phone": _("Emergency contact, phone"),
}
OPERATORS = [
    ("=", _("is")),
    ("!=", _("is not")),
    (">", _("is above")),
    (">=", _("is at least")),
    ("<", _("is below")),
    ("<=", _("is at most")),
    ("exists", _("is answered (true) or not (false)")),
]
_BOOLEAN: Mapping[str, str | Promise] = {"true": _("yes"), "false": _("no")}
SPARE = 2
"""Empty rows for more answers and conditions."""


def _words(**facts: Any) -> forms.CharField:
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), **facts)


class _Worded(forms.Form):
    en = _words(label=_("English"))
    es = _words(label=_("Spanish"), required=False)

    def words(self) -> Words:
        return Words(self.cleaned_data["en"], self.cleaned_data["es"])


class Title(_Worded):
    """One line: Enter sends it."""

    en = forms.CharField(label=_("English"), max_length=200)
    es = forms.CharField(label=_("Spanish"), max_length=200, required=False)


class NewForm(Title):
    code = forms.SlugField(
        label=_("Short name"),
        max_length=50,
        help_text=_("Letters, digits, - and _; never changed."),
        error_messages={"invalid": _("Write it in letters, digits, - and _, without blanks.")},
    )
    field_order = ("code", "en", "es")


class AddItem(_Worded):
    kind = forms.ChoiceField(
        label=_("What"), choices=[(kind.value, word) for kind, word in KINDS.items()]
    )
    after = forms.ChoiceField(label=_("Behind, or in the group"), required=False)
    field_order = ("kind", "after", "en", "es")

    def __init__(self, *arguments: Any, definition: Definition, **facts: Any) -> None:
        super().__init__(*arguments, **facts)
        items = ((item.link_id, _short(item)) for item in definition.every())
        offer(self, "after", [("", _("At the end")), *items])


class ItemDetails(_Worded):
    """One item of a draft. Rows of answers and conditions that are empty are none."""

    required = forms.BooleanField(label=_("Must be answered"), required=False)
    repeats = forms.BooleanField(label=_("Several answers"), required=False)
    most = forms.IntegerField(
        label=_("At most"), required=False, min_value=1, max_value=MOST_ROWS,
        help_text=_("Times that the group is filled; empty: 20."),
    )  # fmt: skip
    field = forms.ChoiceField(
        label=_("Proposes for the registration"),
        required=False,
        choices=[("", "–"), *((name, FIELD_WORDS[name]) for name in FIELDS)],  # noqa: RUF001 (the dash is meant)
    )
    any_of = forms.ChoiceField(
        label=_("Asked when"),
        choices=[("", _("all of these hold")), ("any", _("any of these holds"))],
        required=False,
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, item: Item, definition: Definition, **facts: Any) -> None:
        super().__init__(*arguments, **facts)
        self.item = item
        group = item.kind == Kind.GROUP
        if item.kind == Kind.DISPLAY:
            del self.fields["required"]
        if group:
            self.fields["required"].label = _("At least once, when it repeats")
            self.fields["repeats"].label = _("Repeats: filled row by row")
        else:
            del self.fields["most"]
        if item.kind not in REPEATING:
            del self.fields["repeats"]
        if item.kind not in {Kind.CHOICE, Kind.STRING}:
            del self.fields["field"]
        self.option_rows = len(item.options) + SPARE if item.kind == Kind.CHOICE else 0
        self.condition_rows = len(item.conditions) + 1
        for row in range(self.option_rows):
            self._option_row(row)
        before = list(_questions_before(definition, item.link_id))
        for row in range(self.condition_rows):
            self._condition_row(row, before)

    def _option_row(self, row: int) -> None:
        self.fields |= {
            f"code{row}": forms.CharField(label=_("Code"), required=False, max_length=60),
            f"en{row}": forms.CharField(label=_("English"), required=False, max_length=400),
            f"es{row}": forms.CharField(label=_("Spanish"), required=False, max_length=400),
            f"points{row}": forms.IntegerField(label=_("Points"), required=False),
        }

    def _condition_row(self, row: int, before: list[tuple[str, str]]) -> None:
        self.fields |= {
            f"question{row}": forms.ChoiceField(
                label=_("Question"),
                required=False,
                choices=[("", "–"), *before],  # noqa: RUF001 (the dash is meant)
            ),
            f"operator{row}": forms.ChoiceField(
                label=_("Compared"), required=False, choices=OPERATORS
            ),
            f"answer{row}": forms.CharField(
                label=_("Answer (code, date, number, true or false)"),
                required=False,
                max_length=200,
            ),
        }

    def options(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"{name}{row}"] for name in ("code", "en", "es", "points")]
            for row in range(self.option_rows)
        ]

    def conditions(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"{name}{row}"] for name in ("question", "operator", "answer")]
            for row in range(self.condition_rows)
        ]

    def wanted(self) -> Item:
        """The item as typed; what is wrong with it the definition's own reader says."""
        typed = self.cleaned_data
        return replace(
            self.item,
            words=self.words(),
            required=typed.get("required", False),
            repeats=typed.get("repeats", False),
            most=typed.get("most") or MOST_ROWS,
            field=typed.get("field", ""),
            any_of=typed["any_of"] == "any",
            options=tuple(self._options()),
            conditions=tuple(self._conditions()),
        )

    def _options(self) -> Iterator[Option]:
        typed = self.cleaned_data
        for row in range(self.option_rows):
            if typed[f"code{row}"] or typed[f"en{row}"]:
                words = Words(typed[f"en{row}"], typed[f"es{row}"])
                yield Option(typed[f"code{row}"], words, typed[f"points{row}"])

    def _conditions(self) -> Iterator[Condition]:
        typed = self.cleaned_data
        for row in range(self.condition_rows):
            if typed[f"question{row}"]:
                yield Condition(
                    typed[f"question{row}"], typed[f"operator{row}"], typed[f"answer{row}"]
                )


def when(definition: Definition, item: Item) -> str:
    """When an item is asked, as its designer reads it; empty: always."""
    asked = {each.link_id: each for each in definition.every()}
    told = [_told(asked.get(each.question), each) for each in item.conditions]
    return (gettext(" or ") if item.any_of else gettext(" and ")).join(told)


def _told(question: Item | None, condition: Condition) -> str:
    name = _short(question) if question else condition.question
    if condition.operator == "exists":
        answered = condition.answer == "true"
        return f"{name} {gettext('is answered') if answered else gettext('is not answered')}"
    words = {each.code: each.words.en for each in question.options} if question else {}
    answer = words.get(condition.answer) or _BOOLEAN.get(condition.answer, condition.answer)
    return f"{name} {dict(OPERATORS)[condition.operator]} {answer}"


def typed_from(item: Item, edition: int) -> dict[str, Any]:
    """An item as its form shows it."""
    typed: dict[str, Any] = {
        "en": item.words.en,
        "es": item.words.es,
        "required": item.required,
        "repeats": item.repeats,
        "most": item.most,
        "field": item.field,
        "any_of": "any" if item.any_of else "",
        "edition": edition,
    }
    for row, option in enumerate(item.options):
        typed |= {
            f"code{row}": option.code,
            f"en{row}": option.words.en,
            f"es{row}": option.words.es,
            f"points{row}": option.points,
        }
    for row, condition in enumerate(item.conditions):
        typed |= {
            f"question{row}": condition.question,
            f"operator{row}": condition.operator,
            f"answer{row}": condition.answer,
        }
    return typed


class RuleDetails(forms.Form):
    """Who is asked for a form, and how often."""

    visit_type = forms.TypedChoiceField(
        label=_("At visits"), coerce=int, required=False, empty_value=None
    )
    payer_kind = forms.ChoiceField(
        label=_("Payer"), required=False, choices=[("", _("any")), *PAYER_KINDS]
    )
    age_from = forms.IntegerField(label=_("From age"), required=False, min_value=0, max_value=150)
    age_to = forms.IntegerField(label=_("To age"), required=False, min_value=0, max_value=150)
    holds_days = forms.IntegerField(
        label=_("Again after (days)"),
        required=False,
        min_value=0,
        max_value=30_000,
        help_text=_("Empty: once. 0: for each visit."),
    )
    when_replaced = forms.BooleanField(
        label=_("Again when a new version is in use"), required=False, initial=True
    )
    decline_stands = forms.BooleanField(label=_("Who declined is not asked again"), required=False)

    def __init__(self, *arguments: Any, **facts: Any) -> None:
        super().__init__(*arguments, **facts)
        kinds = [(kind.pk, kind.name) for kind in facility.visit_types()]
        offer(self, "visit_type", [("", _("of every type")), *kinds])

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        first, last = typed.get("age_from"), typed.get("age_to")
        if first is not None and last is not None and last < first:
            self.add_error("age_to", _("The last age is below the first."))
        return typed

    def rule(self) -> dict[str, Any]:
        """Columns of the rule."""
        typed = dict(self.cleaned_data)
        return typed | {"visit_type_id": typed.pop("visit_type")}


def _questions_before(definition: Definition, link_id: str) -> Iterator[tuple[str, str]]:
    for item in definition.every():
        if item.link_id == link_id:
            return
        reachable = item.link_id not in definition.in_rows or _together(definition, item, link_id)
        if item.link_id in definition.questions and reachable:
            yield item.link_id, _short(item)


def _together(definition: Definition, item: Item, link_id: str) -> bool:
    """Whether both stand in one group that repeats: only its own row is asked there."""
    return any(
        {item.link_id, link_id}
        <= {each.link_id for each in Definition(group.words, group.items).every()}
        for group in groups(definition).values()
    )


def _short(item: Item) -> str:
    longest = 60
    text = item.words.en
    return text if len(text) <= longest else f"{text[:longest]}…"
