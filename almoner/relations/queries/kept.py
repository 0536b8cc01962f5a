"""What may not leave because of how a patient asked to be reached, or of what they keep private."""

from collections.abc import Callable

from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.patients.queries import kept_confidential, ways
from almoner.relations.models import Message

Private = Callable[[int], bool]
_private: list[Private] = []


def private_by(private: Private) -> None:
    """Register what says of a visit that the patient keeps it from those around them."""
    _private.append(private)


def kept_back(item: Outgoing) -> str:
    """Why something may not leave to where it goes, in words; empty when it may.

    Of a visit that is kept private nothing leaves until the patient has said how they are reached:
    a phone in the record may be the family's.
    """
    if why := kept_confidential(item.patient_id, item.channel, item.payload["to"]):
        return why
    if item.patient_id is None or not unsaid_how(item.patient_id, _visit_of(item)):
        return ""
    return gettext_noop("The visit is kept private, and it is not known how to reach the patient")


def unsaid_how(patient_id: int, visit_id: int | None) -> bool:
    """Whether a visit is kept private by a patient who has not said how they are reached."""
    private = visit_id is not None and any(each(visit_id) for each in _private)
    return private and ways(patient_id) is None


def _visit_of(item: Outgoing) -> int | None:
    about = Message.objects.filter(outgoing=item).values_list(
        "visit_id", "event__about_kind", "event__about_id"
    )
    visit_id, kind, about_id = about.first() or (None, None, None)
    return visit_id or (about_id if kind == "appointment" else None)
