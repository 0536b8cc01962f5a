"""What is typed about an account: by the desk, and by whoever makes one."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from almoner.facility import queries as facility
from almoner.ground.forms import TypedDate, TypedMoney, offer
from almoner.patients.rules.confidential import Ways, as_typed
from almoner.patients.rules.details import e164
from almoner.portal.queries import wording
from almoner.portal.rules.accounts import Kind


class Invite(forms.Form):
    """Whom the desk gives a way in, and to what."""

    kind = forms.ChoiceField(label=_("Who will sign in"), choices=list(wording.KINDS.items()))
    parts = forms.MultipleChoiceField(
        label=_("What they may see"),
        choices=list(wording.PARTS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("A patient sees everything of their own."),
    )
    until = TypedDate(
        label=_("Last day"), required=False, help_text=_("Empty: until somebody ends it.")
    )
    proof = forms.CharField(
        label=_("What shows that they may"),
        required=False,
        max_length=500,
        help_text=_("For anybody but the patient: the paper you saw, the court, the number."),
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("kind") in {None, Kind.SELF}:
            return typed
        if not typed.get("proof", "").strip():
            self.add_error("proof", _("Say what shows that they may act for the patient."))
        if not typed.get("parts"):
            self.add_error("parts", _("Choose what they may see."))
        return typed


class Amount(forms.Form):
    """What is paid of a bill, in cents."""

    amount = TypedMoney()


class Chosen(forms.Form):
    """A sign-in name and a password; the page says in the patient's language what is wrong."""

    login = forms.RegexField(r"^\S{4,100}$", max_length=100)
    password = forms.CharField(max_length=200, strip=False)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class ToBook(forms.Form):
    """Which visit a patient shall book by a link: one that patients book."""

    visit = forms.ChoiceField(label=_("Visit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "visit", wording.bookable())
        self.fields["visit"].widget.attrs["autofocus"] = True


class NewKiosk(forms.Form):
    """A kiosk as a manager sets it up."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Where it stands: Front door, left.")
    )
    location = forms.TypedChoiceField(
        label=_("Location"),
        coerce=int,
        empty_value=None,
        help_text=_("Only its visits of today are found."),
    )
    wait_en = forms.CharField(
        label=_("Where patients wait, in English"),
        required=False,
        max_length=120,
        help_text=_("Empty: they are asked to take a seat."),
    )
    wait_es = forms.CharField(
        label=_("Where patients wait, in Spanish"), required=False, max_length=120
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(id_, place.name) for id_, place in facility.places().items()]
        self.fields["location"].choices = places  # type: ignore[attr-defined]  # of a choice field


class OwnContact(forms.Form):
    """The ways in which a patient may be reached; see `whys` for what is wrong, as words."""

    phone = forms.CharField(max_length=40, required=False)
    may_text = forms.BooleanField(required=False)
    email = forms.EmailField(max_length=120, required=False)
    address = forms.CharField(max_length=400, required=False)
    account_only = forms.BooleanField(required=False)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        try:
            return e164(typed) if typed else ""
        except ValueError as error:
            raise forms.ValidationError("phone") from error

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        given = any(typed.get(name) for name in ("phone", "email", "address"))
        if typed.get("may_text") and not typed.get("phone") and "phone" not in self.errors:
            self.add_error("may_text", "which")
        if given == bool(typed.get("account_only")) and not self.errors:
            self.add_error("account_only" if given else None, "either")
        return typed

    def whys(self) -> dict[str, str]:
        """Of each field that was not taken the word that says why."""
        known = {
            "phone": "contact_phone_wrong",
            "may_text": "contact_which_phone",
            "email": "contact_email_wrong",
            "address": "contact_address_wrong",
            "account_only": "contact_either",
        }
        return {name: known.get(name, "contact_none") for name in self.errors}

    def ways(self) -> Ways:
        said = ("phone", "may_text", "email", "address")
        return as_typed(**{name: self.cleaned_data[name] for name in said})


class JoinAsk(forms.Form):
    """Who asks for an account, and where; a phone is read as E.164."""

    given = forms.CharField(max_length=100)
    family = forms.CharField(max_length=100)
    where = forms.CharField(max_length=120)

    def clean_where(self) -> tuple[str, str]:
        typed = self.cleaned_data["where"].strip()
        if "@" in typed:
            return "email", forms.EmailField().clean(typed)
        try:
            return "sms", e164(typed)
        except ValueError as error:
            raise forms.ValidationError("phone") from error

    def why(self) -> str:
        """The word that says what is wrong."""
        return "ask_name_missing" if {"given", "family"} & set(self.errors) else "ask_where_wrong"

    def said(self) -> dict[str, Any]:
        """As `actions.ask_to_join` takes it."""
        typed = self.cleaned_data
        channel, address = typed["where"]
        return {
            "given": typed["given"],
            "family": typed["family"],
            "channel": channel,
            "address": address,
        }
