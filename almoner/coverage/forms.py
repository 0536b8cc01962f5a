"""What is typed about a patient's coverage."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.coverage import actions, queries, rules
from almoner.coverage.queries import wording
from almoner.ground.forms import TypedDate

RELATIONS = [("18", _("Self")), ("01", _("Spouse")), ("19", _("Child")), ("G8", _("Other"))]
RANKS = list(wording.RANKS.items())
SEXES = [("", _("not told")), ("female", _("Female")), ("male", _("Male"))]


class PlanChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to mypy only
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.payer.name}: {obj.name}"


class LastDay(TypedDate):
    """The last day as the card has it; 12/31/9999 is how cards and payers write "no end"."""

    def checked(self, day: date) -> date | None:
        return None if day == date.max else super().checked(day)


class Policy(forms.Form):
    """A policy as the card says it. ``last_day`` is the last day it holds, as people say it."""

    plan = PlanChoice(queryset=None, label=_("Payer and plan"))
    member_id = forms.CharField(label=_("Member id"), min_length=2, max_length=80)
    group_number = forms.CharField(label=_("Group number"), max_length=50, required=False)
    rank = forms.TypedChoiceField(label=_("Pays"), choices=RANKS, coerce=int)
    relation = forms.ChoiceField(label=_("Patient is the subscriber's"), choices=RELATIONS)
    subscriber_family = forms.CharField(label=_("Subscriber's family name"), required=False)
    subscriber_given = forms.CharField(label=_("Subscriber's given name"), required=False)
    subscriber_birth_date = TypedDate(label=_("Subscriber's birth date"), past=True, required=False)
    subscriber_sex = forms.ChoiceField(label=_("Subscriber's sex"), choices=SEXES, required=False)
    valid_from = TypedDate(label=_("First day"), required=False)
    last_day = LastDay(label=_("Last day"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = queries.plans()  # type: ignore[attr-defined]

    def clean_member_id(self) -> str:
        member_id: str = self.cleaned_data["member_id"]
        if not rules.can_be_sent(member_id):
            raise forms.ValidationError(
                _("A payer cannot be sent this member id. It has letters, digits and marks like "
                  "- . / without accents, and none of * : ^ ~. Type it as the card has it.")
            )  # fmt: skip
        return member_id

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("relation") not in {"18", None}:
            for name in ("subscriber_family", "subscriber_given", "subscriber_birth_date"):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, _("The payer finds the policy by its subscriber."))
        first, last = typed.get("valid_from"), typed.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        return typed

    def details(self) -> actions.Details:
        """What was typed, once it is valid."""
        typed = dict(self.cleaned_data)
        typed.pop("version")
        last: date | None = typed.pop("last_day")
        return actions.Details(valid_until=last + timedelta(days=1) if last else None, **typed)


class End(forms.Form):
    last_day = TypedDate(label=_("Last day it holds"))
    reason = forms.CharField(label=_("Why"), max_length=200)


class Card(forms.Form):
    image = forms.FileField(
        label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"})
    )


def typed_from(policy: Any) -> dict[str, Any]:
    """A policy's row as the form shows it."""
    names = ("member_id", "group_number", "rank", "relation", "subscriber_family",
             "subscriber_given", "subscriber_birth_date", "subscriber_sex", "valid_from",
             "version")  # fmt: skip
    last = policy.valid_until - timedelta(days=1) if policy.valid_until else None
    return {name: getattr(policy, name) for name in names} | {
        "plan": policy.plan_id,
        "last_day": last,
    }
