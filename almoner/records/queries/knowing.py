"""What is known of the registration when a form is filled at the desk: told by who stands above."""

from collections.abc import Callable

from almoner.records.rules import Known

Find = Callable[[int, int | None], Known]
_finds: dict[str, Find] = {}


def knows(name: str, find: Find) -> None:
    """Of a patient, and of the visit that the form is filled for, when it is for one."""
    _finds[name] = find


def known_at_the_desk(patient_id: int, visit_id: int | None) -> Known:
    """As an officer reads it, whole. The patient is one that was noted as seen."""
    finds = _finds.values()
    return {name: told for find in finds for name, told in find(patient_id, visit_id).items()}
