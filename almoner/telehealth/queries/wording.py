"""Staff's words for the codes of a visit by video."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.telehealth.rules import Item, Phone, Role, State

STATES: dict[str, tuple[str, Promise]] = {
    State.NOT_OPEN: ("plain", _("Not here yet")),
    State.WAITING: ("wait", _("Waits")),
    State.ADMITTED: ("good", _("In the call")),
    State.ENDED: ("plain", _("Over")),
}
"""The tone of the badge, and the word."""
OTHERWISE: tuple[str, Promise] = ("plain", _("Seen, not by video"))
ITEMS: dict[str, Promise] = {
    Item.IDENTITY: _("Who it is"),
    Item.LOCATION: _("State where the patient is"),
    Item.EMERGENCY: _("Address for help"),
    Item.CALLBACK: _("Number to call back"),
    Item.CONSENT: _("Consent of that state"),
    Item.LICENCE: _("Licence in that state"),
}
ROLES: dict[str, Promise] = {
    Role.PATIENT: _("Patient"),
    Role.CLINICIAN: _("Clinician"),
    Role.INTERPRETER: _("Interpreter"),
    Role.FAMILY: _("Family"),
}
TESTED: dict[str, Promise] = {
    "camera": _("Camera"),
    "microphone": _("Microphone"),
    "speaker": _("Speaker"),
    "network": _("Connection"),
    "relay": _("Relay"),
}
REASONS: dict[str, Promise] = {
    Phone.CAMERA: _("camera"),
    Phone.SOUND: _("sound"),
    Phone.CONNECTION: _("connection"),
    Phone.OTHER: _("another reason"),
}
WAYS: dict[str, Promise] = {
    "host": _("direct"),
    "srflx": _("direct"),
    "prflx": _("direct"),
    "relay": _("by the relay"),
}
BY_GATEWAY = {"relay": _("through the gateway, by the relay")}
CAUSES: dict[str, Promise] = {
    "left": _("left"),
    "lost": _("line lost"),
    "failed": _("never came about"),
    "removed": _("taken out"),
    "phone": _("went on by phone"),
    "gathered": _("five took part: on through the gateway"),
}


def way(candidate: str, *, by_gateway: bool) -> Promise | str:
    """How pictures came: from browser to browser, or through the gateway."""
    if by_gateway:
        return BY_GATEWAY.get(candidate, _("through the gateway"))
    return WAYS.get(candidate, "")
