"""The blocks of a board.

A page holds a thousand of them, so they are written here and not by a template: a quarter of the
work for the same marks.
"""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from almoner.scheduling.queries.grid import Board, Column, Visit

register = template.Library()


@register.simple_tag
def closed_blocks(column: Column, board: Board) -> SafeString:
    """Stretches outside the hours, and the line of the present."""
    shut = format_html_join(
        "", '<i class="closed r-{} s-{}"></i>', ((each.row, each.span) for each in column.closed)
    )
    now = format_html('<i class="now r-{} s-1"></i>', board.now_row) if column.is_today else ""
    return format_html("{}{}", shut, now)


@register.simple_tag
def open_blocks(column: Column, place_id: int, patient_id: int | None) -> SafeString:
    """Places that can be booked: each a link to a booking page that begins there."""
    facts: dict[str, int | str] = {
        "who": column.clinician_id,
        "place": place_id,
        "earliest": column.day.isoformat(),
    }
    if patient_id:
        facts["patient"] = patient_id
    to = f"{reverse('book')}?{urlencode(facts)}&since="
    word = _("open")
    return format_html_join(
        "",
        '<a class="open r-{} s-{}" href="{}{}">{} <span>{}</span></a>',
        ((each.row, each.span, to, each.clock, each.at, word) for each in column.open),
    )


@register.simple_tag
def landing_blocks(column: Column) -> SafeString:
    """Places a visit can be moved to: each a button of the column's form."""
    word = _("move here")
    return format_html_join(
        "",
        '<button class="open r-{} s-{}" name="at" value="{}">{} <span>{}</span></button>',
        ((each.row, each.span, each.clock, each.at, word) for each in column.open),
    )


@register.simple_tag
def visit_blocks(column: Column, lifted_id: int | None = None) -> SafeString:
    """The visits; states are words, so that nobody needs the colours."""
    there = reverse("appointment", args=[0])
    words = {
        "confirmed": _("will come"),
        "arrived": _("here"),
        "completed": _("done"),
        "no_show": _("not kept"),
    }
    extra = format_html(" <em>{}</em>", _("extra"))
    states = {status: format_html(" <em>{}</em>", word) for status, word in words.items()}

    def row(visit: Visit) -> tuple[object, ...]:
        id_ = visit.appointment_id
        return (
            visit.hue, visit.row, visit.span, visit.track, " lifted" if id_ == lifted_id else "",
            visit.status, id_, there.replace("0", str(id_)), id_, visit.name, visit.at,
            visit.visit_type, extra if visit.overbooked else "", states.get(visit.status, ""),
        )  # fmt: skip

    booked = (row(visit) for visit in column.visits if visit.status != "kept")
    return format_html_join("", _VISIT, booked)


@register.simple_tag
def kept_blocks(column: Column, *, leads: bool) -> SafeString:
    """Places kept for whoever was offered them; ``leads``: to their place on the waitlist."""
    there = reverse("wait_entry", args=[0])
    word = _("kept for")

    def row(kept: Visit) -> tuple[object, ...]:
        id_ = kept.appointment_id
        to = format_html(' href="{}?for=waitentry:{}"', there.replace("0", str(id_)), id_)
        return (
            kept.row, kept.span, kept.track, to if leads else "", word, kept.name, kept.at,
            kept.visit_type,
        )  # fmt: skip

    kept = (row(each) for each in column.visits if each.status == "kept")
    return format_html_join("", _KEPT, kept)


_KEPT = '<a class="kept r-{} s-{} k-{}"{}><em>{}</em> <b>{}</b> <span>{}</span> <span>{}</span></a>'
_VISIT = (
    '<a class="visit hue-{} r-{} s-{} k-{}{}" data-status="{}" id="visit-{}"'
    ' href="{}?for=appointment:{}"><b>{}</b> <span>{}</span> <span>{}</span>{}{}</a>'
)
