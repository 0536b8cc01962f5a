"""What a person types at the doors themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Unlock(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
