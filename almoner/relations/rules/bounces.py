"""What it means that an e-mail came back, by the status of RFC 3463. No clock, no database."""

import re

from almoner.ground.words import gettext_noop

BOUNCED, COMPLAINED = "bounced", "complained"
CLOSED: dict[str, str] = {
    BOUNCED: gettext_noop("E-mails to this address came back"),
    COMPLAINED: gettext_noop("They reported our e-mails as unwanted"),
}
"""Why no e-mail goes to an address until somebody has looked."""

_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
# The address itself is wrong, gone or switched off; a full box or a large e-mail passes.
_HARD = frozenset(
    {"5.0.0", "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.0", "5.2.1", "5.4.4"}
)
_HARD_REPLY = frozenset({550, 551, 553})  # RFC 5321, when no status is said
_NOT_DELIVERED = gettext_noop("It came back")
_TROUBLES: dict[str, str] = {
    "5.1.1": gettext_noop("There is no such address"),
    "5.1.2": gettext_noop("There is no such mail server"),
    "5.1.6": gettext_noop("The address has moved, and nobody says where"),
    "5.1.10": gettext_noop("The address takes no e-mails"),
    "5.2.1": gettext_noop("The address is switched off"),
    "5.2.2": gettext_noop("Their box is full"),
    "4.2.2": gettext_noop("Their box is full"),
    "5.3.4": gettext_noop("It was too large for their mail server"),
    "5.4.4": gettext_noop("There is no such mail server"),
    "4.4.1": gettext_noop("Their mail server did not answer for days"),
    "4.4.7": gettext_noop("Their mail server did not answer for days"),
    "5.7.1": gettext_noop("Their mail server takes no e-mails from us"),
}


def is_hard(status: str, reply: int | None = None) -> bool:
    """Whether what came back says that the address takes no e-mails at all.

    ``reply`` is the mail server's number, which counts where it gave no status.
    """
    return status in _HARD if status else reply in _HARD_REPLY


def status_in(words: str) -> str:
    """The status that a mail server's answer begins with; empty without one."""
    found = _STATUS.match(words.strip())
    return found[0] if found else ""


def mail_trouble(status: str) -> str:
    """Why an e-mail came back, in our words, and behind a colon the status."""
    known = _TROUBLES.get(status, _NOT_DELIVERED)
    return f"{known}: {status}" if _STATUS.fullmatch(status) else known
