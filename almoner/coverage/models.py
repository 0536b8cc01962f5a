from django.db import models
from django.db.models import Q

from almoner.patients.models import Patient


class Payer(models.Model):
    """Who pays: an insurer or a programme. ``payer_id`` is the clearinghouse's name for it."""

    name = models.TextField()
    payer_id = models.CharField(max_length=20, unique=True)
    kind = models.TextField()  # hmo, ppo, medicare, medicaid, workers_comp
    claim_filing = models.CharField(max_length=2)  # SBR09 claim filing indicator
    initial_filing_days = models.PositiveSmallIntegerField(default=365)

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="plans")
    name = models.TextField()

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """What one patient has with one plan.

    ``relation`` says how the patient stands to the subscriber (individual relationship code: 18
    self, 01 spouse, 19 child, G8 other). ``rank`` 1 is primary. It holds on days in [valid_from,
    valid_until).
    """

    class Relation(models.TextChoices):
        SELF = "18", "Self"
        SPOUSE = "01", "Spouse"
        CHILD = "19", "Child"
        OTHER = "G8", "Other"

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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "rank"],
                name="policy_rank_once",
                condition=Q(retired_at__isnull=True),
            ),
        ]
