from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from almoner.facility.models import Clinician, Location, VisitType
from almoner.ground.language import PATIENTS_READ
from almoner.patients.models import Patient
from almoner.relations.models import Case, Message
from almoner.scheduling.models import Appointment
from almoner.surveys import rules


class Questionnaire(models.Model):
    """A survey by its name. What it asks is in its versions; after which visits, in its rules."""

    name = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="questionnaire_name_once"),
            models.CheckConstraint(
                name="questionnaire_has_a_name", condition=Q(name__regex=r"[^[:space:]]")
            ),
        ]


class Version(models.Model):
    """What a survey asks, in which words, and which answers open a case; see `rules.read`.

    The highest published number is in use. A published version is never changed or deleted
    (trigger): answers name it. A survey has at most one draft; ``edition`` guards it.
    None of its ``authors``, all who wrote in it, publishes it (check); nobody wrote what came with
    the house.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    edition = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by_id = models.BigIntegerField(null=True)
    authors = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="survey_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["questionnaire"],
                name="survey_draft_once",
                condition=Q(published_at__isnull=True),
            ),
            models.CheckConstraint(
                name="survey_published_by_another",
                condition=Q(published_at=None)
                | Q(authors=[])
                | Q(published_by_id__isnull=False) & ~Q(authors__contains=[F("published_by_id")]),
            ),
        ]


class Rule(models.Model):
    """After which visits a survey is sent; see `rules.Rule`. Changed by ending it and making one.

    ``remind_days`` after it was sent whoever has not finished is reminded once; 0: not at all. The
    link is open for ``open_days``. ``ends_on`` is the last day of visits it holds for, ``ended_at``
    when somebody had it apply no more.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="rules")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True)
    location = models.ForeignKey(Location, models.PROTECT, null=True)
    after_minutes = models.PositiveIntegerField()
    share = models.PositiveSmallIntegerField()
    pause_days = models.PositiveSmallIntegerField()
    remind_days = models.PositiveSmallIntegerField()
    open_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_rule_share", condition=Q(share__gte=1, share__lte=100)
            ),
            models.CheckConstraint(
                name="survey_rule_days_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="survey_rule_reminds_while_open",
                condition=Q(open_days__gte=1) & Q(remind_days__lt=F("open_days")),
            ),
        ]


class Survey(models.Model):
    """One patient's survey about one visit: chosen when it is over, sent later, answered or not.

    One a visit (constraint), and none within ``peace`` of another of the patient's (exclusion). The
    visit's facts are as they were when it was over. ``message`` is what asked, ``reminder`` what
    asked once more; nobody is asked of whom ``dropped`` says why. ``low_at`` is when an answer was
    low first, ``case`` what was opened for it. A finished one is not changed (trigger).
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="surveys")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="surveys")
    version = models.ForeignKey(Version, models.PROTECT, related_name="surveys")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="surveys")
    clinician = models.ForeignKey(Clinician, models.PROTECT)
    location = models.ForeignKey(Location, models.PROTECT)
    visit_type = models.ForeignKey(VisitType, models.PROTECT)
    way = models.TextField()
    visit_on = models.DateField()
    peace = DateTimeRangeField()
    chosen_at = models.DateTimeField()
    ask_at = models.DateTimeField()
    language = models.TextField(default="en")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    remind_at = models.DateTimeField(null=True)
    reminder = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    closes_at = models.DateTimeField(null=True)
    dropped = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    low_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment"], name="survey_once_a_visit"),
            ExclusionConstraint(
                name="survey_patient_left_in_peace",
                expressions=[
                    ("patient", RangeOperators.EQUAL),
                    ("peace", RangeOperators.OVERLAPS),
                ],
                condition=Q(message__isnull=False) | Q(dropped=""),
            ),
            models.CheckConstraint(
                name="survey_way_known", condition=Q(way__in=[each.value for each in rules.Way])
            ),
            models.CheckConstraint(
                name="survey_dropped_for_a_reason",
                condition=Q(dropped__in=["", *(each.value for each in rules.Dropped)]),
            ),
            models.CheckConstraint(
                name="survey_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
            models.CheckConstraint(
                name="survey_closes_once_sent",
                condition=Q(message=None, closes_at=None, remind_at=None, reminder=None)
                | Q(message__isnull=False, closes_at__isnull=False),
            ),
            models.CheckConstraint(
                name="survey_answered_once_sent",
                condition=Q(message__isnull=False)
                | Q(opened_at=None, finished_at=None, low_at=None),
            ),
            models.CheckConstraint(
                name="survey_case_of_a_low_answer",
                condition=Q(case=None) | Q(low_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ask_at", "id"],
                name="survey_to_ask",
                condition=Q(message=None, dropped=""),
            ),
            models.Index(
                fields=["remind_at", "id"],
                name="survey_to_remind",
                condition=Q(reminder=None, finished_at=None, dropped=""),
            ),
            models.Index(
                fields=["low_at", "id"],
                name="survey_without_case",
                condition=Q(case=None, low_at__isnull=False),
            ),
            models.Index(fields=["visit_on", "id"], name="survey_by_day"),
            models.Index(fields=["patient", "-id"], name="survey_of_patient"),
        ]


class Answer(models.Model):
    """What was answered to one question: a number of its scale, or words. Changed until finished.

    ``kind`` is the question's, so that its scale is held here.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    key = models.TextField()
    kind = models.TextField()
    score = models.SmallIntegerField(null=True)
    words = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "key"], name="survey_answer_once"),
            models.CheckConstraint(
                name="survey_answer_on_its_scale",
                condition=Q(kind="nps", score__gte=0, score__lte=10, words="")
                | Q(kind="csat", score__gte=1, score__lte=5, words="")
                | Q(kind="words", score=None),
            ),
        ]
