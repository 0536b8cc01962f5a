"""Set-up tables on pages that Django's admin runs and the desk draws, without scripts of its own.

A duty's ``admin.py`` registers a `Table`; rows of another table edited with it are `Rows`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from almoner.ground import clock, events
from almoner.ground.forms import TypedDate, TypedMoney, TypedTime
from almoner.ground.signing import SignedWords

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


def _hint(field: "models.Field[Any, Any]", of_field: object) -> Any:
    """What the field is for, then how its kind of value is typed."""
    typed = next((FIELDS[kind] for kind in type(field).mro() if kind in FIELDS), {})
    said = [text for text in (of_field, typed.get("help_text")) if text]
    return format_lazy(" ".join(["{}"] * len(said)), *said) if said else ""


class _Plain:
    """Whatever the admin would do by script is done without, or is not offered."""

    hints: Mapping[str, object] = {}
    """What a field is for, its unit, an example: by its name, where its label leaves it open."""
    money: tuple[str, ...] = ()
    """Fields of whole cents: typed and shown as dollars."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **facts: Any
    ) -> forms.Field | None:
        """A choice of another table's row is a plain list, with no windows that pop up beside."""
        hint = _hint(db_field, self.hints.get(db_field.name))
        if db_field.name in self.money:
            return TypedMoney(label=capfirst(db_field.verbose_name), help_text=hint)
        facts |= {"help_text": hint} if hint else {}
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
    event_of_its_own = False  # whether saving a row is an action that records its event itself

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A list is called by what is in it. What is done to many rows is done whole."""
        named = {"title": capfirst(self.opts.verbose_name_plural)}
        with transaction.atomic():
            return super().changelist_view(request, named | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if isinstance(obj, SignedWords):
            obj.written_by(request.user.pk or 0)
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record("added", request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record("changed", request, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[models.Model]) -> Any:
        rows = list(queryset)
        for row in rows:
            self._record("deleted", request, row, [])
        return super().log_deletions(request, rows)  # type: ignore[arg-type]  # the admin gives a list too

    def _record(self, what: str, request: HttpRequest, row: models.Model, message: Any) -> None:
        """One event, in the transaction of the change: which fields, never what stands in them."""
        if self.event_of_its_own:
            return
        events.record(
            f"{self.opts.app_label}.setup_{what}",
            at=clock.now(),
            by=request.user,
            about=row,
            row=str(row),
            changes=message if isinstance(message, list) else [str(message)],
        )


class Rows(_Plain, admin.TabularInline):  # type: ignore[type-arg]  # likewise
    """Rows there are, and one more to fill in."""

    formfield_overrides = FIELDS
    extra = 1
