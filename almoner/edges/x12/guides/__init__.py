"""Which guides are known, and what each is checked against.

To add a guide: write its structure as ``NAME.guide`` (notation in ``grammar``), its rules beyond
structure as a class with ``see`` and ``finish`` (see ``Rules``), and name both in ``GUIDES``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from almoner.edges.x12.grammar import LoopRule, load
from almoner.edges.x12.guides.levels import (
    ClaimAcknowledgmentRules,
    EligibilityAnswerRules,
    EligibilityInquiryRules,
)
from almoner.edges.x12.guides.professional import ProfessionalRules
from almoner.edges.x12.guides.remittance import RemittanceRules
from almoner.edges.x12.syntax import Delimiters, Fault, Segment
from almoner.ground.words import gettext_noop


class Rules(Protocol):
    """What a guide demands beyond structure, checked while a transaction set goes by."""

    def __init__(self, delimiters: Delimiters, report: Callable[[Fault], None]) -> None: ...

    def see(self, segment: Segment, position: int, loop: str) -> None:
        """One placed segment; ``position`` counts from 1 at ST, ``loop`` is the guide's name."""

    def finish(self, segment: Segment, position: int) -> None:
        """The set is over; ``segment`` is its SE."""


@dataclass(frozen=True, slots=True)
class Guide:
    """One version of one transaction set; ``structure`` is a file beside this one, if checked."""

    version: str
    kind: str
    name: str
    structure: str = ""
    rules: type[Rules] | None = None
    note: str = ""

    @property
    def checked(self) -> bool:
        return bool(self.structure)


_READ = gettext_noop("This guide is read but not checked beyond its envelope and syntax.")
_NOT_ADOPTED = gettext_noop(
    "005010{} is not the version that HIPAA adopted (45 CFR 162.1102 names 005010{}); it is read "
    "but not checked beyond its envelope and syntax."
)

GUIDES: dict[tuple[str, str], Guide] = {
    (guide.kind, guide.version): guide
    for guide in (
        Guide("005010X222A1", "837", "Professional claim", "837p", ProfessionalRules),
        Guide("005010X231A1", "999", "Implementation acknowledgment", "999"),
        Guide("005010X214", "277", "Claim acknowledgment", "277ca", ClaimAcknowledgmentRules),
        Guide(
            "005010X222A2",
            "837",
            "Professional claim",
            note=_NOT_ADOPTED.format("X222A2", "X222A1"),
        ),
        Guide(
            "005010X223A3",
            "837",
            "Institutional claim",
            note=_NOT_ADOPTED.format("X223A3", "X223A2"),
        ),
        Guide("005010X223A2", "837", "Institutional claim", note=_READ),
        Guide("005010X224A2", "837", "Dental claim", note=_READ),
        Guide("005010X212", "276", "Claim status request", note=_READ),
        Guide("005010X212", "277", "Claim status response", note=_READ),
        Guide("005010X217", "278", "Authorization request or response", note=_READ),
        Guide("005010X221A1", "835", "Remittance advice", "835", RemittanceRules),
        Guide("005010X279A1", "270", "Eligibility inquiry", "270", EligibilityInquiryRules),
        Guide("005010X279A1", "271", "Eligibility response", "271", EligibilityAnswerRules),
    )
}

# GS01 of the group in which each transaction set travels.
FUNCTIONAL = {
    "270": "HS",
    "271": "HB",
    "276": "HR",
    "277": "HN",
    "278": "HI",
    "835": "HP",
    "837": "HC",
    "999": "FA",
}


def guide_of(kind: str, version: str) -> Guide:
    """The guide a transaction set claims to follow; an unknown one is read, and said to be so."""
    known = GUIDES.get((kind, version))
    if known:
        return known
    note = f"We do not know guide {version or '(none)'} for transaction set {kind}. {_READ}"
    return Guide(version, kind, "Unknown", note=note)


@cache
def structure_of(guide: Guide) -> LoopRule:
    return load(Path(__file__).with_name(f"{guide.structure}.guide"))
