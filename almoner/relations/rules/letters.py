"""The letters about a grievance, in the languages patients are written to.

42 CFR 482.13(a)(2)(iii): the written notice names a contact person, the steps taken on behalf of
the patient to investigate, the results, and the date of completion. What the officer adds is in
the patient's language already.
"""

from typing import NamedTuple

ANSWER, STILL_OPEN = "answer", "still_open"
NO_NAME = {"en": "Sir or Madam", "es": "señora o señor"}
"""How somebody is addressed of whom nobody knows who it is."""


class Text(NamedTuple):
    """Subject and body of a letter."""

    subject: str
    body: str


LETTERS: dict[str, dict[str, Text]] = {
    ANSWER: {
        "en": Text(
            "What we did about your complaint {number}",
            "Dear {name},\n\n"
            "You told us about a problem on {received}. Thank you. We took it seriously.\n\n"
            "What we did\n\n{steps}\n\n"
            "What we found\n\n{result}\n\n"
            "We finished our work on this on {completed}.\n\n"
            "Do you have questions? Please call {contact} at {phone}. Your number is {number}.\n\n"
            "{contact}\n{clinic}",
        ),
        "es": Text(
            "Nuestra respuesta a su queja {number}",
            "Hola, {name}:\n\n"
            "Usted nos habló de un problema el {received}. Gracias. Lo tomamos en serio.\n\n"
            "Lo que hicimos\n\n{steps}\n\n"
            "Lo que vimos\n\n{result}\n\n"
            "Terminamos el {completed}.\n\n"
            "¿Tiene dudas? Llame a {contact} al {phone}. Su número es {number}.\n\n"
            "{contact}\n{clinic}",
        ),
    },
    STILL_OPEN: {
        "en": Text(
            "Your complaint {number} is still open",
            "Dear {name},\n\n"
            "You told us about a problem on {received}. We are still working on it.\n\n"
            "We will write to you again by {next}. You do not have to do anything.\n\n"
            "Do you have questions? Please call {contact} at {phone}. Your number is {number}.\n\n"
            "{contact}\n{clinic}",
        ),
        "es": Text(
            "Su queja {number} sigue abierta",
            "Hola, {name}:\n\n"
            "Usted nos habló de un problema el {received}. Aún no terminamos.\n\n"
            "Le vamos a escribir otra vez antes del {next}. Usted no tiene que hacer nada.\n\n"
            "¿Tiene dudas? Llame a {contact} al {phone}. Su número es {number}.\n\n"
            "{contact}\n{clinic}",
        ),
    },
}
