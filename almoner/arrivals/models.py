from django.db import models
from django.db.models import Q

from almoner.facility.models import Clinician, Location, Room
from almoner.patients.models import Patient
from almoner.scheduling.models import Appointment


class Encounter(models.Model):
    """The visit itself, from arrival on. ``state`` is the latest of its `Movement` rows."""

    class State(models.TextChoices):
        ARRIVED = "arrived"
        READY = "ready"
        ROOMED = "roomed"
        WITH_CLINICIAN = "with_clinician"
        DONE = "done"
        LEFT = "left"

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="encounter")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="encounters")
    clinician = models.ForeignKey(Clinician, models.PROTECT)
    location = models.ForeignKey(Location, models.PROTECT)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True)
    service_date = models.DateField()
    state = models.TextField(choices=State.choices, default=State.ARRIVED)
    state_since = models.DateTimeField()
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="encounter_left_has_time",
                condition=(Q(state="left") & Q(left_at__isnull=False))
                | (~Q(state="left") & Q(left_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["location", "service_date", "state"], name="encounter_board"),
            models.Index(fields=["patient", "-service_date"], name="encounter_of_patient"),
        ]


class Movement(models.Model):
    """One step of an encounter. Append-only."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="movements")
    state = models.TextField(choices=Encounter.State.choices)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
