"""Words for who acts for a patient and what they see."""

from collections.abc import Iterable

from django import template

from almoner.portal.queries.wording import KINDS, PARTS

register = template.Library()


@register.filter
def acting_kind(kind: str) -> str:
    return str(KINDS[kind])


@register.filter
def acting_parts(parts: Iterable[str]) -> str:
    there = set(parts)
    return ", ".join(str(words) for part, words in PARTS.items() if part in there)
