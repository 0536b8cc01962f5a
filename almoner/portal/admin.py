"""Set-up tables of the patients' pages: what parents may see of a child of an age."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from almoner.ground.setup import Table
from almoner.portal.models import MinorTerms, SelfBooking


@admin.register(MinorTerms)
class MinorTermsAdmin(Table):
    hints = {
        "state": _("Two letters; empty: where the clinic's state has no terms of its own."),
        "age": _("In years. The terms of the highest age reached count."),
    }
    list_display = ("starts", "state", "age", "parts")
    ordering = ("-starts", "state", "age")


@admin.register(SelfBooking)
class SelfBookingAdmin(Table):
    hints = {
        "visit_type": _("Kinds of visit that are not listed here are booked by the desk alone."),
        "name_en": _("In plain words, like Check-up with your own clinician."),
        "name_es": _("The same in Spanish; every patient reads their own language."),
        "whom": _("Established: seen here in the last three years."),
        "age_from": _("In years; 0 is from birth on."),
        "age_until": _("The last age, in years; empty: no bound."),
        "notice_hours": _("In hours. Nearer times are booked by phone."),
        "ahead_days": _("In days, like 90. Later times are booked by phone."),
        "most_open": _("Like 1. Who has so many of these visits books no further one."),
        "clinicians": _("None: all who do this visit."),
        "prepare_en": _("Like: Eat nothing for eight hours before. Shown when it is booked."),
        "prepare_es": _("The same in Spanish, or both empty."),
    }
    list_display = ("name_en", "visit_type", "whom", "age_from", "age_until", "most_open")
    list_select_related = ("visit_type",)
    ordering = ("name_en",)
    actions = None

    def get_readonly_fields(self, _request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("visit_type",) if obj else ()  # signed words are of it
