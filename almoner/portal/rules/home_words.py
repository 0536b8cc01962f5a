"""What the first page of an account says to do next, in each language; reviewed as a whole."""

HOME_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "todo": "To do next",
        "todo_video": "Go to your video visit of {time}",
        "todo_message": "Read a new message",
        "todo_messages": "Read {count} new messages",
        "todo_draft": "Send or leave the message you began",
        "todo_check_in": "Check in for {day}",
        "todo_go_on": "Go on with check-in for {day}",
        "todo_form": "Sign what is left for {day}",
        "todo_place": "Take or leave the place kept for you until {until}: {day}, {time}",
        "todo_copay": "Pay your co-pay of {amount} for {day}",
        "todo_bill": "Pay {amount} · {of}",
        "todo_bill_late": "Pay {amount}, past due since {due} · {of}",
        "todo_ends": "You may see this record of {name} until {day}. Call us if it should go on.",
        "todo_nothing": "There is nothing to do now.",
    },
    "es": {
        "todo": "Qué hacer ahora",
        "todo_video": "Ir a su cita por video de las {time}",
        "todo_message": "Leer un mensaje nuevo",
        "todo_messages": "Leer {count} mensajes nuevos",
        "todo_draft": "Enviar o dejar el mensaje que empezó",
        "todo_check_in": "Preparar su cita del {day}",
        "todo_go_on": "Seguir preparando su cita del {day}",
        "todo_form": "Firmar lo que falta para el {day}",
        "todo_place": "Tomar o dejar el lugar que le guardamos hasta las {until}: {day}, {time}",
        "todo_copay": "Pagar su copago de {amount} para el {day}",
        "todo_bill": "Pagar {amount} · {of}",
        "todo_bill_late": "Pagar {amount}, venció el {due} · {of}",
        "todo_ends": "Usted puede ver este expediente de {name} hasta el {day}. Llámenos si debe"
        " seguir.",
        "todo_nothing": "No hay nada que hacer ahora.",
    },
}
