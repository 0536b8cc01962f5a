"""What must be known before a patient is admitted to a visit by video.

A visit takes place where the patient is: the consent and the licence asked for are of that state,
and help that is called goes to that address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Item(StrEnum):
    """One thing the gate asks. Each is met, or passed over for a reason that is kept."""

    IDENTITY = "identity"
    LOCATION = "location"
    EMERGENCY = "emergency"
    CALLBACK = "callback"
    CONSENT = "consent"
    LICENCE = "licence"


PLACE_HOLDS = timedelta(hours=4)
"""How long after it was said a patient is taken to be still there."""
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one visit. ``state`` is where the patient said they are, two letters.

    ``consented``: to the text that is in force in that state. ``licensed``: who would admit, there.
    """

    identified: bool
    state: str
    located_at: datetime | None
    emergency: str
    callback: str
    consented: bool
    licensed: bool


def open_items(facts: Facts, *, at: datetime) -> tuple[Item, ...]:
    """The items that are not met, in order."""
    placed = facts.located_at is not None and at - facts.located_at <= PLACE_HOLDS
    met = {
        Item.IDENTITY: facts.identified,
        Item.LOCATION: placed and bool(facts.state),
        Item.EMERGENCY: placed and bool(facts.emergency.strip()),
        Item.CALLBACK: bool(facts.callback.strip()),
        Item.CONSENT: facts.consented,
        Item.LICENCE: facts.licensed,
    }
    return tuple(item for item in Item if not met[item])


def barred(still_open: tuple[Item, ...], reasons: Mapping[Item, str]) -> tuple[Item, ...]:
    """The open items that nobody gave a reason for."""
    return tuple(item for item in still_open if not reasons.get(item, "").strip())


STATES = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "DC",
    "FL",
    "GA",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VT",
    "VA",
    "WA",
    "WV",
    "WI",
    "WY",
    "PR",
    "GU",
    "VI",
    "AS",
    "MP",
]
"""The states and territories of the postal service."""
_NAMES = [
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "District of Columbia",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
    "Puerto Rico",
    "Guam",
    "Virgin Islands",
    "American Samoa",
    "Northern Mariana Islands",
]
_BY_NAME = {name.casefold(): code for name, code in zip(_NAMES, STATES, strict=True)}


def state_named(typed: str) -> str:
    """The two letters of a state as somebody typed it, letters or name; empty when it is none."""
    said = " ".join(typed.split())
    if said.upper() in STATES:
        return said.upper()
    return _BY_NAME.get(said.casefold(), "")


SHORTEST_NUMBER, LONGEST_NUMBER = 10, 15
LONGEST_ADDRESS = 200


def number_to_call(typed: str) -> str:
    """A phone number in E.164, a bare one taken as North American; empty when it is none."""
    digits = "".join(letter for letter in typed if letter.isdecimal() and letter.isascii())
    if not typed.strip().startswith("+") and len(digits) == SHORTEST_NUMBER:
        digits = f"1{digits}"
    return f"+{digits}" if SHORTEST_NUMBER < len(digits) <= LONGEST_NUMBER else ""
