"""What somebody reads who ends e-mails of ours by the link in one."""

from collections.abc import Mapping

NO_MORE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "skip": "Skip to the page",
        "call": "Questions? Call",
        "language": "Language",
        "title": "E-mails from us",
        "ask": "Do you want no more e-mails like the one you came from?",
        "care": "We still write to you about your visits.",
        "end": "No more e-mails like it",
        "ended": "You will get no more e-mails like it.",
        "back": "If you want them again, call us.",
        "unknown": "This link leads to nothing. If it was cut off, copy all of it, or call us.",
    },
    "es": {
        "skip": "Ir a la página",
        "call": "¿Preguntas? Llame al",
        "language": "Idioma",
        "title": "Correos nuestros",
        "ask": "¿No quiere más correos como el que lo trajo aquí?",
        "care": "Seguiremos escribiéndole sobre sus citas.",
        "end": "No más correos así",
        "ended": "No recibirá más correos así.",
        "back": "Si los quiere otra vez, llámenos.",
        "unknown": "Este enlace no lleva a nada. Quizá está cortado: cópielo entero o llámenos.",
    },
}
