"""What is known of the registration when a form is filled at the desk: told by who stands above."""

from collections.abc import Callable

from almoner.records.rules import Known, Told

Find = Callable[[int, int | None, str], Known]
_finds: dict[str, Find] = {}


def knows(name: str, find: Find) -> None:
    """Of a patient, of the visit that the form is filled for, if any, in the form's language."""
    _finds[name] = find


def known_at_the_desk(patient_id: int, visit_id: int | None, language: str) -> Known:
    """As an officer reads it, whole. The patient is one that was noted as seen."""
    found: dict[str, Told] = {}
    for find in _finds.values():
        found |= find(patient_id, visit_id, language)
    return found
