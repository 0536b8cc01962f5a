from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Household(models.Model):
    """People who share a home and, often, a guarantor."""

    name = models.TextField()


class Patient(models.Model):
    """A person who is, was or will be seen here.

    ``family`` and ``given`` are the legal name; ``name_used`` is what the desk says aloud. ``sex``
    is the
    administrative sex (FHIR administrative-gender). ``keys`` are blocking keys for "who is this?".
    """

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"
        OTHER = "other"
        UNKNOWN = "unknown"

    mrn = models.CharField(max_length=12, unique=True)
    family = models.TextField()
    given = models.TextField()
    middle = models.TextField(blank=True, default="")
    suffix = models.TextField(blank=True, default="")
    name_used = models.TextField(blank=True, default="")
    pronouns = models.TextField(blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    sex = models.TextField(choices=Sex.choices, default=Sex.UNKNOWN)
    gender_identity = models.TextField(blank=True, default="")
    language = models.CharField(max_length=12, default="en")
    interpreter_needed = models.BooleanField(default=False)
    deceased_at = models.DateField(null=True, blank=True)
    household = models.ForeignKey(Household, models.SET_NULL, null=True, blank=True)
    guarantor = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    photo = models.BinaryField(null=True, blank=True)
    keys = ArrayField(models.TextField(), default=list)
    registered_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="patient_keys", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.family}, {self.given}"
