"""What is handed over in a call: pictures that a patient allowed, papers, and money."""

from collections.abc import Mapping
from datetime import datetime, timedelta

PICTURE_TEXT = "2026-11"
"""The version of the question in use. What was said yes to is never edited: another is added."""
ANSWER_WITHIN = timedelta(minutes=2)
TAKE_WITHIN = timedelta(minutes=1)
"""One yes is for one picture, taken now and not later."""


def waits(*, asked_at: datetime, at: datetime) -> bool:
    """Whether a question that has no answer may still be answered."""
    return at - asked_at <= ANSWER_WITHIN


def may_take(*, given: bool | None, answered_at: datetime | None, at: datetime) -> bool:
    return bool(given) and answered_at is not None and at - answered_at <= TAKE_WITHIN


HANDED: Mapping[str, Mapping[str, str]] = {
    "en": {
        "take_picture": "Take a picture",
        "picture_question": "May your clinician keep one picture of what your camera shows now? It"
        " is put into your record.",
        "picture_waits": "The patient is being asked.",
        "picture_lapsed": "The patient did not answer. You can ask again.",
        "picture_refused": "The patient does not want a picture to be kept.",
        "picture_kept": "The picture is in the record.",
        "picture_kept_patient": "One picture was put into your record.",
        "picture_none": "No picture was taken: the patient's camera shows nothing.",
        "hand_over": "Send a document",
        "hand_file": "Photo or PDF",
        "hand_title": "What is it?",
        "hand_send": "Send it",
        "handed": "It is kept.",
        "handed_patient": "Your clinic has it.",
        "handed_list": "Sent in this visit",
        "pay": "Pay",
        "pay_tab": "A new tab opens; the call goes on here.",
        "pay_left": "Still to pay for this visit: {amount}",
        "pay_asked": "A payment is under way.",
        "pay_done": "Paid: {amount}. Thank you.",
        "pay_done_host": "The patient paid {amount}.",
    },
    "es": {
        "take_picture": "Tomar una foto",
        "picture_question": "¿Puede su médico guardar una foto de lo que muestra su cámara ahora?"
        " Se pone en su expediente.",
        "picture_waits": "Se le está preguntando al paciente.",
        "picture_lapsed": "El paciente no respondió. Puede preguntar otra vez.",
        "picture_refused": "El paciente no quiere que se guarde una foto.",
        "picture_kept": "La foto está en el expediente.",
        "picture_kept_patient": "Se puso una foto en su expediente.",
        "picture_none": "No se tomó la foto: la cámara del paciente no muestra nada.",
        "hand_over": "Enviar un documento",
        "hand_file": "Foto o PDF",
        "hand_title": "¿Qué es?",
        "hand_send": "Enviar",
        "handed": "Está guardado.",
        "handed_patient": "Su clínica lo tiene.",
        "handed_list": "Enviado en esta cita",
        "pay": "Pagar",
        "pay_tab": "Se abre otra pestaña; la llamada sigue aquí.",
        "pay_left": "Falta pagar por esta cita: {amount}",
        "pay_asked": "Hay un pago en curso.",
        "pay_done": "Pagado: {amount}. Gracias.",
        "pay_done_host": "El paciente pagó {amount}.",
    },
}
