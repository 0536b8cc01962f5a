"""Payments and refunds: one, a patient's, and those nobody knows the outcome of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.http import Http404

from almoner.access.queries import Evidence, Reading, WorkItem
from almoner.facility import queries as facility
from almoner.facility.models import Organisation
from almoner.ground.language import language_for
from almoner.ledger.models import Journal, Payment, Refund
from almoner.ledger.queries.balances import Balance, balance_of
from almoner.patients.rules.details import readable

State = Payment.State
UNRESOLVED = (Payment.State.ASKED, Payment.State.SENT, Payment.State.UNKNOWN)
PAGE = 50


def unresolved_for(patient_id: int, visit_id: int | None) -> Payment | None:
    """The card payment for this patient and visit of which the outcome is not known."""
    return Payment.objects.filter(
        patient_id=patient_id, visit_id=visit_id, state__in=UNRESOLVED
    ).first()


def unresolved_of(patient_id: int) -> Payment | None:
    """The card payment of this patient, for whichever visit, of which the outcome is not known."""
    return Payment.objects.filter(patient_id=patient_id, state__in=UNRESOLVED).first()


def newest_payment(patient_id: int, visit_id: int | None) -> Payment | None:
    """The newest completed payment for this patient and visit."""
    return (
        Payment.objects.select_related("asked_by")
        .filter(patient_id=patient_id, visit_id=visit_id, state=Payment.State.COMPLETED)
        .order_by("-id")
        .first()
    )


def newest_payment_id(patient_id: int, visit_id: int | None) -> int:
    """For the page that will ask for a payment: the newest one it knows of, 0 when none."""
    newest = newest_payment(patient_id, visit_id)
    return newest.pk if newest else 0


def posted(source: str, external_id: str) -> bool:
    """Whether a journal of this name stands."""
    return Journal.objects.filter(source=source, external_id=external_id).exists()


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment in a list.

    Without ``asked_by`` it is the patient's, by link. ``waiting`` is how long nobody has known its
    outcome, in seconds.
    """

    id: int
    patient_id: int
    patient_name: str
    visit_id: int | None
    for_item: str
    method: str
    state: str
    cents: int
    refunded_cents: int
    asked_at: datetime
    asked_by: str
    trouble: str
    card: str
    check_number: str
    waiting: int = 0

    @property
    def settled(self) -> bool:
        return self.state not in UNRESOLVED

    @property
    def refundable(self) -> int:
        return self.cents - self.refunded_cents if self.state == Payment.State.COMPLETED else 0


PAYMENTS = """
    SELECT payment.id, payment.patient_id, concat_ws(', ', patient.family, patient.given),
           payment.visit_id, payment.for_item, payment.method, payment.state, payment.cents,
           payment.refunded_cents, payment.asked_at, coalesce(officer.name, ''), payment.trouble,
           trim(payment.card_brand || ' ' || payment.card_last_four), payment.check_number,
           extract(epoch FROM %(at)s - payment.asked_at)::integer
      FROM ledger_payment payment
      JOIN patients_patient patient ON patient.id = payment.patient_id
      LEFT JOIN access_officer officer ON officer.id = payment.asked_by_id
"""


def payments_of(
    patient_id: int, *, reading: Reading, limit: int = PAGE, offset: int = 0
) -> list[PaymentLine]:
    """A patient's payments, newest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            PAYMENTS + "WHERE payment.patient_id = %(patient)s"
            " ORDER BY payment.asked_at DESC, payment.id DESC"
            " LIMIT %(limit)s OFFSET %(offset)s",
            {"patient": patient_id, "limit": limit, "offset": offset, "at": reading.at},
        )
        lines = [PaymentLine(*row) for row in cursor.fetchall()]
    reading.saw([patient_id])
    return lines


def unresolved_payments(
    *, reading: Reading, location_id: int | None = None, limit: int = PAGE, offset: int = 0
) -> list[PaymentLine]:
    """Card payments nobody knows the outcome of, the oldest first. One query.

    Each payment is the reason its patient is shown, where the list itself is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            PAYMENTS + "WHERE payment.state = ANY(%(states)s)"
            " AND (%(location)s::bigint IS NULL OR payment.location_id = %(location)s)"
            " ORDER BY payment.asked_at, payment.id LIMIT %(limit)s OFFSET %(offset)s",
            {
                "states": [state.value for state in UNRESOLVED],
                "location": location_id,
                "limit": limit,
                "offset": offset,
                "at": reading.at,
            },
        )
        lines = [PaymentLine(*row) for row in cursor.fetchall()]
    _saw_each(lines, reading)
    return lines


def _saw_each(lines: list[PaymentLine], reading: Reading) -> None:
    for line in lines:
        if reading.queue:
            reading.saw([line.patient_id])
        else:
            reading.saw_about(WorkItem("payment", line.id), line.patient_id)


def payments_count(patient_id: int) -> int:
    """How many payments a patient ever made or was asked for. One query."""
    return Payment.objects.filter(patient_id=patient_id).count()


def unresolved_count(*, location_id: int | None = None) -> int:
    """How many card payments nobody knows the outcome of. One query."""
    rows = Payment.objects.filter(state__in=UNRESOLVED)
    return (rows.filter(location_id=location_id) if location_id else rows).count()


@dataclass(frozen=True, slots=True)
class RefundLine:
    id: int
    payment_id: int
    patient_id: int
    patient_name: str
    method: str
    state: str
    cents: int
    reason: str
    asked_at: datetime
    asked_by: str
    trouble: str


REFUNDS = """
    SELECT refund.id, refund.payment_id, payment.patient_id,
           concat_ws(', ', patient.family, patient.given), payment.method, refund.state,
           refund.cents, refund.reason, refund.asked_at, officer.name, refund.trouble
      FROM ledger_refund refund
      JOIN ledger_payment payment ON payment.id = refund.payment_id
      JOIN patients_patient patient ON patient.id = payment.patient_id
      JOIN access_officer officer ON officer.id = refund.asked_by_id
"""


def unresolved_refunds(*, reading: Reading, limit: int = PAGE, offset: int = 0) -> list[RefundLine]:
    """Card refunds nobody knows the outcome of, the oldest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            REFUNDS + "WHERE refund.state = ANY(%s)"
            " ORDER BY refund.asked_at, refund.id LIMIT %s OFFSET %s",
            [[state.value for state in UNRESOLVED], limit, offset],
        )
        lines = [RefundLine(*row) for row in cursor.fetchall()]
    reading.saw({line.patient_id for line in lines})
    return lines


def refunds_of(payment_id: int, *, reading: Reading) -> list[RefundLine]:
    """One payment's refunds, oldest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(REFUNDS + "WHERE refund.payment_id = %s ORDER BY refund.id", [payment_id])
        lines = [RefundLine(*row) for row in cursor.fetchall()]
    reading.saw({line.patient_id for line in lines})
    return lines


def unresolved_ids() -> tuple[Sequence[int], Sequence[int]]:
    """Ids of payments and of refunds whose outcome is not known, oldest first: for jobs."""
    payments = Payment.objects.filter(state__in=UNRESOLVED).order_by("id")
    refunds = Refund.objects.filter(state__in=UNRESOLVED).order_by("id")
    return (
        list(payments.values_list("id", flat=True)[:PAGE]),
        list(refunds.values_list("id", flat=True)[:PAGE]),
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says. Times are the location's wall clock.

    ``language`` is the one of ours the patient reads; ``balance`` what is owed at this moment.
    """

    number: int
    clinic: str
    address: tuple[str, ...]
    patient_id: int
    patient_name: str
    mrn: str
    language: str
    taken_at: datetime
    time_zone: str
    taken_by: str
    method: str
    state: str
    cents: int
    tendered_cents: int | None
    refunded_cents: int
    card: str
    check_number: str
    for_item: str
    visit_id: int | None
    balance: Balance
    trouble: str = ""

    @property
    def came_to_nothing(self) -> bool:
        """Whether no money was ever taken."""
        return self.state in {State.DECLINED, State.CANCELLED, State.FAILED}

    @property
    def change_cents(self) -> int:
        return self.tendered_cents - self.cents if self.tendered_cents is not None else 0

    @property
    def settled(self) -> bool:
        return self.state not in UNRESOLVED

    @property
    def refundable(self) -> int:
        return self.cents - self.refunded_cents if self.state == Payment.State.COMPLETED else 0


def receipt(payment_id: int, *, reading: Reading) -> Receipt:
    """One payment as its receipt. Raises Http404 when there is no such payment."""
    found = own_receipt(payment_id)
    reading.saw([found.patient_id])
    return found


def own_receipt(payment_id: int) -> Receipt:
    """The same for whose payment it is; hands nothing to a reader. Raises Http404."""
    payment = (
        Payment.objects.select_related("patient", "location", "asked_by")
        .defer("patient__keys", "patient__likeness")
        .filter(pk=payment_id)
        .first()
    )
    if payment is None:
        raise Http404
    where, patient = payment.location, payment.patient
    organisation = Organisation.objects.first()
    return Receipt(
        number=payment.pk,
        clinic=organisation.name if organisation else where.name,
        address=(
            where.name,
            *facility.address_of(where),
            readable(where.phone),
        ),
        patient_id=patient.pk,
        patient_name=f"{patient.given} {patient.family}".strip(),
        mrn=patient.mrn,
        language=language_for(patient.language),
        taken_at=payment.settled_at or payment.asked_at,
        time_zone=where.time_zone,
        taken_by=payment.asked_by.name if payment.asked_by else "",
        method=payment.method,
        state=payment.state,
        cents=payment.cents,
        tendered_cents=payment.tendered_cents,
        refunded_cents=payment.refunded_cents,
        card=f"{payment.card_brand} {payment.card_last_four}".strip(),
        check_number=payment.check_number,
        for_item=payment.for_item,
        visit_id=payment.visit_id,
        balance=balance_of(patient.pk),
        trouble=payment.trouble,
    )


def evidence_of_payment(item_id: int) -> Evidence | None:
    """What a payment proves as a reason to look at a patient: money changed hands about them.

    A completed card payment was made by the cardholder, so it is a third party's evidence.
    """
    payment = Payment.objects.filter(pk=item_id).first()
    if payment is None:
        return None
    by_card = payment.method == "card" and payment.state == Payment.State.COMPLETED
    return Evidence(
        frozenset({payment.patient_id}), made_by_id=None if by_card else payment.asked_by_id
    )


@dataclass(frozen=True, slots=True)
class Activity:
    """One journal as it concerns one patient: what it did to what the patient and payers owe."""

    journal_id: int
    kind: str
    effective_date: date
    memo: str
    visit_id: int | None
    patient_cents: int
    insurance_cents: int
    reversed: bool


ACTIVITY = """
    SELECT journal.id, journal.kind, journal.effective_date, journal.memo, min(entry.visit_id),
           coalesce(sum(entry.cents) FILTER (WHERE entry.account IN ('patient_ar', 'unapplied')), 0)
               ::bigint,
           coalesce(sum(entry.cents) FILTER (WHERE entry.account = 'insurance_ar'), 0)::bigint,
           EXISTS (SELECT FROM ledger_journal undo WHERE undo.reverses_id = journal.id)
      FROM ledger_entry entry JOIN ledger_journal journal ON journal.id = entry.journal_id
     WHERE entry.patient_id = %(patient)s
       AND entry.account IN ('patient_ar', 'unapplied', 'insurance_ar')
     GROUP BY journal.id
     ORDER BY journal.effective_date DESC, journal.id DESC
     LIMIT %(limit)s OFFSET %(offset)s
"""


def activity_of(
    patient_id: int, *, reading: Reading, limit: int = PAGE, offset: int = 0
) -> list[Activity]:
    """What happened to a patient's money, newest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            ACTIVITY,
            {"patient": patient_id, "limit": limit, "offset": offset},
        )
        lines = [Activity(*row) for row in cursor.fetchall()]
    reading.saw([patient_id])
    return lines
