"""Files that came with messages: what waits to be looked at, what stands by each, and one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading, WorkItem
from almoner.relations.models import File, Received
from almoner.relations.queries.received import who_may_be
from almoner.relations.rules.files import WHY, FileState

NoSuchFile = File.DoesNotExist
STATES: Mapping[str, tuple[str, Promise]] = {
    FileState.WAITING: ("wait", _("Being looked at")),
    FileState.KEPT: ("wait", _("Kept with the message")),
    FileState.HANDED_ON: ("good", _("With the documents")),
    FileState.REFUSED: ("bad", _("Not kept")),
    FileState.THROWN_AWAY: ("plain", _("Thrown away: it was nobody's")),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as its conversation tells of it; ``why`` is a key of `rules.files.WHY`."""

    id: int
    name: str
    state: str
    media: str
    why: str
    document_id: int | None

    @property
    def badge(self) -> tuple[str, Promise]:
        return STATES[self.state]

    @property
    def why_not(self) -> str:
        return WHY.get(self.why, "")

    @property
    def undecided(self) -> bool:
        """Whether it stays with the message, until it is known who wrote."""
        return self.state in (FileState.WAITING, FileState.KEPT)


def files_due(at: datetime, *, received_id: int | None = None) -> list[int]:
    """What is to be fetched or looked at by then, the longest due first; of one message or all."""
    rows = File.objects.filter(state=FileState.WAITING, due_at__lte=at)
    if received_id is not None:
        rows = rows.filter(received=received_id)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:100])


def files_of(received_ids: Collection[int]) -> Mapping[int, tuple[FileLine, ...]]:
    """What came with each of these messages, in order. One query."""
    found: dict[int, list[FileLine]] = defaultdict(list)
    rows = File.objects.filter(received__in=received_ids).order_by("received", "pk")
    wanted = ("received_id", "pk", "name", "state", "media", "why", "document_id")
    for received_id, *line in rows.values_list(*wanted):
        found[received_id].append(FileLine(*line))
    return {each: tuple(lines) for each, lines in found.items()}


def files_wait(received: Received) -> bool:
    """Whether something that came with it is not settled until it is known who wrote."""
    undecided = [FileState.WAITING, FileState.KEPT]
    return File.objects.filter(received=received, state__in=undecided).exists()


def file_content(file_id: int, *, reading: Reading) -> tuple[str, bytes]:
    """Its media type and bytes, of what is kept with a message; whoever it may be of is noted.

    Raises NoSuchFile: what was handed on, refused or not looked at yet is not here.
    """
    row = File.objects.select_related("received").get(pk=file_id, state=FileState.KEPT)
    came = row.received
    if came.patient_id:
        reading.saw([came.patient_id])
    else:
        where = (came.channel, came.sender)
        for person in who_may_be([where]).get(where, ()):
            reading.saw_about(WorkItem("received", came.pk), person.id)
    return row.media, bytes(row.content or b"")
