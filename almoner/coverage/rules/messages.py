"""What the free text of a benefit row says, as far as a rule may rely on it."""

import re
from collections.abc import Iterable
from enum import StrEnum


class VisitKind(StrEnum):
    """The kinds of visit for which payers tell different co-pays in words."""

    PRIMARY = "primary care"
    SPECIALIST = "specialist"
    TELEHEALTH = "telehealth"
    UNKNOWN = "unknown"


_KINDS = (
    (VisitKind.PRIMARY, re.compile(r"\bPRIMARY CARE|\bPCP\b|\bFAMILY PRACTICE", re.IGNORECASE)),
    (VisitKind.SPECIALIST, re.compile(r"\bSPECIALIST|\bSPECIALTY CARE|\bSPEC\b", re.IGNORECASE)),
    (
        VisitKind.TELEHEALTH,
        re.compile(r"\bTELE(HEALTH|MEDICINE)|\bVIRTUAL|\bE-?VISIT", re.IGNORECASE),
    ),
)
_AFTER_DEDUCTIBLE = re.compile(
    r"\bAFTER (THE )?DEDUCTIBLE|\bDEDUCTIBLE APPLIES|\bSUBJECT TO (THE )?DEDUCTIBLE", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(IF|UNLESS|EXCEPT|EXCLUD\w*|WAIVED|FIRST \d+|UP TO|MAXIMUM|MAX|ONLY|LIMITED TO|APPLIES TO"
    r"|WHEN|VISITS? \d+|AGES?|UNDER \d+|PENDING|VARIES|MAY)\b",
    re.IGNORECASE,
)


def about(messages: Iterable[str]) -> frozenset[VisitKind]:
    """The kinds of visit a row's messages name; none when they name none."""
    text = " ".join(messages)
    return frozenset(kind for kind, pattern in _KINDS if pattern.search(text))


def conditional(messages: Iterable[str], *, deductible_left: int | None) -> bool:
    """Whether the text ties the amount to something we do not know.

    "After deductible" is no condition once nothing is left of it.
    """
    text = " ".join(messages)
    if deductible_left == 0:
        text = _AFTER_DEDUCTIBLE.sub("", text)
    return bool(_AFTER_DEDUCTIBLE.search(text) or _CONDITION.search(text))
