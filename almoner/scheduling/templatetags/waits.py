"""Words for who waits, and for what became of an offer."""

from collections.abc import Collection

from django import template
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from almoner.ground.templatetags.desk import badge
from almoner.scheduling.forms import PRIORITIES
from almoner.scheduling.rules.waitlist import Barred, Ended, OfferState, Priority

register = template.Library()

STATES: dict[str, tuple[str, Promise]] = {
    OfferState.OPEN: ("wait", _("Kept for them")),
    OfferState.ACCEPTED: ("good", _("Taken")),
    OfferState.DECLINED: ("plain", _("Not wanted")),
    OfferState.EXPIRED: ("plain", _("Not answered in time")),
    OfferState.WITHDRAWN: ("plain", _("Taken back")),
}
ENDED: dict[str, Promise] = {
    Ended.BOOKED: _("Booked"),
    Ended.REMOVED: _("Taken off the list"),
    Ended.LEFT: _("The patient waits no longer"),
    Ended.VISIT_GONE: _("The visit was given up"),
}
BARRED: dict[str, Promise] = {
    Barred.NO_WAY: _("neither a phone that takes texts nor an e-mail address"),
    Barred.NIGHT: _("it is night for them; they are told in the morning"),
}
_TONES = {Priority.URGENT: "bad", Priority.SOON: "warn", Priority.ROUTINE: "plain"}


@register.simple_tag
def offer_state(state: str) -> SafeString:
    """What became of an offer, as a badge."""
    tone, word = STATES[state]
    return badge(tone, str(word))


@register.simple_tag
def priority(level: int) -> SafeString:
    """How much it hurries, as a badge."""
    known = Priority(level)
    return badge(_TONES[known], str(PRIORITIES[known]))


@register.filter
def ended_because(code: str) -> str:
    return str(ENDED[code])


@register.filter
def barred_because(code: str) -> str:
    return str(BARRED[code])


@register.filter
def weekday_names(numbers: Collection[int]) -> str:
    """``Tue, Thu``; any day when there are none."""
    return ", ".join(str(WEEKDAYS_ABBR[n - 1]) for n in sorted(numbers)) or str(_("any day"))
