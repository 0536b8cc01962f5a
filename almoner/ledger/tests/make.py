"""Money for tests, made through the ledger's own actions."""

from datetime import UTC, date, datetime
from itertools import count
from time import sleep

from almoner.edges import card
from almoner.facility.models import Location
from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.ledger import actions, queries, rules
from almoner.ledger.models import Payment
from almoner.ledger.rules import Kind
from almoner.patients.models import Patient

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)
_numbers = count(1)


def journal(lines, *, kind=Kind.ADJUSTMENT, external_id=None, on=DAY, **facts):
    """Post these lines under a fresh name, unless one is given."""
    return actions.post(
        kind=kind,
        source=facts.pop("source", "test"),
        external_id=external_id or f"test-{next(_numbers)}",
        lines=lines,
        effective_date=on,
        at=facts.pop("at", NOON),
        **facts,
    )


def charged(patient_id, cents=10_000, *, visit_id=1, payer_id=None, on=DAY):
    """A service charged to the payer, or to the patient when there is none."""
    lines = rules.charge(cents, patient_id=patient_id, visit_id=visit_id, payer_id=payer_id)
    return journal(lines, kind=Kind.CHARGE, on=on)


def patient(family="Reyes", given="Cy", **facts):
    """A person with money here. Only what the ledger needs of one."""
    number = next(_numbers)
    return Patient.objects.create(
        mrn=f"L{number:06d}", family=family, given=given, registered_at=NOON, **facts
    )


def location(short_name="MAIN"):
    found = Location.objects.filter(short_name=short_name).first()
    return found or Location.objects.create(
        name=f"{short_name.title()} clinic",
        short_name=short_name,
        address_line="1 Harbor Way",
        city="Blue Harbor",
        state="WI",
        zip_code="53202",
        phone="+14145550100",
    )


def taking(patient, cents=2_500, *, visit_id=7, key=None, **facts):
    """What a page of the desk asks for."""
    return actions.Taking(
        key=key or f"key-{next(_numbers)}",
        patient_id=patient.pk,
        visit_id=visit_id,
        cents=cents,
        location=facts.pop("location", None) or location(),
        **facts,
    )


def drawer(officer, *, float_cents=10_000, till="Till 1", **facts):
    return actions.open_drawer(
        officer=officer,
        location=location(),
        till=till,
        float_cents=float_cents,
        at=facts.pop("at", NOON),
    )


def card_payment(officer, patient, cents=2_500, **facts):
    """A card asked for and not yet sent to the terminal."""
    return actions.ask_card(officer=officer, taking=taking(patient, cents, **facts), at=NOON)


def deliver(row):
    """What the worker does with this payment or refund: one try of its outbox item."""
    item = Outgoing.objects.get(key=row.key)
    outbox.try_delivery(item.pk, at=NOON)
    row.refresh_from_db()
    return row


def completed_card(officer, patient, cents=2_500, **facts):
    """A card payment the processor has taken."""
    payment = deliver(card_payment(officer, patient, cents, **facts))
    return settled(payment)


def settled(row, tries=100):
    """Look until it is known what became of it, as the worker does."""
    resolve = actions.resolve_card if isinstance(row, Payment) else actions.resolve_refund
    name = "payment_id" if isinstance(row, Payment) else "refund_id"
    for _ in range(tries):
        row = resolve(**{name: row.pk}, at=NOON)
        if row.state not in queries.UNRESOLVED:
            break
        sleep(0.05)
    row.refresh_from_db()
    return row


def answer(payment, status, **facts):
    return card.Answer(
        id="checkout-9",
        key=payment.key,
        status=card.Status(status),
        cents=facts.pop("cents", payment.cents),
        payment_id="pay-9",
        **facts,
    )


def notice(payment, status, event_id="evt-1"):
    return card.Notice(event_id, "checkout.updated", answer(payment, status))
