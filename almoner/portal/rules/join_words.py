"""An account without a code of the desk's: its pages, and what is sent; in each language."""

from almoner.ground.words import gettext_noop
from almoner.relations.rules import TextKind

DIGITS = TextKind(
    code="account-digits",
    name=gettext_noop("The code by which somebody makes an account"),
    channels=("sms", "email"),
    fields=("clinic", "phone", "code"),
    needed=("code", "phone"),
    samples={"code": {"en": "ABCDE-23456", "es": "ABCDE-23456"}},
    shipped={
        "en": (
            "Your code for {clinic}",
            "{clinic}: your code is {code}, good for 10 minutes. We never ask for it. If you did"
            " not ask, call {phone}.",
        ),
        "es": (
            "Su código para {clinic}",
            "{clinic}: su código es {code}, vale 10 minutos. Nunca se lo pediremos. Si no lo pidió,"
            " llame al {phone}.",
        ),
    },
)
JOINED = TextKind(
    code="account-made",
    name=gettext_noop("An account was made by a code that was sent"),
    channels=("sms", "email"),
    fields=("clinic", "phone"),
    needed=("phone",),
    shipped={
        "en": (
            "Your account at {clinic}",
            "{clinic}: an account was made for you. If it was not you, call {phone} now.",
        ),
        "es": (
            "Su cuenta en {clinic}",
            "{clinic}: se creó una cuenta para usted. Si no fue usted, llame ya al {phone}.",
        ),
    },
)

JOIN_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "no_code": "I have no code",
        "ask_join": "An account without a code from us",
        "ask_join_why": "Tell us who you are, and a phone or e-mail that we have had from you since"
        " before today. If it fits, we send a code there: by text from morning to evening, by"
        " e-mail at any time.",
        "ask_given": "First name",
        "ask_family": "Last name",
        "ask_born": "When were you born?",
        "ask_where": "Phone or e-mail that we have",
        "ask_send": "Send me a code",
        "ask_name_missing": "Write your first and last name.",
        "ask_where_wrong": "Write a phone number with ten digits, or an e-mail address.",
        "type_code": "Type the code",
        "type_code_why": "If what you wrote fits what we have, a code is on its way to that phone"
        " or e-mail. It is good for 10 minutes, in this browser.",
        "type_code_else": "No code? We look at it in person: call us, or ask at the desk at your"
        " next visit. Bring something that shows who you are.",
        "type_code_label": "Code",
        "type_code_wrong": "This does not open anything. Compare it letter by letter, or ask for a"
        " code again.",
        "ask_again": "Ask again",
        "have_account": "There is an account already. Sign in, or call us.",
    },
    "es": {
        "no_code": "No tengo un código",
        "ask_join": "Una cuenta sin código de la clínica",
        "ask_join_why": "Díganos quién es, y un teléfono o correo que tengamos de usted desde antes"
        " de hoy. Si coincide, enviamos un código allí: por mensaje de texto de la mañana a la"
        " noche, por correo a cualquier hora.",
        "ask_given": "Nombre",
        "ask_family": "Apellido",
        "ask_born": "¿Cuándo nació?",
        "ask_where": "Teléfono o correo que tenemos",
        "ask_send": "Envíenme un código",
        "ask_name_missing": "Escriba su nombre y apellido.",
        "ask_where_wrong": "Escriba un número de teléfono de diez dígitos o una dirección de"
        " correo.",
        "type_code": "Escriba el código",
        "type_code_why": "Si lo que escribió coincide con lo que tenemos, un código va en camino a"
        " ese teléfono o correo. Vale 10 minutos, en este navegador.",
        "type_code_else": "¿No llegó? Lo vemos en persona: llámenos, o pregunte en la recepción en"
        " su próxima cita. Traiga algo que muestre quién es.",
        "type_code_label": "Código",
        "type_code_wrong": "Esto no abre nada. Compárelo letra por letra, o pida otra vez un"
        " código.",
        "ask_again": "Pedir otra vez",
        "have_account": "Ya hay una cuenta. Entre, o llámenos.",
    },
}
