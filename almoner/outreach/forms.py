"""What is typed about segments and campaigns. Forms read and check; they never save."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from almoner.coverage.queries.policies import plans
from almoner.facility import queries as facility
from almoner.ground.forms import TypedMoney, offer
from almoner.ground.typed import row_id
from almoner.outreach import rules
from almoner.outreach.actions import Plan, Refusal
from almoner.outreach.queries.wording import FIELDS, PURPOSES
from almoner.outreach.rules import Conditions, Field
from almoner.patients.queries.wording import LANGUAGES, SEXES
from almoner.relations.rules import tells_of_health

REFUSALS = {
    Refusal.NAME_TAKEN: _("Give it a name that no other has."),
    Refusal.NOTHING_ASKED: _("Ask for something: everybody is no segment."),
    Refusal.STATE: _("It is not in that state any more. Look again."),
    Refusal.NOBODY: _("There is nobody who may be written to now. Nothing was started."),
    Refusal.WORDS: _("Only {clinic} and {phone} can be filled in, and no words may be empty."),
    Refusal.HEALTH: _("The words tell of health, and others may read them."),
    Refusal.NOT_REVIEWED: _("Somebody who did not write the words has to read them first."),
    Refusal.OWN_WORDS: _("You wrote in these words. Somebody else has to read them."),
    Refusal.CHANGED: _("The words were changed since you read them. Look again."),
    Refusal.NOT_CALLED: _(
        "Nobody has to call them any more, or another officer does. Nothing was kept."
    ),
}
WAYS = {
    "sms,email,call": _("Text, else e-mail, else a call"),
    "email,sms,call": _("E-mail, else text, else a call"),
    "sms,email": _("Text, else e-mail"),
    "sms,call": _("Text, else a call"),
    "email": _("E-mail only"),
    "call": _("Calls only"),
}
_ANY = ("", _("Any"))
_PICKED = (Field.SEX, Field.LANGUAGE)
_PICKED_ROWS = (Field.LOCATION, Field.CLINICIAN, Field.VISIT_TYPE, Field.PAYER, Field.PLAN)
_NUMBERS = (Field.NOT_SEEN, Field.SEEN, Field.AGE_FROM, Field.AGE_TO)


def _label(field: Field) -> Any:
    """Its words; Django's own type for a label knows no promise of any other make."""
    return FIELDS[field]


def _number(field: Field, least: int, most: int, hint: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=_label(field), required=False, min_value=least, max_value=most, help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


def _pick(field: Field) -> forms.ChoiceField:
    return forms.ChoiceField(label=_label(field), required=False)


class Asking(forms.Form):
    """What a segment asks. Whatever is left empty is not asked."""

    diagnosis = forms.CharField(
        label=_label(Field.DIAGNOSIS), required=False, max_length=160,
        help_text=_("Codes or how they begin, like E11, E10.9"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    not_seen = _number(Field.NOT_SEEN, 1, 240, _("months or longer"))
    seen = _number(Field.SEEN, 1, 240, _("months"))
    age_from = _number(Field.AGE_FROM, 0, 130)
    age_to = _number(Field.AGE_TO, 0, 130)
    sex = _pick(Field.SEX)
    language = _pick(Field.LANGUAGE)
    future = forms.ChoiceField(
        label=_label(Field.FUTURE), required=False,
        choices=[_ANY, ("no", _("Has none")), ("yes", _("Has one"))],
    )  # fmt: skip
    location = _pick(Field.LOCATION)
    clinician = _pick(Field.CLINICIAN)
    visit_type = _pick(Field.VISIT_TYPE)
    payer = _pick(Field.PAYER)
    plan = _pick(Field.PLAN)
    owes = TypedMoney(label=_label(Field.OWES), required=False)
    never_seen = forms.BooleanField(label=_label(Field.NEVER_SEEN), required=False)

    def __init__(self, *arguments: Any, **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        covers = list(plans())
        payers = {each.payer_id: each.payer.name for each in covers}
        offered: dict[Field, list[tuple[Any, Any]]] = {
            Field.SEX: list(SEXES.items()),
            Field.LANGUAGE: list(LANGUAGES.items()),
            Field.LOCATION: [(each.id, each.name) for each in facility.places().values()],
            Field.CLINICIAN: [(each.id, each.name) for each in facility.people().values()],
            Field.VISIT_TYPE: [(each.pk, each.name) for each in facility.visit_types()],
            Field.PAYER: sorted(payers.items(), key=lambda one: one[1]),
            Field.PLAN: [(each.pk, f"{each.payer.name}: {each.name}") for each in covers],
        }
        for field, choices in offered.items():
            offer(self, field.value, [_ANY, *choices])

    def clean_diagnosis(self) -> list[str]:
        codes = rules.codes_of(self.cleaned_data["diagnosis"])
        if not codes:
            return []
        try:
            rules.read({Field.DIAGNOSIS.value: codes})
        except rules.Unreadable as error:
            raise ValidationError(
                _("A code begins with a letter and two more, like E11; at most twenty.")
            ) from error
        return codes

    def conditions(self) -> Conditions:
        """What is asked, as `rules.read` takes it."""
        said = self.cleaned_data
        found: Conditions = {Field.DIAGNOSIS.value: said["diagnosis"]}
        found |= {each.value: said[each.value] for each in _NUMBERS}
        found |= {each.value: [said[each.value]] if said[each.value] else None for each in _PICKED}
        for each in _PICKED_ROWS:
            known = row_id(said[each.value])
            found[each.value] = [known] if known else None
        found[Field.FUTURE.value] = said["future"]
        found[Field.OWES.value] = said["owes"]
        found[Field.NEVER_SEEN.value] = said["never_seen"] or None
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    @staticmethod
    def filled(conditions: Conditions) -> dict[str, Any]:
        """What the boxes show of conditions that are kept."""
        shown = dict(conditions)
        for field in (*_PICKED, *_PICKED_ROWS):
            if field in shown:
                shown[field.value] = shown[field][0]
        if Field.OWES in shown:
            shown[Field.OWES.value] = f"{shown[Field.OWES] / 100:.2f}"
        if Field.DIAGNOSIS in shown:
            shown[Field.DIAGNOSIS.value] = ", ".join(shown[Field.DIAGNOSIS])
        return shown


class Keeping(Asking):
    """A segment to be kept: what it asks, and the name it goes by."""

    name = forms.CharField(label=_("Name"), max_length=80)
    field_order = ["name"]


_WORDS = forms.Textarea(attrs={"rows": 3})


class Planning(forms.Form):
    """All that is decided of a campaign before it starts."""

    name = forms.CharField(label=_("Name"), max_length=80)
    purpose = forms.ChoiceField(label=_("What for"), choices=list(PURPOSES.items()))
    ways = forms.ChoiceField(label=_("How"), choices=list(WAYS.items()))
    visit_type = forms.ChoiceField(label=_("To be booked"), required=False)
    subject_english = forms.CharField(
        label=_("Subject of the e-mail, English"), max_length=rules.LONGEST_SUBJECT
    )
    english = forms.CharField(
        label=_("Words, English"), max_length=rules.LONGEST_TEXT, widget=_WORDS
    )
    subject_spanish = forms.CharField(
        label=_("Subject of the e-mail, Spanish"), max_length=rules.LONGEST_SUBJECT
    )
    spanish = forms.CharField(
        label=_("Words, Spanish"), max_length=rules.LONGEST_TEXT, widget=_WORDS
    )
    pace = forms.IntegerField(label=_("People a day"), min_value=1, max_value=5_000)
    remind_after_days = forms.IntegerField(
        label=_("Remind after (days)"), required=False, min_value=1, max_value=90
    )
    window_days = forms.IntegerField(
        label=_("Bookings count for (days)"), min_value=1, max_value=365
    )
    rest_days = forms.IntegerField(
        label=_("Leave alone after another (days)"), min_value=0, max_value=365
    )
    held_out_percent = forms.IntegerField(
        label=_("Held out (%)"), min_value=0, max_value=50,
        help_text=_("Never written to, to compare with"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        kinds = [(each.pk, each.name) for each in facility.visit_types()]
        offer(self, "visit_type", [("", _("Any visit")), *kinds])
        for name in ("pace", "remind_after_days", "window_days", "rest_days", "held_out_percent"):
            self.fields[name].widget = forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off"}
            )

    def clean(self) -> None:
        for name in ("subject_english", "english", "subject_spanish", "spanish"):
            words = self.cleaned_data.get(name, "")
            if rules.faults(words):
                self.add_error(name, REFUSALS[Refusal.WORDS])
            if told := tells_of_health(words):
                says = _("%(field)s: “%(word)s” tells of health, and others may read it.")
                facts = {"field": self.fields[name].label, "word": told[0]}
                self.add_error(name, ValidationError(says, params=facts))

    def plan(self) -> Plan:
        said = dict(self.cleaned_data)
        channels, visit_type = tuple(said.pop("ways").split(",")), row_id(said.pop("visit_type"))
        return Plan(channels=channels, visit_type_id=visit_type, **said)

    @staticmethod
    def usual() -> dict[str, Any]:
        """What a new campaign begins with: the words we ship, and a modest pace."""
        english, spanish = rules.SHIPPED["en"], rules.SHIPPED["es"]
        return {
            "purpose": "care", "ways": "sms,email,call",
            "subject_english": english[0], "english": english[1],
            "subject_spanish": spanish[0], "spanish": spanish[1],
            "pace": 50, "remind_after_days": 10, "window_days": 30, "rest_days": 30,
            "held_out_percent": 10,
        }  # fmt: skip


class Calling(forms.Form):
    """What came of a call; the button is how it ended."""

    called = forms.ChoiceField(choices=[(each.value, each.value) for each in rules.Called])
    number = forms.RegexField(r"\A\+[1-9][0-9]{6,14}\Z", required=False, widget=forms.HiddenInput)
    said = forms.CharField(
        label=_("What was said"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


ENDED = (
    ("1", rules.Called.NO_ANSWER, _("No answer")),
    ("2", rules.Called.LEFT_MESSAGE, _("Left a message")),
    ("3", rules.Called.DECLINED, _("Wants no visit")),
    ("4", rules.Called.WRONG_NUMBER, _("Wrong number")),
)
"""The key, how a call ended, and the words for it."""
