"""What the demo's patients agree to before a visit by video: invented words, no legal advice."""

from datetime import date, timedelta

from almoner.telehealth.models import ConsentText

_ENGLISH = (
    "A visit by video has limits: the clinician cannot examine you by touch, and a line can "
    "break. You may stop at any time and be seen at the clinic instead, without losing anything. "
    "The visit is not recorded. What is written during it stays in your record."
)
_SPANISH = (
    "Una cita por video tiene límites: no se le puede examinar con las manos y la conexión puede "
    "cortarse. Puede terminarla en cualquier momento y ser atendido en la clínica, sin perder "
    "nada. La cita no se graba. Lo que se escribe durante ella queda en su expediente."
)
_HERE = (
    " In Wisconsin you may ask for the name and the licence of who sees you.",
    " En Wisconsin puede pedir el nombre y la licencia de quien le atiende.",
)


def build(*, today: date) -> None:
    since = today - timedelta(days=400)
    ConsentText.objects.create(
        version="2026-01", valid_from=since, english=_ENGLISH, spanish=_SPANISH
    )
    ConsentText.objects.create(
        state="WI",
        version="2026-01 WI",
        valid_from=since,
        english=_ENGLISH + _HERE[0],
        spanish=_SPANISH + _HERE[1],
    )
