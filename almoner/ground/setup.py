"""Set-up tables on pages that Django's admin runs and the desk draws, without scripts of its own.

A duty's ``admin.py`` registers a `Table`; rows of another table edited with it are `Rows`.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from almoner.ground.forms import TypedDate, TypedTime

FIELDS: dict[type, dict[str, Any]] = {
    models.TextField: {"widget": forms.TextInput},  # names and lines of addresses, not essays
    models.DateField: {
        "form_class": TypedDate,
        "widget": forms.TextInput,
        "help_text": _("Month, day, year, like 3/4/2026; or thu, +2w."),
    },
    models.TimeField: {
        "form_class": TypedTime,
        "widget": forms.TextInput,
        "help_text": _("Like 930, 9:30 or 2:30p."),
    },
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput,
        "help_text": _("Year, month, day and time, like 2026-03-04 17:00."),
    },
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
}
"""How a set-up page asks for each kind of value: typed, in a format it says."""


class _Plain:
    """Whatever the admin would do by script is done without, or is not offered."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **facts: Any
    ) -> forms.Field | None:
        """A choice of another table's row is a plain list, with no windows that pop up beside."""
        field: forms.Field | None = super().formfield_for_dbfield(  # type: ignore[misc]
            db_field, request, **facts
        )
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    @property
    def media(self) -> forms.Media:
        return forms.Media()


class Table(_Plain, admin.ModelAdmin):  # type: ignore[type-arg]  # generic to mypy only
    formfield_overrides = FIELDS
    actions_selection_counter = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A list is called by what is in it."""
        named = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, named | (extra_context or {}))


class Rows(_Plain, admin.TabularInline):  # type: ignore[type-arg]  # likewise
    """Rows there are, and one more to fill in."""

    formfield_overrides = FIELDS
    extra = 1
