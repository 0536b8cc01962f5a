"""A clinic with a patient of whom there is something of every kind, served while its clock stands.

A program: it fills its database, writes on one line which pages there are and the cookies by which
they open, and serves until it is ended. Each answer names the templates it was made of.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django

if __name__ == "__main__":
    django.setup()

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test.signals import template_rendered
from django.test.utils import setup_test_environment
from django.urls import get_resolver, reverse

from almoner.access.checks import routes
from almoner.ground import clock
from almoner.portal.gate import accounts
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests import known
from almoner.portal.tests.joining import account, invited, patient, says_code
from almoner.surveys.models import Survey

NOWHERE = "nonsense"


class Quiet(WSGIRequestHandler):
    """A test needs no log of who asked for what."""

    def log_message(self, *_said: object) -> None:
        pass


def naming(application: Callable[..., Any], made_of: list[str]) -> Callable[..., Any]:
    """The same answers, each with the templates it was made of. One at a time."""

    def answered(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        made_of.clear()

        def begun(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("X-Made-Of", " ".join(dict.fromkeys(made_of)))], *more)

        return application(environ, begun)

    return answered


def pages(one: known.Known, other: known.Known) -> Iterator[tuple[str, str, str]]:
    """A name, the address, and who opens it: ``one``, ``half`` joined, or ``nobody``."""
    tokens = {"survey": one.over, "errand": one.errand, "book": one.errand}
    for _where, pattern in routes(get_resolver().url_patterns):
        name = pattern.name or ""
        if "GET" in getattr(pattern.callback, "gate", ()):
            token = one.video if "_video" in name else tokens.get(name.partition("_")[0], one.link)
            known_of = {
                "token": token, "participant_id": one.seat.participant_id, "step": "end",
                "kind_id": one.kind.pk,
            } | one.given_for(name)  # fmt: skip
            facts = {each: known_of[each] for each in pattern.pattern.converters}
            half = name.startswith("my_join")
            yield name, reverse(name, kwargs=facts), "half" if half else "one"
    yield "visit_asks", reverse("visit_link", args=[one.link]), "nobody"
    yield "errand_asks", reverse("errand", args=[one.errand]), "nobody"
    yield "survey_done", reverse("survey_sheet", args=[other.over]), "one"
    yield "survey_over", reverse("survey_link", args=[NOWHERE]), "nobody"
    yield "over", reverse("visit_link", args=[NOWHERE]), "nobody"
    yield "call_over", reverse("call", args=[0]), "nobody"
    yield "kiosk_enrols", reverse("kiosk_enrol"), "nobody"
    yield "at_kiosk", reverse("visit_page", args=[one.at_kiosk]), "one"
    yield "enters", reverse("my_enter"), "nobody"
    yield "enters_shared", reverse("shared_enter"), "nobody"


def cookies(one: known.Known, other: known.Known) -> dict[str, list[tuple[str, str, str]]]:
    """Who opens pages: each cookie's name, value and path."""
    own = [
        (name, morsel.value, "/")
        for name, morsel in one.browser.cookies.items()
        if name not in ("visit", "csrftoken") and morsel.value
    ]
    own += [
        ("visit", value, f"/v/{token}/")
        for person in (one, other)
        for token, value in person.entries.items()
    ]
    half = says_code(invited(patient())[1])
    return {"one": own, "half": [("my", half.cookies["my"].value, "/my/")], "nobody": []}


def main() -> None:
    setup_test_environment()
    clock.now = lambda: known.NOW
    known.house()
    one = known.Known(given="Clotilde", family="Verhoeven", born=date(1951, 9, 23), cents=3_171)
    other = known.Known(given="Otokar", family="Wiszniewski", born=date(1962, 8, 14), cents=4_447)
    for each in (Kind.HELPER, Kind.REPRESENTATIVE):
        account(one.person, each, login=each.value, name="Ines Ferreira")
    told = {"pages": list(pages(one, other)), "cookies": cookies(one, other)}
    Survey.objects.filter(patient=other.person).update(finished_at=known.NOW)
    accounts.MOST_TRIES = 0  # from now on: whoever tries a door is asked to wait
    made_of: list[str] = []

    def note(template: Any, **_more: Any) -> None:
        made_of.append(str(template.name))

    template_rendered.connect(note)
    application = naming(StaticFilesHandler(WSGIHandler()), made_of)
    port = int(os.environ["ALMONER_HOUSE_PORT"])
    server = make_server("127.0.0.1", port, application, handler_class=Quiet)
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
