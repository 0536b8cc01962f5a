from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from almoner.facility.models import Clinician, Device, Location, Room, VisitType
from almoner.patients.models import Patient


class Appointment(models.Model):
    """A promise that a clinician sees a patient at a time.

    ``starts_at`` and ``ends_at`` are what the patient is told, [start, end); what is kept free
    around it stands in `Hold`. ``local_day`` and ``local_time`` are the wall clock promised in
    ``time_zone``. Moving keeps the row, so that whatever points at the visit still does; where it
    stood before is in the events. A cancelled appointment keeps its row and gives up its time.
    ``confirmed_at`` is when the patient said that they will come at this time; another time asks
    again. ``request_key`` makes a booking that is sent twice one booking.
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
    cancel_note = models.TextField(blank=True, default="")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    request_key = models.TextField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request_key"], name="appointment_request_once"),
            models.CheckConstraint(
                name="appointment_end_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="appointment_status_known",
                condition=Q(status__in=["booked", "arrived", "completed", "cancelled", "no_show"]),
            ),
            models.CheckConstraint(
                name="appointment_overbooked_for_a_reason",
                condition=Q(lane=0) | ~Q(overbook_reason=""),
            ),
            models.CheckConstraint(
                name="appointment_cancelled_has_time",
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["location", "local_day", "starts_at"], name="appointment_of_day"),
            models.Index(fields=["clinician", "local_day"], name="appointment_of_clinician"),
            models.Index(fields=["patient", "-starts_at"], name="appointment_of_patient"),
        ]


class Hold(models.Model):
    """Time of one resource given to one appointment: the truth that nothing can be booked twice.

    A resource is a clinician, a room, a device or the patient. ``during`` includes the buffers.
    ``lane`` 0 is ordinary; a deliberate overbooking of a clinician takes a higher lane. A hold that
    is no longer live keeps nothing free: its appointment was moved, cancelled or not kept.
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


if TYPE_CHECKING:
    _Field = models.Field[int, int]
else:
    _Field = models.Field  # Django's own fields cannot be subscripted


class Ticks(_Field):
    """A ``bit(300)``: one bit for each five minutes of a local day; see `facility.rules`."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002 (Django's signature)
        return "bit(300)"


class ResourceDay(models.Model):
    """What one clinician, room or device has open (``template``) and still free on one local day.

    Derived from hours and holds, kept in the same statement that books, rebuilt at will and
    compared with the truth every night; it exists because it answers "when?" in a millisecond.
    ``midnight`` is the instant tick 0 begins. A clinician has a row for each location worked at
    that day; their templates never overlap. Rows are written by SQL only and no changing column is
    indexed, so that a booking updates its row in place (the fill factor leaves room for it).
    """

    pk = models.CompositePrimaryKey("kind", "local_day", "resource_id", "location_id")
    kind = models.SmallIntegerField(choices=Hold.Kind.choices)
    local_day = models.DateField()
    resource_id = models.BigIntegerField()
    location = models.ForeignKey(Location, models.PROTECT, db_index=False)
    midnight = models.DateTimeField()
    free = Ticks()
    template = Ticks()

    class Meta:
        db_table = "scheduling_resource_day"
