"""Who may act for a patient: the page, the notices, and what is sent; in each language."""

from almoner.ground.words import gettext_noop
from almoner.relations.rules import TextKind

BEGAN = TextKind(
    code="account-others-began",
    name=gettext_noop("Somebody else may now act for the patient"),
    channels=("sms", "email"),
    fields=("clinic", "phone"),
    needed=("phone",),
    shipped={
        "en": (
            "Your record at {clinic}",
            "{clinic}: somebody else may now act for you in an online account. If you did not want"
            " this, call {phone}.",
        ),
        "es": (
            "Su expediente en {clinic}",
            "{clinic}: otra persona ya puede actuar por usted en una cuenta en línea. Si no lo"
            " quiso, llame al {phone}.",
        ),
    },
)
ENDED = TextKind(
    code="account-others-ended",
    name=gettext_noop("Somebody may act for the patient no longer"),
    channels=("sms", "email"),
    fields=("clinic", "phone"),
    needed=("phone",),
    shipped={
        "en": (
            "Your record at {clinic}",
            "{clinic}: somebody who acted for you in an online account can do so no longer."
            " Questions? Call {phone}.",
        ),
        "es": (
            "Su expediente en {clinic}",
            "{clinic}: una persona que actuaba por usted en una cuenta en línea ya no puede"
            " hacerlo. ¿Preguntas? Llame al {phone}.",
        ),
    },
)
NARROWS = TextKind(
    code="account-others-narrow",
    name=gettext_noop("A parent will soon see less of the patient, by age"),
    channels=("sms", "email"),
    fields=("clinic", "phone", "day"),
    needed=("phone", "day"),
    samples={"day": {"en": "December 1, 2026", "es": "1 de diciembre de 2026"}},
    shipped={
        "en": (
            "Your record at {clinic}",
            "{clinic}: because of your age, a parent or guardian will see less of your online"
            " record from {day}. Questions? Call {phone}.",
        ),
        "es": (
            "Su expediente en {clinic}",
            "{clinic}: por su edad, su madre, padre o tutor verá menos de su expediente en línea"
            " desde el {day}. ¿Preguntas? Llame al {phone}.",
        ),
    },
)
ACTS = TextKind(
    code="account-acting",
    name=gettext_noop("What changes for an account that acts for somebody"),
    channels=("sms", "email"),
    fields=("clinic", "phone"),
    needed=("phone",),
    shipped={
        "en": (
            "Your account at {clinic}",
            "{clinic}: for somebody you act for, it changes who may act and what they see. Sign in"
            " to your account to see it, or call {phone}.",
        ),
        "es": (
            "Su cuenta en {clinic}",
            "{clinic}: cambia quién puede actuar, y qué ve, por alguien por quien usted actúa."
            " Entre en su cuenta para verlo, o llame al {phone}.",
        ),
    },
)

PEOPLE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "people": "Who may act for you",
        "people_of": "Who may act for {name}",
        "people_why": "These people may sign in and see, or do, the following.",
        "people_none": "Nobody else may act for you.",
        "people_none_of": "Nobody else may act for {name}.",
        "people_let": "To let somebody act for you, call us or ask at the desk. We ask who they are"
        " and what they may see, and give you a code for them. You can end it here at any time.",
        "people_read": "To let somebody only read a part of your record, for a while:",
        "people_self": "the patient",
        "people_parent": "parent",
        "people_guardian": "guardian",
        "people_representative": "representative by law",
        "people_helper": "chosen by the patient",
        "people_since": "Since {day}",
        "people_until": "until {day}, the last day",
        "people_narrows": "From {day} on, because of age: {parts}",
        "people_nothing": "nothing",
        "people_end": "End it now",
        "people_ended": "{name} may act for you no longer, and was signed out.",
        "people_call": "This right comes from the law or a court. To change it, call us.",
        "part_visits": "visits",
        "part_forms": "check-in and forms",
        "part_documents": "documents in the record",
        "part_bills": "bills",
        "part_messages": "messages",
        "part_results": "results",
        "part_looks": "who opened the record",
        "news_began": "{who} may act for you since {day}. See what they can do.",
        "news_began_for": "{who} may act for {name} since {day}. See what they can do.",
        "news_ended": "{who} may act for you no longer, since {day}.",
        "news_ended_for": "{who} may act for {name} no longer, since {day}.",
        "news_ended_you": "You may act for {name} no longer, since {day}. Questions? Call us.",
        "news_narrows": "From {day} on, {who} will see less of your record, because of your age.",
        "news_narrows_you": "From {day} on, you will see less of the record of {name}, because of"
        " their age. You will see: {parts}.",
    },
    "es": {
        "people": "Quién puede actuar por usted",
        "people_of": "Quién puede actuar por {name}",
        "people_why": "Estas personas pueden entrar y ver, o hacer, lo siguiente.",
        "people_none": "Nadie más puede actuar por usted.",
        "people_none_of": "Nadie más puede actuar por {name}.",
        "people_let": "Para que alguien actúe por usted, llámenos o dígalo en la recepción. Le"
        " preguntamos quién es y qué puede ver, y le damos un código para esa persona. Puede"
        " terminarlo aquí cuando quiera.",
        "people_read": "Para que alguien solo lea una parte de su expediente, por un tiempo:",
        "people_self": "el paciente",
        "people_parent": "madre o padre",
        "people_guardian": "tutor",
        "people_representative": "representante legal",
        "people_helper": "elegido por el paciente",
        "people_since": "Desde el {day}",
        "people_until": "hasta el {day}, el último día",
        "people_narrows": "Desde el {day}, por la edad: {parts}",
        "people_nothing": "nada",
        "people_end": "Terminarlo ahora",
        "people_ended": "{name} ya no puede actuar por usted, y su sesión se cerró.",
        "people_call": "Este derecho viene de la ley o de un tribunal. Para cambiarlo, llámenos.",
        "part_visits": "citas",
        "part_forms": "preparar citas y formularios",
        "part_documents": "documentos del expediente",
        "part_bills": "facturas",
        "part_messages": "mensajes",
        "part_results": "resultados",
        "part_looks": "quién abrió el expediente",
        "news_began": "{who} puede actuar por usted desde el {day}. Vea qué puede hacer.",
        "news_began_for": "{who} puede actuar por {name} desde el {day}. Vea qué puede hacer.",
        "news_ended": "{who} ya no puede actuar por usted, desde el {day}.",
        "news_ended_for": "{who} ya no puede actuar por {name}, desde el {day}.",
        "news_ended_you": "Usted ya no puede actuar por {name}, desde el {day}. ¿Preguntas?"
        " Llámenos.",
        "news_narrows": "Desde el {day}, {who} verá menos de su expediente, por la edad de usted.",
        "news_narrows_you": "Desde el {day}, usted verá menos del expediente de {name}, por su"
        " edad. Verá: {parts}.",
    },
}
