"""What a patient said of being written to, as an officer keeps it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import offer
from almoner.relations import rules
from almoner.relations.queries import Place, wording
from almoner.relations.rules.phoning import VOICE

_SAID = (("no", _("They want none")), ("yes", _("They agree")))


class Said(forms.Form):
    """One purpose at one address, yes or no, and the words in which it was said."""

    where = forms.ChoiceField(label=_("Where"))
    purpose = forms.ChoiceField(
        label=_("What for"), choices=[(each, wording.PURPOSES[each]) for each in rules.PURPOSES]
    )
    given = forms.ChoiceField(label=_("What they said"), choices=_SAID)
    words = forms.CharField(label=_("In their words"), max_length=400)

    def __init__(self, *arguments: Any, places: list[Place], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        offer(self, "where", [(each.where, each.label) for each in places])

    def clean(self) -> dict[str, Any]:
        """Texts of care and bills are given back by the patient's own START alone."""
        said = super().clean() or {}
        by_text = said.get("where", "").startswith("sms:")
        agreed = by_text and said.get("given") == "yes"
        if agreed and said.get("purpose") not in (*rules.ENDED, None):
            self.add_error("given", _("That only their own START gives back, texted from there."))
        aloud = said.get("where", "").startswith(f"{VOICE}:") and said.get("given") == "yes"
        if aloud and said.get("purpose") == rules.ADVERTISING:
            self.add_error("given", _("Calls that advertise need their consent in writing."))
        return said

    def facts(self) -> dict[str, Any]:
        """What was said, as the action takes it."""
        said = self.cleaned_data
        channel, _colon, address = said["where"].partition(":")
        return {
            "channel": channel,
            "address": address,
            "purpose": said["purpose"],
            "given": said["given"] == "yes",
            "words": said["words"],
        }


class ReadBack(forms.Form):
    """What a patient reads back of the code that was sent to one of their addresses."""

    where = forms.ChoiceField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=20, required=False)

    def __init__(self, *arguments: Any, places: list[Place], **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        offer(self, "where", [(each.where, each.label) for each in places])

    def facts(self) -> dict[str, Any]:
        """Which address is meant, as the actions take it."""
        channel, _colon, address = self.cleaned_data["where"].partition(":")
        return {"channel": channel, "address": address}
