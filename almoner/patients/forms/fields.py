"""What the forms of a patient are made of: fields, and taking what is kept as it is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from almoner.patients.queries.record import town_of
from almoner.patients.queries.wording import PHONE_USES, WHOSE, language
from almoner.patients.rules.details import e164, readable
from almoner.patients.rules.postal import is_state, is_zip

LONGEST = 120


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


def phone(label: Any) -> PhoneField:
    return PhoneField(label=label, required=False, max_length=40)


def text(label: Any, **rest: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget, **rest)


def choice(label: Any, words: Mapping[str, Any], first: str) -> forms.ChoiceField:
    """One of these codes; ``first`` is what an untouched field says."""
    return forms.ChoiceField(
        label=label, choices=list(words.items()), initial=first, required=False
    )


def phone_use(label: Any) -> forms.ChoiceField:
    return choice(label, PHONE_USES, "mobile")


def whose(label: Any) -> forms.ChoiceField:
    return choice(label, WHOSE, "")


class Kept(forms.Form):
    """A form over something that is kept, which is its ``initial``.

    A field that comes back as it was shown is kept as it is, whatever the rules for new typing
    say: a number no longer given out, a language we have no word for, a name without a letter.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, kept in self.initial.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField) and kept and not field.valid_value(kept):
                words = language(kept) if name == "language" else kept
                field.choices = [*_plain(field.choices), (kept, words)]

    def stands(self, name: str) -> bool:
        """Whether a kept field came back as it was shown."""
        if name not in self.initial:
            return False
        field, kept = self.fields[name], self.initial[name]
        if isinstance(field, forms.BooleanField):
            return bool(self[name].data) == bool(kept)
        return _as_shown(field.prepare_value(kept)) == _as_shown(self[name].data)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        for name in filter(self.stands, self.fields):
            self.errors.pop(name, None)
            typed[name] = self.initial[name]
        return typed


def _plain(choices: Any) -> Sequence[tuple[Any, Any]]:
    return list(choices)


def _as_shown(value: Any) -> str:
    """As a one-line field shows it: a browser leaves line breaks out."""
    return "" if value is None else " ".join(str(value).split())


def complete_the_town(form: Kept, typed: dict[str, Any]) -> None:
    """A ZIP code we know fills in city and state left empty; what an address needs is asked for."""
    home = typed.get("country", "US") == "US"
    zip_code = typed.get("zip_code")
    empty = [name for name in ("city", "state") if not typed.get(name) and not form.stands(name)]
    known = town_of(zip_code) if home and zip_code and empty else None
    if known:
        typed |= {name: dict(zip(("city", "state"), known, strict=True))[name] for name in empty}
    for name, wanted in (
        ("line", _("Street and number belong to the address.")),
        ("zip_code", _("The ZIP code belongs to the address.")),
        ("city", _("Nobody here lives in this ZIP code yet: type the city.")),
    ):
        needed = home or name != "zip_code"
        if needed and not typed.get(name) and name not in form.errors and not form.stands(name):
            form.add_error(name, wanted)
    if home:
        _as_claims_write_it(form, typed)


def _as_claims_write_it(form: Kept, typed: dict[str, Any]) -> None:
    """An address of this country goes onto claims: a state of two letters, a ZIP code of digits."""
    if typed.get("state") and not form.stands("state"):
        typed["state"] = typed["state"].upper()
    for name, is_one, wrong in (
        ("state", is_state, _("Type two letters, like WI.")),
        ("zip_code", is_zip, _("Type five digits, or nine.")),
    ):
        value = typed.get(name)
        if value and not is_one(value) and not form.stands(name):
            form.add_error(name, wrong)
