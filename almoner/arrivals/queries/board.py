"""The flow board: everybody of one location and day, where they are and for how long."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils.functional import Promise

from almoner.access.queries import Reading
from almoner.arrivals import rules
from almoner.arrivals.rules import State
from almoner.facility.models import Location
from almoner.patients.queries import wording

MOST = 400
"""Cards of one page of the board."""
LATE_AFTER = timedelta(minutes=10)
EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Mark:
    """What another duty has on the card of a visit by video.

    It leads to ``url`` whoever has the ``permission`` that its door asks for.
    """

    text: str | Promise
    tone: str
    url: str
    permission: str
    icon: str = ""


Marking = Callable[[list[int]], Mapping[int, Sequence[Mark]]]
_markings: list[Marking] = []


def marks(find: Marking) -> None:
    """Have the board ask ``find`` for the marks of visits by video, once for all of them."""
    if find not in _markings:
        _markings.append(find)


@dataclass(frozen=True, slots=True)
class Card:
    """One patient on the board. ``waited`` is whole minutes of the clinic's doing.

    What the patient does by link: ``begun`` and ``prepared`` the check-in, with so many ``changes``
    that wait for the desk; ``coming`` since then; ``by_link``: it was they who said that they came.
    """

    patient_id: int
    appointment_id: int
    encounter_id: int | None
    name: str
    birth_date: date | None
    interpreter: str
    clinician: str
    visit_type: str
    local_time: time
    state: str
    since: datetime | None
    room: str
    waited: int
    too_long: bool
    late: bool
    following: str
    confirmed: bool
    begun: bool
    prepared: bool
    by_link: bool
    coming: datetime | None
    changes: int
    marks: Sequence[Mark] = ()

    @property
    def key(self) -> str:
        return f"visit-{self.appointment_id}"


@dataclass(frozen=True, slots=True)
class Column:
    state: str
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the day: the columns in order, and how many have gone home.

    ``here`` counts the cards of all pages.
    """

    columns: list[Column]
    left: int
    missed: int
    here: int
    page: int

    @property
    def is_empty(self) -> bool:
        return not (self.left or self.missed or self.here)

    @property
    def before(self) -> int:
        """How many cards stand on the pages before this one."""
        return (self.page - 1) * MOST

    @property
    def more(self) -> int:
        """How many cards stand on the pages after this one."""
        return max(0, self.here - self.page * MOST)


DAY = """
SELECT count(*) FILTER (WHERE encounter.state = 'left'),
       count(*) FILTER (WHERE visit.status = 'no_show'),
       count(*) FILTER (WHERE visit.status <> 'no_show'
                          AND coalesce(encounter.state, '') <> 'left')
  FROM scheduling_appointment visit
  LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
 WHERE visit.location_id = %(location)s AND visit.local_day = %(day)s
   AND visit.status <> 'cancelled'
"""
# Who is in the building comes first: nobody who waits is on a later page than somebody expected.
BOARD = """
SELECT patient.id, visit.id, encounter.id,
       coalesce(nullif(patient.name_used, ''), patient.given) || ' ' || patient.family,
       patient.birth_date, CASE WHEN patient.interpreter_needed THEN patient.language ELSE '' END,
       clinician.given || ' ' || clinician.family, kind.name, visit.local_time, visit.starts_at,
       encounter.state, encounter.state_since, encounter.arrived_at, room.name,
       visit.confirmed_at IS NOT NULL, early.begun_at IS NOT NULL, early.finished_at IS NOT NULL,
       early.here_at IS NOT NULL, early.coming_at,
       (SELECT count(*) FROM arrivals_said WHERE appointment_id = visit.id AND outcome = ''
           AND verdict IN ('changed', 'gone')),
       coalesce(encounter.by_video, kind.by_video)
  FROM scheduling_appointment visit
  JOIN patients_patient patient ON patient.id = visit.patient_id
  JOIN facility_clinician clinician ON clinician.id = visit.clinician_id
  JOIN facility_visittype kind ON kind.id = visit.visit_type_id
  LEFT JOIN arrivals_encounter encounter ON encounter.appointment_id = visit.id
  LEFT JOIN facility_room room ON room.id = encounter.room_id
  LEFT JOIN arrivals_earlycheckin early ON early.appointment_id = visit.id
 WHERE visit.location_id = %(location)s AND visit.local_day = %(day)s
   AND visit.status NOT IN ('cancelled', 'no_show')
   AND (encounter.id IS NULL OR encounter.state <> 'left')
 ORDER BY encounter.id IS NULL, coalesce(encounter.state_since, visit.starts_at), visit.id
 LIMIT %(most)s OFFSET %(before)s
"""


def board(location_id: int, day: date, *, reading: Reading, page: int = 1) -> Board:
    """The board of one location and local day. Two queries, and what visits by video ask for.

    Everybody shown counts as seen. A page that is not there is the last one.
    """
    facts: dict[str, Any] = {"location": location_id, "day": day, "most": MOST}
    with connection.cursor() as sql:
        sql.execute(DAY, facts)
        left, missed, here = sql.fetchone()
        page = max(1, min(page, -(-here // MOST)))
        sql.execute(BOARD, facts | {"before": (page - 1) * MOST})
        rows = sql.fetchall()
    columns = {EXPECTED: Column(EXPECTED)}
    columns |= {state: Column(state) for state in State if state is not State.LEFT}
    marked = _marked([row[1] for row in rows if row[-1]])
    for row in rows:
        card = _card(row, marked.get(row[1], ()), at=reading.at)
        columns[card.state].cards.append(card)
    reading.saw(card.patient_id for column in columns.values() for card in column.cards)
    return Board(list(columns.values()), left, missed, here, page)


def _marked(by_video: list[int]) -> Mapping[int, Sequence[Mark]]:
    found: dict[int, list[Mark]] = defaultdict(list)
    for find in _markings if by_video else ():
        for appointment_id, those in find(by_video).items():
            found[appointment_id] += those
    return found


def _card(row: tuple[Any, ...], marked: Sequence[Mark], *, at: datetime) -> Card:
    patient_id, appointment_id, encounter_id, name, born, interpreter, clinician, kind, *rest = row
    local_time, starts_at, state, since, arrived_at, room, confirmed, *early, by_video = rest
    begun, prepared, by_link, coming, changes = early
    here = State(state) if state else None
    waited = (
        rules.waited(arrived_at=arrived_at, appointed_at=starts_at, at=at)
        if here in (State.ARRIVED, State.READY, State.ROOMED)
        else timedelta(0)
    )
    return Card(
        patient_id=patient_id,
        appointment_id=appointment_id,
        encounter_id=encounter_id,
        name=name,
        birth_date=born,
        interpreter=wording.language(interpreter) if interpreter else "",
        clinician=clinician,
        visit_type=kind,
        local_time=local_time,
        state=state or EXPECTED,
        since=since,
        room=room or "",
        waited=int(waited.total_seconds() // 60),
        too_long=here is not None and rules.too_long(here, since=since, at=at),
        late=here is None and at - starts_at > LATE_AFTER,
        following=(rules.following(here, by_video=by_video) or "") if here else "",
        confirmed=confirmed,
        begun=begun,
        prepared=prepared,
        by_link=by_link,
        coming=coming,
        changes=changes,
        marks=marked,
    )


def locations() -> list[tuple[int, str, str]]:
    """Every location: (id, name, time zone), by name. One query."""
    rows = Location.objects.order_by("name", "id")
    return list(rows.values_list("id", "short_name", "time_zone"))
