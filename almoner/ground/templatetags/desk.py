"""Template tags every page may use without loading them."""

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from almoner.ground import money as amounts

register = template.Library()


@register.simple_tag(takes_context=True)
def hx(context: RequestContext) -> SafeString:
    """The nonce that lets htmx act on this element: ``<button {% hx %} hx-post="…">``."""
    return format_html('hx-nonce="{}"', context.get("nonce", ""))


@register.filter
def money(cents: int | None) -> str:
    """``{{ 1050|money }}`` is $10.50; nothing known shows as an en dash."""
    return "–" if cents is None else amounts.dollars(cents)  # noqa: RUF001 (the dash is meant)
