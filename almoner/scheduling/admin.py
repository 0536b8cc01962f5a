"""Hours, absences, holidays and who or what can be booked: Django's admin, for set-up only.

Saving here changes openings, so it goes through `actions.change_hours`: the days are laid out anew
in the same transaction, and visits that would be left without their clinician or room are listed
before anything is saved.
"""

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.forms.models import construct_instance
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from almoner.access.models import Officer
from almoner.facility.models import (
    Clinician,
    Device,
    Holiday,
    HoursException,
    Room,
    WeeklyHours,
)
from almoner.ground import clock
from almoner.ground.setup import Table
from almoner.scheduling import actions
from almoner.scheduling.queries import appointments


def listed(appointment_ids: Sequence[int], *, linked: bool) -> SafeString:
    """Visits by day and time, no name; each a link through its own door, for whom it opens."""
    if not linked:
        return format_html_join(
            " · ", "{}", ((text,) for _id, text in appointments.times(appointment_ids))
        )
    return format_html_join(
        " · ",
        '<a href="{}">{}</a>',
        (
            (reverse("appointment", args=[id_]), text)
            for id_, text in appointments.times(appointment_ids)
        ),
    )


class HoursForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to mypy only
    """Refuses a change that would strand visits, once; said again on purpose, it is made."""

    linked = False  # whether visits are links: the admin knows who asks
    strand = forms.BooleanField(
        label=_("Change it although visits are booked then"),
        help_text=_("They stay booked. Move or cancel each of them."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            stranded = actions.what_if(self._tentative, today=clock.now().date())
        except actions.HoursClash as clash:
            raise ValidationError(
                _("The clinician already has hours then. Nothing was saved.")
            ) from clash
        except IntegrityError:
            return cleaned  # the constraint speaks for itself in the form's own validation
        if stranded and not cleaned.get("strand"):
            raise ValidationError(
                _("Nothing was saved. It would leave visits that are booked (%(count)s): %(list)s"),
                params={"count": len(stranded), "list": listed(stranded, linked=self.linked)},
            )
        return cleaned

    def _tentative(self) -> actions.Span:
        """Save a copy, as the admin would, and say what it touches; `what_if` takes it back."""
        row = copy.deepcopy(self.instance)
        before = actions.touched(self.instance if self.instance.pk else None)
        construct_instance(self, row, self._meta.fields, self._meta.exclude)
        row.save()
        return before | actions.touched(row)


def by(request: HttpRequest) -> Officer:
    assert isinstance(request.user, Officer)  # noqa: S101 (the admin lets nobody else in)
    return request.user


def _deleted(row: Model) -> actions.Span:
    span = actions.touched(row)
    type(row)._default_manager.filter(pk=row.pk).delete()
    return span


def sees_visits(request: HttpRequest) -> bool:
    """Whether who sets up also works with visits: an administrator alone does not."""
    return by(request).may("scheduling.view")


class HoursAdmin(Table):
    """A table whose rows decide about openings."""

    form = HoursForm
    actions = None
    event_of_its_own = True

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any
    ) -> "type[forms.ModelForm[Any]]":
        form: type[Any] = super().get_form(request, obj, change=change, **more)
        form.linked = sees_visits(request)  # the class was made for this request
        return form

    def save_model(
        self, request: HttpRequest, obj: Model, _form: "forms.ModelForm[Any]", _change: bool
    ) -> None:
        actions.change_hours(officer=by(request), change=obj.save, row=obj, at=clock.now())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        actions.change_hours(officer=by(request), change=obj.delete, row=obj, at=clock.now())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None and self.has_delete_permission(request, row):
            stranded = actions.what_if(partial(_deleted, row), today=clock.now().date())
            if stranded:
                text = _("Not deleted: it would leave visits that are booked: ")
                links = listed(stranded, linked=sees_visits(request))
                messages.error(request, format_html("{}{}", text, links))
                return redirect(request.path.replace("delete", "change"))
        return super().delete_view(request, object_id, extra_context)


class WeeklyHoursForm(HoursForm):
    weekday = forms.TypedChoiceField(
        coerce=int, choices=[(day + 1, name) for day, name in WEEKDAYS.items()]
    )


@admin.register(WeeklyHours)
class WeeklyHoursAdmin(HoursAdmin):
    form = WeeklyHoursForm
    hints = {
        "ends": _("On the clock of the location."),
        "valid_from": _("The first day with these hours."),
        "valid_until": _("The first day without them. Empty: until further notice."),
    }
    list_display = ("clinician", "location", "weekday", "starts", "ends", "valid_from")
    list_filter = ("location", "weekday")
    list_select_related = ("clinician", "location")
    search_fields = ("clinician__family",)


@admin.register(HoursException)
class HoursExceptionAdmin(HoursAdmin):
    hints = {
        "location": _("Empty when the clinician is away."),
        "starts": _("Empty when the clinician is away all day."),
        "ends": _("Instead of the weekly hours of that day."),
        "reason": _("Seen by the desk only."),
    }
    list_display = ("clinician", "day", "location", "starts", "ends", "reason")
    list_select_related = ("clinician", "location")
    date_hierarchy = "day"


@admin.register(Holiday)
class HolidayAdmin(HoursAdmin):
    hints = {
        "day": _("Everybody's hours of that day are closed."),
        "name": _("Like Labor Day."),
    }
    list_display = ("day", "name")
    date_hierarchy = "day"


class Kept(HoursAdmin):
    """What is booked is never deleted: it becomes inactive."""

    def has_delete_permission(self, *_: object) -> bool:
        return False


@admin.register(Clinician)
class ClinicianAdmin(Kept):
    hints = {
        "credentials": _("Behind the name, like MD or NP."),
        "specialty": _("Like Family medicine; one can search openings by it."),
        "npi": _("Ten digits, the last of which checks the others."),
        "taxonomy": _("Ten characters, like 207Q00000X; claims carry it."),
        "active": _("Without it nobody can be booked with them; what is booked stays."),
    }
    list_display = ("family", "given", "credentials", "specialty", "active")
    list_filter = ("active", "specialty")
    search_fields = ("family", "npi")


class EquipmentAdmin(Kept):
    list_display = ("name", "location", "kind", "active")
    list_filter = ("location", "kind", "active")
    list_select_related = ("location",)


@admin.register(Room)
class RoomAdmin(EquipmentAdmin):
    hints = {
        "name": _("As the board shows it, like Room 3."),
        "kind": _("Visit types ask for a kind of room, like exam or procedure."),
        "active": _("Without it nobody is booked or brought into it."),
    }


@admin.register(Device)
class DeviceAdmin(EquipmentAdmin):
    hints = {
        "name": _("As the schedule shows it."),
        "kind": _("Visit types ask for a kind of device, like ultrasound."),
        "active": _("Without it no visit that needs it can be booked."),
    }
