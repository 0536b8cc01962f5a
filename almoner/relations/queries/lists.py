"""The lists of cases an officer comes back to: their own, and those of their desks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from almoner.access.models import Officer
from almoner.relations import rules
from almoner.relations.models import SavedView
from almoner.relations.queries.desks import lead_of

MOST = 20
"""Lists one officer keeps, and one desk has."""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list: what it is narrowed by, whose it is, and which desk has it, too.

    ``may_remove``: it is the reader's own, or they lead the desk and take it from there.
    """

    id: int
    name: str
    filters: dict[str, Any]
    mine: bool
    by: str
    desk: str
    may_remove: bool


def saved(officer: Officer) -> list[ListLine]:
    """One's own by name, then those of one's desks. One query, and those of who leads each desk."""
    desks = rules.desks_of(officer.roles)
    rows = SavedView.objects.filter(Q(officer=officer) | Q(desk__in=list(desks)))
    found = list(rows.select_related("officer").order_by("name", "id"))
    led = {desk for desk in {row.desk for row in found if row.desk} if leads(officer, desk)}
    lines = [
        ListLine(
            id=row.pk,
            name=row.name,
            filters=row.filters,
            mine=row.officer_id == officer.pk,
            by=row.officer.name,
            desk=row.desk,
            may_remove=row.officer_id == officer.pk or row.desk in led,
        )
        for row in found
    ]
    return sorted(lines, key=lambda each: not each.mine)


def leads(officer: Officer, desk: str) -> bool:
    """Whether this officer is who leads a desk."""
    return lead_of(desk) == officer
