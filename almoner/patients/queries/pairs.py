"""The list of pairs that may be one person's, and what was decided about others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.queries import Evidence, Reading
from almoner.patients.models import Pair
from almoner.patients.queries.alike import LINES, people_here
from almoner.patients.queries.registry import Alert
from almoner.patients.rules.alike import Match, chance, compare
from almoner.patients.rules.details import legal_name
from almoner.patients.rules.person import unpacked

PAGE = 5
SAID = 10  # decisions a record shows
BOUND = 500  # how far into the list one looks; by then the surest are settled
COUNTED = 100

WAITING = """
    SELECT pair.id, pair.lower_id, pair.higher_id, one.likeness, other.likeness
      FROM patients_pair pair
      JOIN patients_patient one ON one.id = pair.lower_id
      JOIN patients_patient other ON other.id = pair.higher_id
     ORDER BY pair.likely DESC, pair.bits DESC, pair.id
     LIMIT %s OFFSET %s
"""
COUNT = """
    SELECT count(*), count(*) FILTER (WHERE likely)
      FROM (SELECT likely FROM patients_pair ORDER BY likely DESC LIMIT %s) AS first_ones
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair, as much as tells two people apart."""

    id: int
    mrn: str
    family: str
    given: str
    middle: str
    suffix: str
    name_used: str
    birth_date: date | None
    sex: str
    phone_end: str
    address: str

    @property
    def name(self) -> str:
        return legal_name(
            family=self.family, given=self.given, middle=self.middle, suffix=self.suffix
        )


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two records side by side. ``chance`` is the probability that they are one person's."""

    id: int
    sides: tuple[Side, Side]
    match: Match
    chance: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of pairs from ``skip`` on; ``more`` follow."""

    lines: tuple[PairLine, ...]
    skip: int
    more: bool

    @property
    def before(self) -> int:
        return max(0, self.skip - PAGE)

    @property
    def after(self) -> int:
        return self.skip + PAGE

    @property
    def next_one(self) -> int:
        return self.skip + 1


def waiting(*, reading: Reading, skip: int = 0) -> Waiting:
    """Pairs nobody has settled, the surest first; both records of each are noted as seen.

    Three queries, however many pairs there are.
    """
    skip = max(0, min(skip, BOUND))
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [PAGE + 1, skip])
        rows = cursor.fetchall()
        shown = rows[:PAGE]
        ids = sorted({patient_id for row in shown for patient_id in row[1:3]})
        cursor.execute(LINES, [ids])
        sides = {row[0]: Side(*row) for row in cursor.fetchall()}
    reading.saw(ids)
    people = people_here()
    lines = tuple(_line(row, sides, people) for row in shown)
    return Waiting(lines, skip, more=len(rows) > PAGE)


def _line(row: tuple[Any, ...], sides: dict[int, Side], people: int) -> PairLine:
    pair_id, lower, higher, likeness, other_likeness = row
    match = compare(unpacked(likeness), unpacked(other_likeness))
    both = (sides[lower], sides[higher])
    return PairLine(pair_id, both, match, chance(match.bits, people=people))


@dataclass(frozen=True, slots=True)
class Count:
    """How many pairs wait, and how many of them are likely; counted to a hundred."""

    pairs: int
    likely: int

    @property
    def bounded(self) -> bool:
        return self.pairs > COUNTED


def count_waiting() -> Count:
    """For the first page. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [COUNTED + 1])
        return Count(*cursor.fetchone())


def pair(pair_id: int) -> tuple[int, int] | None:
    """The two records of a pair; None when somebody has settled it."""
    return Pair.objects.filter(pk=pair_id).values_list("lower_id", "higher_id").first()


def others_of(patient_id: int) -> set[int]:
    """Ids of the records that wait beside this one."""
    lower = Pair.objects.filter(higher=patient_id).values_list("lower", flat=True)
    higher = Pair.objects.filter(lower=patient_id).values_list("higher", flat=True)
    return set(lower.union(higher))


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What was decided about a record and another one, by whom and when."""

    other_id: int
    mrn: str
    name: str
    birth_date: date | None
    same: bool
    who: str
    at: datetime


DECISIONS = """
    SELECT other.id, other.mrn, concat_ws(' ', other.given, other.family), other.birth_date,
           decision.same, coalesce(officer.name, ''), decision.decided_at
      FROM patients_decision decision
      JOIN patients_patient other
        ON other.id = decision.lower_id + decision.higher_id - %(patient)s
      LEFT JOIN access_officer officer ON officer.id = decision.decided_by_id
     WHERE decision.lower_id = %(patient)s OR decision.higher_id = %(patient)s
     ORDER BY decision.same DESC, decision.decided_at DESC, decision.id DESC LIMIT %(limit)s
"""


def decisions(patient_id: int, *, reading: Reading) -> list[DecisionLine]:
    """What was said about this record and others, the latest first, each noted as seen. One query.

    The others were seen for the record's own reason.
    """
    with connection.cursor() as cursor:
        cursor.execute(DECISIONS, {"patient": patient_id, "limit": SAID})
        lines = [DecisionLine(*row) for row in cursor.fetchall()]
    reading.saw_beside(patient_id, (line.other_id for line in lines))
    return lines


SAME_PERSON = """
    (SELECT json_agg(json_build_array(decision.id, other.id, other.mrn) ORDER BY other.id)
       FROM patients_decision decision
       JOIN patients_patient other ON other.id = decision.lower_id + decision.higher_id - p.id
      WHERE decision.same AND (decision.lower_id = p.id OR decision.higher_id = p.id))
"""


def same_person_alerts(
    same: Sequence[tuple[int, int, str]], patient_id: int, reading: Reading
) -> Iterator[Alert]:
    """A word for each other record of this person, which was seen beside this one."""
    for decision_id, other_id, mrn in same:
        reading.saw_beside(patient_id, [other_id])
        url = reverse("patient", args=[other_id])
        text = _("Same person as MRN %(mrn)s") % {"mrn": mrn}
        yield Alert(text, "warn", f"{url}?for=decision:{decision_id}")


PAIR = """
    SELECT pair.lower_id, pair.higher_id,
           (SELECT by_id FROM ground_event
             WHERE patient_id IN (pair.lower_id, pair.higher_id)
               AND kind IN ('patients.registered', 'patients.changed')
             ORDER BY id DESC LIMIT 1)
      FROM patients_pair pair WHERE pair.id = %s
"""
DECISION = "SELECT lower_id, higher_id, decided_by_id FROM patients_decision WHERE id = %s AND same"


def pair_evidence(item_id: int) -> Evidence | None:
    """Two records wait to be told apart: a reason to look at both.

    Whoever wrote one of them last made the pair, so that nobody explains a look at a stranger by
    registering his double.
    """
    return _evidence(PAIR, item_id)


def decision_evidence(item_id: int) -> Evidence | None:
    """One person's two records: whoever may see the one was led to the other by the decision."""
    return _evidence(DECISION, item_id)


def _evidence(sql: str, item_id: int) -> Evidence | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [item_id])
        row = cursor.fetchone()
    return Evidence(frozenset(row[:2]), row[2]) if row else None
