"""What the carrier reports of a text it took: in which order, and what a failure means.

The words are those of Twilio's StatusCallback, which other carriers imitate; the numbers are those
of its error dictionary. Reports come more than once and in any order.
"""

from enum import StrEnum

from almoner.ground.words import gettext_noop


class Report(StrEnum):
    """How far a text has come. The last three are ends: nothing follows them."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


REPORTS: dict[str, Report] = {
    "accepted": Report.QUEUED,
    "scheduled": Report.QUEUED,
    "queued": Report.QUEUED,
    "sending": Report.QUEUED,
    "sent": Report.SENT,
    "delivered": Report.DELIVERED,
    "read": Report.DELIVERED,
    "undelivered": Report.UNDELIVERED,
    "failed": Report.FAILED,
    "canceled": Report.FAILED,
}
"""The carrier's word for how far a text is, and ours."""
NOT_ARRIVED = (Report.UNDELIVERED, Report.FAILED)
_BEFORE: dict[Report, tuple[Report, ...]] = {
    Report.QUEUED: (),
    Report.SENT: (Report.QUEUED,),
}
_UNDER_WAY = (Report.QUEUED, Report.SENT)

OPTED_OUT = 21610
"""They texted STOP, and the carrier itself lets nothing through to them from our number."""
CARRIER_SAYS_STOP = gettext_noop("The carrier says that they have opted out")
MAY_BE_LANDLINE = gettext_noop("The number may be a landline, which takes no texts")
_NOT_DELIVERED = gettext_noop("The carrier could not deliver it")
_TROUBLES: dict[int, str] = {
    21211: gettext_noop("The number is not one that can be reached"),
    21408: gettext_noop("Our carrier sends no texts to that country"),
    OPTED_OUT: CARRIER_SAYS_STOP,
    21612: gettext_noop("Our carrier cannot reach that number"),
    21614: MAY_BE_LANDLINE,
    30001: gettext_noop("Our carrier had too much to send"),
    30002: gettext_noop("Our account with the carrier is suspended"),
    30003: gettext_noop("The phone is off, out of reach, or not in use any more"),
    30004: gettext_noop("The phone or its network blocks our texts"),
    30005: gettext_noop("The number is unknown or not in use any more"),
    30006: MAY_BE_LANDLINE,
    30007: gettext_noop("The network took it for an unwanted text"),
    30008: _NOT_DELIVERED,
    30034: gettext_noop("Our number is not registered with the networks"),
}


def may_follow(report: Report) -> tuple[Report, ...]:
    """What a text may have come to before this report of it: an end is the last that is heard."""
    return _BEFORE.get(report, _UNDER_WAY)


def trouble(code: int | None, said: str = "") -> str:
    """Why a text did not arrive, in our words, and behind a colon the carrier's number for it.

    A number we do not know is told by the carrier's own words, ``said``, where there are any.
    """
    known = _TROUBLES.get(code or 0, said or _NOT_DELIVERED)
    return f"{known}: {code}" if code and known != said else known
