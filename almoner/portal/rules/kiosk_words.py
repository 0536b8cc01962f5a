"""What patients read at a kiosk: texts of its own, and others in the place of a link's."""

from collections.abc import Mapping

KIOSK: Mapping[str, Mapping[str, str]] = {
    "en": {
        "kiosk": "Check in here",
        "kiosk_go": "Check in",
        "kiosk_who": "Who are you?",
        "kiosk_born": "Your birth date",
        "kiosk_second": "Your last name, or the last 4 digits of your phone",
        "kiosk_second_hint": "Your patient number works too.",
        "kiosk_find": "Find my visit",
        "kiosk_back": "Start over",
        "kiosk_desk": "We could not find your visit with that. Please see the front desk.",
        "kiosk_is_this": "Is this your visit?",
        "kiosk_not_mine": "No, this is not mine",
        "kiosk_arrived": "The desk knows that you are here.",
        "kiosk_wait": "Please take a seat. We call you.",
        "kiosk_wait_at": "Please wait here: {place}. We call you.",
        "kiosk_pay": "Your co-pay for this visit is {amount}. You pay it at the desk.",
        "kiosk_done": "I am done",
        "kiosk_on": "Go on with your questions",
        "kiosk_still": "Are you still there?",
        "kiosk_still_why": "This page is wiped soon, so that nobody sees what is yours. What you"
        " answered is kept.",
        "kiosk_seconds": "seconds left",
        "kiosk_more_time": "I need more time",
        "kiosk_ask": "The front desk helps you with anything here.",
        "kiosk_kept": "We have kept what you wrote",
        "kiosk_kept_here": "The connection is away for a moment. This device keeps that you are"
        " here, and tells the desk as soon as it can. Nothing is lost.",
        "kiosk_kept_more": "If you like, tell us more while you wait:",
        "kiosk_kept_answer": "The connection is away for a moment. This device keeps your last"
        " answer, and sends it as soon as it can. Nothing is lost. You can go on, or take a seat"
        " and tell the desk the rest.",
        "kiosk_kept_try": "Try to go on",
        "kiosk_not_kept": "This could not be sent",
        "kiosk_not_kept_why": "The connection is away for a moment. Please show your card, or sign"
        " your form, at the front desk. What you answered before is kept.",
        "kiosk_thanks": "Thank you. Please take a seat. We call you.",
        "kiosk_tell": "Tell the desk",
        "kiosk_new": "Make this device a kiosk",
        "kiosk_new_why": "Write the code from the page Kiosks. It works once.",
        "kiosk_new_do": "Make it a kiosk",
        "kiosk_no_code": "This code opens nothing. Make a new one on the page Kiosks.",
    },
    "es": {
        "kiosk": "Regístrese aquí",
        "kiosk_go": "Ya llegué",
        "kiosk_who": "¿Quién es usted?",
        "kiosk_born": "Su fecha de nacimiento",
        "kiosk_second": "Su apellido, o los últimos 4 números de su teléfono",
        "kiosk_second_hint": "También sirve su número de paciente.",
        "kiosk_find": "Buscar mi cita",
        "kiosk_back": "Empezar de nuevo",
        "kiosk_desk": "No encontramos su cita con esos datos. Por favor, pase a la recepción.",
        "kiosk_is_this": "¿Es esta su cita?",
        "kiosk_not_mine": "No, no es la mía",
        "kiosk_arrived": "La recepción sabe que usted está aquí.",
        "kiosk_wait": "Por favor, tome asiento. Le llamaremos.",
        "kiosk_wait_at": "Por favor, espere aquí: {place}. Le llamaremos.",
        "kiosk_pay": "Su copago de esta cita es {amount}. Lo paga en la recepción.",
        "kiosk_done": "Ya terminé",
        "kiosk_on": "Seguir con sus preguntas",
        "kiosk_still": "¿Sigue usted ahí?",
        "kiosk_still_why": "Esta página se borra pronto, para que nadie vea lo suyo. Lo que"
        " respondió queda guardado.",
        "kiosk_seconds": "segundos",
        "kiosk_more_time": "Necesito más tiempo",
        "kiosk_ask": "La recepción le ayuda con cualquier cosa aquí.",
        "kiosk_kept": "Guardamos lo que escribió",
        "kiosk_kept_here": "La conexión falla por un momento. Este aparato guarda que usted está"
        " aquí y avisa a la recepción en cuanto pueda. No se pierde nada.",
        "kiosk_kept_more": "Si quiere, cuéntenos más mientras espera:",
        "kiosk_kept_answer": "La conexión falla por un momento. Este aparato guarda su última"
        " respuesta y la envía en cuanto pueda. No se pierde nada. Puede seguir, o tomar asiento y"
        " decir el resto en la recepción.",
        "kiosk_kept_try": "Intentar seguir",
        "kiosk_not_kept": "Esto no se pudo enviar",
        "kiosk_not_kept_why": "La conexión falla por un momento. Por favor, muestre su tarjeta o"
        " firme su formulario en la recepción. Lo que respondió antes está guardado.",
        "kiosk_thanks": "Gracias. Por favor, tome asiento. Le llamaremos.",
        "kiosk_tell": "Avisar a la recepción",
        "kiosk_new": "Hacer de este aparato un quiosco",
        "kiosk_new_why": "Escriba el código de la página Kiosks. Sirve una vez.",
        "kiosk_new_do": "Hacerlo un quiosco",
        "kiosk_no_code": "Este código no abre nada. Haga uno nuevo en la página Kiosks.",
    },
}

AT_KIOSK: Mapping[str, Mapping[str, str]] = {
    "en": {
        "early": "Check in",
        "early_on": "Go on with your questions",
        "early_done": "Thank you. There is nothing more to fill in.",
        "early_hidden": "We show only a part of what we have, since others may see this screen.",
        "back": "Where to wait",
        "card_unreadable": "That is no picture we can read, or it is too large (15 MB). Try once"
        " more, or show your card at the desk.",
    },
    "es": {
        "early": "Su llegada",
        "early_on": "Seguir con sus preguntas",
        "early_done": "Gracias. No hay nada más que llenar.",
        "early_hidden": "Mostramos solo una parte de lo que tenemos, porque otros pueden ver esta"
        " pantalla.",
        "back": "Dónde esperar",
        "card_unreadable": "Esa imagen no se puede leer o es demasiado grande (15 MB). Intente otra"
        " vez, o muestre su tarjeta en la recepción.",
    },
}
"""What is said otherwise at a kiosk than on a phone of one's own."""

AT_THE_DESK: Mapping[str, Mapping[str, str]] = {
    "en": {
        "back": "Done with this",
        "kiosk_ask": "If something is not clear, ask: we are here.",
        "kiosk_done": "Back to the desk",
    },
    "es": {
        "back": "Terminar con esto",
        "kiosk_ask": "Si algo no está claro, pregunte: estamos aquí.",
        "kiosk_done": "Volver a la recepción",
    },
}
"""What is said otherwise when an officer goes through it with the patient, at the desk."""
