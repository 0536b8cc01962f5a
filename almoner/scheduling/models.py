from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from almoner.facility.models import Clinician, Device, Location, Room, VisitType
from almoner.patients.models import Patient
from almoner.scheduling.rules.waitlist import Ended, OfferState, Priority


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
    """Time of one resource given to one appointment, or kept for one offer of a place.

    The truth that nothing can be booked twice.

    A resource is a clinician, a room, a device or the patient. ``during`` includes the buffers.
    ``lane`` 0 is ordinary; a deliberate overbooking of a clinician takes a higher lane. A hold that
    is no longer live keeps nothing free: its appointment was moved, cancelled or not kept, its
    offer answered or over. An offer's hold binds until the offer expires and no longer: whoever
    books after that takes it away, whether or not a job came by (`actions.holds.take`).
    """

    class Kind(models.IntegerChoices):
        CLINICIAN = 1
        ROOM = 2
        DEVICE = 3
        PATIENT = 4

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, null=True, blank=True, related_name="holds"
    )
    offer = models.ForeignKey(
        "PlaceOffer", models.CASCADE, null=True, blank=True, db_index=False, related_name="holds"
    )
    kind = models.SmallIntegerField(choices=Kind.choices)
    resource_id = models.BigIntegerField()
    lane = models.PositiveSmallIntegerField(default=0)
    during = DateTimeRangeField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hold_of_a_visit_or_an_offer",
                condition=Q(appointment__isnull=False, offer=None)
                | Q(appointment=None, offer__isnull=False),
            ),
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
        indexes = [
            models.Index(fields=["offer"], name="hold_of_offer", condition=Q(offer__isnull=False)),
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


class WaitEntry(models.Model):
    """That a patient waits for a place: of which visit, with whom, where and when, and since when.

    ``clinician_ids`` and ``location_ids`` are those that would do, any when empty; so are the ISO
    ``weekdays``. ``since`` and ``until`` are the wall clock a visit may start at. ``visit`` is the
    booked one that an earlier place would replace. ``last_day`` is the last on which a place would
    do. ``added_by_id`` is empty when the patient asked for it alone.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="waits")
    visit_type = models.ForeignKey(VisitType, models.PROTECT)
    visit = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, related_name="waits"
    )
    clinician_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    location_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    since = models.TimeField(null=True, blank=True)
    until = models.TimeField(null=True, blank=True)
    last_day = models.DateField()
    priority = models.PositiveSmallIntegerField(default=Priority.ROUTINE)
    reason = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True)
    ended = models.TextField(blank=True, default="")
    ended_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wait_entry_hurries_for_a_reason",
                condition=Q(priority=Priority.ROUTINE) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="wait_entry_priority_known",
                condition=Q(priority__in=[each.value for each in Priority]),
            ),
            models.CheckConstraint(
                name="wait_entry_ended_somehow",
                condition=Q(ended_at=None, ended="")
                | Q(ended_at__isnull=False, ended__in=[each.value for each in Ended]),
            ),
            models.CheckConstraint(
                name="wait_entry_removed_for_a_reason",
                condition=~Q(ended=Ended.REMOVED) | ~Q(ended_why=""),
            ),
            models.UniqueConstraint(
                fields=["patient", "visit_type"],
                name="wait_entry_once",
                condition=Q(ended_at=None, visit=None),
            ),
            models.UniqueConstraint(
                fields=["visit"], name="wait_entry_of_visit_once", condition=Q(ended_at=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "added_at", "id"],
                name="wait_entry_in_order",
                condition=Q(ended_at=None),
            ),
        ]


class FreedPlace(models.Model):
    """Time of a clinician that came free, to be offered to who waits until it is taken or over.

    [since, until) of one local day; ``event_id`` is what freed it. ``barred`` is why nobody of
    those it would suit can be told now: then it is the desk's work, and tried again each minute.
    """

    clinician = models.ForeignKey(Clinician, models.PROTECT)
    location = models.ForeignKey(Location, models.PROTECT)
    local_day = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    freed_at = models.DateTimeField()
    event_id = models.BigIntegerField()
    barred = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="freed_place_end_after_start", condition=Q(until__gt=F("since"))
            ),
            models.UniqueConstraint(
                fields=["event_id", "clinician", "location", "since"], name="freed_place_once"
            ),
        ]
        indexes = [
            models.Index(fields=["since"], name="freed_place_open", condition=Q(settled_at=None)),
        ]


class PlaceOffer(models.Model):
    """A place kept for one patient until ``expires_at``, to be taken or not.

    Its `Hold`s keep the time. An open offer whose time is over is over, whatever ``state`` says;
    a job writes that down. ``appointment`` is what came of it.
    """

    entry = models.ForeignKey(WaitEntry, models.PROTECT, related_name="offers")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="place_offers")
    freed = models.ForeignKey(FreedPlace, models.PROTECT, null=True, related_name="offers")
    clinician = models.ForeignKey(Clinician, models.PROTECT)
    location = models.ForeignKey(Location, models.PROTECT)
    room = models.ForeignKey(Room, models.PROTECT, null=True)
    device = models.ForeignKey(Device, models.PROTECT, null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    local_day = models.DateField()
    local_time = models.TimeField()
    time_zone = models.TextField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    state = models.TextField(default=OfferState.OPEN)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="offers")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="place_offer_state_known",
                condition=Q(state__in=[each.value for each in OfferState]),
            ),
            models.CheckConstraint(
                name="place_offer_accepted_is_a_visit",
                condition=Q(state=OfferState.ACCEPTED, appointment__isnull=False)
                | (~Q(state=OfferState.ACCEPTED) & Q(appointment=None)),
            ),
            models.CheckConstraint(
                name="place_offer_ends_before_its_visit",
                condition=Q(expires_at__gt=F("made_at"), expires_at__lte=F("starts_at")),
            ),
            models.CheckConstraint(
                name="place_offer_answered_once",
                condition=Q(state=OfferState.OPEN, answered_at=None)
                | (~Q(state=OfferState.OPEN) & Q(answered_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["entry"], name="place_offer_one_at_a_time", condition=Q(state="open")
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="place_offer_open", condition=Q(state="open")),
        ]
