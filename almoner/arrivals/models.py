from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.arrivals.rules import IN_ROOM, Item, State
from almoner.arrivals.rules.ahead import CHANGES, Outcome, Thing, Verdict
from almoner.coverage.models import CardImage, Policy
from almoner.facility.models import Clinician, Location, Room
from almoner.patients.models import Patient
from almoner.scheduling.models import Appointment

STATES = [(state.value, state.value) for state in State]


class Encounter(models.Model):
    """The visit itself, from arrival on.

    ``state`` is the latest of its `Movement` rows and ``state_since`` its time. Past ``arrived``
    every `CheckInItem` is settled (deferred trigger). ``left_early`` says why somebody left unseen.
    One that is ``by_video`` needs no room.
    """

    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="encounter")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="encounters")
    clinician = models.ForeignKey(Clinician, models.PROTECT)
    location = models.ForeignKey(Location, models.PROTECT)
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True)
    service_date = models.DateField()
    by_video = models.BooleanField(default=False)
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
                condition=~Q(state__in=IN_ROOM) | Q(room__isnull=False) | Q(by_video=True),
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


class EarlyCheckIn(models.Model):
    """That a patient prepares a visit by its link: begun, finished, on the way, in the car park.

    ``finished_at`` is when nothing was left to be said. ``here_at`` is the patient's own word that
    they have come; who it is, the desk still asks.
    """

    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="early")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    coming_at = models.DateTimeField(null=True, blank=True)
    here_at = models.DateTimeField(null=True, blank=True)


class Said(models.Model):
    """What a patient said ahead of a visit of one thing; the record is not changed by it.

    ``was`` is what the record kept when it was said, ``words`` what should stand there. A change is
    open until the desk accepts or refuses it; said again while it is open, the newer stands.
    ``heard_by_id`` is the officer who asked it at the desk, on the patient's own page.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="said")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    thing = models.TextField(choices=[(thing.value, thing.value) for thing in Thing])
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.TextField(choices=[(each.value, each.value) for each in Verdict])
    was = models.JSONField()
    words = models.JSONField()
    said_at = models.DateTimeField()
    heard_by_id = models.BigIntegerField(null=True, blank=True)
    outcome = models.TextField(
        choices=[(each.value, each.value) for each in Outcome], blank=True, default=""
    )
    why = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "said"
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "thing", "policy"],
                name="said_once",
                condition=Q(outcome=""),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="said_thing_known", condition=Q(thing__in=[thing.value for thing in Thing])
            ),
            models.CheckConstraint(
                name="said_verdict_known",
                condition=Q(verdict__in=[each.value for each in Verdict]),
            ),
            models.CheckConstraint(
                name="said_of_a_policy_names_it",
                condition=Q(thing="policy", policy__isnull=False)
                | (~Q(thing="policy") & Q(policy__isnull=True)),
            ),
            models.CheckConstraint(
                name="said_settled_by_somebody",
                condition=Q(outcome="", settled_at__isnull=True, settled_by_id__isnull=True)
                | Q(
                    outcome__in=["accepted", "refused"],
                    verdict__in=[each.value for each in CHANGES],
                    settled_at__isnull=False,
                    settled_by_id__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="said_refused_for_a_reason", condition=~Q(outcome="refused") | ~Q(why="")
            ),
        ]


class CardTaken(models.Model):
    """A photograph of a card that a patient sent ahead, encoded anew; of no policy: of a new one.

    It is deleted when the desk has settled it: what is accepted is coverage's own image then.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="cards_taken")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    policy = models.ForeignKey(Policy, models.PROTECT, null=True, blank=True, related_name="+")
    side = models.TextField(choices=CardImage.Side.choices)
    jpeg = models.BinaryField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "policy", "side"],
                name="card_taken_once",
                nulls_distinct=False,
            ),
        ]
