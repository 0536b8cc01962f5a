"""What the check of a claim found, in words: by the rule and by what the finding names."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from almoner.billing.rules.edits import Rule
from almoner.ground import dates


class Found(Protocol):
    """A finding as the rules made it, or as its row kept it."""

    @property
    def rule(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def about(self) -> Mapping[str, str | int]: ...
    @property
    def message(self) -> str: ...


SENTENCES: dict[Rule, Promise] = {
    Rule.PAYER_NUMBER: _("The payer has no electronic number."),
    Rule.MEMBER_NUMBER: _("The member number is missing. Copy it from the card."),
    Rule.COVERAGE_ON_DAY: _(
        "The coverage was not in force on the day of service. Ask for the coverage that was."
    ),
    Rule.NAME: _("The patient's family name is missing."),
    Rule.BIRTH_DATE_MISSING: _("The patient's birth date is missing."),
    Rule.BIRTH_DATE: _(
        "The patient's birth date cannot be: it lies after the day of service or before 1900."
    ),
    Rule.ADDRESS: _("The patient's address is not complete."),
    Rule.ZIP: _("The patient's ZIP code must have 5 or 9 digits."),
    Rule.NPI: _("The NPI of %(name)s is not a valid number."),
    Rule.TAXONOMY: _("The taxonomy code of %(name)s is not a valid one."),
    Rule.TAX_ID: _("The organisation's tax number must have 9 digits."),
    Rule.NO_DIAGNOSIS: _("There is no diagnosis. A claim needs at least one."),
    Rule.DIAGNOSES: _("A claim holds at most %(most)s diagnoses."),
    Rule.DIAGNOSIS_TWICE: _("%(code)s stands twice."),
    Rule.DIAGNOSIS_SHAPE: _("%(code)s is not a diagnosis code."),
    Rule.DIAGNOSIS_UNCHECKED: _(
        "No code release for the day of service is loaded, so %(code)s cannot be checked."
    ),
    Rule.DIAGNOSIS_UNKNOWN: _("%(code)s is not in the code set of the day of service."),
    Rule.DIAGNOSIS_HEADING: _("%(code)s is a heading. Choose one of the complete codes below it."),
    Rule.CODES_STALE: _(
        "The loaded diagnosis codes are older than the day of service. A code may have changed "
        "since; load the current release."
    ),
    Rule.NO_SERVICE: _("There is no service to bill."),
    Rule.LINES: _("A claim holds at most %(most)s lines."),
    Rule.PROCEDURE: _("“%(code)s” is not a procedure code."),
    Rule.MODIFIERS: _("Modifiers are at most four, of two letters or digits each."),
    Rule.MODIFIER_TWICE: _("A modifier stands twice on one line."),
    Rule.UNITS: _("Units must be at least 1."),
    Rule.CHARGE: _("The charge must be above zero."),
    Rule.PLACE: _("The place of service is not a known one."),
    Rule.NO_POINTER: _("Line %(line)s says no diagnosis it was done for."),
    Rule.POINTERS: _("Line %(line)s may name at most four diagnoses."),
    Rule.POINTER_TWICE: _("Line %(line)s names a diagnosis twice."),
    Rule.POINTER: _("Line %(line)s names diagnosis %(diagnosis)s, which is not there."),
    Rule.FUTURE: _("The day of service has not come yet."),
    Rule.FILING: _(
        "The payer's filing deadline was %(day)s. Send it only with proof of an earlier filing."
    ),
    Rule.EARLIER_PAYER: _(
        "The payer before this one has taken its answer back, or has none yet. This claim follows "
        "by itself once there is an answer."
    ),
    Rule.PAYER_CLAIM_NUMBER: _("A corrected claim needs the payer's number of the first claim."),
}
OF_SUBSCRIBER: dict[Rule, Promise] = {
    Rule.NAME: _("The subscriber's family name is missing."),
    Rule.BIRTH_DATE_MISSING: _("The subscriber's birth date is missing."),
    Rule.BIRTH_DATE: _(
        "The subscriber's birth date cannot be: it lies after the day of service or before 1900."
    ),
    Rule.ADDRESS: _("The subscriber's address is not complete."),
    Rule.ZIP: _("The subscriber's ZIP code must have 5 or 9 digits."),
}
"""Said instead where the field is the subscriber's."""

FIELDS: dict[str, Promise] = {
    "payer": _("payer"),
    "policy": _("coverage"),
    "patient": _("patient"),
    "subscriber": _("subscriber"),
    "organisation": _("organisation"),
    "clinician": _("clinician"),
    "claim": _("claim"),
    "diagnoses": _("diagnosis"),
    "lines": _("line"),
    "member_id": _("member number"),
    "family": _("family name"),
    "birth_date": _("birth date"),
    "address": _("address"),
    "zip_code": _("ZIP code"),
    "npi": _("NPI"),
    "taxonomy": _("taxonomy code"),
    "tax_id": _("tax number"),
    "procedure": _("procedure"),
    "modifiers": _("modifiers"),
    "units": _("units"),
    "fee": _("fee"),
    "place_of_service": _("place of service"),
    "pointers": _("done for"),
    "service_date": _("day of service"),
    "file_by": _("file by"),
    "payer_claim_number": _("payer's claim number"),
}


def sentence(found: Found) -> str:
    """The finding in words; what somebody else found stands in theirs."""
    if "says" in found.about:
        return f"{_now(str(found.about['says'])) % found.about} ({found.about['place']})"
    if found.message:
        return _now(found.message)
    if found.rule not in set(Rule):
        return found.rule  # one this version has no more
    rule = Rule(found.rule)
    told = OF_SUBSCRIBER.get(rule) if found.field.startswith("subscriber.") else None
    return str(told or SENTENCES[rule]) % {
        name: dates.day(date.fromisoformat(str(value))) if name == "day" else value
        for name, value in found.about.items()
    }


def place(field: str) -> str:
    """Where it is to be mended: ``lines.2.units`` is “line 2 units”; a file's own place stands."""
    return " ".join(str(FIELDS.get(part, part)) for part in field.split("."))
