from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from almoner.access.models import Officer
from almoner.facility.models import Location
from almoner.ledger import rules
from almoner.ledger.models.incoming import Incoming
from almoner.patients.models import Patient

__all__ = [
    "CardNotice",
    "Deposit",
    "Drawer",
    "DrawerCount",
    "Entry",
    "Incoming",
    "Journal",
    "Payment",
    "Refund",
    "Undoing",
]


def _names(names: type[StrEnum]) -> list[tuple[str, str]]:
    return [(name.value, name.value) for name in names]


class Journal(models.Model):
    """One thing that happened to money: entries that sum to zero (triggers).

    Append-only: a mistake is corrected by another journal that reverses it, entry by entry.
    ``source`` and ``external_id`` make posting the same thing twice impossible; ``digest`` tells
    the same body from another one. ``transaction`` is the one that wrote it: no entry can be added
    later.
    """

    kind = models.TextField(choices=_names(rules.Kind))
    source = models.TextField()
    external_id = models.TextField()
    digest = models.CharField(max_length=64)
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    memo = models.TextField(blank=True, default="")
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    transaction = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", ()), editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="journal_once"),
            models.UniqueConstraint(fields=["reverses"], name="journal_reversed_once"),
            models.CheckConstraint(
                name="journal_kind_known", condition=Q(kind__in=list(rules.Kind))
            ),
        ]


class Entry(models.Model):
    """Cents put on (positive, debit) or taken off (negative, credit) one account.

    ``payer_id``, ``visit_id`` (the appointment) and ``line_id`` (the charge line) say whose part of
    it, as bare ids: those rows stand above the ledger.
    """

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="entries")
    account = models.TextField(choices=_names(rules.Account))
    cents = models.BigIntegerField()
    patient = models.ForeignKey(Patient, models.PROTECT, null=True)
    payer_id = models.BigIntegerField(null=True)
    visit_id = models.BigIntegerField(null=True)
    line_id = models.BigIntegerField(null=True)
    drawer = models.ForeignKey("Drawer", models.PROTECT, null=True, related_name="entries")

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(name="entry_is_not_zero", condition=~Q(cents=0)),
            models.CheckConstraint(
                name="entry_account_known", condition=Q(account__in=list(rules.Account))
            ),
            models.CheckConstraint(
                name="entry_names_its_patient",
                condition=~Q(account__in=sorted(rules.OF_A_PATIENT)) | Q(patient__isnull=False),
            ),
            models.CheckConstraint(
                name="entry_names_its_payer",
                condition=~Q(account__in=sorted(rules.OF_A_PAYER)) | Q(payer_id__isnull=False),
            ),
            models.CheckConstraint(
                name="entry_names_its_drawer",
                condition=~Q(account__in=sorted(rules.OF_A_DRAWER)) | Q(drawer__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "account"], name="entry_of_patient"),
            models.Index(fields=["account", "payer_id"], name="entry_of_account"),
            models.Index(fields=["visit_id"], name="entry_of_visit"),
        ]


class Deposit(models.Model):
    """Cash and checks brought to the bank together: put together, brought, or taken apart again.

    Its drawers and checks name it; a drawer's cash and a check can be in one deposit only. What is
    only prepared is still on the premises: the ledger moves it when it is brought.
    """

    class State(models.TextChoices):
        PREPARED = "prepared"
        BROUGHT = "brought"
        TAKEN_APART = "taken_apart"

    location = models.ForeignKey(Location, models.PROTECT)
    day = models.DateField()
    state = models.TextField(choices=State.choices, default=State.PREPARED)
    cash_cents = models.BigIntegerField()
    checks_cents = models.BigIntegerField()
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    bank_reference = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="deposit_is_of_something",
                condition=Q(cash_cents__gte=0, checks_cents__gte=0)
                & ~Q(cash_cents=0, checks_cents=0),
            ),
            models.CheckConstraint(
                name="deposit_settled_by_somebody",
                condition=Q(state="prepared", settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state="prepared") & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["-prepared_at", "-id"], name="deposit_latest")]


class Drawer(models.Model):
    """One officer's shift at one till: opened with a counted float, counted blind, closed.

    ``expected`` cash is never stored while it runs: it is the balance of the drawer's account. A
    count fixes what was expected at that moment beside what was counted; a manager closes.
    """

    class State(models.TextChoices):
        OPEN = "open"
        COUNTED = "counted"
        CLOSED = "closed"

    location = models.ForeignKey(Location, models.PROTECT)
    till = models.TextField()
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="drawers")
    state = models.TextField(choices=State.choices, default=State.OPEN)
    float_cents = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="drawers_closed"
    )
    deposit = models.ForeignKey(
        Deposit, models.PROTECT, null=True, blank=True, related_name="drawers"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "till"], name="drawer_till_free", condition=~Q(state="closed")
            ),
            models.UniqueConstraint(
                fields=["officer"], name="drawer_one_for_each_officer", condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="drawer_closed_by_somebody",
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="drawer_float_not_negative", condition=Q(float_cents__gte=0)
            ),
            models.CheckConstraint(
                name="drawer_deposited_once_closed",
                condition=Q(deposit__isnull=True) | Q(state="closed"),
            ),
        ]


class DrawerCount(models.Model):
    """What somebody counted in a drawer without being told what should be there. Append-only.

    ``pieces`` says how many of each coin and note, by its cents: ``{"2000": 7}`` is seven twenties.
    """

    drawer = models.ForeignKey(Drawer, models.PROTECT, related_name="counts")
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.PROTECT)
    pieces = models.JSONField()
    counted_cents = models.BigIntegerField()
    expected_cents = models.BigIntegerField()
    reason = models.TextField(blank=True, default="")


class Payment(models.Model):
    """Money a patient gives us.

    A card payment is written with its ``key`` before the processor hears of it; the key is the same
    on every try. ``asked``, ``sent`` and ``unknown`` are unresolved: nobody may charge a card again
    for the patient's visit until it is known what became of them. No card number is ever here: only
    what the processor prints on the customer's receipt (brand and last four).
    What nobody asked for at the desk (no ``asked_by``) the patient pays by link, on the processor's
    own page at ``page_url``.
    ``for_item`` is what is paid when it is not the visit: ``statement:17``. A payment that turned
    out to be none is ``bounced`` (the bank returned the check) or ``undone`` (entered by mistake).
    """

    class State(models.TextChoices):
        ASKED = "asked"
        SENT = "sent"
        UNKNOWN = "unknown"
        COMPLETED = "completed"
        DECLINED = "declined"
        CANCELLED = "cancelled"
        FAILED = "failed"
        BOUNCED = "bounced"
        UNDONE = "undone"

    key = models.CharField(max_length=45)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="payments")
    visit_id = models.BigIntegerField(null=True)
    for_item = models.TextField(blank=True, default="")
    location = models.ForeignKey(Location, models.PROTECT)
    method = models.TextField(choices=_names(rules.Method))
    cents = models.BigIntegerField()
    refunded_cents = models.BigIntegerField(default=0)
    state = models.TextField(choices=State.choices)
    trouble = models.TextField(blank=True, default="")
    drawer = models.ForeignKey(Drawer, models.PROTECT, null=True, blank=True)
    tendered_cents = models.BigIntegerField(null=True, blank=True)
    check_number = models.TextField(blank=True, default="")
    deposit = models.ForeignKey(
        Deposit, models.PROTECT, null=True, blank=True, related_name="checks"
    )
    incoming = models.ForeignKey(
        Incoming, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    checkout_id = models.TextField(blank=True, default="")
    processor_payment_id = models.TextField(blank=True, default="")
    card_brand = models.TextField(blank=True, default="")
    card_last_four = models.CharField(max_length=4, blank=True, default="")
    page_url = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="payment_key_once"),
            models.UniqueConstraint(
                fields=["patient", "visit_id"],
                name="payment_one_unresolved",
                condition=Q(state__in=["asked", "sent", "unknown"]),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="payment_is_positive", condition=Q(cents__gt=0)),
            models.CheckConstraint(
                name="payment_refunded_within",
                condition=Q(refunded_cents__gte=0, refunded_cents__lte=F("cents")),
            ),
            models.CheckConstraint(
                name="payment_of_cash_has_a_drawer",
                condition=~Q(method="cash") | Q(drawer__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_only_cards_wait",
                condition=Q(method="card") | Q(state__in=["completed", "bounced", "undone"]),
            ),
            models.CheckConstraint(
                name="payment_by_link_is_by_card",
                condition=Q(asked_by__isnull=False, page_url="") | Q(asked_by=None, method="card"),
            ),
            models.CheckConstraint(
                name="payment_only_checks_bounce",
                condition=Q(method="check") | ~Q(state="bounced"),
            ),
            models.CheckConstraint(
                name="payment_only_checks_are_deposited",
                condition=Q(method="check") | Q(deposit__isnull=True),
            ),
            models.CheckConstraint(
                name="payment_only_cards_are_batched",
                condition=Q(method="card") | Q(incoming__isnull=True),
            ),
            models.CheckConstraint(
                name="payment_last_four_only",
                condition=Q(card_last_four="") | Q(card_last_four__regex=r"^\d{4}$"),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-asked_at"], name="payment_of_patient"),
            models.Index(fields=["visit_id"], name="payment_of_visit"),
            models.Index(
                fields=["asked_at"],
                name="payment_unresolved",
                condition=Q(state__in=["asked", "sent", "unknown"]),
            ),
            models.Index(
                fields=["settled_at"],
                name="payment_unbatched",
                condition=Q(method="card", state="completed", incoming__isnull=True),
            ),
        ]


class Refund(models.Model):
    """Money of one payment going back the way it came. A card refund may be unresolved too."""

    key = models.CharField(max_length=45)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    cents = models.BigIntegerField()
    reason = models.TextField()
    state = models.TextField(choices=Payment.State.choices)
    trouble = models.TextField(blank=True, default="")
    drawer = models.ForeignKey(Drawer, models.PROTECT, null=True, blank=True)
    incoming = models.ForeignKey(
        Incoming, models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    processor_refund_id = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="refund_key_once"),
            models.UniqueConstraint(
                fields=["payment"],
                name="refund_one_unresolved",
                condition=Q(state__in=["asked", "sent", "unknown"]),
            ),
            models.CheckConstraint(name="refund_is_positive", condition=Q(cents__gt=0)),
            models.CheckConstraint(name="refund_has_a_reason", condition=~Q(reason="")),
        ]


class Undoing(models.Model):
    """Why a payment turned out to be none, and who said so. One for each payment; append-only.

    ``journal`` reverses the payment's; ``moved_to`` is the payment of the patient it really came
    from. ``fee_cents`` is what a returned check costs the patient.
    """

    class Kind(models.TextChoices):
        BOUNCED = "bounced"
        MISTAKEN = "mistaken"
        MOVED = "moved"

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="undoings")
    kind = models.TextField(choices=Kind.choices)
    reason = models.TextField()
    fee_cents = models.BigIntegerField(default=0)
    journal = models.ForeignKey(Journal, models.PROTECT, related_name="+")
    moved_to = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="moved_from"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment"], name="payment_undone_once"),
            models.UniqueConstraint(fields=["journal"], name="undoing_has_its_own_journal"),
            models.UniqueConstraint(fields=["moved_to"], name="undoing_moves_to_one"),
            models.CheckConstraint(name="undoing_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="undoing_fee_is_for_a_returned_check",
                condition=Q(fee_cents=0) | Q(kind="bounced", fee_cents__gt=0),
            ),
            models.CheckConstraint(
                name="undoing_moved_somewhere",
                condition=Q(kind="moved", moved_to__isnull=False)
                | (~Q(kind="moved") & Q(moved_to__isnull=True)),
            ),
        ]


class CardNotice(models.Model):
    """A webhook of the card processor already heard: its event id, once. Append-only."""

    event_id = models.TextField(unique=True)
    heard_at = models.DateTimeField()
