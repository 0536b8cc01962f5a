"""The words for the codes of outreach."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from almoner.coverage.models import Payer, Plan
from almoner.facility.models import Clinician, Location, VisitType
from almoner.ground.money import dollars
from almoner.outreach.queries.segments import Counts
from almoner.outreach.rules import Conditions, Field, in_order
from almoner.patients.queries.wording import LANGUAGES, SEXES
from almoner.patients.rules.details import age as age_of

FIELDS: dict[str, Promise] = {
    Field.DIAGNOSIS: _("Diagnosis"),
    Field.NOT_SEEN: _("Not seen for"),
    Field.SEEN: _("Seen within"),
    Field.NEVER_SEEN: _("Never seen"),
    Field.FUTURE: _("Visit to come"),
    Field.AGE_FROM: _("Age from"),
    Field.AGE_TO: _("Age to"),
    Field.SEX: _("Sex"),
    Field.LANGUAGE: _("Language"),
    Field.LOCATION: _("Seen at"),
    Field.CLINICIAN: _("Seen by"),
    Field.VISIT_TYPE: _("Was here for"),
    Field.PAYER: _("Payer"),
    Field.PLAN: _("Plan"),
    Field.OWES: _("Owes at least"),
}
STANDINGS: dict[str, tuple[str, Promise]] = {
    "draft": ("plain", _("Draft")),
    "running": ("good", _("Running")),
    "paused": ("wait", _("Paused")),
    "finished": ("plain", _("Finished")),
}
STATES: dict[str, tuple[str, Promise]] = {
    "waiting": ("wait", _("Not yet")),
    "reached": ("info", _("Written to")),
    "calling": ("warn", _("To be called")),
    "stopped": ("plain", _("Left alone")),
    "over": ("plain", _("Time is over")),
    "held_out": ("plain", _("Held out")),
}
LEFT: dict[str, Promise] = {
    "deceased": _("Has died"),
    "double": _("Another record is the same person's"),
    "booked": _("Has booked"),
    "case": _("Has an open case"),
    "enrolled": _("Is in another campaign"),
    "contacted": _("Was written to lately"),
    "opted_out": _("Said no, or has not agreed"),
    "no_way": _("No phone or e-mail to reach them"),
    "replied": _("Answered"),
    "declined": _("Wants no visit"),
    "unreached": _("Not reached by phone"),
    "finished": _("The campaign ended"),
}
CHANNELS: dict[str, Promise] = {
    "sms": _("Text"),
    "email": _("E-mail"),
    "call": _("Phone call"),
}
PURPOSES: dict[str, Promise] = {
    "care": _("Care: a visit that is due"),
    "marketing": _("Advertising: only to those who agreed"),
}
SHOWN: dict[str, Promise] = {
    "active": _("Being written to"),
    "calling": _("To be called"),
    "booked": _("Booked"),
    "stopped": _("Left alone"),
    "over": _("Time is over"),
    "held_out": _("Held out"),
}
VERDICTS: dict[str, Promise] = {
    "too_few": _("Too few people to say anything yet."),
    "more": _("More booked than of those held out; chance alone would hardly do that."),
    "fewer": _("Fewer booked than of those held out; chance alone would hardly do that."),
    "cannot_tell": _("No difference can be told from chance."),
}
_NAMED: dict[Field, Any] = {
    Field.LOCATION: Location,
    Field.CLINICIAN: Clinician,
    Field.VISIT_TYPE: VisitType,
    Field.PAYER: Payer,
    Field.PLAN: Plan,
}


Names = dict[Field, dict[int, str]]


def left_alone(counted: Mapping[str, int]) -> list[tuple[Promise, int]]:
    """How many are left alone, by why in words."""
    return [(LEFT[why], n) for why, n in counted.items()]


def counted(counts: Counts) -> dict[str, Any]:
    """How many a segment holds and how many are left alone, by why in words."""
    return {"within": counts.within, "open": counts.open, "left": left_alone(counts.left)}


def names() -> Names:
    """What the rows are called that a segment may ask for. Five queries, however many segments."""
    return {
        field: {row.pk: str(row) for row in kind.objects.all()} for field, kind in _NAMED.items()
    }


def asked(conditions: Conditions, known: Names) -> list[tuple[str, str]]:
    """Each condition in words: what is asked, and of which value."""
    return [
        (str(FIELDS[field]), _value(field, value, known)) for field, value in in_order(conditions)
    ]


def _value(field: Field, value: Any, known: Names) -> str:
    if field in known:
        return ", ".join(known[field].get(each, "?") for each in value)
    if field in (Field.NOT_SEEN, Field.SEEN):
        return ngettext("%(n)s month", "%(n)s months", value) % {"n": value}
    if field == Field.OWES:
        return dollars(value)
    if isinstance(value, list):
        words = {Field.SEX: SEXES, Field.LANGUAGE: LANGUAGES}.get(field, {})
        return ", ".join(str(words.get(each, each)) for each in value)
    return {"yes": gettext("yes"), "no": gettext("none"), True: ""}.get(value, str(value))


def because(name: str, found: str, *, today: date) -> str:
    """By what of a patient a condition held, in words."""
    say = _BECAUSE.get(Field(name))
    if say:
        return say(found, today)
    words = {Field.SEX: SEXES, Field.LANGUAGE: LANGUAGES}.get(Field(name), {})
    return str(words.get(found, found))


def _diagnosis(found: str, _today: date) -> str:
    code, _space, day = found.partition(" ")
    return f"{code}, {_day(day)}"


def _seen(found: str, _today: date) -> str:
    return gettext("last seen %(day)s") % {"day": _day(found)} if found else gettext("never seen")


def _comes(found: str, _today: date) -> str:
    if not found:
        return gettext("no visit to come")
    return gettext("comes %(day)s") % {"day": _day(found)}


def _old(found: str, today: date) -> str:
    born = parse_date(found)
    return gettext("%(n)s years old") % {"n": age_of(born, on=today)} if born else ""


def _owes(found: str, _today: date) -> str:
    return gettext("owes %(sum)s") % {"sum": dollars(int(found or 0))}


_BECAUSE: dict[Field, Callable[[str, date], str]] = {
    Field.DIAGNOSIS: _diagnosis,
    Field.NOT_SEEN: _seen,
    Field.SEEN: _seen,
    Field.NEVER_SEEN: _seen,
    Field.FUTURE: _comes,
    Field.AGE_FROM: _old,
    Field.AGE_TO: _old,
    Field.OWES: _owes,
}


def _day(iso: str) -> str:
    day = parse_date(iso)
    return date_format(day, "m/d/Y") if day else ""
