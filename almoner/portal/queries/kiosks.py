"""The kiosks of a clinic, which of them a browser is, and who can be found at one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from almoner.arrivals.models import Encounter
from almoner.ground.words import gettext_noop
from almoner.patients.models import Phone
from almoner.portal import rules
from almoner.portal.models import Kiosk, KioskEntry
from almoner.portal.queries.accounts import digest_of
from almoner.portal.rules import kiosks
from almoner.portal.rules.kiosks import Second
from almoner.scheduling.models import Appointment

HERE = (Appointment.Status.BOOKED, Appointment.Status.ARRIVED)


@dataclass(frozen=True, slots=True)
class Line:
    """A kiosk as the page of all of them shows it.

    ``state`` is new, code, lost (its code was not used), here or away; ``waits`` counts what the
    desk still works on.
    """

    id: int
    name: str
    location: str
    state: str
    code_until: datetime | None
    seen_at: datetime | None
    unsent: int
    taken: int
    waits: int


def kiosk(token: str) -> Kiosk | None:
    """Which kiosk a browser is by its cookie. One query."""
    rows = Kiosk.objects.select_related("location").filter(ended_at=None)
    return rows.filter(digest=digest_of(token)).first() if token else None


def kiosk_lines(*, at: datetime) -> list[Line]:
    """All kiosks that are not ended, by location and name. One query."""
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Kiosk.objects.filter(ended_at=None)
        .select_related("location")
        .annotate(
            taken=Count("entries", filter=Q(entries__taken_at__gte=today)),
            waits=Count(
                "entries", filter=Q(entries__case__isnull=False, entries__case__closed_at=None)
            ),
        )
        .order_by("location__name", "name", "id")
    )
    return [
        Line(
            row.pk,
            row.name,
            row.location.name,
            _state(row, at=at),
            row.code_until,
            row.seen_at,
            row.unsent,
            row.taken,
            row.waits,
        )
        for row in rows
    ]


def _state(row: Kiosk, *, at: datetime) -> str:
    if row.code_until is not None and (row.digest is None or at < row.code_until):
        return "code" if at < row.code_until else "lost"
    if row.digest is None:
        return "new"
    quiet = row.seen_at is None or at - row.seen_at > kiosks.QUIET_AFTER
    return "away" if quiet else "here"


def who_is_here(at_kiosk: Kiosk, *, born: date, said: Second, at: datetime) -> Appointment | None:
    """The visit of whoever these two identifiers name, today at this kiosk's location.

    None when they are nobody's, or of more than one. Of several visits the next to arrive for,
    else the last. Three queries.
    """
    zone = ZoneInfo(at_kiosk.location.time_zone)
    rows = list(
        Appointment.objects.filter(
            location=at_kiosk.location_id,
            local_day=at.astimezone(zone).date(),
            status__in=HERE,
            visit_type__by_video=False,
            patient__birth_date=born,
            patient__deceased=False,
        )
        .select_related("patient")
        .order_by("starts_at", "id")
    )
    numbers = _numbers(row.patient_id for row in rows)
    mine = [
        row
        for row in rows
        if kiosks.fits(
            said,
            family=row.patient.family,
            mrn=row.patient.mrn,
            phones=numbers.get(row.patient_id, []),
        )
    ]
    if len({row.patient_id for row in mine}) != 1:
        return None
    come = set(
        Encounter.objects.filter(appointment__in=mine).values_list("appointment_id", flat=True)
    )
    return next((row for row in mine if row.pk not in come), mine[-1])


def _numbers(patient_ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Phone.objects.filter(patient__in=set(patient_ids)).exclude(use="old")
    for patient_id, number in rows.values_list("patient_id", "number"):
        found.setdefault(patient_id, []).append(number)
    return found


def entry_of(at_kiosk: Kiosk, key: str) -> KioskEntry | None:
    """What the kiosk brought under this key of its own."""
    rows = KioskEntry.objects.select_related("appointment", "case")
    return rows.filter(kiosk__location=at_kiosk.location_id, key=key).first()


def where_to_wait(at_kiosk: Kiosk, language: str) -> str:
    """In the patient's language where the clinic wrote it in that one, else without a place."""
    place = at_kiosk.wait_es if language == "es" else at_kiosk.wait_en
    if not place:
        return rules.said(language, "kiosk_wait")
    return rules.said(language, "kiosk_wait_at", place=place)


HERE_WORDS = gettext_noop("Says that they are here")
_TOLD = gettext_noop("Told at the kiosk")
_UNSHOWN = ("seen-", "csrf", "who", "lang", "key", "verdict", "do")


def words_entered(what: str, typed: Mapping[str, str]) -> str:
    """What was entered, a line each, for the desk: the patient's own words and what they answer."""
    words = rules.WORDS["en"]
    if typed.get("do") == "all":
        return f"{words['your_details']}: {words['all_right']}"
    thing = typed.get("key", "").partition("-")[0]
    if thing:
        head = f"{words.get(f'thing_{thing}', thing)}: {typed.get('verdict', '')}"
    else:
        head = HERE_WORDS if what != "kiosk_told" else _TOLD
    lines = [
        f"{words.get(f'thing_{name}') or words.get(f'field_{name}') or name}: {value}"
        for name, value in typed.items()
        if value and not name.startswith(_UNSHOWN)
    ]
    return "\n".join([head, *lines])
