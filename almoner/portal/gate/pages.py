"""What every page of a patient's says, whichever way they came."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from almoner.facility import queries as facility
from almoner.patients.rules.details import readable
from almoner.portal import rules
from almoner.portal.rules.accounts import EVERYTHING


class Spoken(HttpRequest):
    """A request whose language the gate has settled."""

    language: str


class Took(HttpResponseRedirect):
    """What was sent is kept, and the page goes on to where this leads."""


_LANGUAGE = "language"


def chosen(request: HttpRequest) -> str:
    """The language that was chosen on a page, now or before; empty when none was."""
    asked = request.GET.get("lang") or request.COOKIES.get(_LANGUAGE) or ""
    return asked if asked in rules.LANGUAGES else ""


def keep_chosen(request: HttpRequest, response: HttpResponse, *, path: str) -> None:
    """Have the browser remember, below this path, the language that was chosen now."""
    asked = request.GET.get("lang")
    if asked in rules.LANGUAGES:
        set_cookie(response, _LANGUAGE, asked, path=path)


def set_cookie(
    response: HttpResponse, name: str, value: str, *, path: str, max_age: timedelta | None = None
) -> None:
    """A cookie that no script reads, sent back below this path alone."""
    response.set_cookie(
        name, value, max_age=max_age, path=path, secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip


def _said_otherwise(language: str, *, kiosk: object, asks: object) -> Mapping[str, str]:
    if asks:
        return {**rules.AT_KIOSK[language], **rules.AT_THE_DESK[language]}
    return rules.AT_KIOSK[language] if kiosk else {}


def back_at_the_desk(appointment_id: int) -> str:
    """The desk's own page of check-in, for the reason that the visit is."""
    return f"{reverse('check_in', args=[appointment_id])}?for=appointment:{appointment_id}"


def page(
    request: Spoken, template: str, facts: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page in the patient's language; ``words`` are all texts of it.

    Every page says whom to call: where the visit is, or the clinic.
    """
    clinic, facts, kiosk = facility.organisation(), facts or {}, getattr(request, "kiosk", None)
    asks, link = getattr(request, "asks", None), getattr(request, "link", None)
    words = rules.WORDS[request.language]
    phone = facts["visit"].phone if "visit" in facts else clinic.phone
    context = {
        "words": {**words, **_said_otherwise(request.language, kiosk=kiosk, asks=asks)},
        "kiosk": kiosk or asks,
        "desk": back_at_the_desk(link.appointment_id) if asks and link else "",
        "language": request.language,
        "languages": rules.LANGUAGES.items(),
        "token": getattr(request, "token", ""),
        "sees": getattr(link, "parts", EVERYTHING),
        "clinic": clinic.name,
        "phone": phone,
        "phone_text": readable(phone),
    }
    return render(request, template, context | facts, status=status)
