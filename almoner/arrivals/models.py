from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.arrivals.rules import IN_ROOM, Item, State
from almoner.facility.models import Clinician, Location, Room
from almoner.patients.models import Patient
from almoner.scheduling.models import Appointment

STATES = [(state.value, state.value) for state in State]


class Encounter(models.Model):
    """The visit itself, from arrival on.

    ``state`` is the latest of its `Movement` rows and ``state_since`` its time. Past ``arrived``
    every `CheckInItem` is settled (deferred trigger). ``left_early`` says why somebody left unseen.
    """

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="encounter")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="encounters")
    clinician = models.ForeignKey(Clinician, models.PROTECT)
    location = models.ForeignKey(Location, models.PROTECT)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True)
    service_date = models.DateField()
    state = models.TextField(choices=STATES, default=State.ARRIVED)
    state_since = models.DateTimeField()
    arrived_at = models.DateTimeField()
    confirmed_by = ArrayField(models.TextField(), default=list)
    left_at = models.DateTimeField(null=True, blank=True)
    left_early = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="encounter_left_has_time",
                condition=(Q(state="left") & Q(left_at__isnull=False))
                | (~Q(state="left") & Q(left_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="encounter_state_known",
                condition=Q(state__in=[state.value for state in State]),
            ),
            models.CheckConstraint(
                name="encounter_in_a_room_names_it",
                condition=~Q(state__in=IN_ROOM) | Q(room__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["room"],
                name="encounter_room_for_one",
                condition=Q(state__in=IN_ROOM),
            ),
        ]
        indexes = [
            models.Index(fields=["location", "service_date", "state"], name="encounter_board"),
            models.Index(fields=["patient", "-service_date"], name="encounter_of_patient"),
        ]


class Movement(models.Model):
    """One step of an encounter. Append-only: a step taken back is another row."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="movements")
    state = models.TextField(choices=STATES)
    room = models.ForeignKey(Room, models.PROTECT, null=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    takes_back = models.OneToOneField("self", models.PROTECT, null=True)


class CheckInItem(models.Model):
    """How one item of a check-in was settled, and by whom."""

    encounter = models.ForeignKey(Encounter, models.PROTECT, related_name="items")
    item = models.TextField(choices=[(item.value, item.value) for item in Item])
    waived = models.BooleanField(default=False)
    reason = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "item"], name="check_in_item_once"),
            models.CheckConstraint(
                name="check_in_waived_for_a_reason", condition=Q(waived=False) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="check_in_item_known", condition=Q(item__in=[item.value for item in Item])
            ),
        ]
