"""Pure decisions of outreach: what may be asked, who is held out, what was found. No database."""

from almoner.outreach.rules.drawing import Place, draw, held_out
from almoner.outreach.rules.effect import FEWEST, Arm, Effect, Verdict, effect
from almoner.outreach.rules.segments import (
    FIELDS,
    Conditions,
    Field,
    Kind,
    Unreadable,
    codes_of,
    in_order,
    read,
)
from almoner.outreach.rules.states import (
    ACTIVE,
    CHANNELS,
    GIVEN_UP_AFTER,
    HELD_FOR,
    PURPOSES,
    Called,
    Left,
    Standing,
    State,
    again_after,
    comes_to,
)
from almoner.outreach.rules.texts import LONGEST_SUBJECT, LONGEST_TEXT, SHIPPED, composed, faults

__all__ = [
    "ACTIVE",
    "CHANNELS",
    "FEWEST",
    "FIELDS",
    "GIVEN_UP_AFTER",
    "HELD_FOR",
    "LONGEST_SUBJECT",
    "LONGEST_TEXT",
    "PURPOSES",
    "SHIPPED",
    "Arm",
    "Called",
    "Conditions",
    "Effect",
    "Field",
    "Kind",
    "Left",
    "Place",
    "Standing",
    "State",
    "Unreadable",
    "Verdict",
    "again_after",
    "codes_of",
    "comes_to",
    "composed",
    "draw",
    "effect",
    "faults",
    "held_out",
    "in_order",
    "read",
]
