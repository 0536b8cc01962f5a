"""What an administrator types about surveys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import TypedDate, offer
from almoner.ground.language import PATIENTS_READ
from almoner.surveys import queries
from almoner.surveys.queries import wording
from almoner.surveys.rules import MOST, Kind, Question

_LONGEST = 300
_YEAR = 366


class NewSurvey(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)


class AskedQuestion(forms.Form):
    """One question of a draft; one without a kind is left out."""

    kind = forms.ChoiceField(
        label=_("Answered by"),
        choices=[("", _("Not asked")), *wording.KINDS.items()],
        required=False,
    )
    en = forms.CharField(label=_("In English"), max_length=_LONGEST, required=False)
    es = forms.CharField(label=_("In Spanish"), max_length=_LONGEST, required=False)
    low = forms.IntegerField(
        label=_("A case from"),
        min_value=0,
        max_value=10,
        required=False,
        help_text=_("and below; empty: never"),
    )

    def question(self) -> Question | None:
        typed = self.cleaned_data
        if not typed["kind"]:
            return None
        words = {code: " ".join(typed[code].split()) for code in PATIENTS_READ}
        return Question("", Kind(typed["kind"]), words, typed["low"])


def asked(questions: tuple[Question, ...]) -> list[AskedQuestion]:
    """A form for each question there is, and for each that may be added."""
    known: list[Question | None] = [*questions, *[None] * MOST]
    return [
        AskedQuestion(
            prefix=f"q{number}",
            initial={"kind": each.kind.value, **each.text, "low": each.low} if each else None,
        )
        for number, each in enumerate(known[:MOST], start=1)
    ]


def typed(data: Any) -> list[AskedQuestion]:
    return [AskedQuestion(data, prefix=f"q{number}") for number in range(1, MOST + 1)]


class SurveyRule(forms.Form):
    """After which visits a survey is sent."""

    visit_type = forms.TypedChoiceField(
        label=_("Visit type"), coerce=int, empty_value=None, required=False
    )
    location = forms.TypedChoiceField(
        label=_("Location"), coerce=int, empty_value=None, required=False
    )
    after_minutes = forms.IntegerField(
        label=_("Minutes after the visit"), min_value=0, max_value=7 * 24 * 60, initial=120
    )
    share = forms.IntegerField(
        label=_("Of a hundred visits"), min_value=1, max_value=100, initial=100
    )
    pause_days = forms.IntegerField(
        label=_("Days without another"),
        min_value=0,
        max_value=_YEAR,
        initial=90,
        help_text=_("of the same patient"),
    )
    remind_days = forms.IntegerField(
        label=_("Reminded after days"),
        min_value=0,
        max_value=60,
        initial=3,
        help_text=_("once; 0: not"),
    )
    open_days = forms.IntegerField(
        label=_("Can be answered for days"), min_value=1, max_value=90, initial=14
    )
    starts_on = TypedDate(label=_("Visits from"))
    ends_on = TypedDate(label=_("Visits until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "visit_type", [("", _("Every one")), *queries.visit_types()])
        offer(self, "location", [("", _("Every one")), *queries.locations()])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        starts, ends = said.get("starts_on"), said.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("It is before the first day."))
        remind, days = said.get("remind_days"), said.get("open_days")
        if remind is not None and days is not None and remind >= days:
            self.add_error("remind_days", _("By then the link is closed."))
        return said

    def facts(self) -> dict[str, Any]:
        """The rule, for `actions.add_rule`."""
        said = dict(self.cleaned_data)
        visit_type, location = said.pop("visit_type"), said.pop("location")
        return said | {"visit_type_id": visit_type, "location_id": location}
