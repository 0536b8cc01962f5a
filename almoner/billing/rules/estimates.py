"""Good-faith estimates: who is given one, until when, and when a bill is too far above it.

45 CFR 149.610 (what it says, and by when) and 149.620 (the dispute).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_FRIDAY = 4
FAR, FAR_DAYS = 10, 3
NEAR, NEAR_DAYS = 3, 1
ASKED_DAYS = 3
"""149.610(b)(1)(vi): scheduled at least so many business days before, and given within so many."""
TOO_FAR_CENTS = 40_000
DISPUTE_DAYS = 120
"""149.620: billed so much above the estimate; begun within so many days of the first bill."""


class Why(StrEnum):
    """What an estimate is owed for."""

    SCHEDULED = "scheduled"
    ASKED = "asked"


class How(StrEnum):
    """How a patient was given an estimate."""

    PAPER = "paper"
    EMAIL = "email"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Line:
    """A service that is expected; ``cents`` is what all its units come to."""

    code: str
    description: str
    units: int
    cents: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What an estimate rests on: change any of it, and it is another estimate."""

    service_date: date
    clinician_npi: str
    lines: tuple[Line, ...]
    diagnoses: tuple[str, ...] = ()

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.lines)


def is_owed(*, covered: bool, kept_from_plan: bool) -> bool:
    """Uninsured on the day, or the patient does not use the plan (149.610(a))."""
    return kept_from_plan or not covered


def is_business_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() <= _FRIDAY and day not in holidays


def business_days(after: date, until: date, holidays: Collection[date]) -> int:
    """Business days in (after, until]: from a Monday to Thursday of its week there are three."""
    days = range(1, (until - after).days + 1)
    return sum(is_business_day(after + timedelta(each), holidays) for each in days)


def later(after: date, count: int, holidays: Collection[date]) -> date:
    """The ``count``-th business day after a day; ``count`` is at least 1."""
    day = after
    while count:
        day += timedelta(1)
        count -= is_business_day(day, holidays)
    return day


def due_when_asked(on: date, visit_day: date, holidays: Collection[date]) -> date:
    """The day until which a patient who asked is given one; the visit itself may come first."""
    return min(later(on, ASKED_DAYS, holidays), visit_day)


def due_when_scheduled(on: date, visit_day: date, holidays: Collection[date]) -> date | None:
    """The day until which it is given for a visit scheduled on a day; None when none is owed."""
    ahead = business_days(on, visit_day, holidays)
    if ahead >= FAR:
        return later(on, FAR_DAYS, holidays)
    return later(on, NEAR_DAYS, holidays) if ahead >= NEAR else None


def is_another(now: Expected | None, before: Expected | None) -> bool:
    """Whether a new estimate is made; the one before stays as it was given."""
    return now != before


def priced(
    wanted: Sequence[tuple[str, int]], fees: dict[str, tuple[str, int]]
) -> tuple[Line, ...] | None:
    """These (code, units) by a charge master of (description, fee); None when a price is missing.

    Half an estimate would be none in good faith.
    """
    if not wanted or any(code not in fees for code, _units in wanted):
        return None
    return tuple(Line(code, fees[code][0], units, units * fees[code][1]) for code, units in wanted)


def over(charged: int, estimated: int) -> int | None:
    """Cents above the estimate, when it is so much that the patient may dispute the bill."""
    above = charged - estimated
    return above if above >= TOO_FAR_CENTS else None


def number(made: date, estimate_id: int) -> str:
    """The number on the paper: ``E-2611-000042``."""
    return f"E-{made:%y%m}-{estimate_id:06d}"


_WORDS = {
    "en": {
        "title": "Good-faith estimate {number}",
        "what": "What this visit is expected to cost you, by our prices, without insurance.",
        "made": "Made on",
        "patient": "Patient",
        "born": "born {day}",
        "visit": "Visit",
        "by": "Seen by",
        "at": "Where",
        "numbers": "NPI {npi}, tax id {tin}",
        "code": "Code",
        "service": "Service",
        "units": "Units",
        "price": "Expected charge",
        "total": "Expected in all",
        "diagnoses": "Diagnosis codes",
        "no_diagnosis": "not known before the visit",
        "rights": "What you should know",
        "only": "This is an estimate of what we expect today. What is really needed, and what it"
        " costs, may differ.",
        "dispute": "If you are billed $400 or more above this estimate, you have the right to"
        " dispute the bill. Start within 120 days of the day of the first bill. Disputing it does"
        " not change the care you get from us. How it is done: www.cms.gov/nosurprises/consumers"
        " or 1-800-985-3059. Keep this paper.",
        "contract": "It is not a contract, and does not oblige you to take any of these services"
        " from anybody named here.",
        "others": "Other services that your care may need (a laboratory, an X-ray, a specialist)"
        " are scheduled or asked for separately and are not part of it. You can ask for an estimate"
        " of those, too.",
        "ask": "Questions? Call us: {phone}.",
    },
    "es": {
        "title": "Presupuesto de buena fe {number}",
        "what": "Lo que se espera que le cueste esta cita, según nuestros precios, sin seguro.",
        "made": "Hecho el",
        "patient": "Paciente",
        "born": "fecha de nacimiento: {day}",
        "visit": "Cita",
        "by": "Le atiende",
        "at": "Dónde",
        "numbers": "NPI {npi}, número fiscal {tin}",
        "code": "Código",
        "service": "Servicio",
        "units": "Unidades",
        "price": "Cargo previsto",
        "total": "Total previsto",
        "diagnoses": "Códigos de diagnóstico",
        "no_diagnosis": "no se conocen antes de la cita",
        "rights": "Lo que debe saber",
        "only": "Es un cálculo de lo que esperamos hoy. Lo que de verdad haga falta, y lo que"
        " cueste, puede ser distinto.",
        "dispute": "Si le cobran $400 o más por encima de este presupuesto, tiene derecho a"
        " disputar la factura. Empiece dentro de los 120 días desde la fecha de la primera"
        " factura. Disputarla no cambia la atención que le damos. Cómo se hace:"
        " www.cms.gov/nosurprises/consumers o 1-800-985-3059. Guarde este papel.",
        "contract": "No es un contrato y no le obliga a recibir ninguno de estos servicios de"
        " nadie de los aquí nombrados.",
        "others": "Otros servicios que su atención pueda necesitar (un laboratorio, una"
        " radiografía, un especialista) se programan o se piden aparte y no forman parte de él."
        " También puede pedir un presupuesto de esos.",
        "ask": "¿Preguntas? Llámenos: {phone}.",
    },
}


def words(language: str) -> dict[str, str]:
    """What patients read on an estimate, with places for facts in braces."""
    return dict(_WORDS[language])
