"""How one asks to be reached in another way, in each language; as `words`, reviewed as a whole."""

CONTACT_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "contact": "How we may reach you",
        "contact_why": "You may ask us to reach you only in the way you choose. You need not say"
        " why. What we send, and every call, keeps to it from the next one on. Nobody who acts for"
        " you is told. Your insurance plan writes letters of its own: ask the plan, too.",
        "contact_now": "We reach you only so, since {day}",
        "contact_account": "Here in your account",
        "contact_texts": "{number}, texts too",
        "contact_calls": "{number}, no texts",
        "contact_ask": "Reach me only so",
        "contact_instead": "Instead, reach me only so",
        "contact_phone": "By this phone",
        "contact_may_text": "You may text it",
        "contact_email": "By this e-mail",
        "contact_address": "By mail to this address",
        "contact_only_account": "Only here in my account: no call, no text, no e-mail, no letter",
        "contact_keep": "Keep",
        "contact_end": "Take this back",
        "contact_kept": "Kept. We reach you only so from now on.",
        "contact_ended": "Done. We may reach you in every way again.",
        "contact_none": "Say at least one way, or that only your account may be used.",
        "contact_either": "Either only your account, or the ways above.",
        "contact_phone_wrong": "That is no phone number. Type ten digits.",
        "contact_email_wrong": "That is no e-mail address.",
        "contact_anew": "The desk has changed it since. Look again.",
    },
    "es": {
        "contact": "Cómo podemos comunicarnos con usted",
        "contact_why": "Puede pedirnos que nos comuniquemos con usted solo de la manera que elija."
        " No tiene que decir por qué. Lo que enviemos y cada llamada lo respetarán desde ahora."
        " Nadie que actúe por usted se entera. Su seguro envía cartas propias: pídaselo también.",
        "contact_now": "Nos comunicamos con usted solo así, desde el {day}",
        "contact_account": "Aquí en su cuenta",
        "contact_texts": "{number}, también mensajes de texto",
        "contact_calls": "{number}, sin mensajes de texto",
        "contact_ask": "Comuníquense conmigo solo así",
        "contact_instead": "En lugar de eso, comuníquense conmigo solo así",
        "contact_phone": "Por este teléfono",
        "contact_may_text": "Pueden enviarle mensajes de texto",
        "contact_email": "Por este correo electrónico",
        "contact_address": "Por correo postal a esta dirección",
        "contact_only_account": "Solo aquí en mi cuenta: ni llamadas, ni mensajes, ni correos, ni"
        " cartas",
        "contact_keep": "Guardar",
        "contact_end": "Quitar esta petición",
        "contact_kept": "Guardado. Desde ahora nos comunicamos con usted solo así.",
        "contact_ended": "Listo. Podemos comunicarnos con usted otra vez de cualquier manera.",
        "contact_none": "Diga al menos una manera, o que solo se use su cuenta.",
        "contact_either": "O solo su cuenta, o las maneras de arriba.",
        "contact_phone_wrong": "Eso no es un número de teléfono. Escriba diez dígitos.",
        "contact_email_wrong": "Eso no es una dirección de correo electrónico.",
        "contact_anew": "La recepción lo ha cambiado desde entonces. Mire otra vez.",
    },
}
