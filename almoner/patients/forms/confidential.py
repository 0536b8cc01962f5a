"""How a patient asks to be reached, as the desk types it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.patients.forms.fields import LONGEST, phone
from almoner.patients.rules.confidential import Ways, as_typed


class Confidential(forms.Form):
    """The ways that may be used; what is left empty may not. There is no field for why."""

    phone = phone(_("This phone"))
    may_text = forms.BooleanField(label=_("It may be texted"), required=False)
    email = forms.EmailField(label=_("This e-mail"), required=False, max_length=LONGEST)
    address = forms.CharField(
        label=_("This postal address"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("As on the envelope, line by line."),
    )
    account_only = forms.BooleanField(
        label=_("Only in their account: no call, no text, no e-mail, no letter"), required=False
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        given = any(typed.get(name) for name in ("phone", "email", "address"))
        if given and typed.get("account_only"):
            self.add_error("account_only", _("Either only the account, or the ways above."))
        if not given and not typed.get("account_only") and not self.errors:
            self.add_error(None, _("Say at least one way, or that only the account may be used."))
        if typed.get("may_text") and not typed.get("phone") and "phone" not in self.errors:
            self.add_error("may_text", _("Say which phone."))
        return typed

    def ways(self) -> Ways:
        said = ("phone", "may_text", "email", "address")
        return as_typed(**{name: self.cleaned_data[name] for name in said})
