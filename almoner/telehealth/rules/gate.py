"""What must be known before a patient is admitted to a visit by video.

A visit takes place where the patient is: the consent and the licence asked for are of that state,
and help that is called goes to that address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from almoner.patients.rules.details import e164


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


_STATES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA",
    "Colorado": "CO", "Connecticut": "CT", "Delaware": "DE", "District of Columbia": "DC",
    "Florida": "FL", "Georgia": "GA", "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL",
    "Indiana": "IN", "Iowa": "IA", "Kansas": "KS", "Kentucky": "KY", "Louisiana": "LA",
    "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA", "Michigan": "MI", "Minnesota": "MN",
    "Mississippi": "MS", "Missouri": "MO", "Montana": "MT", "Nebraska": "NE", "Nevada": "NV",
    "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "New York": "NY",
    "North Carolina": "NC", "North Dakota": "ND", "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR",
    "Pennsylvania": "PA", "Rhode Island": "RI", "South Carolina": "SC", "South Dakota": "SD",
    "Tennessee": "TN", "Texas": "TX", "Utah": "UT", "Vermont": "VT", "Virginia": "VA",
    "Washington": "WA", "West Virginia": "WV", "Wisconsin": "WI", "Wyoming": "WY",
    "Puerto Rico": "PR", "Guam": "GU", "Virgin Islands": "VI", "American Samoa": "AS",
    "Northern Mariana Islands": "MP",
}  # fmt: skip
"""The states and territories of the postal service."""
_BY_NAME = {name.casefold(): code for name, code in _STATES.items()}


def state_named(typed: str) -> str:
    """The two letters of a state as somebody typed it, letters or name; empty when it is none."""
    said = " ".join(typed.split())
    if said.upper() in _STATES.values():
        return said.upper()
    return _BY_NAME.get(said.casefold(), "")


LONGEST_ADDRESS = 200


def number_to_call(typed: str) -> str:
    """A phone number in E.164, a bare one taken as North American; empty when it is none."""
    try:
        return e164(typed)
    except ValueError:
        return ""
