"""What the officer settles at the desk. Validates, never saves."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from almoner.arrivals import actions, queries, rules
from almoner.arrivals.rules import Identifier, Item, Refused, Settled
from almoner.arrivals.rules.ahead import Thing
from almoner.ground.forms import offer
from almoner.records.queries import Due
from almoner.scheduling import forms as scheduling
from almoner.scheduling.rules import Refusal

IDENTIFIERS = [
    (Identifier.NAME.value, _("Name")),
    (Identifier.BIRTH_DATE.value, _("Birth date")),
    (Identifier.PHONE.value, _("Phone")),
    (Identifier.ADDRESS.value, _("Address")),
    (Identifier.PHOTO_ID.value, _("Photo ID")),
    (Identifier.MEMBER_ID.value, _("Member ID")),
]
ITEM_NAMES = {
    Item.IDENTITY: _("Who is it?"),
    Item.DETAILS: _("Details"),
    Item.COVERAGE: _("Coverage"),
    Item.FORMS: _("Forms"),
    Item.COPAY: _("Co-pay"),
}
OPEN = {
    "two": _("Confirm two identifiers."),
    "said": _("Accept or refuse what the patient said, or say why it waits."),
}
BECAUSE = {Item.COVERAGE: _("Goes on because"), Item.COPAY: _("Not paid because")}
SAID_AHEAD = {
    Thing.NAME_USED: _("Name used"),
    Thing.PRONOUNS: _("Pronouns"),
    Thing.ADDRESS: _("Address"),
    Thing.PHONE: _("Phone"),
    Thing.OTHER_PHONE: _("Another phone"),
    Thing.EMAIL: _("E-mail"),
    Thing.LANGUAGE: _("Preferred language"),
    Thing.INTERPRETER: _("Needs an interpreter"),
    Thing.EMERGENCY: _("In an emergency"),
    Thing.POLICY: _("Policy"),
    Thing.NEW_POLICY: _("New coverage"),
    Thing.COMPANY: _("Comes with"),
    Thing.REASON: _("Comes for, in own words"),
    Thing.NEEDS: _("What helps"),
}
MISSING = {
    Item.DETAILS: _("The details are not confirmed: go through them, or say why not."),
    Item.FORMS: _("Not every form is signed: have them signed, or say why not."),
    Item.COVERAGE: _("The payer has not confirmed it: say why check-in goes on without."),
    Item.COPAY: _("The co-pay is not paid: take it, or say why nothing is taken."),
}
REFUSALS = {
    Refused.NOT_NEXT: _("That is not the next step. The board has been brought up to date."),
    Refused.GONE: _("That can no longer be changed. The board has been brought up to date."),
    Refused.CHECK_IN_FIRST: _("Check the patient in first."),
    Refused.NEEDS_ROOM: _("Choose a room."),
    Refused.NEEDS_REASON: _("Say why the patient leaves before the visit is done."),
}
TICKED = (Item.DETAILS, Item.FORMS)
SETTLED_BY_HAND = (*TICKED, *rules.PROVEN)
LETTERS = {Item.DETAILS: "d", Item.COVERAGE: "v", Item.FORMS: "f", Item.COPAY: "y"}
"""Keys of items that are not clear: they tick what is done, or lead to the reason."""


class CheckIn(forms.Form):
    """One page of check-in: each item is done, or waived with words that say why.

    An item that is clear by itself arrives ticked, so that with nothing changed only the
    identifiers are asked. Coverage and co-pay have nothing to tick: they are done when they are
    clear, and pass for a reason until then. Forms that are ticked were signed on paper; those
    signed on their own pages are not due any more. What the patient ``said`` ahead of an item is
    accepted or refused before the item is done.
    """

    identifiers = forms.MultipleChoiceField(
        label=ITEM_NAMES[Item.IDENTITY],
        choices=IDENTIFIERS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    signed = forms.MultipleChoiceField(
        label=_("Signed on paper"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self,
        *arguments: Any,
        due: Sequence[Due] = (),
        clear: Collection[Item] = (),
        said: Collection[Item] = (),
        **facts: Any,
    ) -> None:
        super().__init__(*arguments, **facts)
        self.clear, self.said = clear, said
        for item in SETTLED_BY_HAND:
            words = BECAUSE.get(item, _("Waived because"))
            reason = forms.CharField(label=words, required=False, max_length=200)
            self.fields[f"{item}_reason"] = reason
            if item in rules.PROVEN:
                letter = LETTERS[item]
                reason.widget.attrs |= {"data-key": letter, "aria-keyshortcuts": letter}
            else:
                done = forms.BooleanField(label=_("Done"), required=False)
                done.help_text = ITEM_NAMES[item]
                self.fields[f"{item}_done"] = done
        self.due = [str(form.form_id) for form in due]
        titles = [form.title.en for form in due]
        offer(self, "signed", zip(self.due, titles, strict=True))

    def clean(self) -> dict[str, Any]:
        """Mark each item that is still open, and put the finished check-in under ``check_in``."""
        data = super().clean() or {}
        signed = self.due if data.get(f"{Item.FORMS}_done") else data.get("signed", [])
        data[f"{Item.FORMS}_done"] = set(signed) >= set(self.due)
        settled = [Settled(Item.IDENTITY), *self._settled(data)]
        wanted = rules.unsettled(settled, clear=self.clear, said=self.said)
        if not rules.confirmed([Identifier(one) for one in data.get("identifiers", [])]):
            self.add_error("identifiers", OPEN["two"])
        for item, lack in wanted.items():
            words = OPEN["said"] if lack == "said" else MISSING[item]
            self.add_error(f"{item}_reason", words)
        data["check_in"] = actions.CheckIn(
            identifiers=[Identifier(one) for one in data.get("identifiers", [])],
            settled=settled,
            on_paper=[int(form_id) for form_id in signed],
        )
        return data

    def confirmed_by(self) -> tuple[str, ...]:
        """The identifiers that were ticked, when they are enough to know the person by."""
        said = self.cleaned_data.get("identifiers", []) if self.is_bound else []
        return tuple(said) if rules.confirmed([Identifier(one) for one in said]) else ()

    def _done(self, item: Item, data: dict[str, Any]) -> bool:
        return item in self.clear if item in rules.PROVEN else bool(data.get(f"{item}_done"))

    def _settled(self, data: dict[str, Any]) -> list[Settled]:
        settled = []
        for item in SETTLED_BY_HAND:
            reason = (data.get(f"{item}_reason") or "").strip()
            if self._done(item, data):
                settled.append(Settled(item, note=reason))
            elif reason:
                settled.append(Settled(item, waived=True, reason=reason))
        return settled


class Move(forms.Form):
    to = forms.ChoiceField(choices=[(state.value, state.value) for state in rules.State])
    room = forms.IntegerField(label=_("Room"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class WalkIn(forms.Form):
    """A visit for now: what for and with whom; why, when it lies on top of others.

    Whom one may choose is worked out when the form comes back, so that nobody is booked by what a
    page said minutes ago; ``clinician`` is then the `queries.Way` chosen.
    """

    visit = forms.TypedChoiceField(label=_("Visit"), coerce=int)
    clinician = forms.TypedChoiceField(
        label=_("With"),
        error_messages={"invalid_choice": _("Not there any more. Choose somebody else.")},
    )
    reason = forms.CharField(
        label=_("Why it cannot wait"),
        required=False,
        max_length=400,
        help_text=_("Only when the visit lies on top of others."),
    )
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *arguments: Any,
        types: Sequence[tuple[int, str]],
        ways: Sequence[queries.Way],
        **facts: Any,
    ) -> None:
        super().__init__(*arguments, **facts)
        offer(self, "visit", types)
        known = {str(way.clinician_id): way for way in ways}
        offer(self, "clinician", [(id_, _way(way)) for id_, way in known.items()])
        cast("forms.TypedChoiceField", self.fields["clinician"]).coerce = known.__getitem__

    def begin_with_reason(self) -> None:
        self.fields["reason"].widget.attrs["autofocus"] = True

    def refused(self, reason: Refusal) -> None:
        """Say at its field why the schedule did not take it."""
        where = "reason" if reason is Refusal.NO_REASON else None
        self.add_error(where, scheduling.REFUSALS[reason])


def said(typed: Iterable[str]) -> list[Identifier]:
    """The identifiers among what was sent, each once."""
    return [Identifier(one) for one in dict.fromkeys(typed) if one in set(Identifier)]


def _way(way: queries.Way) -> str:
    facts = {
        "name": way.clinician,
        "specialty": way.specialty,
        "time": formats.time_format(way.local_time, "g:i A"),
    }
    if way.on_top:
        return _("%(name)s, %(specialty)s · on top of others, %(time)s") % facts
    return _("%(name)s, %(specialty)s · free %(time)s") % facts
