"""Drawer shifts: the officer's own, those that wait for a manager, and the report of one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.http import Http404

from almoner.access.models import Officer
from almoner.ledger.models import Drawer
from almoner.ledger.queries.balances import drawer_balance

PAGE = 50


@dataclass(frozen=True, slots=True)
class DrawerLine:
    """One shift in a list. What should be in it is not here: the count is blind."""

    id: int
    till: str
    location_id: int
    location: str
    officer_id: int
    officer: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    counted: int | None
    over_short: int | None


DRAWERS = """
    SELECT drawer.id, drawer.till, location.id, location.short_name, officer.id, officer.name,
           drawer.state, drawer.opened_at, drawer.closed_at, count.counted_cents,
           count.counted_cents - count.expected_cents
      FROM ledger_drawer drawer
      JOIN facility_location location ON location.id = drawer.location_id
      JOIN access_officer officer ON officer.id = drawer.officer_id
      LEFT JOIN LATERAL (
          SELECT counted_cents, expected_cents FROM ledger_drawercount
           WHERE drawer_id = drawer.id AND drawer.state <> 'open'
           ORDER BY at DESC, id DESC LIMIT 1
      ) count ON true
"""


def open_drawer_of(officer: Officer) -> DrawerLine | None:
    """The officer's open shift, the only one cash goes into. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            DRAWERS + "WHERE drawer.officer_id = %s AND drawer.state = 'open'", [officer.pk]
        )
        row = cursor.fetchone()
    return DrawerLine(*row) if row else None


def drawers(*, officer: Officer, limit: int = PAGE, offset: int = 0) -> list[DrawerLine]:
    """Shifts this officer may see, the unfinished and then the newest first. One query.

    A manager sees all of them, an officer the own ones.
    """
    everybody = officer.may("ledger.close_drawer")
    with connection.cursor() as cursor:
        cursor.execute(
            DRAWERS + "WHERE (%(all)s OR drawer.officer_id = %(officer)s)"
            " ORDER BY drawer.state = 'closed', drawer.opened_at DESC, drawer.id"
            " LIMIT %(limit)s OFFSET %(offset)s",
            {"all": everybody, "officer": officer.pk, "limit": limit, "offset": offset},
        )
        return [DrawerLine(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class DrawerMove:
    """Cash that came in (positive) or went out. ``name`` says what it was, in the field's words."""

    at: datetime
    name: str
    memo: str
    cents: int


@dataclass(frozen=True, slots=True)
class Count:
    at: datetime
    by: str
    counted: int
    expected: int
    pieces: tuple[tuple[int, int], ...]

    @property
    def over_short(self) -> int:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class DrawerReport:
    """One shift, whole. ``moves`` and money are empty while it is open: the count is blind."""

    line: DrawerLine
    float_cents: int
    closed_by: str
    moves: tuple[DrawerMove, ...]
    counts: tuple[Count, ...]
    expected: int | None

    @property
    def last(self) -> Count | None:
        return self.counts[-1] if self.counts else None


MOVES = """
    SELECT journal.recorded_at,
           CASE WHEN journal.source <> 'drawer' THEN journal.kind
                WHEN journal.external_id LIKE '%%:open' THEN 'float'
                WHEN journal.external_id LIKE '%%:close' THEN 'close'
                WHEN other.account = 'petty_cash' THEN 'pay_out'
                WHEN entry.cents > 0 THEN 'pay_in' ELSE 'drop' END,
           journal.memo, entry.cents
      FROM ledger_entry entry
      JOIN ledger_journal journal ON journal.id = entry.journal_id
      LEFT JOIN ledger_entry other
        ON other.journal_id = journal.id AND other.account = 'petty_cash'
     WHERE entry.drawer_id = %s AND entry.account = 'cash_drawer'
     ORDER BY entry.id
"""


def drawer_report(drawer_id: int, *, officer: Officer) -> DrawerReport:
    """One shift, for its officer or a manager. Raises Http404 for anybody else."""
    with connection.cursor() as cursor:
        cursor.execute(DRAWERS + "WHERE drawer.id = %s", [drawer_id])
        row = cursor.fetchone()
    line = DrawerLine(*row) if row else None
    if line is None or not (line.officer_id == officer.pk or officer.may("ledger.close_drawer")):
        raise Http404
    drawer = Drawer.objects.select_related("closed_by").get(pk=drawer_id)
    is_open = line.state == Drawer.State.OPEN
    return DrawerReport(
        line=line,
        float_cents=drawer.float_cents,
        closed_by=drawer.closed_by.name if drawer.closed_by else "",
        moves=() if is_open else _moves(drawer_id),
        counts=() if is_open else _counts(drawer),
        expected=None if is_open else drawer_balance(drawer_id),
    )


def _moves(drawer_id: int) -> tuple[DrawerMove, ...]:
    with connection.cursor() as cursor:
        cursor.execute(MOVES, [drawer_id])
        return tuple(DrawerMove(*row) for row in cursor.fetchall())


def _counts(drawer: Drawer) -> tuple[Count, ...]:
    return tuple(
        Count(
            count.at,
            count.by.name,
            count.counted_cents,
            count.expected_cents,
            tuple(sorted(((int(piece), n) for piece, n in count.pieces.items()), reverse=True)),
        )
        for count in drawer.counts.select_related("by").order_by("at", "id")
    )
