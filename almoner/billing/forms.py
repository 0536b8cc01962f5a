"""What is typed about charges, claims, denials and remittances."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from almoner.billing import queries
from almoner.billing.actions import LineEntered
from almoner.billing.queries import wording
from almoner.billing.rules import codes
from almoner.billing.rules.claims import is_claim_number
from almoner.billing.rules.private import Reason
from almoner.ground.forms import TypedDate, TypedMoney
from almoner.ground.typed import NotADate

FEWEST_LINES = 4
ESTIMATE_LINES = 8
LONGEST_SEARCH = 80  # a code is searched by words in the field it goes into
_WORDS = re.compile(r"[\s,;]+")
LARGEST_FILE = 64 * 1024 * 1024


class DiagnosisField(forms.CharField):
    """One diagnosis code, with or without its dot."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_SEARCH, **rest)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-codes": "diagnoses", "autocomplete": "off"}

    def to_python(self, value: Any) -> str:
        code = codes.bare_diagnosis(super().to_python(value) or "")
        if code and not codes.looks_like_diagnosis(code):
            raise ValidationError(_("Type a code like E11.9, or words to search for it."))
        return code


class ProcedureField(forms.CharField):
    """One procedure code of the charge master."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_SEARCH, **rest)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "data-codes": "items", "autocomplete": "off"}

    def to_python(self, value: Any) -> str:
        code = (super().to_python(value) or "").strip().upper()
        if code and not codes.looks_like_procedure(code):
            raise ValidationError(_("A procedure code has five letters or digits."))
        return code


class ModifiersField(forms.CharField):
    """Up to four modifiers: ``25 LT``."""

    def to_python(self, value: Any) -> tuple[str, ...]:  # type: ignore[override]  # a tuple
        found = tuple(filter(None, _WORDS.split((super().to_python(value) or "").upper())))
        wrong = [one for one in found if not codes.looks_like_modifier(one)]
        if wrong or len(found) > codes.MOST_MODIFIERS or len(set(found)) < len(found):
            raise ValidationError(
                _("Up to four different modifiers of two characters, like 25 LT.")
            )
        return found


class PointersField(forms.CharField):
    """Which diagnoses a service was done for: ``1 3`` or ``13``; the weightiest first."""

    def to_python(self, value: Any) -> tuple[int, ...]:  # type: ignore[override]  # a tuple
        text = (super().to_python(value) or "").strip()
        parts = list(text) if text.isdecimal() else list(filter(None, _WORDS.split(text)))
        if not all(part.isdecimal() for part in parts):
            raise ValidationError(_("Type the numbers of the diagnoses, like 1 3."))
        found = tuple(int(part) for part in parts)
        if len(found) > codes.MOST_POINTERS or len(set(found)) < len(found):
            raise ValidationError(_("Up to four different diagnoses."))
        return found


class PlaceField(forms.CharField):
    """Where a service was done, by its code (CMS place of service); empty is the location's."""

    def __init__(self, **rest: Any) -> None:
        attrs = {"inputmode": "numeric", "maxlength": "2"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **rest)

    def to_python(self, value: Any) -> str:
        found = str(super().to_python(value) or "").strip()
        if found and found not in codes.PLACES_OF_SERVICE:
            raise ValidationError(
                _("No place of service has this code: 11 is an office, 10 telehealth at home.")
            )
        return found


class Charges(forms.Form):
    """A visit's charges: twelve places for diagnoses and some lines, all of them may stay empty.

    ``version`` is the one the page was made from. After `is_valid`, `diagnoses` and `lines` hold
    what was typed with the empty places left out.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    because = forms.CharField(label=_("Why"), required=False, max_length=200)

    def __init__(self, *given: Any, lines: int = FEWEST_LINES, **rest: Any) -> None:
        super().__init__(*given, **rest)
        self.line_count = max(FEWEST_LINES, min(lines, codes.MOST_LINES))
        for place in range(1, codes.MOST_DIAGNOSES + 1):
            self.fields[f"dx_{place}"] = DiagnosisField(label=_("Diagnosis %d") % place)
        self.fields["dx_1"].widget.attrs["autofocus"] = True
        for number in range(1, self.line_count + 1):
            self._add_line(number)

    def _add_line(self, number: int) -> None:
        parts: dict[str, forms.Field] = {
            "procedure": ProcedureField(label=_("Procedure, line %d") % number),
            "modifiers": ModifiersField(
                label=_("Modifiers, line %d") % number, required=False, max_length=16
            ),
            "units": forms.IntegerField(
                label=_("Units, line %d") % number, required=False, min_value=1, max_value=999,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            ),
            "pointers": PointersField(
                label=_("For diagnoses, line %d") % number, required=False, max_length=16
            ),
            "fee": TypedMoney(label=_("Fee, line %d") % number, required=False),
            "place_of_service": PlaceField(label=_("Place of service, line %d") % number),
        }  # fmt: skip
        for name, field in parts.items():
            self.fields[f"line_{number}_{name}"] = field

    def diagnosis_fields(self) -> list[BoundField]:
        return [self[f"dx_{place}"] for place in range(1, codes.MOST_DIAGNOSES + 1)]

    def line_fields(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.line_count + 1):
            yield {"number": number, "cells": [self[f"line_{number}_{name}"] for name in _CELLS]}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.diagnosis_places = [
            place for place in range(1, codes.MOST_DIAGNOSES + 1) if given.get(f"dx_{place}")
        ]
        self.line_places = [
            number
            for number in range(1, self.line_count + 1)
            if given.get(f"line_{number}_procedure")
        ]
        for number in range(1, self.line_count + 1):
            typed = any(given.get(f"line_{number}_{name}") for name in ("modifiers", "fee"))
            if typed and number not in self.line_places:
                self._say(f"line_{number}_procedure", _("Type a procedure, or empty this line."))
        return given

    @property
    def diagnoses(self) -> list[str]:
        return [self.cleaned_data[f"dx_{place}"] for place in self.diagnosis_places]

    @property
    def lines(self) -> list[LineEntered]:
        return [self._line(number) for number in self.line_places]

    def _line(self, number: int) -> LineEntered:
        given = self.cleaned_data
        typed = given[f"line_{number}_pointers"] or (1,)
        # Pointers are typed by the places on the screen; the slip counts what is filled in.
        places = {place: at for at, place in enumerate(self.diagnosis_places, 1)}
        return LineEntered(
            procedure=given[f"line_{number}_procedure"],
            pointers=tuple(places.get(place, place) for place in typed),
            units=given[f"line_{number}_units"] or 1,
            modifiers=given[f"line_{number}_modifiers"],
            fee_cents=given[f"line_{number}_fee"],
            place_of_service=given[f"line_{number}_place_of_service"],
        )

    def blame(self, field: str, message: str) -> None:
        """Put a finding of the rules (``diagnoses.2``, ``lines.1.pointers.3``) at its place."""
        part, _dot, rest = field.partition(".")
        number, _dot, name = rest.partition(".")
        if part == "diagnoses" and number:
            self._say(f"dx_{self.diagnosis_places[int(number) - 1]}", message)
        elif part == "lines" and number:
            cell = name.partition(".")[0]
            cell = cell if cell in _CELLS else "procedure"
            self._say(f"line_{self.line_places[int(number) - 1]}_{cell}", message)
        else:
            self.add_error(None, message)

    def _say(self, field: str, message: Any) -> None:
        self.add_error(field, message)


_CELLS = ("procedure", "modifiers", "units", "pointers", "fee", "place_of_service")


class WriteEstimate(forms.Form):
    """The services a visit is expected to come to; after `is_valid` in ``lines``."""

    diagnoses = forms.CharField(
        label=_("Diagnosis codes"),
        required=False,
        max_length=LONGEST_SEARCH,
        help_text=_("Empty when none is known before the visit: the paper says so."),
    )

    def __init__(self, *given: Any, lines: int = 0, **rest: Any) -> None:
        super().__init__(*given, **rest)
        self._numbers = range(1, max(ESTIMATE_LINES, min(lines, codes.MOST_LINES)) + 1)
        for number in self._numbers:
            self.fields[f"code_{number}"] = ProcedureField(label=_("Code, line %d") % number)
            self.fields[f"units_{number}"] = forms.IntegerField(
                label=_("Units, line %d") % number, required=False, min_value=1, max_value=999,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    def clean_diagnoses(self) -> tuple[str, ...]:
        """Codes with or without their dots: ``E11.9 I10``."""
        typed = filter(None, _WORDS.split(self.cleaned_data["diagnoses"]))
        found = tuple(codes.bare_diagnosis(one) for one in typed)
        if not all(map(codes.looks_like_diagnosis, found)) or len(found) > codes.MOST_DIAGNOSES:
            raise ValidationError(_("Up to twelve codes like E11.9 I10."))
        return found

    @staticmethod
    def start(lines: Iterable[tuple[str, int]], diagnoses: Iterable[str]) -> dict[str, Any]:
        """What stands in the form before anything is typed."""
        told: dict[str, Any] = {"diagnoses": " ".join(map(codes.dotted, diagnoses))}
        for number, (code, units) in enumerate(lines, 1):
            told |= {f"code_{number}": code, f"units_{number}": units}
        return told

    def line_fields(self) -> Iterator[tuple[int, BoundField, BoundField]]:
        for number in self._numbers:
            yield number, self[f"code_{number}"], self[f"units_{number}"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self._places = [each for each in self._numbers if given.get(f"code_{each}")]
        if not self._places and not self.errors:
            self.add_error("code_1", _("Write at least one service."))
        return given

    @property
    def lines(self) -> list[tuple[str, int]]:
        given = self.cleaned_data
        return [(given[f"code_{each}"], given[f"units_{each}"] or 1) for each in self._places]

    def has_no_price(self, number: int, code: str) -> None:
        """The ``number``-th line that was filled in is not in the charge master."""
        said = _("%(code)s is not in the charge master of that day.") % {"code": code}
        self.add_error(f"code_{self._places[number - 1]}", said)


class Because(forms.Form):
    """A reason or a note: one line that will be read later."""

    text = forms.CharField(label=_("What and why"), max_length=500)


class Bring(forms.Form):
    """A remittance somebody downloaded."""

    file = forms.FileField(label=_("835 file"), allow_empty_file=True)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("That file is larger than 64 MB."))
        return file


class Wanted(forms.Form):
    """What tells a claim that an answer may mean; every part that is given narrows."""

    patient = forms.CharField(label=_("Patient, MRN or member id"), required=False, max_length=80)
    claim = forms.CharField(label=_("Claim number"), required=False, max_length=40)
    amount = TypedMoney(label=_("Charged"), required=False)
    day = TypedDate(label=_("Day of service"), required=False, past=True)

    @property
    def wanted(self) -> queries.Wanted:
        given = self.cleaned_data if self.is_valid() else {}
        return queries.Wanted(
            patient=(given.get("patient") or "").strip(),
            number=(given.get("claim") or "").strip().upper(),
            cents=given.get("amount"),
            day=given.get("day"),
        )


class NamePayer(forms.Form):
    payer = forms.TypedChoiceField(label=_("Payer"), choices=queries.payers, coerce=int)


class NameClaim(forms.Form):
    """Which claim an answer belongs to, by our number."""

    number = forms.CharField(label=_("Claim number"), max_length=20)

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"]).strip().upper()
        if not is_claim_number(number):
            raise ValidationError(_("That is not a claim number of ours."))
        return number


def day_of_service(text: str) -> date:
    """A day as pages write it into addresses: 2026-03-02. Raises NotADate."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotADate(text) from error


class KeepPrivate(forms.Form):
    """From whom a visit is kept, and what that rests on."""

    from_guarantor = forms.BooleanField(
        label=_("Not to whoever pays, nor to anybody who acts for the patient"),
        required=False,
        help_text=_("A statement of its own goes to the patient, as they asked to be reached."),
    )
    from_plan = forms.BooleanField(
        label=_("Not to the plan"),
        required=False,
        help_text=_("It is never claimed nor asked about: the patient pays it."),
    )
    reason = forms.ChoiceField(label=_("It rests on"), choices=list(wording.PRIVATE.items()))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if not typed.get("from_guarantor") and not typed.get("from_plan"):
            self.add_error(None, _("Say from whom it is kept."))
        return typed

    def asked(self) -> dict[str, Any]:
        """As `actions.keep_private` takes it."""
        typed = self.cleaned_data
        return {
            "from_guarantor": typed["from_guarantor"],
            "from_plan": typed["from_plan"],
            "reason": Reason(typed["reason"]),
        }
