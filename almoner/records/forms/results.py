"""What is typed about results: at review, on paper, and of whom one is."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.facility import queries as facility
from almoner.ground.forms import TypedDate, offer
from almoner.records.forms.papers import TAKES, content_of
from almoner.records.rules.papers import LONGEST_TITLE
from almoner.records.rules.results import LONGEST_NOTE

NOT_THEIRS: dict[str, Promise] = {
    "settled": _("Somebody else has settled this result meanwhile."),
    "no_record": _("No record has both this number and this birth date."),
    "another_birth_date": _(
        "The report names another birth date. Ask the laboratory to correct it, or refuse it."
    ),
}


class Review(forms.Form):
    """``seen`` is the version that was read."""

    note = forms.CharField(
        label=_("To the patient"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In plain words, in the language they read. They see it with the result."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class FileResult(forms.Form):
    """A result that came on paper."""

    file = forms.FileField(
        label=_("Picture or PDF"),
        widget=forms.FileInput(attrs={"accept": TAKES}),
        error_messages=dict.fromkeys(("required", "empty"), _("Choose a file.")),
    )
    name = forms.CharField(
        label=_("What was examined"),
        max_length=LONGEST_TITLE,
        help_text=_("As it stands on the paper; the patient reads it."),
    )
    on = TypedDate(label=_("Day of the result"), past=True)
    clinician = forms.TypedChoiceField(
        label=_("Ordered by"), coerce=int, empty_value=None, required=False
    )
    abnormal = forms.BooleanField(label=_("Marked on the paper as out of range"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        people = facility.people().values()
        offer(self, "clinician", [("", _("Nobody here")), *((one.id, one.name) for one in people)])

    def content(self) -> bytes:
        return content_of(self.cleaned_data["file"])


class GiveTo(forms.Form):
    """Two identifiers of the record that a result belongs to."""

    mrn = forms.CharField(label=_("Record number"), max_length=12)
    born = TypedDate(label=_("Birth date"), past=True)


class Because(forms.Form):
    because = forms.CharField(
        label=_("Why"), max_length=300, error_messages={"required": _("Say why.")}
    )
