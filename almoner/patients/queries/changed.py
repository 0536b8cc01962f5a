"""The desk's words for columns and values of the history."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.patients.queries import wording
from almoner.patients.rules.details import readable

Row = Mapping[str, Any]
TABLES: dict[str, str | Promise] = {
    "patient": "",
    "address": _("Address"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "contact": _("Contact"),
    "formername": _("Former name"),
    "identifier": _("Number elsewhere"),
}
_FIELDS: dict[str, str | Promise] = {
    "family": _("Family name"), "given": _("Given name"), "middle": _("Middle name"),
    "suffix": _("Suffix"), "name_used": _("Name used"), "pronouns": _("Pronouns"),
    "birth_date": _("Birth date"), "sex": _("Sex"), "gender_identity": _("Gender identity"),
    "language": _("Preferred language"), "interpreter_needed": _("Needs an interpreter"),
    "deceased": _("Has died"), "deceased_date": _("Date of death"),
    "household_id": _("Household"), "guarantor_id": _("Who pays"), "mrn": _("Record number"),
    "registered_at": _("Registered"), "line": _("Street and number"),
    "line_2": _("Apartment, unit"), "city": _("City"), "state": _("State"),
    "zip_code": _("ZIP code"), "country": _("Country"), "number": _("Number"),
    "may_text": _("May be texted"), "name": _("Name"), "relation": _("Relation"),
    "valid_from": _("Used from"), "valid_until": _("Used until"), "system": _("Given by"),
    "value": _("Number"), "phone": _("Phone"), "address": _("Address"),
    "use": _("Kind"), "kind": _("Kind"), "whose": _("Whose it is"), "whose_name": _("Their name"),
}  # fmt: skip
_CODES: dict[tuple[str, str], Mapping[str, str | Promise]] = {
    ("patient", "sex"): wording.SEXES,
    ("patient", "language"): wording.LANGUAGES,
    ("phone", "use"): wording.PHONE_USES,
    ("phone", "whose"): wording.WHOSE,
    ("email", "whose"): wording.WHOSE,
    ("address", "use"): wording.ADDRESS_USES,
    ("contact", "kind"): wording.CONTACT_KINDS | {"guarantor": _("Who pays")},
    ("formername", "kind"): wording.NAME_KINDS,
}
_NUMBERS = frozenset({("phone", "number"), ("contact", "phone")})
_DATES = frozenset({"birth_date", "deceased_date", "valid_from", "valid_until"})
NAMED = """
    SELECT 'guarantor_id', id, concat_ws(' ', given, family)
      FROM patients_patient WHERE id = ANY(%(guarantor_id)s)
    UNION ALL
    SELECT 'household_id', id, name FROM patients_household WHERE id = ANY(%(household_id)s)
"""
Names = Mapping[tuple[str, int], str]


def field_words(table: str, field: str) -> str:
    if (table, field) == ("email", "address"):
        return str(TABLES["email"])
    return str(_FIELDS.get(field, field.replace("_", " ")))


def value_words(table: str, field: str, value: Any, names: Names) -> str:
    """A value as the desk reads it; empty when there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if (table, field) in _NUMBERS:
        return readable(value)
    if field in _DATES:
        return f"{date.fromisoformat(value):%m/%d/%Y}"
    if field in {"guarantor_id", "household_id"}:
        return names.get((field, value)) or gettext("no longer here")
    return str(_CODES.get((table, field), {}).get(value, value))


def names_in(rows: Iterable[Row | None]) -> Names:
    """Who pays and whose household, by the ids that stand in these rows; no query without any."""
    told = [row for row in rows if row]
    asked = {
        field: [row[field] for row in told if row.get(field)]
        for field in ("guarantor_id", "household_id")
    }
    if not any(asked.values()):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NAMED, asked)
        return {(field, id_): name for field, id_, name in cursor.fetchall()}
