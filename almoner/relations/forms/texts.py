"""The words of a text that is sent by itself, as they are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.relations import rules
from almoner.relations.queries import Wording


class TextWords(forms.Form):
    """A draft: a subject where it has one, the words, and whether its translations still hold.

    Nothing is required here: what is wrong is said beside it, and stops the review alone.
    """

    subject = forms.CharField(label=_("Subject"), required=False, max_length=400)
    body = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=rules.LONGEST_MAIL,
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "true"}),
    )
    renews = forms.BooleanField(
        label=_("It says something else than before: translations hold no more"), required=False
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, data: Any, *, wording: Wording) -> None:
        known = {
            "subject": wording.subject,
            "body": wording.body,
            "renews": wording.renews,
            "edition": wording.edition,
        }
        super().__init__(data, initial=known, auto_id=f"id_{wording.language}_%s")

    def words(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        typed = self.cleaned_data
        return {name: typed[name] for name in ("subject", "body", "renews", "edition")}
