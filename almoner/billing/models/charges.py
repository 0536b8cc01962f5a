from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from almoner.arrivals.models import Encounter
from almoner.coverage.models import Policy
from almoner.facility.models import Clinician, Location
from almoner.ledger.models import Journal
from almoner.patients.models import Patient


class ChargeSlip(models.Model):
    """What was done at one visit and why, as it will be billed.

    ``open`` while it is being written; ``posted`` once its charges stand in the ledger, from then
    on unchanged; ``reversed`` when a correction took its place. ``diagnoses`` are ICD-10-CM codes
    without dots, the most important first. Without ``policy`` the patient pays.
    """

    class State(models.TextChoices):
        OPEN = "open"
        POSTED = "posted"
        REVERSED = "reversed"

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="charge_slips")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="charge_slips")
    clinician = models.ForeignKey(Clinician, models.PROTECT)
    location = models.ForeignKey(Location, models.PROTECT)
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True)
    service_date = models.DateField()
    place_of_service = models.CharField(max_length=2)
    diagnoses = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by_id = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    journal = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="+")
    reversal = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="+")
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_because = models.TextField(blank=True, default="")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["encounter"],
                name="charge_slip_one_live",
                condition=~Q(state="reversed"),
            ),
            models.CheckConstraint(
                name="charge_slip_twelve_diagnoses", condition=Q(diagnoses__len__lte=12)
            ),
            models.CheckConstraint(
                name="charge_slip_state_told",
                condition=Q(state="open", journal__isnull=True, reversal__isnull=True)
                | Q(state="posted", journal__isnull=False, reversal__isnull=True)
                | Q(state="reversed", journal__isnull=False, reversal__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-service_date"], name="charge_slip_of_patient"),
        ]


class ChargeLine(models.Model):
    """One service of a slip. Its id is what the ledger's entries and the claim's lines carry.

    ``pointers`` are positions in the slip's diagnoses, from 1, the one that mattered most first.
    ``charge_cents`` is units times the fee at the time.
    """

    slip = models.ForeignKey(ChargeSlip, models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    procedure = models.CharField(max_length=5)
    description = models.TextField(blank=True, default="")
    modifiers = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    units = models.PositiveSmallIntegerField(default=1)
    fee_cents = models.PositiveIntegerField()
    charge_cents = models.PositiveIntegerField()
    pointers = ArrayField(models.PositiveSmallIntegerField())
    place_of_service = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slip", "number"], name="charge_line_once"),
            models.CheckConstraint(
                name="charge_line_sum", condition=Q(charge_cents=F("units") * F("fee_cents"))
            ),
            models.CheckConstraint(name="charge_line_units", condition=Q(units__gte=1)),
            models.CheckConstraint(
                name="charge_line_procedure_shape", condition=Q(procedure__regex=r"^[A-Z0-9]{5}$")
            ),
            models.CheckConstraint(
                name="charge_line_modifiers", condition=Q(modifiers__len__lte=4)
            ),
            models.CheckConstraint(
                name="charge_line_pointers",
                condition=Q(pointers__len__gte=1, pointers__len__lte=4),
            ),
        ]
