"""What patients read when they are asked how a visit was; as `words`, reviewed as a whole."""

from collections.abc import Mapping

SURVEY_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "survey": "How was your visit?",
        "survey_of": "Your visit on {day}",
        "survey_kept": "Each answer is kept at once. You can stop and go on at any time.",
        "survey_step": "Question {n} of {of}",
        "survey_nps_low": "0: certainly not",
        "survey_nps_high": "10: certainly",
        "survey_csat_low": "1: not at all",
        "survey_csat_high": "5: very",
        "survey_words_hint": "You can leave this empty.",
        "survey_send": "Send",
        "survey_finish": "That is all",
        "survey_yours": "Your answers",
        "survey_change": "Change",
        "survey_nothing": "Nothing written",
        "survey_thanks": "Thank you.",
        "survey_thanks_why": "Your answer helps us. When something went wrong, somebody from the"
        " clinic looks into it.",
        "survey_done": "You have answered this survey already. Thank you.",
        "survey_bad": "Choose one of the numbers.",
        "survey_long": "That is more than we can keep. Write less, or call us.",
        "survey_no_more": "Do not ask me again",
        "survey_no_more_kept": "We do not ask you by text again how a visit was.",
        "survey_over": "This survey is closed.",
        "survey_over_why": "The time to answer is over, or part of the link is missing. Nothing is"
        " needed from you. To tell us something, call us.",
        "survey_why_asked": "We ask so that nobody else who has this link can answer for you.",
        "survey_private": "Only people who work at the clinic read what you say.",
        "survey_may": "May we ask you by text after the visit how it was?",
        "survey_may_yes": "Yes, ask me",
        "survey_may_kept": "We may ask you by text after a visit how it was. To end it, reply STOP"
        " to any text or tell the desk.",
    },
    "es": {
        "survey": "¿Cómo le fue en su cita?",
        "survey_of": "Su cita del {day}",
        "survey_kept": "Cada respuesta se guarda enseguida. Puede parar y seguir cuando quiera.",
        "survey_step": "Pregunta {n} de {of}",
        "survey_nps_low": "0: seguro que no",
        "survey_nps_high": "10: seguro que sí",
        "survey_csat_low": "1: nada",
        "survey_csat_high": "5: mucho",
        "survey_words_hint": "Puede dejarlo vacío.",
        "survey_send": "Enviar",
        "survey_finish": "Eso es todo",
        "survey_yours": "Sus respuestas",
        "survey_change": "Cambiar",
        "survey_nothing": "No escribió nada",
        "survey_thanks": "Gracias.",
        "survey_thanks_why": "Su respuesta nos ayuda. Si algo salió mal, alguien de la clínica lo"
        " va a revisar.",
        "survey_done": "Usted ya contestó esta encuesta. Gracias.",
        "survey_bad": "Elija uno de los números.",
        "survey_long": "Es más de lo que podemos guardar. Escriba menos, o llámenos.",
        "survey_no_more": "No me pregunten otra vez",
        "survey_no_more_kept": "Ya no le preguntaremos por mensaje cómo le fue en una cita.",
        "survey_over": "Esta encuesta está cerrada.",
        "survey_over_why": "El tiempo para contestar ya pasó o falta una parte del enlace. No tiene"
        " que hacer nada. Si quiere decirnos algo, llámenos.",
        "survey_why_asked": "Lo preguntamos para que nadie más que tenga este enlace pueda"
        " contestar por usted.",
        "survey_private": "Lo que diga solo lo leen personas que trabajan en la clínica.",
        "survey_may": "¿Podemos preguntarle por mensaje después de la cita cómo le fue?",
        "survey_may_yes": "Sí, pregúntenme",
        "survey_may_kept": "Podemos preguntarle por mensaje después de una cita cómo le fue. Para"
        " que no lo hagamos más, responda ALTO a cualquier mensaje o dígalo en la recepción.",
    },
}
