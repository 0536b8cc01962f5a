"""Results of a laboratory or another who examined a patient, in versions, and who has reviewed."""

from django.db import models
from django.db.models import Q

from almoner.facility.models import Clinician
from almoner.patients.models import Patient
from almoner.records.models.papers import Document
from almoner.records.rules.results import SOURCES, Source


class Result(models.Model):
    """One report, however often it was sent and corrected. What it says is in its versions.

    ``system`` and ``number`` are the sender's identifier. Without a ``patient`` it waits until a
    person has said whose it is, or has refused it; ``said_name``, ``said_born`` and ``said_mrn``
    are what the newest version says of them. It goes from no patient to one, and back, never from
    one to another (trigger); ``by_hand``: it was taken out of a record, or refused, before, and is
    given by a person alone. ``shown`` is the newest final version: before there is one, no patient
    sees anything. ``newest`` is the highest number of a version. ``waits_since`` is set while the
    shown version is of somebody and not reviewed; ``flag`` is that version's.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, null=True, related_name="results")
    source = models.TextField()
    system = models.TextField()
    number = models.TextField()
    clinician = models.ForeignKey(Clinician, models.PROTECT, null=True, related_name="+")
    ordered_by = models.TextField(blank=True, default="")
    said_name = models.TextField(blank=True, default="")
    said_born = models.DateField(null=True)
    said_mrn = models.TextField(blank=True, default="")
    shown = models.ForeignKey("ResultVersion", models.PROTECT, null=True, related_name="+")
    newest = models.PositiveIntegerField(default=0)
    flag = models.PositiveSmallIntegerField(default=0)
    waits_since = models.DateTimeField(null=True)
    by_hand = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)
    refused_by_id = models.BigIntegerField(null=True)
    refused_because = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="result_once"),
            models.CheckConstraint(
                name="result_source_known", condition=Q(source__in=[one.value for one in SOURCES])
            ),
            models.CheckConstraint(
                name="result_on_paper_is_somebodys",
                condition=~Q(source=Source.PAPER.value) | Q(patient__isnull=False),
            ),
            models.CheckConstraint(
                name="result_refused_for_a_reason",
                condition=Q(refused_at=None, refused_by_id=None, refused_because="")
                | Q(patient=None, refused_at__isnull=False, refused_by_id__isnull=False)
                & ~Q(refused_because=""),
            ),
            models.CheckConstraint(
                name="result_waits_for_review_of_somebody",
                condition=Q(waits_since=None) | Q(patient__isnull=False, shown__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-id"], name="results_of_patient"),
            models.Index(
                fields=["clinician", "-flag", "waits_since"],
                name="results_to_review",
                condition=Q(waits_since__isnull=False),
            ),
            models.Index(
                fields=["id"],
                name="results_of_nobody",
                condition=Q(patient=None, refused_at=None),
            ),
        ]


class ResultVersion(models.Model):
    """What a report said at one time. Never changed or deleted (trigger).

    ``status`` is FHIR's; ``final`` says that it may be shown to the patient, as a preliminary one
    may not. ``on`` is the day it is about, ``issued`` when it was made known. ``digest`` is
    SHA-256 of all it says, so that what is sent twice is one. A result on paper has its
    ``document``.
    """

    result = models.ForeignKey(Result, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.TextField()
    final = models.BooleanField()
    code = models.TextField(blank=True, default="")
    system = models.TextField(blank=True, default="")
    name = models.TextField()
    issued = models.DateTimeField()
    on = models.DateField()
    conclusion = models.TextField(blank=True, default="")
    performer = models.TextField(blank=True, default="")
    flag = models.PositiveSmallIntegerField(default=0)
    digest = models.BinaryField()
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")
    came_at = models.DateTimeField()
    filed_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["result", "number"], name="result_version_once"),
            models.UniqueConstraint(fields=["result", "digest"], name="result_said_once"),
            models.CheckConstraint(name="result_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="result_preliminary_is_not_final",
                condition=Q(final=False) | ~Q(status__in=["registered", "partial", "preliminary"]),
            ),
        ]


class ResultValue(models.Model):
    """One line of a version: what was measured, as it came; see `edges.fhir.measured.Line`.

    ``flags`` are pairs of a code and its words. ``number`` is the value to be drawn. A line that is
    not ``final`` is not shown to the patient.
    """

    version = models.ForeignKey(ResultVersion, models.PROTECT, related_name="values")
    place = models.PositiveSmallIntegerField()
    code = models.TextField(blank=True, default="")
    system = models.TextField(blank=True, default="")
    name = models.TextField()
    value = models.TextField(blank=True, default="")
    number = models.FloatField(null=True)
    unit = models.TextField(blank=True, default="")
    low = models.TextField(blank=True, default="")
    high = models.TextField(blank=True, default="")
    range = models.TextField(blank=True, default="")
    flags = models.JSONField(default=list)
    note = models.TextField(blank=True, default="")
    final = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "place"], name="result_value_once"),
        ]
        indexes = [models.Index(fields=["system", "code"], name="result_values_of_code")]


class ResultReview(models.Model):
    """That a clinician looked at a version, and what they say of it to the patient. Append-only.

    It is for that ``patient`` alone, also when the result turns out to be another's.
    """

    version = models.ForeignKey(ResultVersion, models.PROTECT, related_name="reviews")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.TextField()
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "patient"], name="result_reviewed_once"),
        ]
