"""What a check found, as frozen values: file, interchanges, groups, transaction sets."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from almoner.edges.x12.syntax import Fault, Severity


class Verdict(StrEnum):
    """ACCEPTED follows its guide; NOT_SUPPORTED is sound X12 of a guide we do not check."""

    ACCEPTED = "accepted"
    NOT_SUPPORTED = "not supported"
    REFUSED = "refused"


def has_errors(faults: tuple[Fault, ...]) -> bool:
    return any(fault.severity is Severity.ERROR for fault in faults)


def _worst(own: tuple[Fault, ...], inner: Iterator[Verdict]) -> Verdict:
    """Refused if anything in it is; not supported if nothing is refused and something unknown."""
    found = set(inner)
    if has_errors(own) or Verdict.REFUSED in found:
        return Verdict.REFUSED
    return Verdict.NOT_SUPPORTED if Verdict.NOT_SUPPORTED in found else Verdict.ACCEPTED


@dataclass(frozen=True, slots=True)
class SetReport:
    """One transaction set. ``guide`` is ST03, or GS08 where the set names none."""

    kind: str
    control: str
    guide: str
    name: str
    implementation: str
    checked: bool
    note: str
    segments: int
    faults: tuple[Fault, ...]

    @property
    def verdict(self) -> Verdict:
        if has_errors(self.faults):
            return Verdict.REFUSED
        return Verdict.ACCEPTED if self.checked else Verdict.NOT_SUPPORTED


@dataclass(frozen=True, slots=True)
class GroupReport:
    """One functional group. ``declared`` is GE01, None when GE is missing or not a number."""

    functional: str
    sender: str
    receiver: str
    control: str
    version: str
    declared: int | None
    sets: tuple[SetReport, ...]
    faults: tuple[Fault, ...]

    @property
    def verdict(self) -> Verdict:
        return _worst(self.faults, (inner.verdict for inner in self.sets))


@dataclass(frozen=True, slots=True)
class InterchangeReport:
    """One interchange; ``date`` and ``time`` are ISA09 and ISA10 as sent (YYMMDD, HHMM)."""

    sender_qualifier: str
    sender: str
    receiver_qualifier: str
    receiver: str
    control: str
    date: str
    time: str
    usage: str
    wants_ta1: bool
    groups: tuple[GroupReport, ...]
    faults: tuple[Fault, ...]

    @property
    def verdict(self) -> Verdict:
        return _worst(self.faults, (inner.verdict for inner in self.groups))


@dataclass(frozen=True, slots=True)
class Report:
    """A whole file. ``faults`` are those that belong to no interchange."""

    interchanges: tuple[InterchangeReport, ...]
    faults: tuple[Fault, ...]
    segments: int

    @property
    def verdict(self) -> Verdict:
        return _worst(self.faults, (inner.verdict for inner in self.interchanges))

    @property
    def sets(self) -> Iterator[SetReport]:
        for interchange in self.interchanges:
            for group in interchange.groups:
                yield from group.sets

    @property
    def all_faults(self) -> Iterator[Fault]:
        """Every fault: the file's, then for each envelope its own before those inside it."""
        yield from self.faults
        for interchange in self.interchanges:
            yield from interchange.faults
            for group in interchange.groups:
                yield from group.faults
                for inner in group.sets:
                    yield from inner.faults
