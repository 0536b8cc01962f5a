"""One officer's cash: open with a counted float, put in, take out, count blind, close."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.facility.models import Location
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.ledger import queries, rules
from almoner.ledger.actions.journals import post
from almoner.ledger.actions.payments import AmountRefused, PaymentRefused, local_day
from almoner.ledger.actions.refunds import DrawerShort
from almoner.ledger.models import Drawer, DrawerCount
from almoner.ledger.rules import Account, Kind, Line

MOVES = {
    "pay_in": (1, Account.SAFE),
    "drop": (-1, Account.SAFE),
    "pay_out": (-1, Account.PETTY_CASH),
}
"""What may happen to a drawer's cash besides payments: its sign, and the other account."""


class TillTaken(PaymentRefused):
    """Another shift at this till has not been closed."""


class DrawerOpen(PaymentRefused):
    """The officer already has an open drawer."""


class WrongState(PaymentRefused):
    """The drawer is not in the state this needs: counted already, not yet counted, or closed."""


class NotYours(PaymentRefused):
    """Another officer's drawer; or one's own, with a difference only another may approve."""


@transaction.atomic
def open_drawer(
    *, officer: Officer, location: Location, till: str, float_cents: int, at: datetime
) -> Drawer:
    """Begin a shift with a counted float out of the safe.

    Raises PermissionDenied, AmountRefused, TillTaken or DrawerOpen; then nothing was written.
    """
    require(officer, "ledger.drawer")
    if not 0 <= float_cents <= rules.LARGEST_PAYMENT:
        raise AmountRefused
    try:
        with transaction.atomic():
            drawer = Drawer.objects.create(
                officer=officer,
                location=location,
                till=till,
                float_cents=float_cents,
                opened_at=at,
            )
    except IntegrityError as error:
        if violated(error, "drawer_till_free"):
            raise TillTaken from error
        if violated(error, "drawer_one_for_each_officer"):
            raise DrawerOpen from error
        raise
    lines = rules.drawer_moved(float_cents, drawer_id=drawer.pk, against=Account.SAFE)
    _post(drawer, lines, external_id=f"{drawer.pk}:open", memo="", at=at, by=officer)
    _tell("ledger.drawer_opened", drawer, at=at, by=officer)
    return drawer


@transaction.atomic
def move_cash(
    *,
    officer: Officer,
    drawer_id: int,
    move: str,
    cents: int,
    reason: str,
    key: str,
    at: datetime,
) -> None:
    """Put cash in (``pay_in``), bring it to the safe (``drop``) or spend it (``pay_out``).

    The same ``key`` again does nothing. Raises PermissionDenied, KeyError for another move,
    AmountRefused, NotYours, WrongState, DrawerShort, or PostedDifferently.
    """
    require(officer, "ledger.drawer")
    sign, against = MOVES[move]
    if not 0 < cents <= rules.LARGEST_PAYMENT:
        raise AmountRefused
    drawer = _own(officer, drawer_id)
    external_id = f"{drawer.pk}:{key}"
    standing = queries.posted("drawer", external_id)
    if sign < 0 and not standing and queries.drawer_balance(drawer.pk) < cents:
        raise DrawerShort
    lines = rules.drawer_moved(sign * cents, drawer_id=drawer.pk, against=against)
    if _post(drawer, lines, external_id=external_id, memo=reason, at=at, by=officer):
        _tell("ledger.drawer_moved", drawer, at=at, by=officer, move=move, cents=cents)


@transaction.atomic
def count_drawer(
    *, officer: Officer, drawer_id: int, pieces: Mapping[int, int], at: datetime
) -> DrawerCount:
    """Say what is in the drawer, before being told what should be. No cash moves afterwards.

    ``pieces`` is how many of each note and coin, by its cents. Raises PermissionDenied, ValueError
    for a piece that does not exist, NotYours or WrongState.
    """
    require(officer, "ledger.drawer")
    drawer = _own(officer, drawer_id)
    count = DrawerCount.objects.create(
        drawer=drawer,
        at=at,
        by=officer,
        pieces={str(piece): number for piece, number in pieces.items() if number},
        counted_cents=rules.counted(pieces),
        expected_cents=queries.drawer_balance(drawer.pk),
    )
    drawer.state = Drawer.State.COUNTED
    drawer.save(update_fields=["state"])
    _tell("ledger.drawer_counted", drawer, at=at, by=officer)
    return count


@transaction.atomic
def ask_recount(*, officer: Officer, drawer_id: int, at: datetime) -> Drawer:
    """A manager sends a counted drawer back; the first count stays on record.

    Raises PermissionDenied, WrongState or DrawerOpen (its officer has opened another meanwhile).
    """
    require(officer, "ledger.close_drawer")
    drawer = _in_state(drawer_id, Drawer.State.COUNTED)
    drawer.state = Drawer.State.OPEN
    try:
        with transaction.atomic():
            drawer.save(update_fields=["state"])
    except IntegrityError as error:
        if violated(error, "drawer_one_for_each_officer"):
            raise DrawerOpen from error
        raise
    _tell("ledger.drawer_recount", drawer, at=at, by=officer)
    return drawer


@transaction.atomic
def close_drawer(*, officer: Officer, drawer_id: int, note: str, at: datetime) -> Drawer:
    """A manager accepts the last count: cash to the safe, the difference to over and short.

    A manager who worked the drawer may close it only when nothing lacks and nothing is over.
    Raises PermissionDenied, WrongState or NotYours.
    """
    require(officer, "ledger.close_drawer")
    drawer = _in_state(drawer_id, Drawer.State.COUNTED)
    count = drawer.counts.latest("at", "id")
    expected = queries.drawer_balance(drawer.pk)
    if drawer.officer_id == officer.pk and count.counted_cents != expected:
        raise NotYours
    drawer.state, drawer.closed_at, drawer.closed_by = Drawer.State.CLOSED, at, officer
    drawer.save(update_fields=["state", "closed_at", "closed_by"])
    lines = rules.drawer_closed(drawer_id=drawer.pk, expected=expected, found=count.counted_cents)
    _post(drawer, lines, external_id=f"{drawer.pk}:close", memo=note, at=at, by=officer)
    over_short = count.counted_cents - expected
    _tell("ledger.drawer_closed", drawer, at=at, by=officer, over_short=over_short)
    return drawer


def _in_state(drawer_id: int, state: Drawer.State) -> Drawer:
    drawer = (
        Drawer.objects.select_for_update(of=("self",)).select_related("location").get(pk=drawer_id)
    )
    if drawer.state != state:
        raise WrongState
    return drawer


def _own(officer: Officer, drawer_id: int) -> Drawer:
    drawer = _in_state(drawer_id, Drawer.State.OPEN)
    if drawer.officer_id != officer.pk:
        raise NotYours
    return drawer


def _post(
    drawer: Drawer,
    lines: list[Line],
    *,
    external_id: str,
    memo: str,
    at: datetime,
    by: Officer,
) -> bool:
    if not any(line.cents for line in lines):
        return False
    return post(
        kind=Kind.DRAWER,
        source="drawer",
        external_id=external_id,
        lines=lines,
        effective_date=local_day(drawer.location, at),
        at=at,
        by=by,
        memo=memo,
    ).new


def _tell(kind: str, drawer: Drawer, *, at: datetime, by: Officer, **more: Any) -> None:
    events.record(
        kind, at=at, by=by, about=drawer, location_id=drawer.location_id, till=drawer.till, **more
    )
