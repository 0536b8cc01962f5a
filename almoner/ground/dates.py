"""How days and instants are written: one manner on pages, on paper and in what is kept.

Templates write the same by ``date:"m/d/Y"`` and ``date:"m/d/Y g:i A"``.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format

DAY = "m/d/Y"
MOMENT = "m/d/Y g:i A"

# Where the day commonly comes before the month, figures alone would be read the other way round.
_DAYS = {"en": DAY, "es": "j M Y"}
_MOMENTS = {"en": MOMENT, "es": "j M Y, g:i A"}


def day(value: date | None) -> str:
    """``03/04/2026`` for staff; nothing for no day."""
    return date_format(value, DAY) if value else ""


def moment(at: datetime, zone: str) -> str:
    """``03/04/2026 9:05 AM`` for staff, on the clock of that zone."""
    return date_format(at.astimezone(ZoneInfo(zone)), MOMENT)


def day_for(language: str, value: date | None) -> str:
    """The day on a paper for a patient, in a language of `PATIENTS_READ`."""
    with translation.override(language):
        return date_format(value, _DAYS[language]) if value else ""


def moment_for(language: str, at: datetime, zone: str) -> str:
    """The same of an instant, on the clock of that zone."""
    with translation.override(language):
        return date_format(at.astimezone(ZoneInfo(zone)), _MOMENTS[language])
