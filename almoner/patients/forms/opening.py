"""Why a record is opened, and a picture for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SAID = (
    ("phone", _("A caller on the phone"), "1"),
    ("desk", _("Somebody at the desk"), "2"),
    ("returned", _("A call I return"), "3"),
    ("other", _("Another reason"), "4"),
)
"""Why a record is opened: code, words, and the key that says it."""


class Opening(forms.Form):
    """Who is asking, and what they said of themselves."""

    said = forms.ChoiceField(choices=[(code, words) for code, words, _key in SAID])
    confirmed_by = forms.MultipleChoiceField(
        choices=[(name, name) for name in ("name", "birth_date", "phone", "address", "member_id")],
        required=False,
    )
    note = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("said") == "other" and not typed.get("note", "").strip():
            self.add_error("note", gettext("Type the reason in a few words."))
        return typed


class Picture(forms.Form):
    """A file, or what the camera of this device takes; what it really is, the action looks at."""

    picture = forms.FileField(
        label=_("Picture"),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "user"}
        ),
        error_messages={
            "required": _("Choose a picture first, or take one."),
            "empty": _("This file is empty. Choose another picture."),
        },
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not self.is_bound:
            self.fields["picture"].widget.attrs["autofocus"] = True
