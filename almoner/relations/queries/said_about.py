"""What was said last about a visit or a bill, for its own page."""

from dataclasses import dataclass

from almoner.access.queries import Reading
from almoner.relations.queries.about import Thing
from almoner.relations.queries.conversations import with_patient
from almoner.relations.queries.thread import Said, thread

_FEW = 8


@dataclass(frozen=True, slots=True)
class SaidAbout:
    """The newest lines, the oldest first; ``older``: there are more. ``value`` names the thing."""

    patient_id: int
    value: str
    lines: list[Said]
    older: bool


def said_about(patient_id: int, about: Thing, *, reading: Reading) -> SaidAbout:
    """The last of a conversation that is about a thing. One query; five and up where there is any.

    Of a family's bill it is the conversation with whoever it was sent to.
    """
    talk = with_patient(patient_id)
    lines, older = thread(talk, reading=reading, about=about, limit=_FEW)
    return SaidAbout(patient_id, f"{about[0]}:{about[1]}", lines, older is not None)
