"""What somebody who waits is told of a place that came free. As `telling`: no reason of a visit."""

from collections.abc import Mapping

TEXTS: dict[str, tuple[str, str]] = {
    "en": (
        "A place on {day}",
        "{clinic}: {day} at {time} with {clinician}, {where}, came free. It is kept for you until"
        " {until}. {take}",
    ),
    "es": (
        "Un lugar el {day}",
        "{clinic}: quedó libre el {day} a las {time} con {clinician}, {where}. Se lo guardamos"
        " hasta las {until}; {take}",
    ),
}

_BY_LINK = {
    "en": "Take it or say no: {link} or call {phone}.",
    "es": "tómelo o diga que no: {link} o llame al {phone}.",
}
_BY_PHONE = {"en": "To take it call {phone}.", "es": "para tomarlo llame al {phone}."}


def offer_text(language: str, facts: Mapping[str, str], *, link: str) -> tuple[str, str]:
    """Subject and body; without a link it is taken by phone. Raises KeyError for a missing fact."""
    by = _BY_LINK if link else _BY_PHONE
    take = by[language].format(phone=facts["phone"], link=link)
    subject, body = TEXTS[language]
    return subject.format_map(facts), body.format_map({**facts, "take": take})


BOOK_TEXTS: dict[str, tuple[str, str]] = {
    "en": (
        "Time for your visit",
        "{clinic}: it is time to book your visit. Choose a time: {link} or call {phone}.",
    ),
    "es": (
        "Es hora de su cita",
        "{clinic}: es hora de pedir su cita. Elija una hora: {link} o llame al {phone}.",
    ),
}


def book_text(language: str, facts: Mapping[str, str], *, link: str) -> tuple[str, str]:
    """Subject and body that lead to the openings of a follow-up. Raises KeyError."""
    subject, body = BOOK_TEXTS[language]
    return subject, body.format_map({**facts, "link": link})
