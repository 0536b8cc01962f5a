"""What is typed about documents of a patient at the desk."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.ground.pictures import LARGEST_UPLOAD
from almoner.records.queries import KINDS, REASONS, WITHHELD
from almoner.records.rules.papers import LONGEST_TITLE, Fault, NotTaken, PaperKind, Withheld

TAKES = "image/jpeg,image/png,image/webp,application/pdf"
FAULTS: dict[Fault, Promise] = {
    Fault.EMPTY: _("Choose a file."),
    Fault.NO_FILE: _("That is neither a picture (JPEG, PNG or WebP) nor a PDF that we can read."),
    Fault.TOO_LARGE: _("That file is too large: at most 15 MB."),
    Fault.TOO_MANY_PAGES: _("That PDF has more than 100 pages."),
    Fault.LOCKED: _("That PDF is locked by a password."),
    Fault.ACTS: _("That PDF carries a program or other files. Print it to a new PDF first."),
    Fault.UNREADABLE: _("That file cannot be read."),
    Fault.BUSY: _("Other files are being read right now. Send it again in a minute."),
    Fault.FULL: _("Too many documents of this patient wait to be looked at."),
}


def _kinds() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("File it as"),
        choices=[("", _("Choose")), *((k.value, w) for k, w in KINDS.items())],
    )


class FileAs(forms.Form):
    kind = _kinds()

    def wanted(self) -> PaperKind:
        return PaperKind(self.cleaned_data["kind"])


class AddDocument(FileAs):
    file = forms.FileField(
        label=_("Picture or PDF"),
        widget=forms.FileInput(attrs={"accept": TAKES}),
        error_messages=dict.fromkeys(("required", "empty"), _("Choose a file.")),
    )
    title = forms.CharField(label=_("What it is"), max_length=LONGEST_TITLE)
    field_order = ("file", "title", "kind")

    def content(self) -> bytes:
        return content_of(self.cleaned_data["file"])


def content_of(upload: Any) -> bytes:
    """The bytes of a file; of one that is too large one more than may be, so that it is refused."""
    content: bytes = upload.read(LARGEST_UPLOAD + 1)
    return content


class Refuse(forms.Form):
    why = forms.ChoiceField(
        label=_("Why it is not taken"),
        choices=[("", _("Choose")), *((k.value, w) for k, w in REASONS.items())],
    )

    def wanted(self) -> NotTaken:
        return NotTaken(self.cleaned_data["why"])


class Withhold(forms.Form):
    because = forms.ChoiceField(
        label=_("Why the patient does not read it in their account"),
        choices=[("", _("Choose")), *((k.value, w) for k, w in WITHHELD.items())],
    )

    def wanted(self) -> Withheld:
        return Withheld(self.cleaned_data["because"])
