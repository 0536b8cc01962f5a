"""The desks: their hours, their levels and leads, and what their officers keep at hand."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time, timedelta

from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.facility import queries as facility
from almoner.ground.language import language_for
from almoner.relations import rules
from almoner.relations.models import (
    DeskHours,
    DeskLead,
    GrievanceTerm,
    Macro,
    ServiceLevel,
)

_AHEAD = timedelta(days=3 * 366)


def week(day: date) -> rules.Week:
    """When the desks work around a day. Three queries."""
    periods: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for row in DeskHours.objects.order_by("weekday", "starts", "id"):
        periods[row.weekday].append((row.starts, row.ends))
    closed = facility.closures(day - timedelta(days=366), day + _AHEAD)
    return rules.Week(
        zone=facility.organisation().time_zone,
        periods={each: tuple(rows) for each, rows in periods.items()},
        closed=frozenset(closed),
    )


def levels() -> list[rules.Level]:
    return [
        rules.Level(
            row.kind,
            row.desk,
            timedelta(minutes=row.first_answer),
            timedelta(minutes=row.resolution),
            row.valid_from,
        )
        for row in ServiceLevel.objects.order_by("id")
    ]


def terms() -> list[rules.Term]:
    return [
        rules.Term(row.state, row.warn_day, row.tell_day, row.source, row.valid_from)
        for row in GrievanceTerm.objects.order_by("id")
    ]


def lead_of(desk: str) -> Officer | None:
    """Who leads a desk: whoever is named, else whoever has managed, or run, the place longest."""
    named = DeskLead.objects.filter(desk=desk, officer__left_at=None).select_related("officer")
    if lead := named.first():
        return lead.officer
    here = Officer.objects.filter(left_at=None).order_by("joined_at", "id")
    for role in (Role.MANAGER, Role.ADMINISTRATOR):
        if found := here.filter(roles__contains=[role]).first():
            return found
    return None


def colleagues(desk: str) -> list[Officer]:
    """Who may be given a case of a desk, by name. One query."""
    here = Officer.objects.filter(left_at=None).order_by("name", "id")
    return [each for each in here if desk in rules.desks_of(each.roles)]


def everybody_of(officer: Officer) -> list[Officer]:
    """Whoever works at one of this officer's desks, by name. One query."""
    desks = rules.desks_of(officer.roles)
    here = Officer.objects.filter(left_at=None).order_by("name", "id")
    return [each for each in here if desks & rules.desks_of(each.roles)]


def macros(officer: Officer, *, language: str, kinds: Iterable[str]) -> list[Macro]:
    """The signed canned answers for this officer, language and kinds of case, by name. One query.

    Those that are of no kind are for each.
    """
    rows = Macro.objects.filter(language=language_for(language), kind__in=["", *kinds])
    rows = rows.filter(signed__isnull=False)
    roles = set(officer.roles)
    return [row for row in rows.order_by("name", "id") if not row.roles or roles & set(row.roles)]
