"""Template tags every page may use without loading them. ``docs/pages.md`` shows each one."""

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.context import RequestContext
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from almoner.ground import money as amounts
from almoner.ground.words import Said

register = template.Library()

TONES = frozenset({"good", "warn", "bad", "info", "wait", "plain"})


@register.simple_tag(takes_context=True)
def hx(context: RequestContext) -> SafeString:
    """The nonce that lets htmx act on this element: ``<button {% hx %} hx-post="…">``."""
    return format_html('hx-nonce="{}"', context.get("nonce", ""))


@register.filter
def may(user: object, permission: str) -> bool:
    """``{% if request.user|may:"scheduling.book" %}``: no page leads to a closed door."""
    ask = getattr(user, "may", None)
    return bool(ask and ask(permission))


@register.filter
def money(cents: int | None) -> str:
    """``{{ 1050|money }}`` is $10.50; nothing known shows as an en dash."""
    return "–" if cents is None else amounts.dollars(cents)  # noqa: RUF001 (the dash is meant)


@register.filter
def hours(minutes: int) -> str:
    """``{{ 1310|hours }}`` is 21 h 50, and less than an hour is 50 min."""
    whole, rest = divmod(minutes, 60)
    facts = {"hours": whole, "minutes": rest, "padded": f"{rest:02}"}
    if not whole:
        return _("%(minutes)s min") % facts
    return (_("%(hours)s h %(padded)s") if rest else _("%(hours)s h")) % facts


@register.filter
def in_words(kept: str) -> str:
    """A sentence from a row, in the reader's language; see `ground.words`. One on each line.

    What stands behind a colon is looked up by itself, and stays as it is when nobody translated it:
    a detail, or somebody's own words. A sentence that carries its facts is said with them.
    """
    if isinstance(kept, Said):
        facts = {name: _said(fact) for name, fact in kept.facts.items()}
        return _(kept.pattern) % facts
    lines = (_(line) if _(line) != line else _pieces(line) for line in kept.splitlines() if line)
    return "\n".join(lines)


def _said(fact: object) -> object:
    """A fact may be a word of ours; what is not stays as it is."""
    return in_words(fact) if isinstance(fact, str) and fact else fact


def _pieces(line: str) -> str:
    return ": ".join(_(piece) if piece else "" for piece in line.split(": "))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing beside a word, never instead of one: readers of screens do not hear it."""
    return _drawing(name)


@cache  # a page has dozens, and the name of the file is looked up for each
def _drawing(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("ground/icons.svg"),
        name,
    )


@register.simple_tag
def badge(tone: str, text: object, mark: str = "") -> SafeString:
    """A state in a shape, a word and a colour. Tones: good, warn, bad, info, wait, plain."""
    return format_html(
        '<span class="badge" data-tone="{}">{}{}</span>', _tone(tone), icon(mark or tone), text
    )


@register.simple_block_tag
def notice(content: str, tone: str, title: object = "") -> SafeString:
    """What the reader must know before going on: what happened, what was kept, what to do."""
    head = format_html("<h2>{}</h2>", title) if title else ""
    role = SafeString(' role="alert"') if tone == "bad" else ""
    return format_html(
        '<div class="notice" data-tone="{}"{}>{}<div>{}{}</div></div>',
        _tone(tone), role, icon(tone), head, content,
    )  # fmt: skip


@register.simple_block_tag
def panel(content: str, title: object, id: str = "") -> SafeString:  # noqa: A002 (HTML's word)
    """A titled part of a page."""
    named = format_html(' id="{}"', id) if id else ""
    return format_html(
        '<section class="panel"{}><header><h2>{}</h2></header><div class="body">{}</div></section>',
        named, title, content,
    )  # fmt: skip


@register.simple_block_tag
def empty(content: str, title: object, mark: str = "plain") -> SafeString:
    """Nothing is here: say so, why, and what to do next."""
    return format_html(
        '<div class="empty">{}<p class="title">{}</p>{}</div>', icon(mark), title, content
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: object, size: str = "") -> SafeString:  # noqa: A002 (HTML's word)
    """A modal dialog, opened by any element with ``data-opens="its id"``."""
    return format_html(
        '<dialog class="modal {}" id="{}" aria-labelledby="{}-title">{}'
        '<div class="body">{}</div></dialog>',
        size, id, id, _dialog_head(title, f"{id}-title"), content,
    )  # fmt: skip


@register.simple_block_tag
def in_dialog(content: str, title: object) -> SafeString:
    """The content of the page's own dialog slot, for answers swapped into ``#dialog``."""
    return format_html('{}<div class="body">{}</div>', _dialog_head(title, "dialog-title"), content)


def _dialog_head(title: object, heading_id: str) -> SafeString:
    return format_html(
        '<header><h2 id="{}" tabindex="-1">{}</h2>'
        '<button type="button" class="icon-only" data-closes aria-label="{}">{}</button></header>',
        heading_id, title, _("Close"), icon("close"),
    )  # fmt: skip


@register.simple_tag
def key(letter: str) -> SafeString:
    """Make a button or link answer to a key: ``<button {% key "b" %}>Book</button>``."""
    return format_html('data-key="{0}" aria-keyshortcuts="{0}"', letter)


@register.simple_tag
def timer(since: datetime, limit: int = 0) -> SafeString:
    """Seconds since an instant, counted in sight; past ``limit`` seconds it stands out."""
    return format_html(
        '<span class="timer" data-since="{}" data-limit="{}" role="timer">{}<time>–</time></span>',  # noqa: RUF001
        since.isoformat(), limit, icon("wait"),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def th(context: RequestContext, name: str, label: object, kind: str = "") -> SafeString:
    """A column head that orders the list: ``?order=name``, again for ``?order=-name``.

    The view reads ``order`` from an allow-list of its own; its first entry is what an absent
    ``order`` means and is given in the context as ``order``.
    """
    query = context["request"].GET.copy()
    now = str(context.get("order") or query.get("order", ""))
    going_down = now == f"-{name}"
    query["order"] = f"-{name}" if now == name else name
    query.pop("page", None)
    arrow: object = icon("up" if not going_down else "down") if now.lstrip("-") == name else ""
    state = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    sort = format_html(' aria-sort="{}"', state) if state else ""
    return format_html(
        '<th scope="col" class="{}"{}><a href="?{}">{}{}</a></th>',
        kind, sort, query.urlencode(), label, arrow,
    )  # fmt: skip


@register.inclusion_tag("ground/_pager.html", takes_context=True)
def pager(context: RequestContext, page: Any) -> dict[str, Any]:
    """Which part of a list this is, and the parts before and after (a Paginator's page)."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("ground/_field.html")
def field(
    bound: BoundField, width: str = "", label: object = "", hint: object = ""
) -> dict[str, Any]:
    """A field with its label, hint and error. ``width``: short, wide, or the usual."""
    return {"field": bound, "width": width, "label": label, "hint": hint}


@register.inclusion_tag("ground/_faults.html")
def faults(form: BaseForm) -> dict[str, Any]:
    """What keeps a form from being taken, each with a link to its field; it receives the focus.

    A form made of several has the others as ``rows_in_order()``.
    """
    parts = (form, *(rows() if (rows := getattr(form, "rows_in_order", None)) else ()))
    listed = [
        (part[name], errors)
        for part in parts
        for name, errors in part.errors.items()
        if name in part.fields
    ]
    general = form.non_field_errors()
    return {"general": general, "listed": listed, "any": bool(listed or general)}


@register.filter
def field_kind(bound: BoundField) -> str:
    """How a field is laid out: check, choices or plain."""
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, CheckboxInput) else "plain"


@register.simple_tag
def pairs(*facts: object) -> SafeString:
    """A list of names and values: ``{% pairs _("Payer") payer _("Member id") policy.member_id %}``.

    Values that are empty show as an en dash.
    """
    couples = zip(facts[::2], facts[1::2], strict=True)
    rows = format_html_join(
        "",
        "<dt>{}</dt><dd>{}</dd>",
        ((name, "–" if value in {None, ""} else value) for name, value in couples),  # noqa: RUF001
    )
    return format_html('<dl class="pairs">{}</dl>', rows)


def _tone(tone: str) -> str:
    """Raises TemplateSyntaxError for a tone we have no colour and shape for."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(tone)
    return tone
