"""Eight weeks of past visits and four weeks booked ahead, in bulk, in the clinicians' hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction
from psycopg.types.range import TimestamptzRange

from almoner.access.models import Officer
from almoner.arrivals.models import CheckInItem, Encounter, Movement
from almoner.arrivals.rules import ORDER, Item, State
from almoner.coverage.models import Policy
from almoner.demo import after_hours
from almoner.demo.coverages import ODD_ANSWERS
from almoner.demo.payer.plans import suffix
from almoner.demo.setup import ZONE
from almoner.facility.models import Clinician, Device, Holiday, Room, VisitType, WeeklyHours
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.patients.rules.details import age
from almoner.records.models import Filling, FormVersion
from almoner.records.rules import State as FormState
from almoner.scheduling.actions import rebuild
from almoner.scheduling.models import Appointment, Hold
from almoner.scheduling.queries.appointments import facts

BACK, AHEAD, LAID_OUT = 56, 28, 200
STEPS = {
    State.ARRIVED: -8, State.READY: -4, State.ROOMED: 3, State.WITH_CLINICIAN: 9,
    State.DONE: 24, State.LEFT: 28,
}  # fmt: skip
"""Minutes from the appointed time at which an ordinary visit reaches each state."""
GROWN_UP = 18
Span = tuple[datetime, datetime]
OVER = timedelta(hours=1)
OFTEN = 0.2
SETTLED = timedelta(days=-50), timedelta(days=-14)
"""Whose visit lay then has been billed, and the payer has answered."""
LATEST = timedelta(hours=2)
"""What was booked is at least so old: nobody has just done it."""


@dataclass(slots=True)
class Calendar:
    """What is needed to draw visits: everybody's hours, what they do, and who may come."""

    random: Random
    now: datetime
    today: date
    officer: Officer
    officers: list[Officer]
    hours: dict[tuple[int, int], list[WeeklyHours]]
    kinds: dict[int, list[VisitType]]
    rooms: dict[int, list[Room]]
    adults: list[Patient]
    children: list[Patient]
    holidays: set[date]
    due: list[Patient]
    things: dict[int, list[tuple[int, int, str]]]
    taken: dict[tuple[int, int], list[Span]] = field(default_factory=dict)
    held: list[tuple[Appointment, int, int, Span]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Things:
    """What a visit takes besides people, as (kind of holder, id)."""

    during: Span
    given: list[tuple[int, int]]


def build(*, seed: int, now: datetime) -> None:
    """Appointments with their holds and events; encounters, kept and settled, for the past."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    calendar = _calendar(seed, now, today)
    with transaction.atomic():
        visits = list(_appointments(calendar))
        _some_by_video(visits, calendar)
        Appointment.objects.bulk_create(visits, batch_size=1000)
        Hold.objects.bulk_create(_holds(visits, calendar), batch_size=1000)
        Event.objects.bulk_create(_told(visits, calendar.officer), batch_size=1000)
        _encounters([visit for visit in visits if visit.status == "completed"], calendar)
    rebuild(since=today - timedelta(days=7), until=today + timedelta(days=LAID_OUT))


def _some_by_video(visits: Sequence[Appointment], calendar: Calendar) -> None:
    """Every second follow-up from today on is held by video, which takes as long."""
    by_video = VisitType.objects.get(code="video")
    follow_ups = [
        visit
        for visit in visits
        if visit.local_day >= calendar.today and visit.visit_type.code == "follow-up"
    ]
    for visit in follow_ups[::2]:
        visit.visit_type = by_video


def _calendar(seed: int, now: datetime, today: date) -> Calendar:
    hours: dict[tuple[int, int], list[WeeklyHours]] = {}
    rows = WeeklyHours.objects.select_related("location", "clinician").order_by("starts", "id")
    for row in rows:
        hours.setdefault((row.clinician_id, row.weekday), []).append(row)
    rooms: dict[int, list[Room]] = {}
    for room in Room.objects.order_by("id"):
        rooms.setdefault(room.location_id, []).append(room)
    people = list(Patient.objects.filter(deceased=False).order_by("id"))
    grown = [_years(person, today) >= GROWN_UP for person in people]
    return Calendar(
        random=Random(seed),
        now=now,
        today=today,
        officer=Officer.objects.get(username="ana"),
        officers=list(Officer.objects.filter(roles__contains=["officer"]).order_by("id")),
        hours=hours,
        kinds={
            clinician.pk: list(clinician.visit_types.filter(by_video=False).order_by("id"))
            for clinician in Clinician.objects.order_by("id")
        },
        rooms=rooms,
        adults=[person for person, adult in zip(people, grown, strict=True) if adult],
        children=[person for person, adult in zip(people, grown, strict=True) if not adult],
        due=_owing_trouble(),
        things=_things(rooms),
        holidays=set(Holiday.objects.values_list("day", flat=True)),
    )


def _owing_trouble() -> list[Patient]:
    """Those whose payer answers a claim oddly: each comes once, so that every oddness is seen."""
    policies = Policy.objects.filter(subscriber_family="").select_related("patient").order_by("id")
    return [policy.patient for policy in policies if suffix(policy.member_id) in ODD_ANSWERS]


def _things(rooms: dict[int, list[Room]]) -> dict[int, list[tuple[int, int, str]]]:
    """What a visit may need besides people, by location: kind of holder, id, kind of thing."""
    found: dict[int, list[tuple[int, int, str]]] = {}
    for location_id, there in rooms.items():
        # The last first: board and check-in fill the rooms from the other end.
        found[location_id] = [(Hold.Kind.ROOM, room.pk, room.kind) for room in reversed(there)]
    for device in Device.objects.order_by("id"):
        one = (Hold.Kind.DEVICE, device.pk, device.kind)
        found.setdefault(device.location_id, []).append(one)
    return found


def _years(person: Patient, today: date) -> int:
    return age(person.birth_date, on=today) if person.birth_date else GROWN_UP


def _share(offset: int) -> float:
    """How full a day is, by its distance from today in days."""
    if offset < 0:
        return 0.1
    return max(0.15, 0.75 - offset * 0.025)


def _appointments(calendar: Calendar) -> Iterator[Appointment]:
    busy: set[tuple[int, date]] = set()
    for offset in range(-BACK, AHEAD):
        day = calendar.today + timedelta(days=offset)
        for (clinician_id, weekday), spans in calendar.hours.items():
            if weekday == day.isoweekday() and calendar.kinds[clinician_id]:
                for span in spans:
                    if day not in calendar.holidays or after_hours.is_theirs(span):
                        yield from _filled(calendar, span, day, _share(offset), busy)


def _filled(
    calendar: Calendar, span: WeeklyHours, day: date, share: float, busy: set[tuple[int, date]]
) -> Iterator[Appointment]:
    """Visits one after another from the start of a span of hours to its end, with gaps."""
    random, minute = calendar.random, span.starts.hour * 60 + span.starts.minute
    until = span.ends.hour * 60 + span.ends.minute
    while minute < until:
        kind = random.choice(calendar.kinds[span.clinician_id])
        at = -(-minute // kind.align_minutes) * kind.align_minutes
        length = kind.buffer_before + kind.minutes + kind.buffer_after
        if at + length > until:
            return
        minute = at + length
        if after_hours.is_theirs(span):
            share = after_hours.share(_instant(span, day, at), calendar.now)
        if random.random() >= share or not (things := _free(calendar, span, kind, day, at)):
            continue
        if patient := _somebody(calendar, kind, day, busy):
            visit = _appointment(calendar, span, patient, kind, day=day, at=at + kind.buffer_before)
            for holder, id_ in things.given:
                setattr(visit, "room_id" if holder == Hold.Kind.ROOM else "device_id", id_)
                calendar.taken.setdefault((holder, id_), []).append(things.during)
                calendar.held.append((visit, holder, id_, things.during))
            yield visit


def _free(
    calendar: Calendar, span: WeeklyHours, kind: VisitType, day: date, at: int
) -> Things | None:
    """A room and a device for this visit when its kind needs them; None when none is free."""
    starts_at = _instant(span, day, at)
    minutes = kind.buffer_before + kind.minutes + kind.buffer_after
    during = starts_at, starts_at + timedelta(minutes=minutes)
    given = []
    for holder, wanted in ((Hold.Kind.ROOM, kind.room_kind), (Hold.Kind.DEVICE, kind.device_kind)):
        if not wanted:
            continue
        free = [
            id_
            for held_as, id_, what in calendar.things.get(span.location_id, ())
            if (held_as, what) == (holder, wanted)
            and not any(_meet(during, other) for other in calendar.taken.get((holder, id_), ()))
        ]
        if not free:
            return None
        given.append((int(holder), free[0]))
    return Things(during, given)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _somebody(
    calendar: Calendar, kind: VisitType, day: date, busy: set[tuple[int, date]]
) -> Patient | None:
    young = kind.specialty == "Pediatrics"
    patient = calendar.random.choice(calendar.children if young else calendar.adults)
    settled = SETTLED[0] < day - calendar.today < SETTLED[1]
    if calendar.due and settled and not young and calendar.random.random() < OFTEN:
        patient = calendar.due.pop()
    if (patient.pk, day) in busy:  # nobody has two visits on a day
        return None
    busy.add((patient.pk, day))
    return patient


def _appointment(
    calendar: Calendar, span: WeeklyHours, patient: Patient, kind: VisitType, *, day: date, at: int
) -> Appointment:
    starts_at = _instant(span, day, at)
    over = starts_at < calendar.now - OVER
    status = _status(calendar.random) if over else "booked"
    before = starts_at - timedelta(days=calendar.random.randint(1, 30), hours=1)
    booked_at = min(before, calendar.now - LATEST)
    return Appointment(
        patient=patient,
        visit_type=kind,
        clinician=span.clinician,
        location=span.location,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=kind.minutes),
        local_day=day,
        local_time=starts_at.time(),
        time_zone=span.location.time_zone,
        status=status,
        booked_by_id=calendar.random.choice(calendar.officers).pk,
        booked_at=booked_at,
        cancelled_at=starts_at - timedelta(hours=20) if status == "cancelled" else None,
        cancel_reason="patient" if status == "cancelled" else "",
    )


def _instant(span: WeeklyHours, day: date, minute: int) -> datetime:
    clock = time(minute // 60, minute % 60)
    return datetime.combine(day, clock, ZoneInfo(span.location.time_zone))


def _status(random: Random) -> str:
    return random.choices(("completed", "cancelled", "no_show"), (87, 6, 7))[0]


def _holds(visits: Sequence[Appointment], calendar: Calendar) -> Iterator[Hold]:
    """Time is held by what is still to come; what is past holds nothing any more."""
    for visit in visits:
        if visit.status != "booked":
            continue
        kind = visit.visit_type
        during = TimestamptzRange(
            visit.starts_at - timedelta(minutes=kind.buffer_before),
            visit.ends_at + timedelta(minutes=kind.buffer_after),
        )
        holders = ((Hold.Kind.CLINICIAN, visit.clinician_id), (Hold.Kind.PATIENT, visit.patient_id))
        for holder, resource_id in holders:
            yield Hold(appointment=visit, kind=holder, resource_id=resource_id, during=during)
    for visit, thing, id_, span in calendar.held:
        if visit.status == "booked":
            during = TimestamptzRange(*span)
            yield Hold(appointment=visit, kind=thing, resource_id=id_, during=during)


def _told(visits: Sequence[Appointment], officer: Officer) -> Iterator[Event]:
    ends = {"cancelled": "scheduling.cancelled", "no_show": "scheduling.no_show"}
    for visit in visits:
        yield _event("scheduling.booked", visit, visit.booked_at, officer)
        if visit.status in ends:
            at = visit.cancelled_at or visit.ends_at
            yield _event(ends[visit.status], visit, at, officer)


def _event(kind: str, visit: Appointment, at: datetime, officer: Officer) -> Event:
    return Event(
        kind=kind,
        at=at,
        by_id=officer.pk,
        about_kind="appointment",
        about_id=visit.pk,
        patient_id=visit.patient_id,
        location_id=visit.location_id,
        data=facts(visit),
    )


def _encounters(visits: Sequence[Appointment], calendar: Calendar) -> None:
    """Past visits as they went: checked in with everything settled, seen, gone home."""
    made = Encounter.objects.bulk_create(
        (
            Encounter(
                appointment=visit,
                patient_id=visit.patient_id,
                clinician_id=visit.clinician_id,
                location_id=visit.location_id,
                service_date=visit.local_day,
                state=State.LEFT,
                state_since=_when(visit, State.LEFT),
                arrived_at=_when(visit, State.ARRIVED),
                left_at=_when(visit, State.LEFT),
                confirmed_by=["birth_date", "name"],
            )
            for visit in visits
        ),
        batch_size=1000,
    )
    pairs = list(zip(made, visits, strict=True))
    rooms, by = calendar.rooms, calendar.officer.pk
    Movement.objects.bulk_create(
        (
            Movement(
                encounter=encounter,
                state=state,
                room=rooms[visit.location_id][0] if state in ("roomed", "with_clinician") else None,
                at=_when(visit, state),
                by_id=by,
            )
            for encounter, visit in pairs
            for state in ORDER
        ),
        batch_size=2000,
    )
    CheckInItem.objects.bulk_create(
        (
            CheckInItem(encounter=encounter, item=item, at=_when(visit, State.READY), by_id=by)
            for encounter, visit in pairs
            for item in Item
        ),
        batch_size=2000,
    )
    _signed(pairs, by)
    Event.objects.bulk_create(
        (
            _arrival(kind, encounter, _when(visit, state), calendar.officer)
            for encounter, visit in pairs
            for kind, state in (
                ("arrivals.checked_in", State.READY),
                ("arrivals.left", State.LEFT),
            )
        ),
        batch_size=1000,
    )


def _signed(pairs: Sequence[tuple[Encounter, Appointment]], by: int) -> None:
    first = {pair[0].patient_id: pair for pair in reversed(pairs)}
    asked = FormVersion.objects.filter(form__rules__isnull=False).distinct()
    Filling.objects.bulk_create(
        (
            Filling(
                patient_id=encounter.patient_id,
                form_id=version.form_id,
                version=version,
                visit_id=visit.pk,
                state=FormState.ON_PAPER,
                begun_at=_when(visit, State.ARRIVED),
                begun_by_id=by,
                settled_at=_when(visit, State.READY),
                settled_on=visit.local_day,
                settled_by_id=by,
            )
            for encounter, visit in first.values()
            for version in asked
        ),
        batch_size=2000,
    )


def _when(visit: Appointment, state: State) -> datetime:
    return visit.starts_at + timedelta(minutes=STEPS[state])


def _arrival(kind: str, encounter: Encounter, at: datetime, officer: Officer) -> Event:
    return Event(
        kind=kind,
        at=at,
        by_id=officer.pk,
        about_kind="encounter",
        about_id=encounter.pk,
        patient_id=encounter.patient_id,
        location_id=encounter.location_id,
        data={"visit_id": encounter.appointment_id, "left_early": ""},
    )
