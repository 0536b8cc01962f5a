"""Days and times as patients read and hear them, in each of their languages."""

from datetime import date, time

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
           "octubre", "noviembre", "diciembre"),
}  # fmt: skip
_SHORT_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
_SHORT_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
_NOON = 12


def full_day(day: date, language: str) -> str:
    """``Tuesday, December 1`` or ``martes 1 de diciembre``."""
    weekday, month = WEEKDAYS[language][day.weekday()], MONTHS[language][day.month - 1]
    if language == "en":
        return f"{weekday}, {month} {day.day}"
    return f"{weekday} {day.day} de {month}"


def day_text(day: date, language: str) -> str:
    """``Tue, Dec 1`` or ``mar 1 dic``."""
    weekday = _SHORT_WEEKDAYS[language][day.weekday()]
    month = _SHORT_MONTHS[language][day.month - 1]
    return f"{weekday}, {month} {day.day}" if language == "en" else f"{weekday} {day.day} {month}"


def time_text(at: time, language: str) -> str:
    """``2:20 PM`` or ``2:20 p. m.``."""
    half = ("AM", "PM") if language == "en" else ("a. m.", "p. m.")
    return f"{at.hour % _NOON or _NOON}:{at.minute:02d} {half[at.hour >= _NOON]}"
