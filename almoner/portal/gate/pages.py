"""What every page of a patient's says, whichever way they came."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from almoner.facility import queries as facility
from almoner.patients.rules.details import readable
from almoner.portal import rules
from almoner.portal.rules.accounts import EVERYTHING


class Spoken(HttpRequest):
    """A request whose language the gate has settled."""

    language: str


def page(
    request: Spoken, template: str, facts: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page in the patient's language; ``words`` are all texts of it.

    Every page says whom to call: where the visit is, or the clinic.
    """
    clinic, facts = facility.organisation(), facts or {}
    phone = facts["visit"].phone if "visit" in facts else clinic.phone
    context = {
        "words": rules.WORDS[request.language],
        "language": request.language,
        "languages": rules.LANGUAGES.items(),
        "token": getattr(request, "token", ""),
        "sees": getattr(getattr(request, "link", None), "parts", EVERYTHING),
        "clinic": clinic.name,
        "phone": phone,
        "phone_text": readable(phone),
    }
    return render(request, template, context | facts, status=status)
