from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.facility.rules import clinician_name, numbers

IMPOSSIBLE: dict[str, str | Promise] = {
    "npi": _("This is not an NPI: ten digits, the last of which checks the others."),
    "taxonomy": _("A taxonomy code has ten characters, like 207Q00000X."),
    "tax_id": _("Nine digits, without a dash."),
    "zip_code": _("Five digits or nine, without a dash."),
    "state": _("Two capital letters."),
    "place_of_service": _("Two digits: 11 is an office."),
}


class Numbered(models.Model):
    """What has numbers others know it by: told where they are typed, not when a claim is held."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raises ValidationError at each field whose value cannot be right."""
        super().clean()
        values: dict[str, Any] = {name: getattr(self, name, "") for name in IMPOSSIBLE}
        if wrong := numbers.impossible(values):
            raise ValidationError({name: IMPOSSIBLE[name] for name in wrong})


class Organisation(Numbered):
    """Whose desk this is. One row: one organisation per database."""

    name = models.TextField()
    npi = models.CharField(max_length=10)
    tax_id = models.CharField(max_length=9)
    taxonomy = models.CharField(max_length=10)
    address_line = models.TextField()
    city = models.TextField()
    state = models.CharField(max_length=2)
    zip_code = models.CharField(max_length=9)
    phone = models.TextField()
    time_zone = models.TextField(default="America/Chicago")

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisation_only_one", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Location(Numbered):
    """A building patients come to. ``place_of_service`` is CMS's two-digit code."""

    name = models.TextField()
    short_name = models.CharField(max_length=12, unique=True)
    npi = models.CharField(max_length=10, blank=True, default="")
    place_of_service = models.CharField(max_length=2, default="11")
    address_line = models.TextField()
    city = models.TextField()
    state = models.CharField(max_length=2)
    zip_code = models.CharField(max_length=9)
    phone = models.TextField()
    time_zone = models.TextField(default="America/Chicago")

    def __str__(self) -> str:
        return self.name


class VisitType(models.Model):
    """A kind of visit: how long it takes, what it needs, when it may be booked.

    Minutes are multiples of 5. Buffers are kept free around the visit but not promised to the
    patient. ``room_kind`` and ``device_kind`` are empty when none is needed. ``service_type`` is
    the X12 service type asked of the payer (98: an office visit with a professional).
    """

    code = models.SlugField(unique=True)
    name = models.TextField()
    specialty = models.TextField(blank=True, default="")
    minutes = models.PositiveSmallIntegerField()
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=0)
    align_minutes = models.PositiveSmallIntegerField(default=5)
    for_new_patients = models.BooleanField(default=False)
    service_type = models.CharField(max_length=2, default="98")
    room_kind = models.TextField(blank=True, default="")
    device_kind = models.TextField(blank=True, default="")
    notice_minutes = models.PositiveIntegerField(default=0)
    horizon_days = models.PositiveSmallIntegerField(default=180)
    overbook_lanes = models.PositiveSmallIntegerField(default=0)
    hue = models.PositiveSmallIntegerField(default=210)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_type_five_minute_steps",
                condition=Q(minutes__gt=0, minutes__lte=480)
                & Q(minutes=F("minutes") / 5 * 5)
                & Q(buffer_before=F("buffer_before") / 5 * 5)
                & Q(buffer_after=F("buffer_after") / 5 * 5),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Clinician(Numbered):
    """Somebody patients are booked with."""

    family = models.TextField()
    given = models.TextField()
    credentials = models.TextField(blank=True, default="")
    specialty = models.TextField()
    npi = models.CharField(max_length=10, unique=True)
    taxonomy = models.CharField(max_length=10)
    visit_types = models.ManyToManyField(VisitType, related_name="clinicians")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return clinician_name(self.given, self.family, self.credentials)


class Room(models.Model):
    location = models.ForeignKey(Location, models.PROTECT, related_name="rooms")
    name = models.TextField()
    kind = models.TextField(default="exam")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["location", "name"], name="room_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """Equipment shared between rooms of one location."""

    location = models.ForeignKey(Location, models.PROTECT, related_name="devices")
    name = models.TextField()
    kind = models.TextField()
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class WeeklyHours(models.Model):
    """A clinician's hours at a location on one weekday, as wall-clock times of that location.

    ``weekday`` is ISO: Monday 1 … Sunday 7. The rule holds on days in [valid_from, valid_until).
    """

    clinician = models.ForeignKey(Clinician, models.CASCADE, related_name="weekly_hours")
    location = models.ForeignKey(Location, models.PROTECT)
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = _("weekly hours")
        constraints = [
            models.CheckConstraint(
                name="weekly_hours_end_after_start", condition=Q(ends__gt=F("starts"))
            ),
            models.CheckConstraint(
                name="weekly_hours_weekday", condition=Q(weekday__gte=1, weekday__lte=7)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician}, {WEEKDAYS[self.weekday - 1]} {self.starts:%H:%M}"


class HoursException(models.Model):
    """One day that differs from the weekly rule: absent without ``starts``, else these hours."""

    clinician = models.ForeignKey(Clinician, models.CASCADE, related_name="exceptions")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True)
    day = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hours_exception_whole",
                condition=Q(starts__isnull=True, ends__isnull=True)
                | Q(ends__gt=F("starts"), location__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician}, {self.day}"


class Holiday(models.Model):
    """A day on which the whole organisation is closed."""

    day = models.DateField(unique=True)
    name = models.TextField()

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
