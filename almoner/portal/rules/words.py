"""What patients read, in each of their languages. Reviewed as a whole: none has a text alone."""

from collections.abc import Mapping
from datetime import date

from almoner.ground.language import OWN_NAMES
from almoner.portal.rules.account_words import ACCOUNT_WORDS
from almoner.portal.rules.booking_words import BOOKING_WORDS
from almoner.portal.rules.contact_words import CONTACT_WORDS
from almoner.portal.rules.early_words import EARLY
from almoner.portal.rules.home_words import HOME_WORDS
from almoner.portal.rules.join_words import JOIN_WORDS
from almoner.portal.rules.kiosk_words import KIOSK
from almoner.portal.rules.message_words import MESSAGE_WORDS
from almoner.portal.rules.money_words import MONEY_WORDS
from almoner.portal.rules.people_words import PEOPLE_WORDS
from almoner.portal.rules.recovery_words import RECOVERY_WORDS
from almoner.portal.rules.result_words import RESULT_WORDS
from almoner.portal.rules.sharing_words import SHARING_WORDS
from almoner.portal.rules.survey_words import SURVEY_WORDS
from almoner.relations.rules.days import MONTHS, WEEKDAYS

DEFAULT = "en"
LANGUAGES = OWN_NAMES

_VISIT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "your_visit": "Your visit",
        "skip": "Skip to the page",
        "who_are_you": "When were you born?",
        "why_asked": "We ask so that nobody else who has this link can see your visit.",
        "month": "Month",
        "day": "Day",
        "year": "Year",
        "go_on": "Go on",
        "wrong": "That is not the birth date we have for this visit. You can try"
        " {left} more times.",
        "wrong_once": "That is not the birth date we have for this visit. You can try once more.",
        "no_such_day": "There is no such day. Write it in numbers, like 4 27 1984.",
        "closed": "Too many wrong birth dates. This link opens again within a day.",
        "call": "Or call us:",
        "over": "This link does not work any more.",
        "over_why": "The visit may be over, or part of the link is missing. If you have a newer"
        " message from us, use the link in that one.",
        "with": "With",
        "where": "Where",
        "where_video": "By video, from where you are",
        "will_come": "I will come",
        "will_take_part": "I will take part",
        "coming": "Thank you. We expect you.",
        "another_time": "Choose another time",
        "cancel": "Cancel the visit",
        "cancel_sure": "Cancel this visit?",
        "cancel_lost": "The time is given to somebody else at once.",
        "cancel_yes": "Yes, cancel it",
        "keep": "Keep the visit",
        "cancelled": "This visit is cancelled.",
        "cancelled_next": "To book another, call us.",
        "not_kept": "You were not here for this visit. Call us to book another.",
        "here": "You are checked in. We call you.",
        "was": "This visit is over.",
        "too_near": "Your visit is soon. To change it, call us.",
        "times": "Other times",
        "times_with": "Times with {clinician}",
        "times_any": "Times with anybody who does this visit",
        "show_any": "Show times with others too",
        "show_same": "Only {clinician}",
        "none": "There is no other time that can be booked here. Call us, we find one.",
        "later": "Later days",
        "earlier": "From the first day",
        "take": "Take this time",
        "choose_one": "Choose a time first.",
        "back": "Back to your visit",
        "taken": "Somebody has just taken that time. Your visit stands as it was. Choose another:",
        "not_possible": "That could not be done. Your visit stands as it was. Call us, we help.",
        "stale": "The page was open for too long. Nothing was changed. Say your birth date again.",
        "language": "Language",
    },
    "es": {
        "your_visit": "Su cita",
        "skip": "Ir a la página",
        "who_are_you": "¿Cuándo nació usted?",
        "why_asked": "Lo preguntamos para que nadie más que tenga este enlace pueda ver su cita.",
        "month": "Mes",
        "day": "Día",
        "year": "Año",
        "go_on": "Continuar",
        "wrong": "Esa no es la fecha de nacimiento que tenemos para esta cita. Puede"
        " intentarlo {left} veces más.",
        "wrong_once": "Esa no es la fecha de nacimiento que tenemos para esta cita. Puede"
        " intentarlo una vez más.",
        "no_such_day": "Ese día no existe. Escríbalo con números, como 27 4 1984.",
        "closed": "Demasiadas fechas equivocadas. Este enlace se abre otra vez dentro de un día.",
        "call": "O llámenos:",
        "over": "Este enlace ya no funciona.",
        "over_why": "Puede que la cita haya pasado o que falte una parte del enlace. Si tiene un"
        " mensaje nuestro más nuevo, use el enlace de ese mensaje.",
        "with": "Con",
        "where": "Dónde",
        "where_video": "Por video, desde donde usted esté",
        "will_come": "Sí, voy a ir",
        "will_take_part": "Sí, voy a participar",
        "coming": "Gracias. Le esperamos.",
        "another_time": "Elegir otra hora",
        "cancel": "Cancelar la cita",
        "cancel_sure": "¿Cancelar esta cita?",
        "cancel_lost": "La hora se da a otra persona enseguida.",
        "cancel_yes": "Sí, cancelarla",
        "keep": "Conservar la cita",
        "cancelled": "Esta cita está cancelada.",
        "cancelled_next": "Para pedir otra, llámenos.",
        "not_kept": "Usted no vino a esta cita. Llámenos para pedir otra.",
        "here": "Su llegada está anotada. Le llamaremos.",
        "was": "Esta cita ya pasó.",
        "too_near": "Su cita es pronto. Para cambiarla, llámenos.",
        "times": "Otras horas",
        "times_with": "Horas con {clinician}",
        "times_any": "Horas con cualquiera que haga esta visita",
        "show_any": "Mostrar también horas con otros",
        "show_same": "Solo {clinician}",
        "none": "No hay otra hora que se pueda pedir aquí. Llámenos y buscamos una.",
        "later": "Días siguientes",
        "earlier": "Desde el primer día",
        "take": "Tomar esta hora",
        "choose_one": "Primero elija una hora.",
        "back": "Volver a su cita",
        "taken": "Alguien acaba de tomar esa hora. Su cita sigue como estaba. Elija otra:",
        "not_possible": "No se pudo hacer. Su cita sigue como estaba. Llámenos y le ayudamos.",
        "stale": "La página estuvo abierta demasiado tiempo. Nada cambió. Diga otra vez su fecha de"
        " nacimiento.",
        "language": "Idioma",
    },
}

_OF_PAGES = (
    ACCOUNT_WORDS,
    EARLY,
    MESSAGE_WORDS,
    MONEY_WORDS,
    RECOVERY_WORDS,
    RESULT_WORDS,
    SHARING_WORDS,
    CONTACT_WORDS,
    JOIN_WORDS,
    HOME_WORDS,
    PEOPLE_WORDS,
    BOOKING_WORDS,
    SURVEY_WORDS,
    KIOSK,
)
WORDS: Mapping[str, Mapping[str, str]] = {
    code: {**words, **{word: text for each in _OF_PAGES for word, text in each[code].items()}}
    for code, words in _VISIT.items()
}


def said(language: str, word: str, /, **facts: object) -> str:
    """One text with its facts. Raises KeyError for an unknown text or a missing fact."""
    return WORDS[language][word].format_map(facts)


_ORDER = {"en": ("month", "day", "year"), "es": ("day", "month", "year")}


def date_boxes(language: str, typed: Mapping[str, str]) -> list[dict[str, str]]:
    """The three boxes of a day, in the order the language says one in; what was typed stays."""
    return [
        {"name": name, "label": WORDS[language][name], "value": typed.get(name, "")}
        for name in _ORDER[language]
    ]


def weekdays(language: str) -> list[tuple[int, str]]:
    """ISO weekdays with their names."""
    return list(enumerate(WEEKDAYS[language], start=1))


def date_text(day: date, language: str) -> str:
    """A day of another year: ``December 1, 2026`` or ``1 de diciembre de 2026``."""
    month = MONTHS[language][day.month - 1]
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{day.day} de {month} de {day.year}"
