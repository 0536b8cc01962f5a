"""The words of a campaign: shipped ones, or one's own, in each language patients read.

Others may hold the phone: the words name neither an illness nor a kind of visit. Every text says
who writes and how it ends; every e-mail that advertises says where we are.
"""

from collections.abc import Mapping

from almoner.relations.rules import REPLY_STOP, fill, unfillable

LONGEST_TEXT, LONGEST_SUBJECT = 300, 80
FACTS = ("clinic", "phone")

SHIPPED: dict[str, tuple[str, str]] = {
    # language: subject (e-mail only), body
    "en": (
        "It is time for a visit",
        "It has been a while since we saw you. To book a visit, call {phone} or answer here.",
    ),
    "es": (
        "Es hora de una cita",
        "Hace tiempo que no le vemos. Para pedir una cita, llame al {phone} o responda aquí.",
    ),
}
_END_OF_MAIL = {
    "en": "To hear no more of this, answer and say so.",
    "es": "Para no recibir más de esto, responda y dígalo.",
}
_END_BY_LINK = {
    "en": "To hear no more of this, answer and say so, or open this:",
    "es": "Para no recibir más de esto, responda y dígalo, o abra esto:",
}
"""The link is put below it by relations, which knows whose e-mail it is."""


def shipped(*said: str) -> bool:
    """Whether these are the words we ship: English subject and body, then Spanish."""
    return said == (*SHIPPED["en"], *SHIPPED["es"])


def faults(words: str) -> list[str]:
    """What in one's own words cannot be filled in: the names in braces we know nothing for."""
    return unfillable(words, FACTS)


def composed(
    channel: str, language: str, words: str, *, facts: Mapping[str, str], advertises: bool
) -> str:
    """The body as it leaves; ``facts`` are clinic, phone and address."""
    said = fill(words, facts)
    if channel == "sms":
        return f"{facts['clinic']}: {said} {REPLY_STOP[language]}."
    if advertises:
        return f"{said}\n\n{facts['clinic']}, {facts['address']}\n{_END_BY_LINK[language]}"
    return f"{said}\n\n{facts['clinic']}\n{_END_OF_MAIL[language]}"
