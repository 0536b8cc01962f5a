"""Which member ids a payer can be sent.

The element takes 2 to 80 characters of the standard's extended set, which is all printable ASCII
(NM109 of 005010X279A1 and 005010X222A1, element 67). Four of them separate the parts of what we
write (``* : ^ ~``) and cannot stand in a value. Real cards hold letters, digits, hyphens, spaces,
and now and then a point or a slash.
"""

import re

_MARK = r"!-)+-9;-\]_-}"
SENDABLE = rf"[{_MARK}][ {_MARK}]{{0,78}}[{_MARK}]"
"""The whole id, as a regular expression that Python and PostgreSQL read alike."""


def can_be_sent(member_id: str) -> bool:
    """Whether a payer can be asked by this id, just as it is."""
    return re.fullmatch(SENDABLE, member_id) is not None
