from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.billing.models.charges import ChargeSlip
from almoner.billing.rules.claims import Frequency, State
from almoner.billing.rules.desks import Desk
from almoner.coverage.models import Payer, Policy
from almoner.patients.models import Patient

STATES = [(state.value, state.value) for state in State]
DESKS = [(desk.value, desk.value) for desk in Desk]


class FilingTerms(models.Model):
    """How long one payer lets us file, in days; in force from a day on. Without payer: everyone's.

    ``initial_days`` run from the day of service, ``corrected_days`` and ``appeal_days`` from the
    day the payer's answer was dated.
    """

    payer = models.ForeignKey(
        Payer, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("payer")
    )
    starts = models.DateField(_("in force from"))
    initial_days = models.PositiveSmallIntegerField(_("first claim within (days)"))
    corrected_days = models.PositiveSmallIntegerField(_("corrected claim within (days)"))
    appeal_days = models.PositiveSmallIntegerField(_("appeal within (days)"))

    class Meta:
        verbose_name = _("filing terms")
        verbose_name_plural = _("filing terms")
        constraints = [
            models.UniqueConstraint(
                fields=["payer", "starts"], name="filing_terms_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        who = self.payer or gettext("every payer")
        return gettext("%(payer)s from %(day)s on") % {"payer": who, "day": self.starts}


class Claim(models.Model):
    """What one payer is asked to pay for one visit.

    ``number`` is ours (CLM01) and comes back in every answer. ``state`` moves only along
    `rules.claims.TRANSITIONS` (trigger); `ClaimStep` keeps the way it came. A corrected claim is a
    claim of its own that ``replaces`` the first.

    ``rank`` is the payer's place in the order for this visit. Behind the first, ``left_cents`` is
    what the payers before left to this one; ``forwarded`` says that the payer before sent the claim
    on itself, so that none of ours leaves. ``earlier_changed_at``: an earlier payer changed its
    answer after this claim had left, and nobody has decided yet what that means for it.
    """

    number = models.CharField(max_length=20, unique=True)
    slip = models.ForeignKey(ChargeSlip, models.PROTECT, related_name="claims")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="claims")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(default=1)
    frequency = models.CharField(
        max_length=1, choices=[(f.value, f.name) for f in Frequency], default=Frequency.ORIGINAL
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    payer_claim_number = models.TextField(blank=True, default="")
    state = models.TextField(choices=STATES, default=State.DRAFT)
    desk = models.TextField(choices=DESKS, blank=True, default="")
    total_cents = models.PositiveIntegerField()
    service_date = models.DateField()
    file_by = models.DateField()
    touched = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    state_since = models.DateTimeField()
    first_sent_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    left_cents = models.BigIntegerField(null=True, blank=True)
    forwarded = models.BooleanField(default=False, db_default=False)
    earlier_changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_behind_the_first_says_what_is_left",
                condition=Q(rank=1, left_cents__isnull=True, forwarded=False)
                | Q(rank__gt=1, left_cents__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["slip", "rank"],
                name="claim_one_live",
                condition=~Q(state__in=["corrected", "void"]),
            ),
            models.CheckConstraint(
                name="claim_state_known",
                condition=Q(state__in=[state.value for state in State]),
            ),
            models.CheckConstraint(
                name="claim_replacement_names_first",
                condition=Q(frequency="1", replaces__isnull=True)
                | Q(frequency__in=["7", "8"], replaces__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "file_by", "id"], name="claim_by_state"),
            models.Index(fields=["patient", "-service_date"], name="claim_of_patient"),
            models.Index(
                fields=["earlier_changed_at"],
                name="claim_earlier_changed",
                condition=Q(earlier_changed_at__isnull=False),
            ),
            models.Index(
                fields=["payer_claim_number"],
                name="claim_of_payer_number",
                condition=~Q(payer_claim_number=""),
            ),
        ]


class ClaimFinding(models.Model):
    """What the last check of a claim found: who must mend which field. Replaced by each check.

    ``about`` is what the rule's sentence names; `queries.findings` says it. ``message`` holds words
    of somebody else's check only.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="findings")
    rule = models.TextField()
    desk = models.TextField(choices=DESKS)
    field = models.TextField()
    about = models.JSONField(default=dict)
    message = models.TextField(blank=True, default="")
    blocking = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "rule", "field"], name="claim_finding_once"),
        ]


class ClaimStep(models.Model):
    """One step of a claim: the state it took, or stayed in, and what brought it. Append-only."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps")
    state = models.TextField(choices=STATES)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    what = models.TextField()
    note = models.TextField(blank=True, default="")
    received = models.ForeignKey(
        "billing.ReceivedFile", models.PROTECT, null=True, related_name="+"
    )
    submission = models.ForeignKey(
        "billing.Submission", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["claim", "id"], name="claim_step_of_claim")]


class ClaimNote(models.Model):
    """What somebody wrote down about a claim: a call, an appeal. Append-only."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    text = models.TextField()
