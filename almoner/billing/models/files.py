from django.db import models
from django.db.models import Q

from almoner.billing.models.claims import Claim
from almoner.ground.models import Outgoing


class Submission(models.Model):
    """One interchange of claims as it was sent, byte for byte; kept for ever as proof of filing.

    ``control_number`` is ISA13, GS06 too. Whether it left stands on its outbox row.
    """

    control_number = models.PositiveIntegerField(unique=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    outgoing = models.OneToOneField(Outgoing, models.PROTECT, null=True, related_name="+")
    claims = models.ManyToManyField(Claim, through="SubmittedClaim", related_name="submissions")


class SubmittedClaim(models.Model):
    """A claim inside a submission: in which transaction set (ST02) it went."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="members")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="sendings")
    set_control = models.CharField(max_length=9)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "claim"], name="submitted_claim_once"),
        ]


class ReceivedFile(models.Model):
    """What a partner sent us, whole and once. The same file again is the same row.

    The key is (sender, receiver, ISA13, GS06, first ST02) and the content's hash: a second file
    with a used number but other content is kept too, and says so.
    """

    class Kind(models.TextChoices):
        TA1 = "TA1"
        ACK_999 = "999"
        STATUS_277CA = "277CA"
        REMITTANCE = "835"
        OTHER = "other"

    class State(models.TextChoices):
        STORED = "stored"
        DONE = "done"
        REFUSED = "refused"

    kind = models.TextField(choices=Kind.choices)
    sender = models.CharField(max_length=15, blank=True, default="")
    receiver = models.CharField(max_length=15, blank=True, default="")
    interchange_control = models.CharField(max_length=9, blank=True, default="")
    group_control = models.CharField(max_length=9, blank=True, default="")
    set_control = models.CharField(max_length=9, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    name = models.TextField(blank=True, default="")
    content = models.BinaryField()
    received_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.STORED)
    trouble = models.TextField(blank=True, default="")
    number_used_before = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "sender", "receiver", "interchange_control", "group_control", "set_control",
                    "sha256",
                ],
                name="received_file_once",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "-received_at"], name="received_file_by_kind"),
        ]


class Mailbox(models.Model):
    """How far the clearinghouse's mailbox has been read: one row."""

    seen = models.TextField(default="")
    read_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="mailbox_only_one", condition=Q(id=1))]


class Acknowledgement(models.Model):
    """What one answer said of one submission or of one claim in it. Append-only.

    ``verdict`` is ours: accepted, noted (accepted with errors), rejected. ``codes`` are the codes
    the partner gave; ``message`` says in our words what they mean and what to do.
    """

    received = models.ForeignKey(ReceivedFile, models.PROTECT, related_name="acknowledgements")
    position = models.PositiveIntegerField()
    kind = models.TextField(choices=ReceivedFile.Kind.choices)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="answers")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="answers")
    named = models.TextField(blank=True, default="")
    verdict = models.TextField()
    codes = models.JSONField(default=list)
    message = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["received", "position"], name="acknowledgement_once"),
        ]
        indexes = [models.Index(fields=["claim", "id"], name="acknowledgement_of_claim")]
