"""A record as it is changed: all that is kept is shown, and what is not touched stays."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import TypedDate
from almoner.patients.forms import fields
from almoner.patients.forms.registering import PLAIN, Person
from almoner.patients.forms.rows import Rows
from almoner.patients.queries.homemates import Homemate
from almoner.patients.queries.record import Member, Record
from almoner.patients.rules.details import Contact, Details

LEAVE = "leave"


class Change(Person):
    """A patient's record as it is changed; ``version`` is the one the officer saw.

    ``nearby`` are people at the same address or phone, whose home the patient may share.
    """

    deceased = forms.BooleanField(label=_("Has died"), required=False)
    deceased_date = TypedDate(past=True, label=_("Date of death"), required=False)
    home = forms.ChoiceField(label=_("Household"), required=False)
    guarantor = forms.ChoiceField(label=_("Who pays"), required=False)
    guarantor_relation = fields.text(_("Who pays: relation"))
    guarantor_phone = fields.phone(_("Who pays: phone"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, record: Record, nearby: Iterable[Homemate] = ()
    ) -> None:
        super().__init__(data, initial=_shown(record))
        self.kept = record.details
        nearby = tuple(nearby)
        choices = {"home": _homes(record, nearby), "guarantor": _payers(record, nearby)}
        for name, offered in choices.items():
            chosen = self.fields[name]
            if isinstance(chosen, forms.ChoiceField):
                chosen.choices = offered
        kept = record.details
        others = [contact for contact in kept.contacts if contact.kind != "guarantor"]
        self.phones = Rows("phones", data, kept=kept.phones, begun=True)
        self.addresses = Rows("addresses", data, kept=kept.addresses, begun=True)
        self.emails = Rows("emails", data, kept=kept.emails, begun=True)
        self.contacts = Rows("contacts", data, kept=others, begun=True)
        self.former_names = Rows("former_names", data, kept=kept.former_names)
        self.parts = (
            self.phones, self.addresses, self.emails, self.former_names, self.contacts,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("deceased_date") and not typed.get("deceased"):
            self.add_error("deceased", _("Tick it too: a date of death was typed."))
        payer = ("guarantor_name", "guarantor_relation", "guarantor_phone", "guarantor_address")
        said = any(typed.get(name) and not self.stands(name) for name in payer)
        if said and typed.get("guarantor") != "other" and not _payer(self.kept):
            self.add_error("guarantor", _("Choose “Somebody else” for the name typed below."))
        return typed

    def leaves(self) -> bool:
        """Whether the patient lives with the household no longer."""
        return bool(self.cleaned_data["home"] == LEAVE)

    def details(self) -> Details:
        """What was typed, laid over what is kept; valid forms only."""
        typed = self.cleaned_data
        return replace(
            self.kept,
            **{name: typed[name] for name in (*PLAIN, "deceased", "deceased_date")},
            phones=self.phones.made(),
            addresses=self.addresses.made(),
            emails=self.emails.made(),
            contacts=self._contacts(),
            former_names=self.former_names.made(),
            household_with=int(typed["home"]) if typed["home"].isdecimal() else None,
            guarantor_id=self._guarantor(),
        )

    def _guarantor(self) -> int | None:
        chosen = self.cleaned_data["guarantor"]
        return int(chosen) if chosen.isdecimal() else None

    def _contacts(self) -> tuple[Contact, ...]:
        """The contacts, and who pays in the place he had among them."""
        others, kept = self.contacts.made(), _payer(self.kept)
        stays = kept and self.stands("guarantor")
        if self.cleaned_data["guarantor"] != "other" and not stays:
            return others
        names = ("name", "relation", "phone", "address")
        said = {name: self.cleaned_data[f"guarantor_{name}"] for name in names}
        payer = replace(kept or Contact("", kind="guarantor"), **said)
        place = self.kept.contacts.index(kept) if kept else len(others)
        return (*others[:place], payer, *others[place:])


def _payer(kept: Details) -> Contact | None:
    return next((contact for contact in kept.contacts if contact.kind == "guarantor"), None)


def _shown(record: Record) -> dict[str, Any]:
    """A record as the initial values of `Change`."""
    kept, payer = record.details, _payer(record.details)
    shown: dict[str, Any] = {name: getattr(kept, name) for name in PLAIN}
    for name in ("name", "relation", "phone", "address"):
        shown[f"guarantor_{name}"] = getattr(payer, name) if payer else ""
    return shown | {
        "deceased": kept.deceased,
        "deceased_date": kept.deceased_date,
        "version": record.version,
        "home": "",
        "guarantor": str(kept.guarantor_id or ("other" if payer else "self")),
    }


def _homes(record: Record, nearby: Iterable[Homemate]) -> list[tuple[str, Any]]:
    at_home = [member for member in record.household if member.at_home]
    if at_home:
        stay = gettext("With %(names)s") % {"names": ", ".join(one.name for one in at_home)}
    else:
        stay = gettext("Nobody else known")
    offered = [("", stay)]
    for mate in nearby:
        if mate.id not in {member.id for member in at_home}:
            words = gettext("Joins the household of %(who)s") % {"who": _who(mate)}
            offered.append((str(mate.id), words))
    if record.in_household:
        offered.append((LEAVE, gettext("Leaves the household")))
    return offered


def _payers(record: Record, nearby: Iterable[Homemate]) -> list[tuple[str, Any]]:
    people: dict[int, Member | Homemate] = {one.id: one for one in record.household}
    people |= {one.id: one for one in nearby}
    known = [(str(one.id), _who(one)) for one in people.values()]
    return [("self", gettext("The patient")), *known, ("other", gettext("Somebody else"))]


def _who(one: Member | Homemate) -> str:
    return f"{one.name} · {one.birth_date:%m/%d/%Y}" if one.birth_date else one.name
