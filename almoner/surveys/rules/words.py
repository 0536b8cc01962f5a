"""What is sent to a patient after a visit. It names neither its reason nor who was seen."""

from almoner.ground.words import gettext_noop
from almoner.relations.rules import OPT_OUT, REPLY_STOP, SURVEY, TextKind

_FACTS = ("clinic", "phone", "day", "link", OPT_OUT)
_NEEDED = ("link", OPT_OUT)
_ENDS = {OPT_OUT: REPLY_STOP}

ASKS = TextKind(
    code="survey",
    name=gettext_noop("How a visit was, asked after it"),
    channels=("sms",),
    fields=_FACTS,
    needed=_NEEDED,
    purpose=SURVEY,
    samples=_ENDS,
    shipped={
        "en": (
            "",
            "{clinic}: how was your visit of {day}? It takes a minute: {link} {opt_out}.",
        ),
        "es": (
            "",
            "{clinic}: ¿cómo le fue en su cita del {day}? Le toma un minuto: {link} {opt_out}.",
        ),
    },
)
ASKS_AGAIN = TextKind(
    code="survey-again",
    name=gettext_noop("How a visit was, asked once more"),
    channels=("sms",),
    fields=_FACTS,
    needed=_NEEDED,
    purpose=SURVEY,
    samples=_ENDS,
    shipped={
        "en": (
            "",
            "{clinic}: we would still like to know how your visit of {day} was: {link}"
            " This is the last time we ask. {opt_out}.",
        ),
        "es": (
            "",
            "{clinic}: todavía nos gustaría saber cómo le fue en su cita del {day}: {link}"
            " Es la última vez que preguntamos. {opt_out}.",
        ),
    },
)
