"""Form fields for what is typed at a desk, and the renderer that gives every form our markup."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from almoner.ground import clock, money, typed


def offer(form: forms.Form, field: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Have a choice of this form offer these: what there is, known only now."""
    cast("forms.ChoiceField", form.fields[field]).choices = list(choices)


class DeskRenderer(TemplatesSetting):
    """``{{ form }}`` looks like every other form of the desk."""

    form_template_name = "ground/_form.html"
    field_template_name = "ground/_field.html"


def _today() -> date:
    return clock.today(settings.TIME_ZONE)


class _Typed(forms.CharField):
    """A text box that understands; what was typed stays as typed when it was not understood."""

    shape: ClassVar[str] = "typed"
    mode: ClassVar[str] = "text"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "inputmode": self.mode, **super().widget_attrs(widget)}


EARLIEST, LATEST = date(1880, 1, 1), date(2200, 12, 31)
"""Between these lies every day of a patient, a policy or a visit; outside is a slip of the hand."""


class TypedDate(_Typed):
    """A date as typed: ``3/4/85``, ``03041985``, ``1985-03-04``, ``thu``, ``+2w`` (see ``typed``).

    ``past`` is for birth dates: two-digit years are never in the future, and neither is the date.
    """

    def __init__(
        self, *, past: bool = False, today: Callable[[], date] = _today, **rest: Any
    ) -> None:
        self.past = past
        self.today = today
        super().__init__(**rest)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"placeholder": _("m/d/yyyy"), **super().widget_attrs(widget)}

    def to_python(self, value: Any) -> date | None:  # type: ignore[override]  # text in, date out
        if isinstance(value, date):
            return value
        if not (text := super().to_python(value)):
            return None
        lean = typed.Lean.PAST if self.past else typed.Lean.NEAR
        try:
            day = typed.typed_date(text, today=self.today(), lean=lean)
        except typed.NotADate as error:
            raise ValidationError(
                _("“%(text)s” is not a date. Type month, day and year, like 3/4/1985 or 03041985."),
                params={"text": text},
                code="invalid",
            ) from error
        return self.checked(day)

    def checked(self, day: date) -> date | None:
        """The day, when there can be such a one. Raises ValidationError."""
        if self.past and day > self.today():
            raise ValidationError(_("This date is in the future."), code="future")
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(
                _("The year %(year)s cannot be meant. Years from %(first)s to %(last)s can."),
                params={"year": day.year, "first": EARLIEST.year, "last": LATEST.year},
                code="far",
            )
        return day

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%d/%Y}" if isinstance(value, date) else value


class TypedTime(_Typed):
    """A time of day as typed: ``9``, ``930``, ``2:30p``."""

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]  # text in, time out
        if isinstance(value, time):
            return value
        if not (text := super().to_python(value)):
            return None
        try:
            return typed.typed_time(text)
        except typed.NotATime as error:
            raise ValidationError(
                _("“%(text)s” is not a time. Type it like 930, 9:30 or 2:30p."),
                params={"text": text},
                code="invalid",
            ) from error

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime | time):
            return f"{value:%I:%M %p}".lstrip("0")
        return value


class TypedMoney(_Typed):
    """An amount as typed, as whole cents: ``20``, ``$1,234.50``.

    Negative only where ``below_zero`` says that it may be.
    """

    shape = "numeric"
    mode = "decimal"

    def __init__(self, *, below_zero: bool = False, **rest: Any) -> None:
        self.below_zero = below_zero
        super().__init__(**rest)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]  # text in, cents out
        if isinstance(value, int):
            return value
        if not (text := super().to_python(value)):
            return None
        try:
            amount = money.cents(text)
        except money.NotAnAmount as error:
            raise ValidationError(
                _("“%(text)s” is not an amount. Type dollars and cents, like 20 or 20.50."),
                params={"text": text},
                code="invalid",
            ) from error
        if amount < 0 and not self.below_zero:
            raise ValidationError(_("An amount is never negative here."), code="negative")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return money.decimal(value) if isinstance(value, int) else value
