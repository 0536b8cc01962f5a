"""How surveys read: staff's words for their codes, and figures that are sure or not."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from almoner.surveys.queries import wording
from almoner.surveys.queries.results import Line
from almoner.surveys.rules import Figure

register = template.Library()


@register.filter
def held(way: str) -> str:
    return str(wording.WAYS.get(way, way))


@register.filter
def at_desk(line: Line) -> str:
    """What a line of figures is of; of a desk which it is, where."""
    return f"{wording.DESKS[line.desk]}, {line.name}" if line.desk else line.name


@register.simple_tag
def trend(points: int | None) -> SafeString:
    """By how many points it is better or worse than in the time before; a dash when unknown."""
    if points is None:
        few = '<span class="quiet-text">&ndash;<span class="aloud"> {}</span></span>'
        return format_html(few, _("too few answers"))
    return format_html("{}", f"{points:+d}" if points else "0")


@register.filter
def question_kind(kind: str) -> str:
    return str(wording.KINDS.get(kind, kind))


@register.simple_tag
def figure(one: Figure, unit: str = "") -> SafeString:
    """A figure, marked when few gave it; a dash when so few did that it is not shown."""
    if one.value is None:
        few = '<span class="quiet-text">&ndash;<span class="aloud"> {}</span></span>'
        return format_html(few, _("too few answers"))
    said = f"{one.value} {unit}".strip()
    if one.unsure:
        return format_html('~{}<span class="aloud"> {}</span>', said, _("few answers"))
    return format_html("{}", said)
