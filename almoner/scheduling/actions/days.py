"""Keeping resource days true to rules and holds."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from almoner.facility.rules import bits
from almoner.scheduling.queries import days
from almoner.scheduling.queries.days import BUSY, Expected, Resource

AHEAD = timedelta(days=400)
"""How far ahead resource days are kept: beyond every visit type's horizon."""
_CHUNK = timedelta(days=60)

_LOCK = """
    SELECT 1 FROM scheduling_resource_day d
      JOIN unnest(%(kinds)s::smallint[], %(ids)s::bigint[]) AS wanted(kind, resource_id)
           USING (kind, resource_id)
     WHERE d.local_day >= %(since)s AND d.local_day < %(until)s
     ORDER BY d.kind, d.resource_id, d.local_day, d.location_id
       FOR UPDATE OF d
"""

_HOURS = """
    SELECT w.kind, w.local_day, w.resource_id, w.location_id, w.midnight, m.mask::bit(300) AS mask
      FROM unnest(%(kind)s::smallint[], %(day)s::date[], %(resource)s::bigint[],
                  %(location)s::bigint[], %(midnight)s::timestamptz[], %(mask)s::int[])
           AS w(kind, local_day, resource_id, location_id, midnight, mask)
      JOIN unnest(%(masks)s::text[]) WITH ORDINALITY AS m(mask, number) ON m.number = w.mask
"""

_DROP = f"""
    DELETE FROM scheduling_resource_day d
     USING unnest(%(kinds)s::smallint[], %(ids)s::bigint[]) AS wanted(kind, resource_id)
     WHERE d.kind = wanted.kind AND d.resource_id = wanted.resource_id
       AND d.local_day >= %(since)s AND d.local_day < %(until)s
       AND NOT EXISTS (
           SELECT 1 FROM ({_HOURS}) AS h
            WHERE (h.kind, h.local_day, h.resource_id, h.location_id)
                = (d.kind, d.local_day, d.resource_id, d.location_id))
"""  # noqa: S608 (constants of this module)

_PUT = f"""
    INSERT INTO scheduling_resource_day AS row
           (kind, local_day, resource_id, location_id, midnight, template, free)
    SELECT d.kind, d.local_day, d.resource_id, d.location_id, d.midnight, d.mask,
           d.mask & ~ {BUSY}
      FROM ({_HOURS}) AS d
     ORDER BY d.kind, d.resource_id, d.local_day, d.location_id
        ON CONFLICT (kind, local_day, resource_id, location_id) DO UPDATE
       SET midnight = excluded.midnight, template = excluded.template, free = excluded.free
     WHERE (row.midnight, row.template, row.free)
        <> (excluded.midnight, excluded.template, excluded.free)
"""  # noqa: S608 (constants of this module)


def rebuild(*, since: date, until: date, resources: Collection[Resource] | None = None) -> int:
    """Make the days in [since, until) of these resources (of all) what rules and holds say.

    Returns how many rows changed. Safe beside people booking: the rows are locked before the holds
    are read, in the order in which bookings lock them. Works through sixty days at a time, each a
    transaction unless the caller has one open.
    """
    wanted = days.everything() if resources is None else list(resources)
    changed = 0
    while since < until:
        end = min(since + _CHUNK, until)
        with transaction.atomic(), connection.cursor() as sql:
            rows = days.expected(wanted, since, end)
            parameters = _columns(rows) | {
                "kinds": [kind for kind, _ in wanted],
                "ids": [id_ for _, id_ in wanted],
                "since": since,
                "until": end,
            }
            for statement in (_LOCK, _DROP, _PUT):
                sql.execute(statement, parameters)
                changed += max(sql.rowcount, 0) if statement is not _LOCK else 0
        since = end
    return changed


def _columns(rows: Collection[Expected]) -> dict[str, Any]:
    """The rows by column; each distinct mask is sent once and named by its number."""
    masks: dict[int, int] = {}
    for row in rows:
        masks.setdefault(row.template, len(masks) + 1)
    return {
        "kind": [row.kind for row in rows],
        "day": [row.local_day for row in rows],
        "resource": [row.resource_id for row in rows],
        "location": [row.location_id for row in rows],
        "midnight": [row.midnight for row in rows],
        "mask": [masks[row.template] for row in rows],
        "masks": [bits(mask) for mask in masks],
    }
