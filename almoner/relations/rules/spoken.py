"""The texts that are said aloud in a call of ours, as they come with the house.

What is said before somebody has confirmed that it is them names nobody's visit. The keys are the
menu's (`almoner.relations.rules.phoning`).
"""

from collections.abc import Mapping

from almoner.ground.words import gettext_noop
from almoner.relations.rules.phoning import VOICE, Part
from almoner.relations.rules.texts import OPT_OUT, TextKind

_ALOUD = (VOICE,)
PRESS_NINE = {
    "en": "For no more such calls, press 9",
    "es": "Para no recibir más llamadas así, oprima 9",
}
_SAMPLES: Mapping[str, Mapping[str, str]] = {
    OPT_OUT: PRESS_NINE,
    "phone": dict.fromkeys(("en", "es"), "6 0 8, 5 5 5, 0 1 0 0"),
    "name": dict.fromkeys(("en", "es"), "Cy"),
    "day": {"en": "Tuesday, December 1", "es": "martes 1 de diciembre"},
}


def _spoken(
    code: str,
    name: str,
    fields: tuple[str, ...],
    said: Mapping[str, str],
    *,
    needed: tuple[str, ...] = (),
    part: bool = True,
) -> TextKind:
    return TextKind(
        code=code,
        name=name,
        channels=_ALOUD,
        fields=fields,
        needed=needed,
        part=part,
        samples=_SAMPLES,
        shipped={language: ("", words) for language, words in said.items()},
    )


CALL_REMINDER = _spoken(
    "call-reminder",
    gettext_noop("A visit is near, said in a call"),
    ("clinic", "phone", "clinician", "where", "day", "time"),
    {
        "en": "You have an appointment at {clinic} on {day} at {time}.",
        "es": "Usted tiene una cita en {clinic} el {day} a las {time}.",
    },
    needed=("day", "time"),
    part=False,
)
GREETING = _spoken(
    Part.GREETING,
    gettext_noop("Who calls and for whom, the first words of a call"),
    ("clinic", "name", OPT_OUT),
    {
        "en": "Hello. This is a recorded call from {clinic} for {name}. {opt_out}."
        " If you are {name}, or answer for {name}, press 1.",
        "es": "Hola. Esta es una llamada grabada de {clinic} para {name}. {opt_out}."
        " Si usted es {name}, o responde por {name}, oprima 1.",
    },
    needed=("clinic", "name", OPT_OUT),
)
BIRTH_DATE = _spoken(
    Part.BIRTH_DATE,
    gettext_noop("Asking for the birth date in a call"),
    (),
    {
        "en": "Please press the eight digits of your birth date: two for the month, two for the"
        " day, and"
        " four for the year.",
        "es": "Por favor marque los ocho números de su fecha de nacimiento: dos del mes, dos del"
        " día y"
        " cuatro del año.",
    },
)
MENU = _spoken(
    Part.MENU,
    gettext_noop("The keys of a call, with confirming the visit"),
    (OPT_OUT,),
    {
        "en": "To say that you will come, press 1. To hear it again, press 2. If we should call"
        " you back,"
        " press 3. {opt_out}.",
        "es": "Para decir que vendrá, oprima 1. Para oírlo otra vez, oprima 2. Si quiere que le"
        " llamemos,"
        " oprima 3. {opt_out}.",
    },
    needed=(OPT_OUT,),
)
MENU_CONFIRMED = _spoken(
    Part.MENU_CONFIRMED,
    gettext_noop("The keys of a call about a visit that is confirmed"),
    (OPT_OUT,),
    {
        "en": "To hear it again, press 2. If we should call you back, press 3. {opt_out}.",
        "es": "Para oírlo otra vez, oprima 2. Si quiere que le llamemos, oprima 3. {opt_out}.",
    },
    needed=(OPT_OUT,),
)
VOICEMAIL = _spoken(
    Part.VOICEMAIL,
    gettext_noop("What a machine that answers hears, and nothing more"),
    ("clinic", "phone"),
    {
        "en": "This is {clinic}. Please call us at {phone}. To get no more such calls, tell us"
        " there.",
        "es": "Habla {clinic}. Por favor llámenos al {phone}. Para no recibir más llamadas así,"
        " díganoslo"
        " ahí.",
    },
    needed=("clinic", "phone"),
)
CONFIRMED = _spoken(
    Part.CONFIRMED,
    gettext_noop("Somebody confirmed a visit in a call"),
    ("phone", "day", "time"),
    {
        "en": "Thank you. We expect you. Goodbye.",
        "es": "Gracias. Le esperamos. Hasta luego.",
    },
)
CALL_BACK = _spoken(
    Part.CALL_BACK,
    gettext_noop("Somebody asked in a call to be called back"),
    ("phone",),
    {
        "en": "We will call you back. Goodbye.",
        "es": "Le llamaremos. Hasta luego.",
    },
)
NO_MORE_CALLS = _spoken(
    Part.NO_MORE,
    gettext_noop("Somebody ended calls by a key"),
    ("clinic", "phone"),
    {
        "en": "You will get no more such calls from us. Goodbye.",
        "es": "No recibirá más llamadas así. Hasta luego.",
    },
)
CHANGED = _spoken(
    Part.CHANGED,
    gettext_noop("What a call was about is not so any more"),
    ("clinic", "phone"),
    {
        "en": "This is {clinic}. You need not do anything now. Questions? Call {phone}. Goodbye.",
        "es": "Habla {clinic}. Ahora no tiene que hacer nada. ¿Preguntas? Llame al {phone}. Hasta"
        " luego.",
    },
    needed=("phone",),
)
CALL_US = _spoken(
    Part.CALL_US,
    gettext_noop("The end of a call in which nothing more can be done"),
    ("clinic", "phone"),
    {
        "en": "Please call {clinic} at {phone}. Goodbye.",
        "es": "Por favor llame a {clinic} al {phone}. Hasta luego.",
    },
    needed=("phone",),
)
AROUND = (
    GREETING, BIRTH_DATE, MENU, MENU_CONFIRMED, VOICEMAIL, CONFIRMED, CALL_BACK, NO_MORE_CALLS,
    CHANGED, CALL_US,
)  # fmt: skip
"""What is said in a call around the message, whatever that is."""
SPOKEN = (CALL_REMINDER, *AROUND)
