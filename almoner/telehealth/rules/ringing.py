"""What an officer says who calls about a test that failed, in the patient's language."""

from collections.abc import Iterable, Mapping

SCRIPT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "hello": "Hello, this is {clinic}. May I speak to {name}?",
        "who": "To be sure whom I speak to: your whole name and your birth date, please.",
        "why": "You tried your camera and sound for your video visit, and not all of it worked.",
        "camera": "Close every other program that uses the camera. If you came from inside another"
        " app, open the link in Safari or Chrome. When the browser asks, allow the camera.",
        "microphone": "When the browser asks, allow the microphone. If you use a headset, unplug it"
        " and plug it in again.",
        "speaker": "Turn the sound up, and look whether the phone is set to silent.",
        "network": "If you can, go closer to your router, or try without Wi-Fi.",
        "relay": "The network where you are may hold the call back. Try another one, or try without"
        " Wi-Fi.",
        "again": "Now do the test once more. I see here what comes of it.",
        "phone": "If it still does not work, the visit goes on by phone at the same time.",
    },
    "es": {
        "hello": "Hola, le llamo de {clinic}. ¿Puedo hablar con {name}?",
        "who": "Para estar seguros de con quién hablo: su nombre completo y su fecha de nacimiento,"
        " por favor.",
        "why": "Usted probó la cámara y el sonido para su cita por video, y no todo funcionó.",
        "camera": "Cierre los demás programas que usan la cámara. Si entró desde otra aplicación,"
        " abra el enlace en Safari o Chrome. Cuando el navegador pregunte, permita la cámara.",
        "microphone": "Cuando el navegador pregunte, permita el micrófono. Si usa auriculares,"
        " desconéctelos y vuelva a conectarlos.",
        "speaker": "Suba el volumen y mire si el teléfono está en silencio.",
        "network": "Si puede, acérquese a su router o pruebe sin wifi.",
        "relay": "Quizá la red donde está no deje pasar la llamada. Pruebe otra, o sin wifi.",
        "again": "Ahora haga la prueba otra vez. Aquí veo el resultado.",
        "phone": "Si aun así no funciona, la cita sigue por teléfono a la misma hora.",
    },
}


def script(language: str, failed: Iterable[str], *, clinic: str, name: str) -> list[str]:
    """Sentence by sentence; what the call is about comes after it is known who answers."""
    words = SCRIPT.get(language, SCRIPT["en"])
    parts = ("hello", "who", "why", *failed, "again", "phone")
    return [words[part].format(clinic=clinic, name=name) for part in parts]
