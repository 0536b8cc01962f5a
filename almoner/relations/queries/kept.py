"""What may not leave because of how a patient asked to be reached, or of what they keep private."""

from collections.abc import Callable

from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.patients.queries import kept_confidential, ways
from almoner.relations.models import Message

Private = Callable[[str, int], bool]
_private: list[Private] = []


def private_by(private: Private) -> None:
    """Register what says of a visit or bill, by kind and id, that it is kept from those around."""
    _private.append(private)


def kept_back(item: Outgoing) -> str:
    """Why something may not leave to where it goes, in words; empty when it may.

    Of a visit that is kept private nothing leaves until the patient has said how they are reached:
    a phone in the record may be the family's.
    """
    if why := kept_confidential(item.patient_id, item.channel, item.payload["to"]):
        return why
    if item.patient_id is None or not unsaid_how(item.patient_id, **_about(item)):
        return ""
    return gettext_noop("The visit is kept private, and it is not known how to reach the patient")


def unsaid_how(patient_id: int, *, visit_id: int | None, statement_id: int | None) -> bool:
    """Whether a visit or bill is private to a patient who has not said how they are reached."""
    things = (("appointment", visit_id), ("statement", statement_id))
    private = any(each(kind, number) for kind, number in things if number for each in _private)
    return private and ways(patient_id) is None


def _about(item: Outgoing) -> dict[str, int | None]:
    about = Message.objects.filter(outgoing=item).values_list(
        "visit_id", "statement_id", "event__about_kind", "event__about_id"
    )
    visit_id, statement_id, kind, about_id = about.first() or (None, None, None, None)
    told = about_id if kind == "appointment" else None
    return {"visit_id": visit_id or told, "statement_id": statement_id}
