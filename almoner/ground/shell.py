"""The frame every page stands in: where one can go, what Ctrl-K finds, what was just done.

Duties register their pages, actions and searches in their ``offers.py``; ground knows none.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

Text = str | Promise
THEMES = ("light", "dark")
SHEETS = tuple(
    f"ground/css/{name}.css"
    for name in ("tokens", "base", "shell", "controls", "table", "parts", "patient", "print")
)
HITS_EACH = 8


@dataclass(frozen=True, slots=True)
class NavItem:
    """One way to go, in the bar of every page and in Ctrl-K.

    ``route`` is a URL name without arguments. ``key`` is the letter after G that goes there. Where
    one goes now and then (``aside``) stands in the menu under one's own name, not in the bar;
    whoever goes nowhere else has it in the bar.
    """

    label: Text
    route: str
    permission: str
    icon: str
    order: int
    key: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """Something one can start from anywhere, found in Ctrl-K only.

    ``words`` are other words an officer may type for it.
    """

    label: Text
    route: str
    permission: str
    icon: str = "right"
    words: Text = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line that Ctrl-K offers."""

    label: Text
    url: str
    detail: Text = ""
    icon: str = "right"


@dataclass(frozen=True, slots=True)
class Group:
    label: Text
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Way:
    """A NavItem as one page shows it."""

    label: Text
    url: str
    icon: str
    key: str
    current: bool
    aside: bool


Search = Callable[[Any, str], Iterable[Hit]]
"""Called with the request (signed in, carrying its Reading) and what was typed, never empty.

A search that hands out patient data takes ``request.reading`` along; what it shows is logged.
"""

_ways: dict[str, NavItem] = {}
_actions: dict[str, Action] = {}
_searches: dict[str, tuple[int, Text, str, Search]] = {}


def register(item: NavItem) -> None:
    """Offer a page in the bar. ValueError when another page has that key."""
    same = [way.route for way in _ways.values() if item.key and way.key == item.key]
    if same and same != [item.route]:
        message = f"G {item.key} goes to {same[0]} already; {item.route} needs a key of its own."
        raise ValueError(message)
    _ways[item.route] = item


def action(offered: Action) -> None:
    _actions[offered.route] = offered


def search(name: str, label: Text, find: Search, *, permission: str, order: int = 50) -> None:
    """Let Ctrl-K ask ``find``; its hits stand under ``label``, at most eight of them."""
    _searches[name] = (order, label, permission, find)


def ways(request: HttpRequest) -> list[Way]:
    """Where this officer may go, in order; the page they are on is marked."""
    here = request.path.strip("/").partition("/")[0]
    made = []
    for item in sorted(_ways.values(), key=lambda item: (item.order, item.route)):
        if _may(request, item.permission):
            url = reverse(item.route)
            current = url.strip("/").partition("/")[0] == here
            made.append(Way(item.label, url, item.icon, item.key, current, item.aside))
    if all(way.aside for way in made):
        return [replace(way, aside=False) for way in made]
    return made


def found(request: HttpRequest, typed: str) -> list[Group]:
    """What Ctrl-K offers for what was typed; with nothing typed, every page and action."""
    groups = [
        Group(_("Go to"), _matching(ways(request), typed)),
        Group(_("Do"), _do(request, typed)),
    ]
    if typed:
        for _order, label, permission, find in sorted(_searches.values(), key=lambda one: one[0]):
            if _may(request, permission):
                groups.insert(-2, Group(label, list(islice(find(request, typed), HITS_EACH))))
    return [group for group in groups if group.hits]


def _matching(known: Iterable[Way], typed: str) -> list[Hit]:
    return [Hit(way.label, way.url, icon=way.icon) for way in known if _fits(typed, way.label)]


def _do(request: HttpRequest, typed: str) -> list[Hit]:
    return [
        Hit(offered.label, reverse(offered.route), icon=offered.icon)
        for offered in _actions.values()
        if _may(request, offered.permission) and _fits(typed, offered.label, offered.words)
    ]


def _fits(typed: str, *texts: Text) -> bool:
    """Every word typed begins a word of the texts."""
    words = " ".join(str(text) for text in texts).casefold().split()
    return all(any(word.startswith(part) for word in words) for part in typed.casefold().split())


def _may(request: HttpRequest, permission: str) -> bool:
    user: Any = request.user
    return bool(user.is_authenticated and user.may(permission))


def toast(
    response: HttpResponse, text: Text, *, tone: str = "good", undo: str = ""
) -> HttpResponse:
    """Say on the page that asked what was just done; ``undo`` is an address to POST to within 10 s.

    For answers to htmx. A view that redirects calls ``say`` instead.
    """
    told = {"toast": {"text": str(text), "tone": tone, "undo": undo}}
    response["HX-Trigger"] = json.dumps(told)
    return response


def say(request: HttpRequest, text: Text, *, tone: str = "good", undo: str = "") -> None:
    """Say on the next page what was just done, naming nobody: it waits in a signed cookie."""
    messages.info(request, str(text), extra_tags=f"{tone} {undo}".strip())


def refused(text: Text) -> HttpResponse:
    """Nothing was changed, and why: the page stays, with what was typed. To htmx only."""
    return toast(HttpResponse(status=204), text, tone="bad")


def afresh(request: HttpRequest, text: Text) -> HttpResponse:
    """The page again as it is now, with what was just done. To htmx only."""
    say(request, text)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Go on to another page, as a page: what htmx asked for would else be swapped into this one.

    Then its toasts are shown, and its address stands in the bar.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


@dataclass(frozen=True, slots=True)
class Toast:
    text: str
    tone: str
    undo: str


class Shell:
    """What the frame shows; worked out only when a template asks, so fragments pay nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    sheets = SHEETS

    @cached_property
    def ways(self) -> list[Way]:
        return ways(self._request)

    @property
    def theme(self) -> str:
        """The officer's choice of light or dark; empty follows the machine."""
        kept = self._request.COOKIES.get("theme", "")
        return kept if kept in THEMES else ""

    @property
    def since(self) -> int | None:
        """From where the page's live parts follow the event log: no later than what it shows."""
        return getattr(self._request.session, "since", None)

    @property
    def keys(self) -> str:
        """Whether single-letter shortcuts work (WCAG 2.1.4: they can be turned off)."""
        return "off" if self._request.COOKIES.get("keys") == "off" else "on"

    @property
    def toasts(self) -> list[Toast]:
        said = []
        for message in messages.get_messages(self._request):
            if message.level >= messages.ERROR:  # stands on the page, to be read in peace
                continue
            tone, _space, undo = message.extra_tags.partition(" ")
            said.append(Toast(str(message), tone, undo))
        return said


def context(request: HttpRequest) -> dict[str, object]:
    """The frame, and the CSP nonce that scripts and every element htmx may act on must carry."""
    return {"nonce": getattr(request, "csp_nonce", ""), "shell": Shell(request)}
