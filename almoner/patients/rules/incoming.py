"""People who come from another system, and what became of each."""

from dataclasses import dataclass, field

from almoner.patients.rules.details import Details


@dataclass(frozen=True, slots=True)
class Incoming:
    """One person of a file and his place in it. ``details`` is None when faults refuse him.

    ``remarks`` tell what was left out of a person who is kept.
    """

    place: str
    details: Details | None
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person. ``mrn`` is the record made, found, or looking like him."""

    place: str
    patient_id: int | None = None
    mrn: str = ""
    says: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What became of everybody in a file, each in the file's order.

    ``alike`` were not written: somebody here may be the same person, and a person must decide.
    ``written_though_alike`` counts those created who are possibly somebody here, and wait on the
    list of pairs.
    """

    created: list[Outcome] = field(default_factory=list)
    already_here: list[Outcome] = field(default_factory=list)
    alike: list[Outcome] = field(default_factory=list)
    refused: list[Outcome] = field(default_factory=list)
    written_though_alike: int = 0
