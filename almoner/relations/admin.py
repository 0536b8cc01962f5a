"""Set-up tables of the relations duty: how the desks work, and what is answered often."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from almoner.ground.setup import Table
from almoner.relations.models import (
    DeskHours,
    DeskLead,
    GrievanceTerm,
    Macro,
    OfficerSkills,
    Routine,
    ScriptLine,
    ServiceLevel,
)


class Few(Table):
    """Rows are looked at and changed one by one: nothing is done to many at once."""

    actions = None


class Wordy(Few):
    """Its ``WORDS`` are several lines long."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **facts: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **facts)
        if field and db_field.name in self.model.WORDS:
            field.widget = Textarea(attrs={"rows": 4})
        return field


@admin.register(DeskLead)
class DeskLeadAdmin(Few):
    hints = {"officer": _("Cases nobody has taken are theirs, and what is overdue.")}
    list_display = ("desk", "officer")


@admin.register(DeskHours)
class DeskHoursAdmin(Few):
    hints = {
        "weekday": _("1 is Monday, 7 is Sunday. A day may have several periods."),
    }
    list_display = ("weekday", "starts", "ends")
    ordering = ("weekday", "starts")


@admin.register(ServiceLevel)
class ServiceLevelAdmin(Few):
    hints = {
        "kind": _("Empty is any kind; a level that names one goes before."),
        "desk": _("Empty is any desk."),
        "first_answer": _("Of the desks' hours: 240 is half a day of eight hours."),
        "resolution": _("Of the desks' hours: 2400 is five days of eight hours."),
        "valid_from": _("For cases opened from that day on."),
    }
    list_display = ("kind", "desk", "first_answer", "resolution", "valid_from")
    list_filter = ("kind", "desk")


@admin.register(GrievanceTerm)
class GrievanceTermAdmin(Few):
    hints = {
        "state": _("Two letters; empty holds where a state has no term of its own."),
        "warn_day": _("Calendar days after it came in."),
        "tell_day": _("Calendar days after it came in."),
        "source": _("The rule that says so."),
        "valid_from": _("For grievances received from that day on."),
    }
    list_display = ("state", "warn_day", "tell_day", "valid_from", "source")


@admin.register(Macro)
class MacroAdmin(Wordy):
    hints = {
        "roles": _("Who may use it, with commas between; empty is everybody."),
        "body": _("May name {name}, {clinic}, {phone} and {number}."),
    }
    list_display = ("name", "language", "kind")
    list_filter = ("language", "kind")
    search_fields = ("name", "body")

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("language",) if obj else ()  # signed words are of it


@admin.register(ScriptLine)
class ScriptLineAdmin(Wordy):
    """Whom it is for, and what it asks, stays: calls are kept by it, and signed words are of it."""

    hints = {
        "asks": _("What the log of a call keeps of it: that it was asked, never the answer."),
        "place": _("10, 20, 30 …; the smaller is asked first."),
        "ask_en": _("What to ask, to look at, or to say nothing of. Nobody reads it out."),
    }
    list_display = ("caller", "place", "asks", "say_en")
    list_display_links = ("asks",)
    list_filter = ("caller",)
    ordering = ("caller", "place", "id")

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("caller", "asks") if obj else ()


@admin.register(OfficerSkills)
class OfficerSkillsAdmin(Few):
    hints = {
        "skills": _("Of: spanish, coding, clinical; with commas between."),
        "desks": _("With commas between; empty is every desk of their roles."),
        "kinds": _("With commas between; empty is any kind."),
    }
    list_display = ("officer", "skills", "desks")


@admin.register(Routine)
class RoutineAdmin(Few):
    hints = {
        "kind": _("Empty is any kind."),
        "roles": _("Who may use it, with commas between; empty is everybody."),
        "note": _("Words that are noted in the case."),
        "take": _("The case is whoever uses it from here on."),
        "snooze_days": _("1 to 30; never beyond when the case is due."),
    }
    list_display = ("name", "kind", "take", "desk", "waits_for", "snooze_days")
