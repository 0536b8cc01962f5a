"""Letters of conversations: what stands on one, how far it has come, and which wait too long."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F

from almoner.access.queries import Reading
from almoner.facility import queries as facility
from almoner.facility.models import Organisation
from almoner.ground import dates
from almoner.patients.rules.details import readable
from almoner.relations.models import Paper, Received
from almoner.relations.rules.by_post import FOLLOWS, LETTER, Stage

NoSuchPaper = Paper.DoesNotExist
_AT_ONCE = 200  # told of in one minute


def sheet(
    *, language: str, to: Sequence[str], title: str, body: str, at: datetime, clinic: Organisation
) -> dict[str, Any]:
    """What stands on a letter, in ``relations/letter.typ``."""
    return {
        "lang": language,
        "from": {
            "name": clinic.name,
            "lines": [*facility.address_of(clinic), readable(clinic.phone)],
        },
        "to": list(to),
        "title": title,
        "day": dates.day_for(language, _day(at, clinic)),
        "paragraphs": body.replace("\r\n", "\n").split("\n\n"),
    }


@dataclass(frozen=True, slots=True)
class PaperLine:
    """How far a letter has come, on which day, and whose it is while it is work.

    ``next`` is what can be said of it: that it was posted, taken back, arrived or came back.
    """

    state: str
    posted_on: date | None
    ended_on: date | None
    why: str
    owner: str
    due_at: datetime | None

    @property
    def next(self) -> tuple[Stage, ...]:
        return FOLLOWS.get(Stage(self.state), ())


def papers_of(message_ids: Collection[int]) -> Mapping[int, PaperLine]:
    """The papers of these letters, without what is printed on them. One query."""
    rows = Paper.objects.filter(message__in=message_ids).values_list(
        "message_id", "state", "posted_on", "ended_on", "why", "owner__name", "due_at",
        "message__handled_at",
    )  # fmt: skip
    return {
        number: PaperLine(
            state, posted_on, ended_on, why,
            owner=(name or "") if due_at and not handled_at else "",
            due_at=None if handled_at else due_at,
        )
        for number, state, posted_on, ended_on, why, name, due_at, handled_at in rows
    }  # fmt: skip


def printed(message_id: int, *, reading: Reading) -> bytes:
    """A letter as it is printed; whose it is, is noted as seen. Raises NoSuchPaper."""
    row = Paper.objects.annotate(patient_id=F("message__patient_id")).get(message=message_id)
    reading.saw([row.patient_id])
    return bytes(row.pdf)


def _day(at: datetime, clinic: Organisation) -> date:
    return at.astimezone(ZoneInfo(clinic.time_zone)).date()


def newest(patient_id: int | None) -> int:
    """The number of the letter of theirs that came last; 0 without any. One query."""
    rows = Received.objects.filter(patient=patient_id, channel=LETTER).order_by("-id")
    return rows.values_list("pk", flat=True).first() or 0


def today(at: datetime) -> date:
    """The clinic's day. One query."""
    return _day(at, facility.organisation())


def late(at: datetime) -> list[int]:
    """Letters that wait too long to be posted or seen to, and of which nobody was told."""
    rows = Paper.objects.filter(due_at__lte=at, late_at=None, message__handled_at=None)
    return list(rows.order_by("due_at", "id").values_list("pk", flat=True)[:_AT_ONCE])
