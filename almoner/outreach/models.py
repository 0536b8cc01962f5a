from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from almoner.facility.models import VisitType
from almoner.outreach.rules import CHANNELS, PURPOSES, Left, Standing, State
from almoner.patients.models import Patient
from almoner.relations.models import Call, Message


class Segment(models.Model):
    """A question about who our patients are, kept under a name; see its versions for what it asks.

    Whoever it holds is looked up anew whenever somebody asks.
    """

    name = models.TextField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="segment_has_a_name", condition=~Q(name="")),
        ]


class SegmentVersion(models.Model):
    """What a segment asks, from when on. Append-only (trigger): a campaign keeps the one it took.

    ``conditions`` are those `rules.read` lets through, and nothing else.
    """

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    conditions = models.JSONField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once"),
            models.CheckConstraint(name="segment_asks_something", condition=~Q(conditions={})),
        ]


class Campaign(models.Model):
    """People of a segment, asked to book, by steps, at a pace; some are held out to compare with.

    ``channels`` are tried in their order: each person is written to by the first that is open to
    them. ``visit_type`` is what a booking must be of to count; empty: any. Bookings count for
    ``window_days`` from the day somebody was to be written to. ``rest_days``: whom a campaign wrote
    to in so many days before is left alone. ``words`` says whose its words are: shipped with the
    house, or our own, which it starts with only once they were read in both languages by somebody
    who did not write them (``authors``); those of ``earlier`` campaigns were asked of nobody.
    """

    name = models.TextField()
    version = models.ForeignKey(SegmentVersion, models.PROTECT, related_name="campaigns")
    purpose = models.TextField()
    channels = ArrayField(models.TextField())
    subject_english = models.TextField()
    english = models.TextField()
    subject_spanish = models.TextField()
    spanish = models.TextField()
    words = models.TextField()
    authors = ArrayField(models.BigIntegerField(), default=list)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_id = models.BigIntegerField(null=True)
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True, related_name="+")
    window_days = models.PositiveSmallIntegerField()
    remind_after_days = models.PositiveSmallIntegerField(null=True)
    held_out_percent = models.PositiveSmallIntegerField()
    pace = models.PositiveSmallIntegerField()
    rest_days = models.PositiveSmallIntegerField()
    state = models.TextField(default=Standing.DRAFT.value)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    started_by_id = models.BigIntegerField(null=True)
    paused_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaign_purpose_known", condition=Q(purpose__in=list(PURPOSES))
            ),
            models.CheckConstraint(
                name="campaign_channels_known",
                condition=Q(channels__len__gt=0, channels__contained_by=list(CHANNELS)),
            ),
            models.CheckConstraint(
                name="campaign_words_known", condition=Q(words__in=["shipped", "own", "earlier"])
            ),
            models.CheckConstraint(
                name="campaign_words_reviewed",
                condition=Q(state="draft") | ~Q(words="own") | Q(reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_reviewed_by_another",
                condition=Q(reviewed_at=None, reviewed_by_id=None)
                | Q(reviewed_at__isnull=False, reviewed_by_id__isnull=False)
                & ~Q(authors__contains=[F("reviewed_by_id")]),
            ),
            models.CheckConstraint(
                name="campaign_started_by_somebody",
                condition=Q(state="draft", started_at=None, started_by_id=None)
                | Q(started_at__isnull=False, started_by_id__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_state_told",
                condition=Q(state__in=["draft", "running"], paused_at=None, finished_at=None)
                | Q(state="paused", paused_at__isnull=False, finished_at=None)
                | Q(state="finished", finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_within_bounds",
                condition=Q(held_out_percent__lte=50, pace__gte=1, window_days__gte=1)
                & (Q(remind_after_days=None) | Q(remind_after_days__gte=1)),
            ),
        ]

    @property
    def said(self) -> tuple[str, ...]:
        """All its words: subject and body in English, then in Spanish."""
        return (self.subject_english, self.english, self.subject_spanish, self.spanish)


class Enrolment(models.Model):
    """Somebody in a campaign: to be written to, or held out and never written to.

    ``starts_at`` is when they are to be written to first; from it on a booking counts, for those
    held out as for the others. ``next_at`` is when the next step is due, ``steps`` how many were
    taken, ``tries`` how many calls; ``taken_by_id`` is the officer who calls just now. A stop is
    written by the database in the transaction of what stopped it (trigger on the events): a
    booking, an answer, a case, a death.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="enrolments")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    held_out = models.BooleanField()
    state = models.TextField()
    starts_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    steps = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_by_id = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.TextField(blank=True, default="")
    booked_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "patient"], name="enrolment_once"),
            models.CheckConstraint(
                name="enrolment_state_known",
                condition=Q(state__in=[each.value for each in State]),
            ),
            models.CheckConstraint(
                name="enrolment_held_out_is_left_alone",
                condition=Q(held_out=False) & ~Q(state="held_out")
                | Q(held_out=True, state="held_out", steps=0, tries=0, next_at=None),
            ),
            models.CheckConstraint(
                name="enrolment_stopped_for_a_reason",
                condition=Q(state="stopped", stopped_at__isnull=False)
                & Q(stopped_why__in=[each.value for each in Left])
                | ~Q(state="stopped") & Q(stopped_at=None, stopped_why="", booked_id=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "next_at", "id"],
                name="enrolment_due",
                condition=Q(state__in=["waiting", "reached", "calling"]),
            ),
            models.Index(fields=["campaign", "state"], name="enrolment_by_state"),
            models.Index(
                fields=["next_at", "id"],
                name="enrolment_to_call",
                condition=Q(state="calling"),
            ),
        ]


class Step(models.Model):
    """One time somebody was written to or called for a campaign. Append-only (trigger).

    ``address`` is where it went: an answer from there stops it, whoever of the house wrote.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="taken")
    number = models.PositiveSmallIntegerField()
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")
    call = models.OneToOneField(Call, models.PROTECT, null=True, related_name="+")
    address = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="outreach_step_once"),
            models.CheckConstraint(
                name="outreach_step_is_a_message_or_a_call",
                condition=Q(message__isnull=False, call=None) | Q(message=None, call__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["address"], name="outreach_step_to")]
