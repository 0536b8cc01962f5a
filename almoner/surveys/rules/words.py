"""What is sent to a patient after a visit. It names neither its reason nor who was seen."""

from collections.abc import Mapping

TEMPLATE, AGAIN = "survey", "survey_again"
TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    TEMPLATE: {
        "en": (
            "How was your visit?",
            "{clinic}: how was your visit of {day}? It takes a minute: {link}"
            " Reply STOP to get no more texts.",
        ),
        "es": (
            "¿Cómo le fue en su cita?",
            "{clinic}: ¿cómo le fue en su cita del {day}? Le toma un minuto: {link}"
            " Responda ALTO para no recibir más mensajes.",
        ),
    },
    AGAIN: {
        "en": (
            "How was your visit?",
            "{clinic}: we would still like to know how your visit of {day} was: {link}"
            " This is the last time we ask. Reply STOP to get no more texts.",
        ),
        "es": (
            "¿Cómo le fue en su cita?",
            "{clinic}: todavía nos gustaría saber cómo le fue en su cita del {day}: {link}"
            " Es la última vez que preguntamos. Responda ALTO para no recibir más mensajes.",
        ),
    },
}


def text(template: str, language: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body. Raises KeyError for a missing fact."""
    subject, body = TEXTS[template][language]
    return subject, body.format_map(facts)
