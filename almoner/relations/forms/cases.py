"""What an officer types into a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import TypedDate, TypedTime, offer
from almoner.ground.language import OWN_NAMES
from almoner.ground.templatetags.desk import in_words
from almoner.relations import rules
from almoner.relations.queries.wording import DESKS, KINDS, SKILLS
from almoner.relations.rules import Question

Thing = tuple[str, int]
_ROWS = forms.Textarea(attrs={"rows": 3})
_LONGEST = 4000


thing = rules.thing_named


class Opening(forms.Form):
    """A new case: the key of its kind, what it is about, and whose desk it is."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, KINDS[kind]) for kind in rules.OPENED_AS],
        widget=forms.RadioSelect,
    )
    subject = forms.CharField(label=_("What it is about"), max_length=200)
    note = forms.CharField(
        label=_("More about it"), required=False, max_length=_LONGEST, widget=_ROWS
    )
    desk = forms.ChoiceField(
        label=_("Desk"), choices=[("", _("The usual one")), *DESKS.items()], required=False
    )
    skill = forms.ChoiceField(
        label=_("Skill"), choices=[("", _("None")), *SKILLS.items()], required=False
    )
    about = forms.MultipleChoiceField(
        label=_("Also about"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, abouts: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        offer(self, "about", abouts)

    def clean_about(self) -> tuple[Thing, ...]:
        return tuple(filter(None, map(thing, self.cleaned_data["about"])))


class Splitting(forms.Form):
    """Which of a case's things become a case of their own."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, KINDS[kind]) for kind in rules.OPENED_AS]
    )
    subject = forms.CharField(label=_("What it is about"), max_length=200)
    things = forms.MultipleChoiceField(
        label=_("What of it"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *arguments: Any, choices: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        offer(self, "things", choices)

    def clean_things(self) -> tuple[Thing, ...]:
        return tuple(filter(None, map(thing, self.cleaned_data["things"])))


class Questions(forms.Form):
    """The questions that say whether a complaint is a grievance: each answered yes or no."""

    def __init__(self, *arguments: Any, **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        for question, words in rules.QUESTIONS.items():
            self.fields[question.value] = forms.ChoiceField(
                label=in_words(words),
                choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect,
            )

    def answers(self) -> dict[Question, bool]:
        return {each: self.cleaned_data[each.value] == "yes" for each in Question}


class Completing(forms.Form):
    """What the letter about a grievance must say, in the patient's language.

    ``language`` is asked while nobody knows whose it is.
    """

    contact = forms.CharField(label=_("Contact person"), required=False, max_length=120)
    contact_phone = forms.CharField(label=_("Their phone"), required=False, max_length=40)
    steps = forms.CharField(
        label=_("Steps taken"), required=False, max_length=_LONGEST, widget=_ROWS
    )
    result = forms.CharField(label=_("Result"), required=False, max_length=_LONGEST, widget=_ROWS)
    completed_on = TypedDate(label=_("Completed on"), required=False)
    language = forms.ChoiceField(
        label=_("They wrote in"), required=False, choices=OWN_NAMES.items()
    )


class Due(forms.Form):
    """By when a case is to be settled, and why then."""

    day = TypedDate(label=_("Day"))
    at = TypedTime(label=_("Time"))
    words = forms.CharField(label=_("Why"), max_length=400)


class Snoozing(forms.Form):
    day = TypedDate(label=_("Until the morning of"))


class Posted(forms.Form):
    certified = forms.CharField(label=_("Number of the certified mail"), max_length=60)


class Proof(forms.Form):
    on = TypedDate(label=_("Delivered on"))


class Saving(forms.Form):
    name = forms.CharField(label=_("Name of this list"), max_length=60)


class AtOnce(forms.Form):
    """What is said of several cases at once; each act needs some of it.

    The fields stand in a dialog beside the list, and belong to its form.
    """

    owner = forms.IntegerField(required=False)
    desk = forms.ChoiceField(choices=[("", ""), *DESKS.items()], required=False)
    aside = TypedDate(label=_("Until the morning of"), required=False)
    due_day = TypedDate(label=_("Day"), required=False)
    due_at = TypedTime(label=_("Time"), required=False)
    due_why = forms.CharField(label=_("Why"), required=False, max_length=400)
    note = forms.CharField(label=_("Note"), required=False, max_length=_LONGEST, widget=_ROWS)
    result = forms.CharField(label=_("Result"), required=False, max_length=400)

    def __init__(self, *arguments: Any, **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        self.auto_id = "at-once-%s"
        for field in self.fields.values():
            field.widget.attrs |= {"form": "cases-form"}
