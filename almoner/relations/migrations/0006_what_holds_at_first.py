"""What holds until the clinic says otherwise: hours, times to answer, words, and what callers are asked."""

from datetime import date, time

from django.db import migrations

from almoner.ground.schema import words_signed

BEGAN = date(2026, 1, 1)
EIGHT, TWELVE, ONE, FIVE = time(8), time(12), time(13), time(17)
GUIDANCE = "42 CFR 482.13(a)(2)(ii); A-0122 of CMS, seven days on average"
MACROS = [
    (
        "We are looking into it", "",
        "Hello {name}, thank you for telling us. We are looking into it and will write again."
        " Your number is {number}. {clinic}, {phone}",
        "Hola, {name}. Gracias por avisarnos. Lo estamos revisando y le escribiremos otra vez."
        " Su número es {number}. {clinic}, {phone}",
    ),
    (
        "Thank you, it is noted",
        "",
        "Hello {name}, thank you, we have noted it. {clinic}, {phone}",
        "Hola, {name}. Gracias, lo hemos anotado. {clinic}, {phone}",
    ),
    (
        "Please call us", "",
        "Hello {name}, please call us at {phone}. {clinic}",
        "Hola, {name}. Por favor llámenos al {phone}. {clinic}",
    ),
    (
        "We are checking your bill", "billing_dispute",
        "Hello {name}, we are checking your bill."
        " Your number is {number}. {clinic}, {phone}",
        "Hola, {name}. Estamos revisando su cuenta."
        " Su número es {number}. {clinic}, {phone}",
    ),
]  # fmt: skip
SCRIPT = {
    "patient": [
        ("caller_name", "Ask who is calling; let them say the whole name.",
         "Thank you for calling. May I have your first and last name?",
         "Gracias por llamar. ¿Me da su nombre y apellido, por favor?"),
        ("birth_date", "Ask for the birth date. Never read it to them.",
         "What is your date of birth?", "¿Cuál es su fecha de nacimiento?"),
        ("one_more", "Ask for one thing more: the address, or the number on the plan’s card. Not"
         " the phone they call from.",
         "To be sure it is you, please tell me your address or the number on your plan card.",
         "Para estar seguros de que es usted, dígame su dirección o el número de su tarjeta del"
         " seguro."),
        ("call_back", "Ask where to call back if the line breaks.",
         "Which number may we call if we get cut off?",
         "¿A qué número le llamamos si se corta la llamada?"),
        ("told", "Their own visits, bills, messages and what stands in their account. Look first"
         " whether they asked to be reached in one way alone. Nothing to a machine but who called.",
         "Thank you. How can I help you today?", "Gracias. ¿En qué le puedo ayudar hoy?"),
    ],
    "acts_for": [
        ("caller_name", "Ask who is calling, by their own name.",
         "Thank you for calling. May I have your own name first?",
         "Gracias por llamar. Primero, ¿me da su propio nombre?"),
        ("patient_name", "Ask whom it is about. Do not say yet whether they are a patient here.",
         "What is the first and last name of the person you call for?",
         "¿Cuál es el nombre y apellido de la persona por quien llama?"),
        ("birth_date", "Ask for the patient’s birth date.",
         "What is their date of birth?", "¿Cuál es su fecha de nacimiento?"),
        ("relation", "Ask how they are related.",
         "How are you related to them?", "¿Qué relación tiene con esa persona?"),
        ("authority", "Look in the record whether they act for the patient, and for what. If not,"
         " the patient says yes themselves, on this call, or calls us.",
         "Let me look at what we may share with you. Is the person with you now?",
         "Déjeme ver qué le podemos decir. ¿Está esa persona con usted ahora?"),
        ("told", "What the record lets them see, or what the patient said yes to just now. Nothing"
         " of a private visit; nothing where the patient asked for confidential contact. To anyone"
         " else: when we are open, and that the patient may call us.",
         "Thank you. I can help you with that.",
         "Gracias. Le puedo ayudar con eso."),
    ],
    "provider": [
        ("caller_name", "Ask who is calling, and what they do there.",
         "Thank you for calling. May I have your name and your role?",
         "Gracias por llamar. ¿Me da su nombre y su puesto?"),
        ("office", "Ask which office, for which clinician.",
         "Which office are you calling from, and for which doctor?",
         "¿De qué consultorio llama, y para qué médico?"),
        ("call_back", "If the number is not one we know of that office, call back at one we know.",
         "I will call you back at the number we have for your office.",
         "Le llamo de vuelta al número que tenemos de su consultorio."),
        ("patient_name", "Ask for the patient’s whole name.",
         "What is the patient’s first and last name?",
         "¿Cuál es el nombre y apellido del paciente?"),
        ("birth_date", "Ask for the patient’s birth date.",
         "What is the patient’s date of birth?",
         "¿Cuál es la fecha de nacimiento del paciente?"),
        ("purpose", "Ask what they need it for.",
         "What do you need for their care?", "¿Qué necesita para su atención?"),
        ("told", "What they need to treat the patient: visits, referrals, papers that were asked"
         " for. Papers go to a number or address we know. Notes of psychotherapy never.",
         "Thank you. Let me see what I can send you.",
         "Gracias. Voy a ver qué le puedo enviar."),
    ],
    "payer": [
        ("caller_name", "Ask who is calling, from which plan.",
         "Thank you for calling. May I have your name and the name of the plan?",
         "Gracias por llamar. ¿Me da su nombre y el nombre del plan?"),
        ("reference", "Ask for the number of the claim, and of this call.",
         "What are the claim number and the reference number for this call?",
         "¿Cuál es el número de la reclamación y el de referencia de esta llamada?"),
        ("patient_name", "Ask for the patient’s whole name.",
         "What is the patient’s first and last name?",
         "¿Cuál es el nombre y apellido del paciente?"),
        ("birth_date", "Ask for the patient’s birth date.",
         "What is the patient’s date of birth?",
         "¿Cuál es la fecha de nacimiento del paciente?"),
        ("purpose", "Ask what they must know, of which day of service.",
         "Which day of service is it about, and what do you need to know?",
         "¿De qué fecha de servicio se trata, y qué necesita saber?"),
        ("told", "What that claim needs and no more. Nothing of other days, and nothing of a visit"
         " that the patient paid for and keeps from the plan.",
         "Thank you. Let me look at that claim.", "Gracias. Voy a ver esa reclamación."),
    ],
    "unknown": [
        ("caller_name", "Ask who is calling.",
         "Thank you for calling. May I ask who is calling?",
         "Gracias por llamar. ¿Con quién hablo?"),
        ("purpose", "Ask what it is about. Say yes or no to nobody’s name.",
         "How can we help you?", "¿En qué le podemos ayudar?"),
        ("call_back", "Ask where they can be called back, and keep it with the call.",
         "At which number may we call you back?", "¿A qué número le podemos llamar?"),
        ("told", "When we are open, where we are, how to become a patient. Of no person anything:"
         " not even whether they are a patient here.",
         "I cannot say whether someone is a patient here. I can take a message.",
         "No puedo decir si alguien es paciente aquí. Puedo tomar un recado."),
    ],
}  # fmt: skip


def times_and_words(apps, _editor):
    hours = apps.get_model("relations", "DeskHours")
    for weekday in range(1, 6):
        hours.objects.create(weekday=weekday, starts=EIGHT, ends=TWELVE)
        hours.objects.create(weekday=weekday, starts=ONE, ends=FIVE)
    level = apps.get_model("relations", "ServiceLevel")
    for kind, first, whole in (
        ("", 240, 2400), ("question", 240, 960), ("call_back", 120, 480), ("task", 480, 2400),
        ("billing_dispute", 480, 4800), ("records_request", 480, 4800),
    ):  # fmt: skip
        level.objects.create(kind=kind, first_answer=first, resolution=whole, valid_from=BEGAN)
    term = apps.get_model("relations", "GrievanceTerm")
    term.objects.create(warn_day=5, tell_day=7, source=GUIDANCE, valid_from=BEGAN)
    macro = apps.get_model("relations", "Macro")
    for name, kind, english, spanish in MACROS:
        macro.objects.create(name=name, kind=kind, language="en", body=english)
        macro.objects.create(name=name, kind=kind, language="es", body=spanish)


def routines(apps, _editor):
    """What is often done at once, until the clinic says otherwise."""
    routine = apps.get_model("relations", "Routine")
    routine.objects.create(
        name="Ask for the signed form", take=True, waits_for="patient",
        note="Asked the patient for the signed form.",
    )  # fmt: skip
    routine.objects.create(
        name="Ask the payer", kind="billing_dispute", take=True, waits_for="payer",
        note="Asked the payer how it came to its answer.",
    )  # fmt: skip


def script(apps, _editor):
    """What officers ask until the clinic says otherwise."""
    line = apps.get_model("relations", "ScriptLine")
    for caller, lines in SCRIPT.items():
        for number, (asks, does, english, spanish) in enumerate(lines, start=1):
            line.objects.create(
                caller=caller, asks=asks, place=number * 10,
                ask_en=does, say_en=english, say_es=spanish,
            )  # fmt: skip


class Migration(migrations.Migration):
    replaces = [("relations", "0026_about_visits_and_bills")]
    dependencies = [("relations", "0005_articles_and_files")]

    operations = [
        words_signed("relations_macro", ["body"]),
        words_signed("relations_scriptline", ["ask_en", "say_en", "say_es"]),
        migrations.RunPython(times_and_words),
        migrations.RunPython(routines),
        migrations.RunPython(script),
    ]
