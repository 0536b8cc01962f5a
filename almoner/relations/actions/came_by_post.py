"""What comes by post: scanned, kept in the conversation of a day, and work until it is seen to."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.edges.papers import NotKept, screened
from almoner.facility import queries as facility
from almoner.ground import dates, events
from almoner.relations import queries
from almoner.relations.actions import conversing
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.files import hand_on_kept
from almoner.relations.actions.opening import hold
from almoner.relations.actions.owning import to_be_read
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.actions.working import heard_from
from almoner.relations.models import File, Received
from almoner.relations.rules import Meaning
from almoner.relations.rules.by_post import LETTER, OLDEST, can_be_that_day
from almoner.relations.rules.files import FileState

__all__ = ["Came", "NotKept", "letter_came"]


@dataclass(frozen=True, slots=True)
class Came:
    """A letter as an officer has it before them: its scan, the day it came, who it is from.

    ``words`` is what it says in short, if somebody wrote that down. ``key`` makes it one, however
    often it is sent.
    """

    scan: bytes
    on: date
    sender: str
    words: str
    key: str


@transaction.atomic
def letter_came(*, officer: Officer, patient_id: int, came: Came, at: datetime) -> Received:
    """Keep a letter that came about a patient. Its scan goes to their documents.

    It is due as what came in on that day, and whatever waits for the patient goes on. What it says
    is read from the scan: nobody looks for words in it by machine.

    Raises PermissionDenied; NotKept when the file can be none; MessageRefused for a day that is to
    come, or so long ago that it is not believed.
    """
    access.require(officer, "relations.send")
    kept = screened(came.scan)
    zone = facility.organisation().time_zone
    today = queries.local_day(at, zone)
    if not can_be_that_day(came.on, since=today - OLDEST, today=today):
        raise MessageRefused(Refusal.NOT_THAT_DAY)
    one_at_a_time(f"letters {patient_id}")
    carrier_id = f"{LETTER} {patient_id} {came.key}"
    if known := Received.objects.filter(carrier_id=carrier_id).first():
        return known
    when = min(at, datetime.combine(came.on, time(12), ZoneInfo(zone)))
    row = Received.objects.create(
        conversation_id=conversing.with_person(patient_id, at=when),
        patient_id=patient_id,
        channel=LETTER,
        carrier_id=carrier_id,
        sender=came.sender,
        body=came.words,
        at=when,
        meaning=Meaning.OTHER,
        work=True,
        **to_be_read(when),
    )
    File.objects.create(
        received=row, name=f"{came.sender}, {dates.day(came.on)}", state=FileState.KEPT,
        media=kept.media, content=kept.content, settled_at=at,
    )  # fmt: skip
    hand_on_kept(row, at=at)
    heard_from(patient_id, hold(queries.waiting_for(patient_id)), at=at)
    events.record(
        "relations.letter_came", at=at, by=officer, about=row, patient_id=patient_id,
        on=dates.day(came.on), sender=came.sender,
    )  # fmt: skip
    return row
