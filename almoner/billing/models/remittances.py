from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.billing.models.claims import Claim
from almoner.billing.models.files import ReceivedFile
from almoner.coverage.models import Payer, Policy
from almoner.ledger.models import Journal


class Remittance(models.Model):
    """One payer's payment advice: one 835 transaction set (ST to SE) of a received file.

    Either it balanced at line, claim and file level and is posted claim by claim, or it was refused
    at the segment the ``refusal`` names and nothing of it touched the ledger. The same payment sent
    in another envelope is a ``duplicate``, known by its trace number and the ``digest`` of what it
    says; one trace number with two contents is refused. Of a refused one a person may have the
    right claims posted (``parted_at``): it keeps its refusal, and the others' money is parked.
    """

    class State(models.TextChoices):
        POSTING = "posting"
        POSTED = "posted"
        REFUSED = "refused"
        DUPLICATE = "duplicate"

    received = models.ForeignKey(ReceivedFile, models.PROTECT, related_name="remittances")
    position = models.PositiveSmallIntegerField()
    set_control = models.CharField(max_length=9, blank=True, default="")
    payer = models.ForeignKey(Payer, models.PROTECT, null=True, related_name="+")
    payer_name = models.TextField(blank=True, default="")
    payer_identifier = models.TextField(blank=True, default="")
    trace_number = models.TextField(blank=True, default="")
    method = models.CharField(max_length=3, blank=True, default="")
    paid_cents = models.BigIntegerField(default=0)
    payment_date = models.DateField(null=True)
    claim_count = models.PositiveIntegerField(default=0)
    state = models.TextField(choices=State.choices)
    read_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True)
    refusal = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats")
    handled_at = models.DateTimeField(null=True)
    handled_by_id = models.BigIntegerField(null=True)
    handled_note = models.TextField(blank=True, default="")
    parted_at = models.DateTimeField(null=True)
    parted_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["received", "position"], name="remittance_once"),
            models.UniqueConstraint(
                fields=["payer_identifier", "trace_number"],
                name="remittance_trace_once",
                condition=Q(state__in=["posting", "posted"]) & ~Q(trace_number=""),
            ),
            models.CheckConstraint(
                name="remittance_refusal_told",
                condition=Q(state="refused", refusal__isnull=False, parted_at__isnull=True)
                | (~Q(state="refused") & Q(refusal__isnull=True, parted_at__isnull=True))
                | Q(
                    state__in=["posting", "posted"],
                    refusal__isnull=False,
                    parted_at__isnull=False,
                ),
            ),
        ]
        indexes = [models.Index(fields=["-read_at", "-id"], name="remittance_latest")]


class RemittedClaim(models.Model):
    """What a remittance says of one claim (CLP). ``claim`` is ours once it was matched.

    ``waiting`` until its own transaction posted it; ``unmatched`` when no claim of ours could be
    named for certain, then a person chooses; ``set_aside`` when a person decided it is not ours.
    ``parked`` was refused and only its money was taken, until a person has it ``applied`` to a
    claim or ``returned`` to the payer; what it says of the claim counts for nothing.
    ``parked_journal`` holds money that has no claim yet. Its journal is the ledger's of source
    ``billing.remitted`` named by this row's id. ``share_to`` is the policy whose payer was to
    answer for what this one called the patient's share; ``left_cents`` what had been left to this
    payer when it was posted (behind the first only).
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        POSTED = "posted"
        UNMATCHED = "unmatched"
        SET_ASIDE = "set_aside"
        PARKED = "parked"
        RETURNED = "returned"
        APPLIED = "applied"

    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="claims")
    position = models.PositiveIntegerField()
    number = models.TextField()
    status = models.CharField(max_length=2)
    charge_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    patient_cents = models.BigIntegerField(null=True)
    payer_claim_number = models.TextField(blank=True, default="")
    patient_family = models.TextField(blank=True, default="")
    patient_given = models.TextField(blank=True, default="")
    member_id = models.TextField(blank=True, default="")
    service_date = models.DateField(null=True)
    remarks = ArrayField(models.TextField(), default=list)
    segment = models.PositiveIntegerField(default=0)
    state = models.TextField(choices=State.choices, default=State.WAITING)
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="remitted")
    matched_by = models.TextField(blank=True, default="")
    posted_at = models.DateTimeField(null=True)
    needs_review = models.TextField(blank=True, default="")
    left_cents = models.BigIntegerField(null=True)
    parked_journal = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="+")
    share_to = models.ForeignKey(Policy, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remittance", "position"], name="remitted_claim_once"),
            models.CheckConstraint(
                name="remitted_claim_posted_to_one",
                condition=~Q(state__in=["posted", "applied"])
                | Q(claim__isnull=False, posted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["claim", "id"], name="remitted_of_claim"),
            models.Index(
                fields=["remittance", "position"],
                name="remitted_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(
                fields=["id"],
                name="remitted_unmatched",
                condition=Q(state__in=["unmatched", "parked"]),
            ),
        ]


class RemittedLine(models.Model):
    """What a remittance says of one service line (SVC). ``charge_line_id`` is ours once matched."""

    claim = models.ForeignKey(RemittedClaim, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    procedure = models.TextField()
    modifiers = ArrayField(models.TextField(), default=list)
    charge_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField()
    line_control = models.TextField(blank=True, default="")
    remarks = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="remitted_line_once"),
        ]


class RemittedAdjustment(models.Model):
    """One reason why less was paid (a CAS triplet); ``line_number`` 0 is the claim as a whole."""

    claim = models.ForeignKey(RemittedClaim, models.PROTECT, related_name="adjustments")
    line_number = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=2)
    reason = models.CharField(max_length=5)
    cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "line_number", "position"], name="remitted_adjustment_once"
            ),
        ]


class ProviderAdjustment(models.Model):
    """Money the payer moved outside any claim (PLB): takeback, interest, balance carried forward.

    A positive amount lowers the payment, as in the file.
    """

    remittance = models.ForeignKey(Remittance, models.PROTECT, related_name="adjustments")
    position = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=2)
    reference = models.TextField(blank=True, default="")
    cents = models.BigIntegerField()
    journal = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["remittance", "position"], name="provider_adjustment_once"
            ),
        ]
