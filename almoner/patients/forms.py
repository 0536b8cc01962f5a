"""What an officer types about a patient; read, checked, never saved here."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import TypedDate
from almoner.patients.queries.record import Record, town_of
from almoner.patients.queries.wording import LANGUAGES, SEXES
from almoner.patients.rules.details import (
    Address,
    Contact,
    Details,
    FormerName,
    Phone,
    e164,
    readable,
)
from almoner.patients.rules.fold import fold

LONGEST = 120
PHONE_USES = (("mobile", _("Mobile")), ("home", _("Home")), ("work", _("Work")))


class PhoneField(forms.CharField):
    """A phone number however it is written, as E.164."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = {"inputmode": "tel", "autocomplete": "off"}
        return {**super().widget_attrs(widget), **attributes}

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if not text:
            return ""
        try:
            return e164(text)
        except ValueError as error:
            raise ValidationError(
                _("“%(text)s” is not a phone number. Type ten digits, or + and the country code."),
                params={"text": text},
                code="invalid",
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return readable(value) if isinstance(value, str) and value.startswith("+") else value


def read_phones(text: str) -> tuple[str, ...]:
    """The number in E.164, alone in a tuple; nothing when it cannot be read."""
    try:
        return (e164(text),)
    except ValueError:
        return ()


def _text(label: Any, **rest: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget, **rest)


class Registration(forms.Form):
    """A new patient. What nearly everybody needs comes first, the rest may stay empty."""

    family = _text(_("Family name"))
    given = _text(_("Given name"))
    birth_date = TypedDate(past=True, label=_("Birth date"))
    sex = forms.ChoiceField(label=_("Sex"), choices=list(SEXES.items()), initial="unknown")
    phone = PhoneField(label=_("Phone"), required=False, max_length=40)
    line = _text(_("Street and number"))
    line_2 = _text(_("Apartment, unit"))
    zip_code = _text(_("ZIP code"))
    city = _text(_("City"))
    state = _text(_("State"))
    email = forms.EmailField(label=_("E-mail"), required=False)

    middle = _text(_("Middle name"))
    suffix = _text(_("Suffix"))
    name_used = _text(_("Name used"), help_text=_("What we say aloud, when it is another"))
    pronouns = _text(_("Pronouns"))
    gender_identity = _text(_("Gender identity"))
    former_family = _text(_("Former family name"))
    language = forms.ChoiceField(
        label=_("Preferred language"), choices=list(LANGUAGES.items()), initial="en"
    )
    interpreter_needed = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    phone_use = forms.ChoiceField(
        label=_("Kind of phone"), choices=PHONE_USES, initial="mobile", required=False
    )
    may_text = forms.BooleanField(label=_("May be texted"), required=False, initial=True)
    phone_2 = PhoneField(label=_("Second phone"), required=False, max_length=40)

    emergency_name = _text(_("Emergency contact"))
    emergency_relation = _text(_("Relation"))
    emergency_phone = PhoneField(label=_("Their phone"), required=False, max_length=40)

    guarantor = forms.ChoiceField(
        label=_("Who pays"),
        choices=[
            ("self", _("The patient")),
            ("household", _("Somebody of the household, a patient here")),
            ("other", _("Somebody else")),
        ],
        initial="self",
        required=False,
    )
    guarantor_name = _text(_("Who pays: name"))
    guarantor_address = _text(_("Who pays: address"))
    begins: ClassVar[tuple[str, ...]] = ("family", "given", "birth_date", "sex")
    household_with = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not self.is_bound:  # a form that comes back puts the cursor on what is wrong
            first = next((name for name in self.begins if not self.initial.get(name)), "family")
            self.fields[first].widget.attrs["autofocus"] = True

    def clean_zip_code(self) -> str:
        return str(self.cleaned_data["zip_code"]).strip()

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if not fold(typed.get("family") or "") and not fold(typed.get("given") or ""):
            self.add_error("family", _("A family name or a given name is needed."))
        self._complete_the_town(typed)
        if typed.get("emergency_phone") and not typed.get("emergency_name"):
            self.add_error("emergency_name", _("Whose phone is it? Type the contact's name."))
        if typed.get("guarantor") == "household" and not typed.get("household_with"):
            self.add_error("guarantor", _("Choose first whose household it is."))
        if typed.get("guarantor") == "other" and not typed.get("guarantor_name"):
            self.add_error("guarantor_name", _("Type the name of who pays."))
        return typed

    def _complete_the_town(self, typed: dict[str, Any]) -> None:
        """A ZIP code we know fills in city and state left empty."""
        if not typed.get("line") and not typed.get("zip_code"):
            return
        if typed.get("zip_code") and not (typed.get("city") and typed.get("state")):
            known = town_of(typed["zip_code"])
            if known:
                typed["city"] = typed.get("city") or known[0]
                typed["state"] = typed.get("state") or known[1]
        for name, wanted in (
            ("line", _("Street and number belong to the address.")),
            ("zip_code", _("The ZIP code belongs to the address.")),
            ("city", _("Nobody here lives in this ZIP code yet: type the city.")),
        ):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, wanted)

    def details(self) -> Details:
        """What was typed, as the actions take it; valid forms only."""
        typed = self.cleaned_data
        household = typed["household_with"] or None
        return Details(
            **{name: typed[name].strip() for name in TEXTS},
            birth_date=typed["birth_date"],
            sex=typed["sex"],
            language=typed["language"],
            interpreter_needed=typed["interpreter_needed"],
            phones=tuple(self._phones(typed)),
            addresses=tuple(self._addresses(typed)),
            emails=(typed["email"],) if typed["email"] else (),
            contacts=tuple(self._contacts(typed)),
            former_names=(
                (FormerName(typed["former_family"], typed["given"]),)
                if typed["former_family"]
                else ()
            ),
            household_with=household,
            guarantor_id=household if typed["guarantor"] == "household" else None,
        )

    @staticmethod
    def _phones(typed: Mapping[str, Any]) -> Iterable[Phone]:
        if typed["phone"]:
            yield Phone(typed["phone"], typed["phone_use"] or "mobile", typed["may_text"])
        if typed["phone_2"] and typed["phone_2"] != typed["phone"]:
            yield Phone(typed["phone_2"], "home", may_text=False)

    @staticmethod
    def _addresses(typed: Mapping[str, Any]) -> Iterable[Address]:
        if typed["line"]:
            yield Address(
                typed["line"], typed["line_2"], typed["city"], typed["state"], typed["zip_code"]
            )

    @staticmethod
    def _contacts(typed: Mapping[str, Any]) -> Iterable[Contact]:
        if typed["emergency_name"]:
            yield Contact(
                typed["emergency_name"],
                relation=typed["emergency_relation"],
                phone=typed["emergency_phone"],
            )
        if typed["guarantor"] == "other":
            name, address = typed["guarantor_name"], typed["guarantor_address"]
            yield Contact(name, kind="guarantor", address=address)


TEXTS = (
    "family", "given", "middle", "suffix", "name_used", "pronouns", "gender_identity",
)  # fmt: skip


class Change(Registration):
    """A patient's record as it is changed; ``version`` is the one the officer saw."""

    deceased = forms.BooleanField(label=_("Has died"), required=False)
    deceased_date = TypedDate(past=True, label=_("Date of death"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    begins = ("family",)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("deceased_date") and not typed.get("deceased"):
            self.add_error("deceased", _("Tick it too: a date of death was typed."))
        return typed

    def changed(self, kept: Details) -> Details:
        """What was typed, laid over what is kept: rows the form does not show stay."""
        typed = self.details()
        known = {phone.number: phone for phone in kept.phones}
        second = tuple(known.get(phone.number, phone) for phone in typed.phones[1:])
        return replace(
            typed,
            deceased=self.cleaned_data["deceased"],
            deceased_date=self.cleaned_data["deceased_date"],
            phones=(*typed.phones[:1], *second, *kept.phones[2:]),
            addresses=(*typed.addresses, *kept.addresses[1:]),
            emails=(*typed.emails, *kept.emails[1:]),
            contacts=(*typed.contacts, *_beyond(kept.contacts)),
            former_names=(*typed.former_names, *kept.former_names[1:]),
            identifiers=kept.identifiers,
            guarantor_id=typed.guarantor_id or self._kept_guarantor(kept),
        )

    def _kept_guarantor(self, kept: Details) -> int | None:
        return kept.guarantor_id if self.cleaned_data["guarantor"] == "household" else None


def _beyond(contacts: Iterable[Contact]) -> list[Contact]:
    """The contacts the form has no fields for: all but the first to call, and the guarantor."""
    emergency = [contact for contact in contacts if contact.kind == "emergency"]
    return [*emergency[1:], *(contact for contact in contacts if contact.kind == "guardian")]


def as_typed(record: Record) -> dict[str, Any]:
    """A record as the initial values of `Change`."""
    kept = record.details
    typed: dict[str, Any] = {name: getattr(kept, name) for name in TEXTS}
    typed |= {
        "birth_date": kept.birth_date, "sex": kept.sex, "language": kept.language,
        "interpreter_needed": kept.interpreter_needed, "deceased": kept.deceased,
        "deceased_date": kept.deceased_date, "version": record.version,
        "former_family": kept.former_names[0].family if kept.former_names else "",
        "email": kept.emails[0] if kept.emails else "",
    }  # fmt: skip
    for name, phone in zip(("phone", "phone_2"), kept.phones, strict=False):
        typed[name] = phone.number
    if kept.phones:
        typed |= {"phone_use": kept.phones[0].use, "may_text": kept.phones[0].may_text}
    if kept.addresses:
        home = kept.addresses[0]
        typed |= {
            name: getattr(home, name) for name in ("line", "line_2", "city", "state", "zip_code")
        }
    return typed | _contacts_typed(kept)


def _contacts_typed(kept: Details) -> dict[str, Any]:
    typed: dict[str, Any] = {"guarantor": "household" if kept.guarantor_id else "self"}
    typed["household_with"] = kept.guarantor_id
    for contact in reversed(kept.contacts):
        if contact.kind == "emergency":
            typed |= {
                "emergency_name": contact.name,
                "emergency_relation": contact.relation,
                "emergency_phone": contact.phone,
            }
        elif contact.kind == "guarantor":
            typed |= {
                "guarantor": "other",
                "guarantor_name": contact.name,
                "guarantor_address": contact.address,
            }
    return typed


def family_member(record: Record) -> dict[str, Any]:
    """Initial values for registering somebody of the same home: address, phone, who pays."""
    typed = as_typed(record)
    shared = ("family", "line", "line_2", "city", "state", "zip_code", "phone", "language", "email")
    return {name: typed[name] for name in shared if name in typed} | {
        "household_with": record.id,
        "guarantor": "household",
    }


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
        choices=[(name, name) for name in ("birth_date", "phone", "address", "member_id")],
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
