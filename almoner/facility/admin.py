"""Set-up tables that decide nothing about who is here when; those are in the schedule's admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from almoner.facility.models import Location, Organisation, VisitType
from almoner.ground.setup import Table


@admin.register(Organisation)
class OrganisationAdmin(Table):
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
    list_display = ("name", "code", "minutes", "buffer_before", "buffer_after", "room_kind")
    search_fields = ("name", "code")

    def has_delete_permission(self, *_: object) -> bool:
        return False  # a visit type is retired: what was booked keeps its kind
