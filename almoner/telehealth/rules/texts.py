"""The text that is sent of a visit by video; the rest of its words stand on pages."""

from almoner.ground.words import gettext_noop
from almoner.relations.rules.texts import TextKind

FAMILY_LINK = TextKind(
    code="family-link",
    name=gettext_noop("A link for the family to a visit by video, handed on by the patient"),
    channels=("sms",),
    fields=("link", "clinic", "phone"),
    needed=("link",),
    shipped={
        "en": ("", "Link for somebody of the family to take part in the video visit: {link}"),
        "es": ("", "Enlace para que un familiar participe en la cita por video: {link}"),
    },
)
