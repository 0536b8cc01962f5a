"""What somebody who waits is told of a place that came free. As `shipped`: no reason of a visit."""

from almoner.ground.words import gettext_noop
from almoner.relations.rules.texts import TextKind

_EITHER = ("sms", "email")
_TIMES = {"until": {"en": "3:30 PM", "es": "3:30 p. m."}}
_TAKE = {
    "take": {
        "en": "Take it or say no: https://clinic.example/e/Qm7xYk2Lp9sD or call 608-555-0100.",
        "es": "tómelo o diga que no: https://clinic.example/e/Qm7xYk2Lp9sD o llame al"
        " 608-555-0100.",
    }
}

OFFER = TextKind(
    code="offer",
    name=gettext_noop("A place that came free, for somebody who waits"),
    channels=_EITHER,
    fields=("clinic", "phone", "clinician", "where", "day", "time", "until", "take"),
    needed=("day", "time", "until", "take"),
    samples={**_TIMES, **_TAKE},
    shipped={
        "en": (
            "A place on {day}",
            "{clinic}: {day} at {time} with {clinician}, {where}, came free. It is kept for you"
            " until {until}. {take}",
        ),
        "es": (
            "Un lugar el {day}",
            "{clinic}: quedó libre el {day} a las {time} con {clinician}, {where}. Se lo"
            " guardamos hasta las {until}; {take}",
        ),
    },
)
_BY_LINK = TextKind(
    code="offer-by-link",
    name=gettext_noop("How a place that came free is taken by link"),
    channels=_EITHER,
    fields=("link", "phone"),
    needed=("link",),
    part=True,
    shipped={
        "en": ("", "Take it or say no: {link} or call {phone}."),
        "es": ("", "tómelo o diga que no: {link} o llame al {phone}."),
    },
)
_BY_PHONE = TextKind(
    code="offer-by-phone",
    name=gettext_noop("How a place that came free is taken by phone alone"),
    channels=_EITHER,
    fields=("phone",),
    needed=("phone",),
    part=True,
    shipped={
        "en": ("", "To take it call {phone}."),
        "es": ("", "para tomarlo llame al {phone}."),
    },
)
BOOK = TextKind(
    code="book",
    name=gettext_noop("It is time to book a visit"),
    channels=_EITHER,
    fields=("clinic", "phone", "link"),
    needed=("link",),
    shipped={
        "en": (
            "Time for your visit",
            "{clinic}: it is time to book your visit. Choose a time: {link} or call {phone}.",
        ),
        "es": (
            "Es hora de su cita",
            "{clinic}: es hora de pedir su cita. Elija una hora: {link} o llame al {phone}.",
        ),
    },
)

OF_PLACES = (OFFER, _BY_LINK, _BY_PHONE, BOOK)


def taking(*, link: bool) -> str:
    """Which part says how a place is taken."""
    return (_BY_LINK if link else _BY_PHONE).code
