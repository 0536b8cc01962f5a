"""Why two records look alike, in words, for templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.safestring import SafeString

from almoner.patients.queries import wording
from almoner.patients.rules.alike import Match

register = template.Library()


@register.simple_tag(takes_context=True)
def shown(context: RequestContext, name: str, values: Mapping[str, Any]) -> SafeString:
    """A panel's template with its values, on top of what the page knows."""
    engine = context.template.engine  # type: ignore[union-attr]  # set while a page is rendered
    with context.push(**values):
        return engine.get_template(name).render(context)


MARKS = {"good": "+", "bad": "−", "plain": "±"}  # noqa: RUF001 (a minus sign)
_PLAINLY = 2.0  # bits below which a field says little either way


@register.filter
def signs(match: Match) -> list[tuple[str, str, str]]:
    """Field, verdict and tone of each sign, the weightiest first."""
    ordered = sorted(match.signs, key=lambda sign: -abs(sign.bits))
    return [(*wording.sign(sign), _tone(sign.bits)) for sign in ordered]


def _tone(bits: float) -> str:
    if abs(bits) < _PLAINLY:
        return "plain"
    return "good" if bits > 0 else "bad"


@register.filter
def sign_mark(tone: str) -> str:
    return MARKS[tone]


@register.filter
def caution_words(match: Match) -> str:
    return wording.caution(match.caution)


@register.filter
def percent(chance: float) -> str:
    """``99 %``; never 100, since nobody is that sure."""
    return f"{min(99, int(chance * 100))} %"


@register.filter
def sex_words(code: str) -> str:
    """Empty when it is not known."""
    return wording.sex(code)
