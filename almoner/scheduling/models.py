from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from almoner.facility.models import Clinician, Device, Location, Room, VisitType
from almoner.patients.models import Patient


class Appointment(models.Model):
    """A promise that a clinician sees a patient at a time.

    ``starts_at`` and ``ends_at`` are what the patient is told, [start, end); what is kept free
    around it stands in `Hold`. ``local_day`` and ``local_time`` are the wall clock promised in
    ``time_zone``. A cancelled appointment keeps its row and gives up its time.
    """

    class Status(models.TextChoices):
        BOOKED = "booked"
        ARRIVED = "arrived"
        COMPLETED = "completed"
        CANCELLED = "cancelled"
        NO_SHOW = "no_show"

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="appointments")
    visit_type = models.ForeignKey(VisitType, models.PROTECT)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="appointments")
    location = models.ForeignKey(Location, models.PROTECT)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    local_day = models.DateField()
    local_time = models.TimeField()
    time_zone = models.TextField()
    status = models.TextField(choices=Status.choices, default=Status.BOOKED)
    lane = models.PositiveSmallIntegerField(default=0)
    overbook_reason = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    booked_by_id = models.BigIntegerField(null=True)
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True, default="")
    moved_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_to"
    )
    request_key = models.TextField(unique=True, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["location", "local_day", "starts_at"], name="appointment_of_day"),
            models.Index(fields=["clinician", "local_day"], name="appointment_of_clinician"),
            models.Index(fields=["patient", "-starts_at"], name="appointment_of_patient"),
        ]


class Hold(models.Model):
    """Time of one resource given to one appointment: the truth that nothing can be booked twice.

    A resource is a clinician, a room, a device or the patient. ``during`` includes the buffers.
    ``lane`` 0 is ordinary; a deliberate overbooking of a clinician takes a higher lane.
    """

    class Kind(models.IntegerChoices):
        CLINICIAN = 1
        ROOM = 2
        DEVICE = 3
        PATIENT = 4

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="holds")
    kind = models.SmallIntegerField(choices=Kind.choices)
    resource_id = models.BigIntegerField()
    lane = models.PositiveSmallIntegerField(default=0)
    during = DateTimeRangeField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="hold_resource_free",
                expressions=[
                    ("kind", "="),
                    ("resource_id", "="),
                    ("lane", "="),
                    ("during", "&&"),
                ],
                condition=Q(live=True),
            ),
        ]
