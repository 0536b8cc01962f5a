"""The texts that are sent by themselves: their list, and one with its languages side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.relations import actions, forms, queries, rules
from almoner.relations.actions import TextRefusal

TEXTS: dict[str, Any] = {"permission": "relations.texts", "purpose": Purpose.NO_PATIENT}
REFUSED = {
    TextRefusal.GONE: gettext_lazy("It is not as this page shows it any more. Look again."),
    TextRefusal.CHANGED: gettext_lazy("Somebody else has changed it meanwhile. Look again."),
    TextRefusal.FAULTY: gettext_lazy("Something stops it: it is said under the words."),
    TextRefusal.OWN: gettext_lazy("Whoever wrote in it does not review it. Ask somebody else."),
    TextRefusal.NO_REASON: gettext_lazy("Say in a few words what should be different."),
}


@door("GET", **TEXTS)
def text_list(request: DeskRequest) -> HttpResponse:
    """Every text that is sent by itself, its languages side by side."""
    return render(
        request,
        "relations/texts.html",
        {"lines": queries.text_lines(), "unsigned": queries.unsigned_count()},
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One language of a text on its page; ``leads``: it has the keys and the primary button."""

    side: queries.Side
    form: forms.TextWords | None
    lint: rules.Lint | None
    own: bool
    leads: bool


@door("GET", **TEXTS)
def text_page(request: DeskRequest, text: str) -> HttpResponse:
    """One text: what holds in each language, what is being written, and what held before."""
    line = queries.text_line(text)
    officer = request.user.pk
    led = next((each.language for each in line.sides if _may_act(each, officer)), "")
    context = {
        "kind": line.kind,
        "fields": [(name, line.kind.sample("en")[name]) for name in line.kind.allowed],
        "pages": [_page(line, side, officer, leads=side.language == led) for side in line.sides],
    }
    return render(request, "relations/text.html", context)


def _may_act(side: queries.Side, officer_id: int) -> bool:
    waits = side.open
    return waits is not None and (waits.state == "draft" or officer_id not in waits.authors)


def _page(line: queries.TextLine, side: queries.Side, officer_id: int, *, leads: bool) -> Page:
    shown = side.open or side.holds
    writes = side.open is not None and side.open.state == "draft"
    return Page(
        side=side,
        form=forms.TextWords(None, wording=side.open) if side.open and writes else None,
        lint=_lint(line, side.language, shown.subject, shown.body) if shown else None,
        own=side.open is not None and officer_id in side.open.authors,
        leads=leads,
    )


def _lint(line: queries.TextLine, language: str, subject: str, body: str) -> rules.Lint:
    english = next((each.holds for each in line.sides if each.language == "en"), None)
    return rules.lint(
        line.kind,
        language,
        subject=subject,
        body=body,
        english=english.body if english and language != "en" else None,
    )


@door("POST", **TEXTS)
def text_lint(request: DeskRequest, text: str, language: str) -> HttpResponse:
    """What is to be said of the words that are being typed; nothing is kept."""
    line = queries.text_line(text)
    side = _side(line, language)
    typed = {name: request.POST.get(name, "") for name in ("subject", "body")}
    context = {"kind": line.kind, "lint": _lint(line, side.language, **typed), "language": language}
    return render(request, "relations/_text_lint.html", context)


@door("POST", **TEXTS)
def text_draft(request: DeskRequest, text: str, language: str) -> HttpResponse:
    """Begin a new wording from the one that holds."""
    side = _side(queries.text_line(text), language)
    actions.draft_text(
        officer=request.user, text=text, language=side.language, at=request.reading.at
    )
    return redirect(f"{reverse('text_page', args=[text])}#{language}")


@door("POST", **TEXTS)
def text_save(request: DeskRequest, text: str, language: str) -> HttpResponse:
    """Keep the words that were typed, and send them for review when that was pressed."""
    side = _side(queries.text_line(text), language)
    if side.open is None:
        return _refused(TextRefusal.GONE)
    form = forms.TextWords(request.POST, wording=side.open)
    if not form.is_valid():
        return shell.refused(_("That is too long."))
    reviews = request.POST.get("then") == "review"
    act = actions.ask_for_review if reviews else actions.save_text
    done = _("It waits for somebody to review it.") if reviews else _("Kept.")
    return _do(request, partial(act, version_id=side.open.id or 0, **form.words()), done)


@door("POST", **TEXTS)
def text_approve(request: DeskRequest, version_id: int) -> HttpResponse:
    """It is right: it is sent from here on."""
    act = partial(actions.approve_text, version_id=version_id, edition=_edition(request))
    return _do(request, act, _("Reviewed. It is what is sent from now on."))


@door("POST", **TEXTS)
def text_back(request: DeskRequest, version_id: int) -> HttpResponse:
    """It is not right yet, and why; or whoever wrote it goes on."""
    act = partial(
        actions.send_back_text,
        version_id=version_id,
        edition=_edition(request),
        why=request.POST.get("reason", "")[:400],
    )
    return _do(request, act, _("It is a draft again."))


@door("POST", **TEXTS)
def text_discard(request: DeskRequest, version_id: int) -> HttpResponse:
    """Throw a draft away; what holds goes on to hold."""
    return _do(
        request, partial(actions.discard_text, version_id=version_id), _("It is thrown away.")
    )


def _side(line: queries.TextLine, language: str) -> queries.Side:
    """One language of a text. Raises TextVersion.DoesNotExist for one nobody is written to in."""
    found = next((each for each in line.sides if each.language == language), None)
    return found or queries.no_such_text(language)


def _edition(request: DeskRequest) -> int:
    return row_id(request.POST.get("edition")) or 0


def _do(request: DeskRequest, act: Callable[..., object], done: str) -> HttpResponse:
    try:
        act(officer=request.user, at=request.reading.at)
    except actions.TextRefused as refused:
        return _refused(refused.reason)
    return shell.afresh(request, done)


def _refused(reason: TextRefusal) -> HttpResponse:
    return shell.refused(REFUSED[reason])
