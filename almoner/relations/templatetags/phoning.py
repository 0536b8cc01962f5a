"""How calls by a machine read: what was said in one, which keys were pressed, what it came to."""

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.ground.templatetags.desk import badge, in_words
from almoner.relations.queries import Rung
from almoner.relations.queries.wording import OUTCOMES
from almoner.relations.rules.phoning import Part, call_trouble

register = template.Library()

SAID: dict[str, Promise] = {
    Part.MESSAGE: gettext_lazy("read the message"),
    Part.GREETING: gettext_lazy("said who calls"),
    Part.BIRTH_DATE: gettext_lazy("asked for the birth date"),
    Part.MENU: gettext_lazy("said the keys"),
    Part.MENU_CONFIRMED: gettext_lazy("said the keys"),
    Part.VOICEMAIL: gettext_lazy("asked a machine to call us"),
    Part.CONFIRMED: gettext_lazy("thanked them"),
    Part.CALL_BACK: gettext_lazy("promised to call back"),
    Part.NO_MORE: gettext_lazy("said that no more calls come"),
    Part.CHANGED: gettext_lazy("said nothing of the visit, it was not so any more"),
    Part.CALL_US: gettext_lazy("asked them to call us"),
}
_KEYS: dict[str, Promise] = {
    "": gettext_lazy("no key"),
    "right": gettext_lazy("right birth date"),
    "wrong": gettext_lazy("wrong birth date"),
}
_TONES = {
    "confirmed": "good",
    "heard": "good",
    "voicemail": "info",
    "call_back": "info",
    "no_more": "warn",
    "not_them": "warn",
    "not_heard": "bad",
}


@register.simple_tag
def rung(each: Rung) -> SafeString:
    """What one call came to, as a badge."""
    if each.came:
        words = str(OUTCOMES[each.came])
        return badge(_TONES.get(each.came, "plain"), words[0].upper() + words[1:])
    if each.status:
        return badge("warn", in_words(call_trouble(each.status)))
    return badge("wait", _("Under way"))


@register.filter
def course(each: Rung) -> str:
    """All of it in order: what we said, and what they pressed."""
    return " · ".join(_step(*step.split(":", 1)) for step in each.course)


def _step(kind: str, what: str) -> str:
    if kind == "says":
        return str(SAID[what])
    return str(_KEYS[what]) if what in _KEYS else _("pressed %(key)s") % {"key": what}
