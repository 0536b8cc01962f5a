"""Who can take which case, what waits for somebody who can, and what nobody here can take."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from almoner.access.models import Officer
from almoner.access.queries import officers
from almoner.relations import rules
from almoner.relations.models import Case, OfficerSkills, Routine
from almoner.relations.queries.desks import week

_AT_ONCE = 500


def abilities(officer: Officer) -> rules.Abilities:
    """Which cases an officer takes. One query."""
    return _of(officer, OfficerSkills.objects.filter(officer=officer).first())


def _of(officer: Officer, known: OfficerSkills | None) -> rules.Abilities:
    desks = rules.desks_of(officer.roles)
    if known is None:
        return rules.abilities(desks)
    return rules.abilities(desks, only=known.desks, skills=known.skills, kinds=known.kinds)


def takeable(able: rules.Abilities, at: datetime) -> QuerySet[Case]:
    """The cases that wait for anybody who can: not taken, not set aside, waiting for nobody."""
    rows = Case.objects.filter(
        Q(snoozed_until=None) | Q(snoozed_until__lte=at),
        state="open",
        taken_at=None,
        merged_into=None,
        desk__in=able.desks,
        skill__in=["", *able.skills],
    )
    return rows.filter(kind__in=able.kinds) if able.kinds else rows


def _able_here(at: datetime) -> list[rules.Abilities]:
    """What everybody who is at a desk now can take. Two queries."""
    here = officers.at_work(at)
    known = {row.officer_id: row for row in OfficerSkills.objects.filter(officer__in=here)}
    return [_of(each, known.get(each.pk)) for each in here if each.may("relations.cases")]


def without_anybody(rows: Iterable[Case], at: datetime) -> set[int]:
    """The ids of those that wait for a skill nobody has who is here now. Two queries, or none."""
    waiting = [row for row in rows if row.skill and row.taken_at is None and row.state == "open"]
    if not waiting:
        return set()
    able = _able_here(at)
    return {
        row.pk
        for row in waiting
        if not any(each.can(desk=row.desk, skill=row.skill, kind=row.kind) for each in able)
    }


def stranded(at: datetime) -> list[int]:
    """The ids of the cases of which a lead must hear that nobody here can take them.

    Only while the desks work, and once they have worked half an hour since it was opened.
    """
    rows = Case.objects.filter(state="open", taken_at=None, stranded_at=None, merged_into=None)
    waiting = list(rows.exclude(skill="").order_by("due_at", "id")[:_AT_ONCE])
    if not waiting:
        return []
    hours = week(at.date())
    if not rules.worked(hours, at - rules.WAITS_FOR_A_SKILL / 30, at):
        return []
    nobody = without_anybody(waiting, at)
    return [
        row.pk
        for row in waiting
        if row.pk in nobody and rules.worked(hours, row.opened_at, at) >= rules.WAITS_FOR_A_SKILL
    ]


def routines(officer: Officer, *, kind: str) -> list[Routine]:
    """The sets of acts for this officer and kind of case, by name. One query."""
    roles = set(officer.roles)
    rows = Routine.objects.filter(kind__in=["", kind]).order_by("name", "id")
    return [row for row in rows if not row.roles or roles & set(row.roles)]
