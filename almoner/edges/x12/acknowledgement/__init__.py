"""What a partner answers to a file: TA1 of interchanges, 999 of groups, 277CA of claims."""

from almoner.edges.x12.acknowledgement.claims import (
    ClaimAcknowledgement,
    ClaimAnswer,
    LineAnswer,
    Outcome,
    ProviderAnswer,
    Status,
    read_277ca,
    write_277ca,
)
from almoner.edges.x12.acknowledgement.groups import (
    ElementNote,
    GroupAnswer,
    SegmentNote,
    SetAnswer,
    answer_group,
    answer_report,
    read_999,
    write_999,
)
from almoner.edges.x12.acknowledgement.interchanges import (
    InterchangeAnswer,
    answer_interchange,
    read_ta1,
    write_ta1,
)

__all__ = [
    "ClaimAcknowledgement",
    "ClaimAnswer",
    "ElementNote",
    "GroupAnswer",
    "InterchangeAnswer",
    "LineAnswer",
    "Outcome",
    "ProviderAnswer",
    "SegmentNote",
    "SetAnswer",
    "Status",
    "answer_group",
    "answer_interchange",
    "answer_report",
    "read_277ca",
    "read_999",
    "read_ta1",
    "write_277ca",
    "write_999",
    "write_ta1",
]
