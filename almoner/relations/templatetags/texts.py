"""How texts that are sent by themselves read on pages: which way they go, where they come from."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.relations.queries import Wording, wording
from almoner.relations.rules import TextKind

register = template.Library()

CHANNELS = {
    "sms": gettext_lazy("text"),
    "email": gettext_lazy("e-mail"),
    "paper": gettext_lazy("paper"),
}


@register.filter
def goes_by(kind: TextKind) -> str:
    """By which ways it goes; a part of others goes along with them."""
    if kind.part:
        return _("part of others")
    return ", ".join(str(CHANNELS[each]) for each in kind.channels)


@register.filter
def text_language(code: str) -> str:
    return str(wording.LANGUAGES[code])


@register.filter
def came_from(each: Wording) -> str:
    """Which version it is, and who has reviewed it."""
    if each.shipped:
        return _("Version %(number)s, shipped with Almoner") % {"number": each.number}
    day = f"{each.reviewed_at:%m/%d/%Y}" if each.reviewed_at else ""
    return _("Version %(number)s, reviewed by %(name)s on %(day)s") % {
        "number": each.number, "name": each.reviewed_by, "day": day,
    }  # fmt: skip
