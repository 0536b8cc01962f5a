"""What patients agree to before a visit by video, set up by the administrator."""

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from almoner.ground.setup import FIELDS, Table
from almoner.telehealth.models import ConsentText


@admin.register(ConsentText)
class ConsentTextAdmin(Table):
    hints = {
        "state": _("Two capital letters. Empty: for all states that have no text of their own."),
        "version": _("As you name it, like 2026-01; it stands in the record of the visit."),
        "valid_from": _("The first day on which it is asked. A newer text takes its place."),
        "english": _("It cannot be changed once it is saved: patients may have agreed to it."),
        "spanish": _("Reviewed by somebody qualified: it is shown as it stands."),
    }
    formfield_overrides = FIELDS | {models.TextField: {"widget": Textarea(attrs={"rows": 6})}}
    list_display = ("version", "state", "valid_from")

    def has_change_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, _row: object = None) -> bool:
        return super().has_add_permission(request)
