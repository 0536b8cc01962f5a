"""Messages in a patient's account: what they may be about, who answers them, and until when."""

from datetime import timedelta
from enum import StrEnum

from almoner.relations.rules.cases import Desk, Kind

CHANNEL = "portal"
LONGEST_POST = 4000
"""Characters a patient may write at once."""
LONGEST_SUBJECT = 120
UNREAD = timedelta(days=3)
"""How long a message of ours may lie unread in an account before somebody calls."""


class Topic(StrEnum):
    """What a message is about, as the patient chooses it."""

    VISIT = "visit"
    BILL = "bill"
    RECORDS = "records"
    COMPLAINT = "complaint"
    OTHER = "other"


BELONGS_TO: dict[str, tuple[Kind, Desk]] = {
    Topic.VISIT: (Kind.QUESTION, Desk.FRONT),
    Topic.BILL: (Kind.QUESTION, Desk.BILLING),
    Topic.RECORDS: (Kind.RECORDS, Desk.RECORDS),
    Topic.COMPLAINT: (Kind.COMPLAINT, Desk.RELATIONS),
    Topic.OTHER: (Kind.QUESTION, Desk.FRONT),
}
"""The kind of case a message makes when nobody answers it in time, and the desk that answers."""

_THREAD = "thread:"


def address_of_thread(thread_id: int) -> str:
    """Where what is said in one thread of an account comes from and goes to."""
    return f"{_THREAD}{thread_id}"


def thread_at(address: str) -> int:
    return int(address.removeprefix(_THREAD))


def carrier_id(account_id: int, key: str) -> str:
    """What makes a message of an account one, however often it is sent."""
    return f"{CHANNEL} {account_id} {key}"
