from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from almoner.coverage.rules import Network, State
from almoner.coverage.rules.member_ids import SENDABLE
from almoner.patients.models import Patient


class DateRange(Func):
    """``daterange(a, b)``: the days [a, b), open where a bound is null."""

    function = "daterange"
    output_field = DateRangeField()


class Payer(models.Model):
    """Who pays: an insurer or a programme. ``payer_id`` is the clearinghouse's name for it.

    ``answers_eligibility`` is False where a 270 has nobody to go to (self-pay, workers'
    compensation): nothing is asked, and the desk is told so.
    """

    class Kind(models.TextChoices):
        HMO = "hmo", _("HMO")
        PPO = "ppo", _("PPO")
        MEDICARE = "medicare", _("Medicare")
        MEDICAID = "medicaid", _("Medicaid")
        WORKERS_COMP = "workers_comp", _("Workers' compensation")
        SELF_PAY = "self_pay", _("Self-pay")
        OTHER = "other", _("Other")

    name = models.TextField(_("name"))
    payer_id = models.CharField(_("payer id"), max_length=20, unique=True)
    kind = models.TextField(_("kind"), choices=Kind.choices)
    claim_filing = models.CharField(
        _("claim filing code"), max_length=2
    )  # SBR09 claim filing indicator
    initial_filing_days = models.PositiveSmallIntegerField(
        _("first claim within (days)"), default=365
    )
    answers_eligibility = models.BooleanField(_("answers questions about cover"), default=True)
    phone = models.TextField(_("phone"), blank=True, default="")

    class Meta:
        verbose_name = _("payer")
        verbose_name_plural = _("payers")

    def __str__(self) -> str:
        return self.name


NETWORKS = [
    (Network.IN.value, _("In network")),
    (Network.OUT.value, _("Out of network")),
    (Network.UNKNOWN.value, _("Not known")),
]


class Plan(models.Model):
    """One product of a payer. ``network`` says whether this clinic belongs to its network."""

    payer = models.ForeignKey(Payer, models.PROTECT, related_name="plans", verbose_name=_("payer"))
    name = models.TextField(_("name"))
    network = models.TextField(
        _("network"),
        choices=NETWORKS,
        default=Network.UNKNOWN,
    )

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.UniqueConstraint(fields=["payer", "name"], name="plan_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """What one patient has with one plan.

    ``relation`` says how the patient stands to the subscriber (individual relationship code: 18
    self, 01 spouse, 19 child, G8 other). ``rank`` 1 is primary. It holds on days in [valid_from,
    valid_until). A retired policy was a mistake or is replaced; one that ended keeps its rank for
    the claims of its time. ``version`` grows with every change.
    """

    class Relation(models.TextChoices):
        SELF = "18", _("Self")
        SPOUSE = "01", _("Spouse")
        CHILD = "19", _("Child")
        OTHER = "G8", _("Other")

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="policies")
    plan = models.ForeignKey(Plan, models.PROTECT)
    rank = models.PositiveSmallIntegerField(default=1)
    relation = models.CharField(max_length=2, choices=Relation.choices, default=Relation.SELF)
    member_id = models.CharField(max_length=80)
    group_number = models.CharField(max_length=50, blank=True, default="")
    subscriber_family = models.TextField(blank=True, default="")
    subscriber_given = models.TextField(blank=True, default="")
    subscriber_birth_date = models.DateField(null=True, blank=True)
    subscriber_sex = models.TextField(blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            # At no time two primaries. Deferred: two policies may trade ranks in one transaction.
            ExclusionConstraint(
                name="policy_rank_once",
                expressions=[
                    ("patient", RangeOperators.EQUAL),
                    ("rank", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(retired_at__isnull=True),
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="policy_ends_after_it_began",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="policy_rank_from_one", condition=Q(rank__gte=1)),
            models.CheckConstraint(name="policy_has_member_id", condition=~Q(member_id="")),
            models.CheckConstraint(
                name="policy_member_id_can_be_sent", condition=Q(member_id__regex=f"^{SENDABLE}$")
            ),
        ]


class CardImage(models.Model):
    """A photograph of one side of a card, as we encoded it anew: JPEG, no metadata.

    A newer one replaces it; the older stays, because claims were made by it.
    """

    class Side(models.TextChoices):
        FRONT = "front", _("Front")
        BACK = "back", _("Back")

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="cards")
    side = models.TextField(choices=Side.choices)
    jpeg = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "side"],
                name="card_image_current_once",
                condition=Q(replaced_at__isnull=True),
            ),
        ]


class ExpectedVisit(models.Model):
    """A visit that is coming, as scheduling told it; coverage knows no more of it than this."""

    appointment_id = models.BigIntegerField(unique=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    service_date = models.DateField()
    service_type = models.CharField(max_length=3)
    location_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["service_date", "id"], name="expected_visit_by_day")]

    def __str__(self) -> str:
        return str(self.appointment_id)


class EligibilityCheck(models.Model):
    """One question to a payer and what became of it, both kept byte for byte.

    ``state`` leaves ``asked`` once and never changes again (trigger). ``quiet`` is the time in
    which the same question may not be sent again: an unanswered one blocks its repetition for 90 s
    (constraint). ``appointment_id`` is bare: the visit stands above this duty. ``inactive`` is what
    headers and lists need of an answer: the payer says that there is no cover.
    """

    class Occasion(models.TextChoices):
        BOOKING = "booking", _("At booking")
        UPCOMING = "upcoming", _("Three days before")
        ARRIVAL = "arrival", _("At arrival")
        DEMAND = "demand", _("On demand")

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="checks")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="eligibility_checks")
    occasion = models.TextField(choices=Occasion.choices)
    appointment_id = models.BigIntegerField(null=True)
    service_date = models.DateField()
    service_type = models.CharField(max_length=3)
    state = models.TextField(
        choices=[(state.value, state.value) for state in State], default=State.ASKED
    )
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    quiet = DateTimeRangeField()
    trace = models.TextField(unique=True)
    inquiry = models.BinaryField()
    answer = models.BinaryField(null=True)
    trouble = models.TextField(blank=True, default="")
    inactive = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="eligibility_not_repeated_early",
                expressions=[
                    ("policy", RangeOperators.EQUAL),
                    ("service_type", RangeOperators.EQUAL),
                    ("service_date", RangeOperators.EQUAL),
                    ("quiet", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["asked", "silent"]),
            ),
            models.UniqueConstraint(
                fields=["policy", "appointment_id", "occasion", "service_date"],
                name="eligibility_once_per_occasion",
                condition=~Q(occasion="demand"),
            ),
            models.CheckConstraint(
                name="eligibility_settled_has_time",
                condition=Q(state="asked", settled_at__isnull=True)
                | (~Q(state="asked") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="eligibility_answer_kept",
                condition=Q(state__in=["answered", "rejected", "unreadable"], answer__isnull=False)
                | Q(state__in=["asked", "silent", "failed"], answer__isnull=True),
            ),
            models.CheckConstraint(
                name="eligibility_quiet_long_enough",
                condition=Q(quiet__startswith__lte=F("asked_at"))
                & Q(quiet__endswith__gte=F("asked_at") + timedelta(seconds=90)),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-asked_at"], name="eligibility_of_patient"),
            models.Index(fields=["asked_at"], name="eligibility_open", condition=Q(state="asked")),
        ]
