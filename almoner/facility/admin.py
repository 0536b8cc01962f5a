"""Set-up tables that decide nothing about who is here when; those are in the schedule's admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from almoner.facility.models import Licence, Location, Organisation, VisitType
from almoner.ground.setup import Table


@admin.register(Organisation)
class OrganisationAdmin(Table):
    hints = {
        "name": _("As it stands on statements, receipts and claims."),
        "npi": _("Ten digits, the last of which checks the others."),
        "tax_id": _("Nine digits, without a dash."),
        "taxonomy": _("Ten characters, like 207Q00000X; claims carry it."),
        "state": _("Two capital letters, like WI."),
        "zip_code": _("Five digits or nine, without a dash."),
        "time_zone": _("A name of the time zone database, like America/Chicago."),
    }

    def save_model(
        self,
        request: HttpRequest,
        obj: Organisation,
        form: Any,
        change: bool,
    ) -> None:
        """The one row is row 1, however often saving it failed before."""
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Organisation.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, *_: object) -> bool:
        return False


@admin.register(Location)
class LocationAdmin(Table):
    hints = {
        "name": _("As patients are told it."),
        "short_name": _("At most 12 letters; the boards show it."),
        "npi": _("Only when the building has one of its own; else the organisation's is used."),
        "place_of_service": _(
            "Two digits of CMS's list: 11 is an office, 22 a hospital's outpatient department."
        ),
        "state": _("Two capital letters, like WI."),
        "zip_code": _("Five digits or nine, without a dash."),
        "time_zone": _(
            "A name of the time zone database, like America/Chicago. It cannot be changed later."
        ),
    }
    list_display = ("name", "short_name", "city", "time_zone")

    def get_readonly_fields(
        self, _request: HttpRequest, obj: Location | None = None
    ) -> tuple[str, ...]:
        # Every day already laid out, and every promise made, stands on the zone.
        return ("time_zone",) if obj else ()

    def has_delete_permission(self, *_: object) -> bool:
        return False


@admin.register(VisitType)
class VisitTypeAdmin(Table):
    hints = {
        "code": _("Letters, digits and dashes, like follow-up; files and commands name it so."),
        "name": _("As the desk and patients read it."),
        "specialty": _("Like Family medicine. Who sees such visits is ticked at the clinician."),
        "minutes": _("In steps of 5, at most 480. This is what the patient is promised."),
        "buffer_before": _(
            "In steps of 5. The clinician and the room are held, the patient is not told."
        ),
        "buffer_after": _(
            "In steps of 5. The clinician and the room are held, the patient is not told."
        ),
        "align_minutes": _("15 offers 9:00, 9:15, 9:30; 5 offers every fifth minute."),
        "for_new_patients": _("A note to yourselves: booking does not look at it."),
        "service_type": _("X12's two characters: 98 is an office visit."),
        "room_kind": _("As rooms name their kind, like exam. Empty: it needs none."),
        "device_kind": _("As devices name their kind, like ultrasound. Empty: it needs none."),
        "by_video": _("The patient comes by a link, from where they are; no room is needed."),
        "notice_minutes": _("1440 is a day. With 0 it can be given to a walk-in."),
        "horizon_days": _("180 is half a year."),
        "overbook_lanes": _(
            "How many of this type may lie on top of others, each for a reason. 0: none."
        ),
        "hue": _("0 to 359 around the colour wheel: 0 red, 120 green, 210 blue."),
        "retired_at": _("Empty while it can be booked. Visits that are booked keep it."),
    }
    list_display = ("name", "code", "minutes", "buffer_before", "buffer_after", "room_kind")
    search_fields = ("name", "code")

    def has_delete_permission(self, *_: object) -> bool:
        return False  # a visit type is retired: what was booked keeps its kind


@admin.register(Licence)
class LicenceAdmin(Table):
    hints = {
        "state": _("Two capital letters, like WI: where the patient is during a visit by video."),
        "number": _("As the state's board writes it."),
        "valid_from": _("The first day on which it holds."),
        "valid_until": _("The first day on which it holds no more. Empty: until further notice."),
    }
    list_display = ("clinician", "state", "number", "valid_from", "valid_until")
    list_filter = ("state",)
    list_select_related = ("clinician",)
    search_fields = ("clinician__family",)
