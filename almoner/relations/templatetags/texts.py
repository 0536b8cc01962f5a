"""How texts that are sent by themselves read on pages: which way they go, where they come from."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.ground.templatetags.desk import in_words
from almoner.relations import rules
from almoner.relations.queries import Wording, wording
from almoner.relations.rules import TextKind

register = template.Library()

CHANNELS = {
    "sms": gettext_lazy("text"),
    "email": gettext_lazy("e-mail"),
    "paper": gettext_lazy("paper"),
    "voice": gettext_lazy("phone call"),
}


@register.filter
def goes_by(kind: TextKind) -> str:
    """By which ways it goes; a part of others goes along with them."""
    if kind.part and kind.is_said:
        return _("part of a phone call")
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


HOW = {
    "text": gettext_lazy("their text"),
    "told": gettext_lazy("told to an officer"),
    "page": gettext_lazy("on a page of ours"),
    "carrier": gettext_lazy("said by the carrier"),
    "link": gettext_lazy("by the link in an e-mail"),
    "key": gettext_lazy("by a key in a call of ours"),
    "complaint": gettext_lazy("by a complaint to their mail server"),
    "desk": gettext_lazy("said at the desk"),
    "form": gettext_lazy("on a form"),
    "check-in": gettext_lazy("at check-in"),
    "account": gettext_lazy("in their account"),
    "import": gettext_lazy("came with the record from elsewhere"),
    "before": gettext_lazy("stood in the record before"),
    "record": gettext_lazy("written into the record"),
}


SHOWN = {
    "read back": gettext_lazy("A code that was sent there was read back"),
    "page": gettext_lazy("A code that was sent there was typed on our page"),
}


@register.filter
def how_shown(proof: Any) -> str:
    """How somebody showed that a phone or address is theirs."""
    return str(SHOWN[proof.how])


@register.filter
def purpose(code: str) -> str:
    return str(wording.PURPOSES[code])


@register.filter
def how_said(said: Any) -> str:
    """How a consent or a revocation was said, and their own words where there are any."""
    how = str(HOW[said.how])
    in_their_words = said.how in ("text", "told") and said.evidence
    return f"{how} “{said.evidence}”" if in_their_words else how


@register.filter
def closed_why(row: Any) -> str:
    """Why an address is closed, and since when."""
    why = in_words(rules.CLOSED[row.why])
    return f"{why}, {row.at:%m/%d/%Y}"
