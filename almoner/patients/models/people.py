from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from almoner.patients.rules.details import RELATIONS

OWN_OR_NAMED = Q(whose="", whose_name="") | Q(
    whose__in=RELATIONS, whose_name__regex=r"[^[:space:]]"
)
"""Whose a phone or e-mail is: the patient's own, or that of somebody whose name is known."""


class Household(models.Model):
    """People who share a home and, often, a guarantor."""

    name = models.TextField()


class Patient(models.Model):
    """A person who is, was or will be seen here.

    ``family`` and ``given`` are the legal name (one may be empty: some people have one name);
    ``name_used`` is what the desk says aloud. ``sex`` is the administrative sex (FHIR
    administrative-gender). ``guarantor`` pays when it is another patient; empty is the patient
    himself, or a `Contact` that is a guarantor.

    The last columns are made by `rules.person` from the row and its contacts: ``keys`` is all it
    can be found by, ``likeness`` what it is compared by, ``sort_name`` its place in a list.
    ``version`` grows with every change of the row or its contacts.
    """

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"
        OTHER = "other"
        UNKNOWN = "unknown"

    mrn = models.CharField(max_length=12, unique=True)
    family = models.TextField(blank=True)
    given = models.TextField(blank=True)
    middle = models.TextField(blank=True, default="")
    suffix = models.TextField(blank=True, default="")
    name_used = models.TextField(blank=True, default="")
    pronouns = models.TextField(blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    sex = models.TextField(choices=Sex.choices, default=Sex.UNKNOWN)
    gender_identity = models.TextField(blank=True, default="")
    language = models.CharField(max_length=12, default="en")
    interpreter_needed = models.BooleanField(default=False)
    deceased = models.BooleanField(default=False)
    deceased_date = models.DateField(null=True, blank=True)
    household = models.ForeignKey(
        Household, models.SET_NULL, null=True, blank=True, related_name="members"
    )
    guarantor = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    registered_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    keys = ArrayField(models.TextField(), default=list)
    likeness = models.TextField(default="")
    sort_name = models.TextField(default="", db_collation="C")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="patient_has_a_name", condition=~Q(family="") | ~Q(given="")
            ),
            models.CheckConstraint(
                name="patient_sex_known",
                condition=Q(sex__in=["female", "male", "other", "unknown"]),
            ),
            models.CheckConstraint(
                name="patient_deceased_whole",
                condition=Q(deceased=True) | Q(deceased_date__isnull=True),
            ),
            models.CheckConstraint(
                name="patient_guarantor_is_another", condition=~Q(guarantor=F("id"))
            ),
        ]
        indexes = [
            GinIndex(fields=["keys"], name="patient_keys", fastupdate=False),
            models.Index(fields=["sort_name", "id"], name="patient_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.family}, {self.given}"


class FormerName(models.Model):
    """A name the person had, or another name he goes by. Found by it, and compared by it.

    It was in use on days in [valid_from, valid_until), as far as known.
    """

    class Kind(models.TextChoices):
        MAIDEN = "maiden"
        FORMER = "former"
        ALIAS = "alias"

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="former_names")
    kind = models.TextField(choices=Kind.choices, default=Kind.FORMER)
    family = models.TextField(blank=True, default="")
    given = models.TextField(blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="former_name_not_empty", condition=~Q(family="") | ~Q(given="")
            ),
        ]


class Address(models.Model):
    """Where somebody lives or gets mail. ``rank`` 1 is the one to use."""

    class Use(models.TextChoices):
        HOME = "home"
        MAIL = "mail"
        WORK = "work"
        TEMPORARY = "temporary"
        OLD = "old"

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="addresses")
    rank = models.PositiveSmallIntegerField(default=1)
    use = models.TextField(choices=Use.choices, default=Use.HOME)
    line = models.TextField(blank=True, default="")
    line_2 = models.TextField(blank=True, default="")
    city = models.TextField(blank=True, default="")
    state = models.TextField(blank=True, default="")
    zip_code = models.CharField(max_length=12, blank=True, default="")
    country = models.CharField(max_length=2, default="US")

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(fields=["patient", "rank"], name="address_rank_once"),
        ]
        indexes = [models.Index(fields=["zip_code"], name="address_by_zip")]


class Phone(models.Model):
    """A number somebody is reached at, in E.164. ``rank`` 1 is the one to try first.

    Several people may share one number. ``whose`` and ``whose_name``: see `rules.details.Phone`.
    """

    class Use(models.TextChoices):
        MOBILE = "mobile"
        HOME = "home"
        WORK = "work"
        OLD = "old"

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="phones")
    rank = models.PositiveSmallIntegerField(default=1)
    use = models.TextField(choices=Use.choices, default=Use.MOBILE)
    number = models.CharField(max_length=16)
    may_text = models.BooleanField(default=True)
    whose = models.TextField(blank=True, default="")
    whose_name = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "rank"], name="phone_rank_once"),
            models.CheckConstraint(name="phone_own_or_named", condition=OWN_OR_NAMED),
            models.CheckConstraint(
                name="phone_is_e164", condition=Q(number__regex=r"^\+[1-9][0-9]{6,14}$")
            ),
        ]
        indexes = [models.Index(fields=["number"], name="phone_by_number")]


class Email(models.Model):
    """An address for mail; families share them, so two patients may have the same one."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="emails")
    rank = models.PositiveSmallIntegerField(default=1)
    address = models.EmailField()
    whose = models.TextField(blank=True, default="")
    whose_name = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="email_own_or_named", condition=OWN_OR_NAMED),
            models.UniqueConstraint(fields=["patient", "rank"], name="email_rank_once"),
        ]
        indexes = [models.Index(Upper("address"), name="email_by_address")]


class Contact(models.Model):
    """Somebody who stands by a patient and need not be one: called in an emergency, or pays."""

    class Kind(models.TextChoices):
        EMERGENCY = "emergency"
        GUARDIAN = "guardian"
        GUARANTOR = "guarantor"

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="contacts")
    kind = models.TextField(choices=Kind.choices, default=Kind.EMERGENCY)
    name = models.TextField()
    relation = models.TextField(blank=True, default="")
    phone = models.CharField(max_length=16, blank=True, default="")
    address = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], name="contact_one_guarantor", condition=Q(kind="guarantor")
            ),
        ]
        indexes = [
            models.Index(fields=["phone"], name="contact_by_phone", condition=~Q(phone="")),
        ]


class Identifier(models.Model):
    """The number another system knows the patient by; two patients never have the same one."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="identifiers")
    system = models.TextField()
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="identifier_once"),
        ]


class ExtraKey(models.Model):
    """A fact a higher duty says a patient can be found by: a member id on a policy."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="extra_keys")
    source = models.TextField()
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "source", "value"], name="extra_key_once"),
        ]


class Photo(models.Model):
    """A face for the header, re-encoded by us; a table of its own so that rows stay small."""

    patient = models.OneToOneField(Patient, models.CASCADE, primary_key=True)
    jpeg = models.BinaryField()
    taken_at = models.DateTimeField()


class Decision(models.Model):
    """Somebody looked at two records and said: one person (``same``), or two people.

    Either way the two are never suggested again, until it is taken back.
    """

    lower = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    higher = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    same = models.BooleanField(default=False)
    decided_by_id = models.BigIntegerField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lower", "higher"], name="decision_once"),
            models.CheckConstraint(name="decision_ordered", condition=Q(lower__lt=F("higher"))),
        ]


class Pair(models.Model):
    """Two records that may be one person's, and nobody has said yet whether they are.

    Written with the change that made them alike, so that the list of them is only read. ``likely``
    and ``bits`` are those of the latest comparison and order the list; why two are alike is
    compared anew when they are shown.
    """

    lower = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    higher = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    likely = models.BooleanField()
    bits = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lower", "higher"], name="pair_once"),
            models.CheckConstraint(name="pair_ordered", condition=Q(lower__lt=F("higher"))),
        ]
        indexes = [models.Index(fields=["-likely", "-bits", "id"], name="pair_surest_first")]


class Look(models.Model):
    """An officer opened a record and said why: a caller, somebody at the desk, a returned call.

    ``confirmed_by`` names the identifiers the person gave. For half an hour it explains what the
    officer sees of this patient on every screen, as the officer's own word.
    """

    class Said(models.TextChoices):
        PHONE = "phone"
        DESK = "desk"
        RETURNED = "returned"
        OTHER = "other"

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="+")
    officer_id = models.BigIntegerField()
    said = models.TextField(choices=Said.choices)
    note = models.TextField(blank=True, default="")
    confirmed_by = ArrayField(models.TextField(), default=list)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["officer_id", "patient", "-at"], name="look_of_officer"),
        ]


class Change(models.Model):
    """One row of a patient's data as it was and became; written by triggers, append-only.

    ``was`` and ``became`` hold the columns that differ. Who did it and with which act is the event
    of the same ``transaction`` in the event log; a change without one was made outside the desk.
    """

    patient_id = models.BigIntegerField()
    at = models.DateTimeField()
    of_table = models.TextField()
    was = models.JSONField(null=True)
    became = models.JSONField(null=True)
    transaction = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "patients_change"
