from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
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
    "time_zone": _("No time zone of that name is known; America/Chicago is one."),
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


class KnownZone(Func):
    """True, or PostgreSQL refuses: a zone it has never heard of has no clock."""

    template = "(timestamp '2000-01-01' AT TIME ZONE %(expressions)s) IS NOT NULL"
    output_field = models.BooleanField()


class Organisation(Numbered):
    """Whose desk this is. One row: one organisation per database."""

    name = models.TextField(_("name"))
    npi = models.CharField(_("NPI"), max_length=10)
    tax_id = models.CharField(_("tax id"), max_length=9)
    taxonomy = models.CharField(_("taxonomy code"), max_length=10)
    address_line = models.TextField(_("street and number"))
    city = models.TextField(_("city"))
    state = models.CharField(_("state"), max_length=2)
    zip_code = models.CharField(_("ZIP code"), max_length=9)
    phone = models.TextField(_("phone"))
    time_zone = models.TextField(_("time zone"), default="America/Chicago")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(name="organisation_only_one", condition=Q(id=1)),
            models.CheckConstraint(name="organisation_zone", condition=KnownZone("time_zone")),
        ]

    def __str__(self) -> str:
        return self.name


class Location(Numbered):
    """A building patients come to. ``place_of_service`` is CMS's two-digit code."""

    name = models.TextField(_("name"))
    short_name = models.CharField(_("short name"), max_length=12, unique=True)
    npi = models.CharField(_("NPI"), max_length=10, blank=True, default="")
    place_of_service = models.CharField(_("place of service"), max_length=2, default="11")
    address_line = models.TextField(_("street and number"))
    city = models.TextField(_("city"))
    state = models.CharField(_("state"), max_length=2)
    zip_code = models.CharField(_("ZIP code"), max_length=9)
    phone = models.TextField(_("phone"))
    time_zone = models.TextField(_("time zone"), default="America/Chicago")

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        constraints = [
            models.CheckConstraint(name="location_zone", condition=KnownZone("time_zone")),
        ]

    def __str__(self) -> str:
        return self.name


class VisitType(models.Model):
    """A kind of visit: how long it takes, what it needs, when it may be booked.

    Minutes are multiples of 5. Buffers are kept free around the visit but not promised to the
    patient. ``room_kind`` and ``device_kind`` are empty when none is needed. ``service_type`` is
    the X12 service type asked of the payer (98: an office visit with a professional).
    """

    code = models.SlugField(_("short code"), unique=True)
    name = models.TextField(_("name"))
    specialty = models.TextField(_("specialty"), blank=True, default="")
    minutes = models.PositiveSmallIntegerField(_("length (minutes)"))
    buffer_before = models.PositiveSmallIntegerField(_("kept free before (minutes)"), default=0)
    buffer_after = models.PositiveSmallIntegerField(_("kept free after (minutes)"), default=0)
    align_minutes = models.PositiveSmallIntegerField(_("begins every (minutes)"), default=5)
    for_new_patients = models.BooleanField(_("for new patients"), default=False)
    service_type = models.CharField(_("service type asked of payers"), max_length=2, default="98")
    room_kind = models.TextField(_("kind of room it needs"), blank=True, default="")
    device_kind = models.TextField(_("kind of device it needs"), blank=True, default="")
    by_video = models.BooleanField(_("held by video"), default=False)
    notice_minutes = models.PositiveIntegerField(
        _("booked at least so long before (minutes)"), default=0
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("booked at most so far ahead (days)"), default=180
    )
    overbook_lanes = models.PositiveSmallIntegerField(_("extra visits at one time"), default=0)
    hue = models.PositiveSmallIntegerField(_("colour on the board"), default=210)
    retired_at = models.DateTimeField(_("no longer booked since"), null=True, blank=True)

    class Meta:
        verbose_name = _("visit type")
        verbose_name_plural = _("visit types")
        constraints = [
            models.CheckConstraint(
                name="visit_type_five_minute_steps",
                condition=Q(minutes__gt=0, minutes__lte=480)
                & Q(minutes=F("minutes") / 5 * 5)
                & Q(buffer_before=F("buffer_before") / 5 * 5)
                & Q(buffer_after=F("buffer_after") / 5 * 5),
                violation_error_message=_(
                    "Length and what is kept free before and after: steps of 5 minutes, and the "
                    "length from 5 to 480."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Clinician(Numbered):
    """Somebody patients are booked with."""

    family = models.TextField(_("family name"))
    given = models.TextField(_("given name"))
    credentials = models.TextField(_("credentials"), blank=True, default="")
    specialty = models.TextField(_("specialty"))
    npi = models.CharField(_("NPI"), max_length=10, unique=True)
    taxonomy = models.CharField(_("taxonomy code"), max_length=10)
    visit_types = models.ManyToManyField(
        VisitType, related_name="clinicians", verbose_name=_("visit types")
    )
    active = models.BooleanField(_("sees patients here"), default=True)

    class Meta:
        verbose_name = _("clinician")
        verbose_name_plural = _("clinicians")

    def __str__(self) -> str:
        return clinician_name(self.given, self.family, self.credentials)


class Licence(models.Model):
    """That a clinician may practise in a state on days in [valid_from, valid_until).

    A visit by video takes place where the patient is: the licence asked for is of that state.
    """

    clinician = models.ForeignKey(
        Clinician, models.CASCADE, related_name="licences", verbose_name=_("clinician")
    )
    state = models.CharField(_("state"), max_length=2)
    number = models.TextField(_("number"))
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.UniqueConstraint(
                fields=["clinician", "state", "valid_from"],
                name="licence_once",
                violation_error_code="licence_once",
                violation_error_message=_(
                    "State: this clinician has a licence there from that day already."
                ),
            ),
            models.CheckConstraint(
                name="licence_state_two_letters",
                condition=Q(state__regex="^[A-Z]{2}$"),
                violation_error_message=_("State: two capital letters."),
            ),
            models.CheckConstraint(
                name="licence_ends_after_start",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                violation_error_message=_("In force until: it must be later than from."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician}, {self.state}"


class Room(models.Model):
    location = models.ForeignKey(
        Location, models.PROTECT, related_name="rooms", verbose_name=_("location")
    )
    name = models.TextField(_("name"))
    kind = models.TextField(_("kind"), default="exam")
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="room_name_once",
                violation_error_code="room_name_once",
                violation_error_message=_("Name: another room of this location has it already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """Equipment shared between rooms of one location."""

    location = models.ForeignKey(
        Location, models.PROTECT, related_name="devices", verbose_name=_("location")
    )
    name = models.TextField(_("name"))
    kind = models.TextField(_("kind"))
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return self.name


class WeeklyHours(models.Model):
    """A clinician's hours at a location on one weekday, as wall-clock times of that location.

    ``weekday`` is ISO: Monday 1 … Sunday 7. The rule holds on days in [valid_from, valid_until).
    """

    clinician = models.ForeignKey(
        Clinician, models.CASCADE, related_name="weekly_hours", verbose_name=_("clinician")
    )
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"))
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        constraints = [
            models.CheckConstraint(
                name="weekly_hours_end_after_start",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("Until: it must be later than From."),
            ),
            models.CheckConstraint(
                name="weekly_hours_weekday", condition=Q(weekday__gte=1, weekday__lte=7)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician}, {WEEKDAYS[self.weekday - 1]} {self.starts:%H:%M}"


class HoursException(models.Model):
    """One day that differs from the weekly rule: absent without ``starts``, else these hours."""

    clinician = models.ForeignKey(
        Clinician, models.CASCADE, related_name="exceptions", verbose_name=_("clinician")
    )
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, verbose_name=_("location")
    )
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, default="")

    class Meta:
        verbose_name = _("hours exception")
        verbose_name_plural = _("hours exceptions")
        constraints = [
            models.CheckConstraint(
                name="hours_exception_whole",
                condition=Q(starts__isnull=True, ends__isnull=True)
                | Q(ends__gt=F("starts"), location__isnull=False),
                violation_error_message=_(
                    "Give From, a later Until and the location; or none of the times, for a day "
                    "away."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinician}, {self.day}"


class Holiday(models.Model):
    """A day on which the whole organisation is closed."""

    day = models.DateField(_("day"), unique=True)
    name = models.TextField(_("name"))

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
