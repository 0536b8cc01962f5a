"""Money due at the bank: announced, seen there, given up as missing, or said by mistake."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ledger import rules
from almoner.ledger.actions.drawers import WrongState
from almoner.ledger.actions.journals import mirror, post
from almoner.ledger.models import Incoming, Payment, Refund
from almoner.ledger.rules import Because, Kind, Source

State = Incoming.State


class Unexplained(Exception):
    """The bank shows another sum than was announced, and the reason given does not explain it."""


@transaction.atomic
def announce(
    *,
    origin: str,
    source: Source,
    cents: int,
    expected_on: date,
    at: datetime,
    name: str = "",
    reference: str = "",
    payer_id: int | None = None,
) -> Incoming | None:
    """Money is said to be on its way; None for no money. The same origin again changes nothing.

    Part of what a partner's message does: it asks for no permission.
    """
    if not cents:
        return None
    row, new = Incoming.objects.get_or_create(
        origin=origin,
        defaults={
            "source": source,
            "name": name,
            "reference": reference,
            "payer_id": payer_id,
            "cents": cents,
            "expected_on": expected_on,
            "told_at": at,
        },
    )
    if new:
        _tell("ledger.announced", row, at=at, by=None)
    return row


UNBATCHED = """
    SELECT row.id, (row.settled_at AT TIME ZONE place.time_zone)::date AS day
      FROM {table} row
      JOIN ledger_payment payment ON payment.id = {payment}
      JOIN facility_location place ON place.id = payment.location_id
     WHERE payment.method = 'card' AND row.state = 'completed' AND row.incoming_id IS NULL
       AND row.settled_at IS NOT NULL
"""
PAYMENTS = UNBATCHED.format(table="ledger_payment", payment="row.id")
REFUNDS = UNBATCHED.format(table="ledger_refund", payment="row.payment_id")
DAYS = """
    SELECT DISTINCT day FROM ({payments} UNION ALL {refunds}) AS one WHERE day < %s ORDER BY day
"""
OF_DAY = "SELECT id FROM ({rows} FOR UPDATE OF row) AS one WHERE day = %s"


@transaction.atomic
def gather_card_batches(*, today: date, at: datetime) -> list[Incoming]:
    """Make one batch of each past day's card payments and refunds that are in none yet.

    The processor pays a day's batch in one sum. What it settles after its day was gathered makes
    a further batch of that day.
    """
    found = []
    for day in _unbatched_days(today):
        payments, refunds = _of_day(PAYMENTS, day), _of_day(REFUNDS, day)
        cents = rules.batch_cents(
            Payment.objects.filter(pk__in=payments).values_list("cents", flat=True),
            Refund.objects.filter(pk__in=refunds).values_list("cents", flat=True),
        )
        again = Incoming.objects.filter(origin__startswith=f"cards:{day}").count()
        row = announce(
            origin=f"cards:{day}" + (f":{again + 1}" if again else ""),
            source=Source.CARDS,
            reference=day.isoformat(),
            cents=cents,
            expected_on=day + timedelta(days=1),
            at=at,
        )
        if row is not None:
            Payment.objects.filter(pk__in=payments).update(incoming=row)
            Refund.objects.filter(pk__in=refunds).update(incoming=row)
            found.append(row)
    return found


def _unbatched_days(today: date) -> list[date]:
    with connection.cursor() as cursor:
        cursor.execute(DAYS.format(payments=PAYMENTS, refunds=REFUNDS), [today])
        return [row[0] for row in cursor.fetchall()]


def _of_day(rows: str, day: date) -> list[int]:
    """Which of these rows are of one day; they are locked, so that no other batch takes them."""
    with connection.cursor() as cursor:
        cursor.execute(OF_DAY.format(rows=rows), [day])
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def see_at_bank(
    *,
    officer: Officer,
    incoming_id: int,
    cents: int,
    day: date,
    because: Because | None,
    note: str,
    at: datetime,
) -> Incoming:
    """The bank shows this sum on this day; a difference goes where its reason says.

    Raises Unexplained, WrongState, Incoming.DoesNotExist or PermissionDenied; then nothing was
    written.
    """
    row = _held(officer, incoming_id, State.EXPECTED)
    allowed = rules.reasons(row.cents, cents)
    if (because is None and allowed) or (because is not None and because not in allowed):
        raise Unexplained
    row.tries += 1
    posted = post(
        kind=Kind.SETTLED,
        source="incoming",
        external_id=f"{row.pk}-{row.tries}",
        lines=rules.arrived(
            source=Source(row.source),
            announced=row.cents,
            seen=cents,
            because=because,
            payer_id=row.payer_id,
        ),
        effective_date=day,
        at=at,
        by=officer,
        memo=f"{row.name} {row.reference}".strip(),
    )
    row.state = State.MISSING if because is Because.MISSING else State.ARRIVED
    row.seen_cents, row.seen_on, row.because, row.note = cents, day, because or "", note
    row.settled_at, row.settled_by, row.journal_id = at, officer, posted.journal_id
    row.save()
    kind = "ledger.missing" if row.state == State.MISSING else "ledger.arrived"
    _tell(kind, row, at=at, by=officer, seen_cents=cents, because=row.because)
    return row


@transaction.atomic
def expect_again(*, officer: Officer, incoming_id: int, because: str, at: datetime) -> Incoming:
    """It was said by mistake, or what was missing has come: it is expected again.

    Raises WrongState, Incoming.DoesNotExist or PermissionDenied.
    """
    row = _held(officer, incoming_id, State.ARRIVED, State.MISSING)
    mirror(
        journal_id=row.journal_id or 0,
        source="incoming_again",
        external_id=f"{row.pk}-{row.tries}",
        reason=because,
        effective_date=row.seen_on or row.expected_on,
        at=at,
        by=officer,
    )
    row.state, row.because, row.note = State.EXPECTED, "", because
    row.seen_cents = row.seen_on = row.settled_at = row.settled_by = None
    row.journal = None
    row.save()
    _tell("ledger.expected_again", row, at=at, by=officer, reason=because)
    return row


def _held(officer: Officer, incoming_id: int, *states: Incoming.State) -> Incoming:
    require(officer, "ledger.deposit")
    row = Incoming.objects.select_for_update(of=("self",)).get(pk=incoming_id)
    if row.state not in states:
        raise WrongState
    return row


def _tell(kind: str, row: Incoming, *, at: datetime, by: Officer | None, **more: Any) -> None:
    events.record(
        kind, at=at, by=by, about=row, cents=row.cents, source=row.source,
        reference=row.reference, **more,
    )  # fmt: skip
