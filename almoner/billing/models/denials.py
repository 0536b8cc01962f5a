from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.billing.models.claims import DESKS, Claim
from almoner.billing.models.remittances import RemittedClaim
from almoner.billing.rules.denials import Category, Resolution
from almoner.coverage.models import Payer
from almoner.patients.models import Patient


class Denial(models.Model):
    """Money a payer refused on one claim for one kind of reason, until somebody settled it.

    ``cents`` still stand in the insurance account of the claim. ``group`` is who the payer says
    must bear it (CAS01); what is CO can never be billed to the patient (constraint).
    """

    class State(models.TextChoices):
        OPEN = "open"
        APPEALED = "appealed"
        SETTLED = "settled"

    remitted = models.ForeignKey(RemittedClaim, models.PROTECT, related_name="denials")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="denials")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="+")
    group = models.CharField(max_length=2)
    category = models.TextField(choices=[(c.value, c.value) for c in Category])
    reasons = ArrayField(models.TextField())
    line_numbers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    unprocessable = models.BooleanField(default=False)
    cents = models.BigIntegerField()
    desk = models.TextField(choices=DESKS)
    act_by = models.DateField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    resolution = models.TextField(
        choices=[(r.value, r.value) for r in Resolution], blank=True, default=""
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remitted", "group", "category"], name="denial_once"),
            models.CheckConstraint(
                name="denial_contractual_never_to_patient",
                condition=~Q(resolution="billed_patient") | Q(group="PR"),
            ),
            models.CheckConstraint(
                name="denial_settled_told",
                condition=(Q(state="settled") & ~Q(resolution="") & Q(settled_at__isnull=False))
                | (~Q(state="settled") & Q(resolution="", settled_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["act_by", "id"], name="denial_unsettled", condition=~Q(state="settled")
            ),
            models.Index(fields=["claim"], name="denial_of_claim"),
        ]
