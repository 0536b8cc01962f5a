"""Recovery codes and the proof that is asked again: pages, and what is texted; all languages."""

from almoner.ground.words import gettext_noop
from almoner.relations.rules import TextKind

RECOVERED = TextKind(
    code="account-recovered",
    name=gettext_noop("A recovery code of an account was used"),
    channels=("sms", "email"),
    fields=("clinic", "phone"),
    needed=("phone",),
    shipped={
        "en": (
            "Your account at {clinic}",
            "{clinic}: a recovery code of your account was just used. If it was not you, call"
            " {phone} now.",
        ),
        "es": (
            "Su cuenta en {clinic}",
            "{clinic}: se acaba de usar un código de recuperación de su cuenta. Si no fue usted,"
            " llame ya al {phone}.",
        ),
    },
)
CODES_MADE = TextKind(
    code="account-codes",
    name=gettext_noop("New recovery codes of an account were made"),
    channels=("sms", "email"),
    fields=("clinic", "phone"),
    needed=("phone",),
    shipped={
        "en": (
            "Your account at {clinic}",
            "{clinic}: new recovery codes were made for your account. If it was not you, call"
            " {phone} now.",
        ),
        "es": (
            "Su cuenta en {clinic}",
            "{clinic}: se crearon códigos de recuperación nuevos para su cuenta. Si no fue usted,"
            " llame ya al {phone}.",
        ),
    },
)

RECOVERY_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "prove": "Is it still you?",
        "prove_why": "Before you change how you sign in, show it once more. It holds for five"
        " minutes.",
        "prove_first": "Show once more that it is you, then do it again.",
        "prove_passkey": "With your passkey",
        "prove_password": "With your password",
        "prove_go": "Go on",
        "recovery": "A recovery code instead of the digits",
        "recovery_lost": "I have lost the app",
        "codes": "Recovery codes",
        "codes_why": "If you lose the app, each of these stands for its digits, once. Write them"
        " down or print them, and keep them where nobody else looks. They are shown only now.",
        "codes_left": "Recovery codes: {left} left",
        "codes_none": "No recovery codes: if you lose the app, only the clinic lets you back in.",
        "codes_make": "Make recovery codes",
        "codes_done": "I have kept them",
        "codes_need_password": "Recovery codes stand for the digits of an app. You sign in without"
        " one.",
    },
    "es": {
        "prove": "¿Sigue siendo usted?",
        "prove_why": "Antes de cambiar cómo entra, demuéstrelo otra vez. Vale cinco minutos.",
        "prove_first": "Demuestre otra vez que es usted, y repita.",
        "prove_passkey": "Con su llave de acceso",
        "prove_password": "Con su contraseña",
        "prove_go": "Continuar",
        "recovery": "Un código de recuperación en lugar de los números",
        "recovery_lost": "Perdí la aplicación",
        "codes": "Códigos de recuperación",
        "codes_why": "Si pierde la aplicación, cada uno vale por sus números, una vez. Escríbalos o"
        " imprímalos y guárdelos donde nadie más mire. Solo se muestran ahora.",
        "codes_left": "Códigos de recuperación: quedan {left}",
        "codes_none": "Sin códigos de recuperación: si pierde la aplicación, solo la clínica puede"
        " dejarle entrar otra vez.",
        "codes_make": "Crear códigos de recuperación",
        "codes_done": "Ya los guardé",
        "codes_need_password": "Los códigos valen por los números de una aplicación. Usted entra"
        " sin ella.",
    },
}
