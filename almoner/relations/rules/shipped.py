"""The texts of conversations as they come with the house; other duties bring their own.

Texts sent to a phone that others may hold name neither the reason of a visit nor a specialty.
"""

from almoner.ground.words import gettext_noop
from almoner.relations.rules.letters import ANSWER, LETTERS, STILL_OPEN
from almoner.relations.rules.places import OF_PLACES
from almoner.relations.rules.proving import TO_READ_BACK
from almoner.relations.rules.spoken import SPOKEN
from almoner.relations.rules.texts import TextKind

_EITHER = ("sms", "email")
_VISIT = ("clinic", "phone", "clinician", "where", "day", "time", "change")
_PROMISE = ("day", "time", "change")
_LETTER = ("name", "number", "clinic", "contact", "phone", "received")

BOOKED = TextKind(
    code="booked",
    name=gettext_noop("A visit is booked"),
    channels=_EITHER,
    fields=_VISIT,
    needed=_PROMISE,
    shipped={
        "en": (
            "Your visit on {day}",
            "{clinic}: you are booked {day} at {time} with {clinician}, {where}. {change}",
        ),
        "es": (
            "Su cita del {day}",
            "{clinic}: tiene cita el {day} a las {time} con {clinician}, {where}. {change}",
        ),
    },
)
MOVED = TextKind(
    code="moved",
    name=gettext_noop("A visit has moved"),
    channels=_EITHER,
    fields=_VISIT,
    needed=_PROMISE,
    shipped={
        "en": (
            "Your visit is now on {day}",
            "{clinic}: your visit has moved to {day} at {time} with {clinician}, {where}. {change}",
        ),
        "es": (
            "Su cita ahora es el {day}",
            "{clinic}: su cita se cambió al {day} a las {time} con {clinician}, {where}. {change}",
        ),
    },
)
REMINDER = TextKind(
    code="reminder",
    name=gettext_noop("A visit is near"),
    channels=_EITHER,
    fields=_VISIT,
    needed=_PROMISE,
    shipped={
        "en": (
            "Your visit on {day}",
            "{clinic}: we expect you {day} at {time}, {clinician}, {where}. {change}",
        ),
        "es": (
            "Su cita del {day}",
            "{clinic}: le esperamos el {day} a las {time}, {clinician}, {where}. {change}",
        ),
    },
)
CANCELLED = TextKind(
    code="cancelled",
    name=gettext_noop("A visit is cancelled"),
    channels=_EITHER,
    fields=("clinic", "phone", "clinician", "day", "time"),
    needed=("day", "phone"),
    shipped={
        "en": (
            "Your visit on {day} is cancelled",
            "{clinic}: your visit on {day} at {time} with {clinician} is cancelled."
            " To book another call {phone}.",
        ),
        "es": (
            "Su cita del {day} se canceló",
            "{clinic}: se canceló su cita del {day} a las {time} con {clinician}."
            " Para pedir otra llame al {phone}.",
        ),
    },
)
BY_PHONE = TextKind(
    code="change-by-phone",
    name=gettext_noop("How a visit is changed by phone alone"),
    channels=_EITHER,
    fields=("phone",),
    needed=("phone",),
    part=True,
    shipped={
        "en": ("", "To change it call {phone}."),
        "es": ("", "Para cambiarla llame al {phone}."),
    },
)
BY_LINK = TextKind(
    code="change-by-link",
    name=gettext_noop("How a visit is confirmed and changed by link"),
    channels=_EITHER,
    fields=("link", "phone"),
    needed=("link",),
    part=True,
    shipped={
        "en": ("", "Confirm or change it: {link} or call {phone}."),
        "es": ("", "Confírmela o cámbiela: {link} o llame al {phone}."),
    },
)
CONFIRMED = TextKind(
    code="change-confirmed",
    name=gettext_noop("How a confirmed visit is changed by link"),
    channels=_EITHER,
    fields=("link", "phone"),
    needed=("link",),
    part=True,
    shipped={
        "en": ("", "To change it: {link} or call {phone}."),
        "es": ("", "Para cambiarla: {link} o llame al {phone}."),
    },
)
PREPARED = TextKind(
    code="change-check-in",
    name=gettext_noop("How a visit is prepared and changed by link"),
    channels=_EITHER,
    fields=("link", "phone"),
    needed=("link",),
    part=True,
    shipped={
        "en": ("", "Check in or change it: {link} or call {phone}."),
        "es": ("", "Regístrese o cámbiela: {link} o llame al {phone}."),
    },
)
LANGUAGE_LINE = TextKind(
    code="language-line",
    name=gettext_noop("Under a text that is in English, to whoever reads another language"),
    channels=_EITHER,
    fields=("language", "phone"),
    needed=("phone",),
    part=True,
    shipped={
        "en": ("", "{language}: call {phone}, an interpreter is free."),
        "es": ("", "Español: llame al {phone}, le ayudamos gratis en su idioma."),
    },
)
# 47 CFR 64.1200(a)(12): the one text after a revocation confirms it and wants nothing of anybody.
STOPPED = TextKind(
    code="stop",
    name=gettext_noop("Somebody texted STOP"),
    channels=("sms",),
    fields=("clinic", "phone"),
    needed=("clinic",),
    shipped={
        "en": (
            "",
            "{clinic}: you will get no more texts from us. To get them again, reply START."
            " Questions: {phone}.",
        ),
        "es": (
            "",
            "{clinic}: no le enviaremos más mensajes de texto. Para recibirlos otra vez, responda"
            " INICIAR. Preguntas: {phone}.",
        ),
    },
)
HELPED = TextKind(
    code="help",
    name=gettext_noop("Somebody texted HELP"),
    channels=("sms",),
    fields=("clinic", "phone"),
    needed=("clinic", "phone"),
    shipped={
        "en": ("", "{clinic}: for help call {phone}. Reply STOP to get no more texts."),
        "es": (
            "",
            "{clinic}: para ayuda llame al {phone}. Responda ALTO para no recibir más mensajes.",
        ),
    },
)
# 42 CFR 482.13(a)(2)(iii): a contact person, the steps taken, the results, the date of completion.
ANSWERED = TextKind(
    code="letter-answer",
    name=gettext_noop("The letter of what was done about a grievance"),
    channels=("email", "paper"),
    fields=(*_LETTER, "steps", "result", "completed"),
    needed=("contact", "steps", "result", "completed"),
    shipped={each: (text.subject, text.body) for each, text in LETTERS[ANSWER].items()},
)
OPEN_STILL = TextKind(
    code="letter-open",
    name=gettext_noop("The letter that a grievance is still open"),
    channels=("email", "paper"),
    fields=(*_LETTER, "next"),
    needed=("contact", "next"),
    shipped={each: (text.subject, text.body) for each, text in LETTERS[STILL_OPEN].items()},
)
WAITS_IN_ACCOUNT = TextKind(
    code="message-waits",
    name=gettext_noop("A message waits in the account, of which nothing is said"),
    channels=_EITHER,
    fields=("clinic", "phone", "link"),
    needed=("link",),
    shipped={
        "en": (
            "A message from {clinic}",
            "{clinic}: you have a new message in your account. Sign in to read it: {link}"
            " Questions? Call {phone}.",
        ),
        "es": (
            "Un mensaje de {clinic}",
            "{clinic}: tiene un mensaje nuevo en su cuenta. Entre para leerlo: {link}"
            " ¿Preguntas? Llame al {phone}.",
        ),
    },
)
LETTER_KINDS = {ANSWER: ANSWERED.code, STILL_OPEN: OPEN_STILL.code}

OURS = (
    BOOKED, MOVED, REMINDER, CANCELLED, BY_PHONE, BY_LINK, CONFIRMED, PREPARED, LANGUAGE_LINE,
    STOPPED, HELPED, ANSWERED, OPEN_STILL, WAITS_IN_ACCOUNT, TO_READ_BACK, *OF_PLACES,
    *SPOKEN,
)  # fmt: skip


def ending(*, link: bool, confirmed: bool, check_in: bool) -> str:
    """Which part says how a visit is changed, and confirmed while it is not.

    ``check_in``: it can be prepared by the link now, which confirms it too.
    """
    if not link:
        return BY_PHONE.code
    return (PREPARED if check_in else CONFIRMED if confirmed else BY_LINK).code
