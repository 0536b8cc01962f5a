"""What a text that came in means, and what is answered by itself.

47 CFR 64.1200(a)(10): STOP, QUIT, END, REVOKE, OPT OUT, CANCEL and UNSUBSCRIBE revoke, and so does
any other way that is reasonable. The exact words act by themselves; whatever merely contains them
is read by a person, with a suggestion.
"""

from dataclasses import dataclass
from enum import StrEnum

from almoner.patients.rules.fold import fold

CARE = "care"
"""What a text is for that does not say."""
SURVEY = "survey"
"""What a text is for that asks how a visit was."""
ADVERTISING = "marketing"
"""What a text is for that offers something."""
PURPOSES = (CARE, "billing", ADVERTISING, SURVEY)
"""What a text can be for. A revocation is of all of them: the strictest reading."""
GIVEN_BY_START = (CARE, "billing")
"""What START gives back. Marketing and surveys need a word of their own, not this one."""

ANSWER = "answer"
"""What a text of ours is for that answers one of theirs: it alone goes to a number that said STOP,
at any hour."""


class Meaning(StrEnum):
    """What the whole text says."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"
    MACHINE = "machine"


class Suggestion(StrEnum):
    """What a text that a person must read may want."""

    NONE = ""
    STOP = "stop"
    VISIT = "visit"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a text means. ``work``: somebody must read it, whatever was done by itself."""

    meaning: Meaning
    language: str
    work: bool = False
    suggestion: Suggestion = Suggestion.NONE


_WORDS: dict[tuple[Meaning, str], tuple[str, ...]] = {
    (Meaning.STOP, "en"): (
        "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
    ),
    (Meaning.STOP, "es"): (
        "alto", "parar", "basta", "cancelar", "baja", "detener", "nomas", "terminar", "fin",
    ),
    (Meaning.START, "en"): ("start", "unstop"),
    (Meaning.START, "es"): ("iniciar", "comenzar"),
    (Meaning.HELP, "en"): ("help", "info"),
    (Meaning.HELP, "es"): ("ayuda",),
}  # fmt: skip
_KNOWN = {word: (said, language) for (said, language), words in _WORDS.items() for word in words}
_OF_A_VISIT_TOO = frozenset({"cancel", "cancelar"})

_ENDING = frozenset(
    {
        "stop", "unsubscribe", "quit", "revoke", "remove", "cancel", "dont", "opt", "optout",
        "alto", "parar", "pare", "paren", "basta", "cancelar", "cancele", "baja", "detener",
        "terminar", "deje", "dejen", "quiten", "quiteme", "no", "ya",
    }
)  # fmt: skip
_TEXTS = frozenset(
    {
        "text", "texts", "texting", "message", "messages", "messaging", "list",
        "mensaje", "mensajes", "texto", "textos", "lista", "manden", "mande", "envien", "escriban",
    }
)  # fmt: skip
_PLAINLY = frozenset(
    {"stop", "unsubscribe", "quit", "revoke", "optout", "alto", "parar", "basta", "detener"}
)
_VISIT = frozenset(
    {
        "cancel", "cancelar", "cancele", "reschedule", "appointment", "appt", "visit", "cita",
        "cambiar", "reprogramar", "late", "tarde",
    }
)  # fmt: skip
_STRANGER = (
    "wrong number", "wrong person", "wrong phone", "not my number", "dont know who", "do not know",
    "numero equivocado", "persona equivocada", "no soy", "no es mi numero", "no conozco",
)  # fmt: skip


def meaning(text: str) -> Heard:
    """What a text means: by the whole of it, without case, accents, marks and spaces.

    CANCEL and CANCELAR revoke, as the rule says, and are work all the same: the patient may have
    meant the visit.
    """
    folded = fold(text)
    word = folded.replace(" ", "")
    if word in _KNOWN:
        said, language = _KNOWN[word]
        if word in _OF_A_VISIT_TOO:
            return Heard(said, language, work=True, suggestion=Suggestion.VISIT)
        return Heard(said, language)
    return Heard(Meaning.OTHER, "en", work=True, suggestion=_suggested(folded))


def _suggested(folded: str) -> Suggestion:
    words = set(folded.split())
    if any(f" {phrase} " in f" {folded} " for phrase in _STRANGER):
        return Suggestion.WRONG_NUMBER
    if words & _ENDING and words & _TEXTS:
        return Suggestion.STOP
    if words & _VISIT:
        return Suggestion.VISIT
    return Suggestion.STOP if words & _PLAINLY else Suggestion.NONE


ANSWERS = {Meaning.STOP: "stop", Meaning.HELP: "help"}
"""The text that is answered by itself to a text of this meaning; to others none is."""

REPLY_STOP = {"en": "Reply STOP to end", "es": "Responda ALTO para terminar"}
"""How texts that are no care are ended, where an e-mail has a link."""

ENDED = ("marketing", "survey")
"""Purposes that need a word of their own; an e-mail of them ends them by a press (RFC 8058)."""
