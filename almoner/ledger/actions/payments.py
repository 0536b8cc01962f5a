"""Money from a patient at the desk: cash into the officer's drawer, a check, or a card asked."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.facility.models import Location
from almoner.ground import events, outbox
from almoner.ground.constraints import violated
from almoner.ground.money import dollars
from almoner.ledger import queries, rules
from almoner.ledger.actions.journals import post
from almoner.ledger.models import Drawer, Payment
from almoner.ledger.rules import Kind, Method

CHANNEL = "card"


@dataclass(frozen=True, slots=True)
class Taking:
    """What is to be paid, and what the officer knew when asking for it.

    ``key`` (at most 45 characters) is made with the page: the same page sent twice is one payment.
    ``visit_id`` is None for a payment towards whatever is owed; ``for_item`` then may say
    ``statement:17``. ``seen`` is the newest payment of the patient that the page showed (0: none):
    a newer one for the same visit is asked about before another is taken.
    """

    key: str
    patient_id: int
    visit_id: int | None
    cents: int
    location: Location
    seen: int | None = None
    for_item: str = ""


class PaymentRefused(Exception):
    """No payment was taken. The message is for the officer."""


class AmountRefused(PaymentRefused):
    """Nothing, less than nothing, or so much that it must be a slip."""


class KeyReused(PaymentRefused):
    """This page was already sent, with other facts."""


class NoDrawer(PaymentRefused):
    """The officer has no open drawer, so there is nowhere to put cash."""


class TenderedTooLittle(PaymentRefused):
    """The cash handed over is less than the amount."""


class JustPaid(PaymentRefused):
    """Somebody took a payment for this visit since the officer's page was made."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(payment.pk)
        self.payment = payment


class Unresolved(PaymentRefused):
    """An earlier card payment for this visit may have been charged: find out first."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(payment.pk)
        self.payment = payment


@transaction.atomic
def take_cash(*, officer: Officer, taking: Taking, tendered: int, at: datetime) -> Payment:
    """Cash goes into the officer's open drawer; ``tendered`` is what was handed over.

    Raises PermissionDenied or PaymentRefused (AmountRefused, KeyReused, NoDrawer, JustPaid,
    Unresolved, TenderedTooLittle); then nothing was written.
    """
    require(officer, "ledger.take_payment")
    if standing := _begin(taking, Method.CASH):
        return standing
    drawer = (
        Drawer.objects.select_for_update().filter(officer=officer, state=Drawer.State.OPEN).first()
    )
    if drawer is None:
        raise NoDrawer
    if tendered < taking.cents:
        raise TenderedTooLittle
    return _taken(officer, taking, Method.CASH, at, drawer=drawer, tendered_cents=tendered)


@transaction.atomic
def take_check(*, officer: Officer, taking: Taking, number: str, at: datetime) -> Payment:
    """A check, by its number. Raises PermissionDenied or PaymentRefused, then nothing was written.

    The money is in hand, not at the bank: a check that bounces is a reversal.
    """
    require(officer, "ledger.take_payment")
    if standing := _begin(taking, Method.CHECK):
        return standing
    return _taken(officer, taking, Method.CHECK, at, check_number=number)


@transaction.atomic
def ask_card(*, officer: Officer, taking: Taking, at: datetime) -> Payment:
    """Write down that a card is asked for this; the terminal hears of it after the commit.

    Raises PermissionDenied or PaymentRefused (AmountRefused, KeyReused, JustPaid, Unresolved).
    """
    require(officer, "ledger.take_payment")
    if standing := _begin(taking, Method.CARD):
        return standing
    return _asked_by_card(officer, taking, at=at)


@transaction.atomic
def ask_by_link(*, taking: Taking, back: str, at: datetime) -> Payment:
    """The patient pays by card on a page of the processor's, which is asked for after the commit.

    ``back`` is where the processor sends them from it. Whoever calls has made sure that it is the
    patient. Raises PaymentRefused (AmountRefused, KeyReused, JustPaid, Unresolved).
    """
    if standing := _begin(taking, Method.CARD):
        return standing
    return _asked_by_card(None, taking, at=at, back=back)


def _asked_by_card(
    officer: Officer | None, taking: Taking, *, at: datetime, **more: str
) -> Payment:
    payment = _create(officer, taking, Method.CARD, at, state=Payment.State.ASKED)
    outbox.put(
        channel=CHANNEL,
        key=payment.key,
        payload={"payment_id": payment.pk, **more},
        about=payment,
        at=at,
        patient_id=payment.patient_id,
    )
    tell("ledger.card_asked", payment, at=at, by=officer)
    return payment


def _begin(taking: Taking, method: Method) -> Payment | None:
    """The payment this very page already made, or None when it may be made now.

    Holds the patient's money, so that two officers are served one after the other.
    """
    if not 0 < taking.cents <= rules.LARGEST_PAYMENT:
        raise AmountRefused
    queries.lock_patient(taking.patient_id)
    standing = Payment.objects.filter(key=taking.key).first()
    if standing:
        if _body(standing) != (*_asked(taking), method.value):
            raise KeyReused
        return standing
    unresolved = queries.unresolved_for(taking.patient_id, taking.visit_id)
    if not unresolved and taking.for_item:  # a bill is of visits: what is under way may be of one
        unresolved = queries.unresolved_of(taking.patient_id)
    if unresolved:
        raise Unresolved(unresolved)
    newest = queries.newest_payment(taking.patient_id, taking.visit_id)
    if taking.seen is not None and newest and newest.pk > taking.seen:
        raise JustPaid(newest)
    return None


def _asked(taking: Taking) -> tuple[object, ...]:
    facts = asdict(taking)
    return tuple(facts[name] for name in ("patient_id", "visit_id", "cents", "for_item"))


def _body(payment: Payment) -> tuple[object, ...]:
    return (payment.patient_id, payment.visit_id, payment.cents, payment.for_item, payment.method)


def _create(
    officer: Officer | None, taking: Taking, method: Method, at: datetime, **facts: Any
) -> Payment:
    try:
        with transaction.atomic():
            return Payment.objects.create(
                key=taking.key,
                patient_id=taking.patient_id,
                visit_id=taking.visit_id,
                for_item=taking.for_item,
                location=taking.location,
                method=method.value,
                cents=taking.cents,
                asked_at=at,
                asked_by=officer,
                **facts,
            )
    except IntegrityError as error:
        # The lock makes this rare: only a payment of another key space gets here.
        if violated(error, "payment_key_once"):
            raise KeyReused from error
        raise


def _taken(officer: Officer, taking: Taking, method: Method, at: datetime, **facts: Any) -> Payment:
    payment = _create(
        officer, taking, method, at, state=Payment.State.COMPLETED, settled_at=at, **facts
    )
    post_payment(payment, at=at, by=officer)
    return payment


def post_payment(payment: Payment, *, at: datetime, by: Officer | None) -> None:
    """Journal and event of a payment that has become real; harmless when it already was."""
    queries.lock_patient(payment.patient_id)
    posted = post(
        kind=Kind.PAYMENT,
        source="payment",
        external_id=payment.key,
        lines=rules.patient_payment(
            payment.cents,
            method=Method(payment.method),
            patient_id=payment.patient_id,
            visit_id=payment.visit_id,
            debts=queries.debts_paid_by(
                payment.patient_id, visit_id=payment.visit_id, for_item=payment.for_item
            ),
            drawer_id=payment.drawer_id,
        ),
        effective_date=local_day(payment.location, at),
        at=at,
        by=by,
    )
    if posted.new:
        tell("ledger.paid", payment, at=at, by=by)


def tell(kind: str, payment: Payment, *, at: datetime, by: Officer | None, **more: Any) -> None:
    """One event about a payment, with what other duties need to react to it."""
    events.record(
        kind,
        at=at,
        by=by,
        about=payment,
        patient_id=payment.patient_id,
        location_id=payment.location_id,
        visit_id=payment.visit_id,
        for_item=payment.for_item,
        cents=payment.cents,
        amount=dollars(payment.cents),
        method=payment.method,
        **({"by_patient": True} if payment.asked_by_id is None and by is None else {}),
        **more,
    )


def local_day(location: Location, at: datetime) -> date:
    """The business day of an instant at that location."""
    return at.astimezone(ZoneInfo(location.time_zone)).date()
