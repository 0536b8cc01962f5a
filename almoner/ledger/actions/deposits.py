"""Cash and checks brought to the bank: put together, brought, or taken apart again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.facility.models import Location
from almoner.ground import events
from almoner.ledger import queries, rules
from almoner.ledger.actions.drawers import WrongState
from almoner.ledger.actions.journals import post
from almoner.ledger.actions.payments import PaymentRefused, local_day
from almoner.ledger.models import Deposit, Drawer, Payment
from almoner.ledger.rules import Kind

State = Deposit.State


class NothingToBring(PaymentRefused):
    """No cash and no check was chosen, or the drawers took more from the safe than they brought."""


class ChosenElsewhere(PaymentRefused):
    """A drawer or check is in another deposit by now, or is not there any more."""


@transaction.atomic
def prepare_deposit(
    *,
    officer: Officer,
    location: Location,
    drawer_ids: Collection[int],
    check_ids: Collection[int],
    at: datetime,
) -> Deposit:
    """Put the cash of closed drawers and checks in hand together.

    The cash is what each drawer brought to the safe beyond the float it took. Nothing moves in the
    ledger: the money is still on the premises. Raises PermissionDenied, NothingToBring or
    ChosenElsewhere; then nothing was written.
    """
    require(officer, "ledger.deposit")
    drawers = list(
        Drawer.objects.select_for_update()
        .filter(pk__in=drawer_ids, location=location, state="closed", deposit=None)
        .order_by("pk")
    )
    checks = list(
        Payment.objects.select_for_update()
        .filter(
            pk__in=check_ids, location=location, method="check", state="completed", deposit=None
        )
        .order_by("pk")
    )
    if (len(drawers), len(checks)) != (len(set(drawer_ids)), len(set(check_ids))):
        raise ChosenElsewhere
    brought = queries.brought_to_safe(drawer.pk for drawer in drawers)
    cash, in_checks = sum(brought.values()), sum(check.cents for check in checks)
    if cash < 0 or not cash + in_checks:
        raise NothingToBring
    deposit = Deposit.objects.create(
        location=location,
        day=local_day(location, at),
        cash_cents=cash,
        checks_cents=in_checks,
        prepared_at=at,
        prepared_by=officer,
    )
    Drawer.objects.filter(pk__in=[drawer.pk for drawer in drawers]).update(deposit=deposit)
    Payment.objects.filter(pk__in=[check.pk for check in checks]).update(deposit=deposit)
    _tell("ledger.deposit_prepared", deposit, at=at, by=officer)
    return deposit


@transaction.atomic
def bring_deposit(
    *, officer: Officer, deposit_id: int, bank_reference: str, at: datetime
) -> Deposit:
    """The bank has it: cash leaves the safe, checks leave our hands.

    Raises PermissionDenied, Deposit.DoesNotExist or WrongState.
    """
    deposit = _prepared(officer, deposit_id)
    deposit.bank_reference = bank_reference
    _settle(deposit, State.BROUGHT, officer=officer, at=at)
    post(
        kind=Kind.DEPOSIT,
        source="deposit",
        external_id=str(deposit.pk),
        lines=rules.banked(cash=deposit.cash_cents, checks=deposit.checks_cents),
        effective_date=local_day(deposit.location, at),
        at=at,
        by=officer,
        memo=bank_reference,
    )
    _tell("ledger.deposited", deposit, at=at, by=officer)
    return deposit


@transaction.atomic
def take_apart(*, officer: Officer, deposit_id: int, at: datetime) -> Deposit:
    """A deposit that was only prepared is none: its cash and checks wait again.

    Raises PermissionDenied, Deposit.DoesNotExist or WrongState.
    """
    deposit = _prepared(officer, deposit_id)
    deposit.drawers.update(deposit=None)
    deposit.checks.update(deposit=None)
    _settle(deposit, State.TAKEN_APART, officer=officer, at=at)
    _tell("ledger.deposit_taken_apart", deposit, at=at, by=officer)
    return deposit


def _prepared(officer: Officer, deposit_id: int) -> Deposit:
    require(officer, "ledger.deposit")
    deposit = (
        Deposit.objects.select_for_update(of=("self",))
        .select_related("location")
        .get(pk=deposit_id)
    )
    if deposit.state != State.PREPARED:
        raise WrongState
    return deposit


def _settle(deposit: Deposit, state: Deposit.State, *, officer: Officer, at: datetime) -> None:
    deposit.state, deposit.settled_at, deposit.settled_by = state, at, officer
    deposit.save(update_fields=["state", "settled_at", "settled_by", "bank_reference"])


def _tell(kind: str, deposit: Deposit, *, at: datetime, by: Officer, **more: Any) -> None:
    events.record(
        kind,
        at=at,
        by=by,
        about=deposit,
        location_id=deposit.location_id,
        cents=deposit.cash_cents + deposit.checks_cents,
        **more,
    )
