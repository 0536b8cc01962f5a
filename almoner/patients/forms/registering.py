"""Somebody new, as typed at the desk."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import TypedDate
from almoner.patients.forms import fields
from almoner.patients.forms.rows import Rows
from almoner.patients.queries.record import Record
from almoner.patients.queries.wording import LANGUAGES, SEXES
from almoner.patients.rules.details import Address, Contact, Details, Email, FormerName, Phone
from almoner.patients.rules.fold import fold

TEXTS = (
    "family", "given", "middle", "suffix", "name_used", "pronouns", "gender_identity",
)  # fmt: skip
PLAIN = (*TEXTS, "birth_date", "sex", "language", "interpreter_needed")
"""The fields that are columns of the patient's own row, by the same names."""


class Person(fields.Kept):
    """Who somebody is and who pays for them, new or known."""

    family = fields.text(_("Family name"))
    given = fields.text(_("Given name"))
    birth_date = TypedDate(past=True, label=_("Birth date"))
    sex = forms.ChoiceField(label=_("Sex"), choices=list(SEXES.items()), initial="unknown")
    middle = fields.text(_("Middle name"))
    suffix = fields.text(_("Suffix"))
    name_used = fields.text(_("Name used"), help_text=_("What we say aloud, when it is another"))
    pronouns = fields.text(_("Pronouns"))
    gender_identity = fields.text(_("Gender identity"))
    language = forms.ChoiceField(
        label=_("Preferred language"), choices=list(LANGUAGES.items()), initial="en"
    )
    interpreter_needed = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    guarantor_name = fields.text(_("Who pays: name"))
    guarantor_address = fields.text(_("Who pays: address"))
    begins: ClassVar[tuple[str, ...]] = ("family",)
    parts: tuple[Rows, ...] = ()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not self.is_bound:  # a form that comes back puts the cursor on what is wrong
            first = next((name for name in self.begins if not self.initial.get(name)), "family")
            self.fields[first].widget.attrs["autofocus"] = True

    def is_valid(self) -> bool:
        valid = [super().is_valid(), *(part.is_valid() for part in self.parts)]
        return all(valid)  # each is asked, so that each tells its faults

    def rows_in_order(self) -> list[forms.Form]:
        """The rows there are, for what lists the faults of a form and of its parts."""
        return [row for part in self.parts for row in part.rows if not row.gone()]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        named = fold(typed.get("family") or "") or fold(typed.get("given") or "")
        if not named and not (self.stands("family") and self.stands("given")):
            self.add_error("family", _("A family name or a given name is needed."))
        nobody = typed.get("guarantor") == "other" and not typed.get("guarantor_name")
        if nobody and not (self.stands("guarantor") and self.stands("guarantor_name")):
            self.add_error("guarantor_name", _("Type the name of who pays."))
        return typed


class Registration(Person):
    """A new patient. What nearly everybody needs comes first, the rest may stay empty."""

    phone = fields.phone(_("Phone"))
    line = fields.text(_("Street and number"))
    line_2 = fields.text(_("Apartment, unit"))
    zip_code = fields.text(_("ZIP code"))
    city = fields.text(_("City"))
    state = fields.text(_("State"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    former_family = fields.text(_("Former family name"))
    phone_use = fields.phone_use(_("Kind of phone"))
    may_text = forms.BooleanField(label=_("May be texted"), required=False, initial=True)
    phone_2 = fields.phone(_("Second phone"))
    emergency_name = fields.text(_("Emergency contact"))
    emergency_relation = fields.text(_("Relation"))
    emergency_phone = fields.phone(_("Their phone"))
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
    household_with = forms.IntegerField(required=False, widget=forms.HiddenInput)
    begins = ("family", "given", "birth_date", "sex")
    MORE: ClassVar = ("phones", "addresses", "emails", "contacts")

    def __init__(self, data: QueryDict | None = None, **named: Any) -> None:
        super().__init__(data, **named)
        self.parts = tuple(Rows(part, data) for part in self.MORE)

    def clean_zip_code(self) -> str:
        return str(self.cleaned_data["zip_code"]).strip()

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("line") or typed.get("zip_code"):
            fields.complete_the_town(self, typed)
        if typed.get("emergency_phone") and not typed.get("emergency_name"):
            self.add_error("emergency_name", _("Whose phone is it? Type the contact's name."))
        if typed.get("guarantor") == "household" and not typed.get("household_with"):
            self.add_error("guarantor", _("Choose first whose household it is."))
        return typed

    def details(self) -> Details:
        """What was typed, as the actions take it; valid forms only."""
        typed = self.cleaned_data
        household = typed["household_with"] or None
        phones, addresses, emails, contacts = (part.made() for part in self.parts)
        email = (Email(typed["email"]),) if typed["email"] else ()
        return Details(
            **{name: typed[name] for name in PLAIN},
            phones=_once((*_phones(typed), *phones)),
            addresses=(*_addresses(typed), *addresses),
            emails=tuple({each.address: each for each in (*email, *emails)}.values()),
            contacts=(*_contacts(typed), *contacts, *_payer(typed)),
            former_names=(
                (FormerName(typed["former_family"], typed["given"]),)
                if typed["former_family"]
                else ()
            ),
            household_with=household,
            guarantor_id=household if typed["guarantor"] == "household" else None,
        )


def _once(phones: Iterable[Phone]) -> tuple[Phone, ...]:
    """Each number once, as it was typed first."""
    return tuple({phone.number: phone for phone in reversed(tuple(phones))}.values())[::-1]


def _phones(typed: Mapping[str, Any]) -> Iterable[Phone]:
    if typed["phone"]:
        yield Phone(typed["phone"], typed["phone_use"] or "mobile", typed["may_text"])
    if typed["phone_2"]:
        yield Phone(typed["phone_2"], "home", may_text=False)


def _addresses(typed: Mapping[str, Any]) -> Iterable[Address]:
    if typed["line"]:
        yield Address(
            typed["line"], typed["line_2"], typed["city"], typed["state"], typed["zip_code"]
        )


def _contacts(typed: Mapping[str, Any]) -> Iterable[Contact]:
    if typed["emergency_name"]:
        yield Contact(
            typed["emergency_name"],
            relation=typed["emergency_relation"],
            phone=typed["emergency_phone"],
        )


def _payer(typed: Mapping[str, Any]) -> Iterable[Contact]:
    if typed["guarantor"] == "other":
        name, address = typed["guarantor_name"], typed["guarantor_address"]
        yield Contact(name, kind="guarantor", address=address)


def family_member(record: Record) -> dict[str, Any]:
    """Initial values for registering somebody of the same home: address, phone, who pays."""
    kept = record.details
    typed: dict[str, Any] = {"family": kept.family, "language": kept.language}
    if kept.addresses:
        home = kept.addresses[0]
        typed |= {
            name: getattr(home, name) for name in ("line", "line_2", "city", "state", "zip_code")
        }
    if kept.phones:
        typed["phone"] = kept.phones[0].number
    if kept.emails:
        typed["email"] = kept.emails[0].address
    return typed | {"household_with": record.id, "guarantor": "household"}
