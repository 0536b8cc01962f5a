"""What a kiosk sends: each entry under a key of its own, taken once, or handed to the desk.

The kiosk's service worker keeps an entry until our answer names its key. What it could not send
while somebody stood there it sends later, without anybody to read what we say.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.portal import actions, queries
from almoner.portal.actions import Brought
from almoner.portal.gate.pages import Took
from almoner.portal.rules import kiosks

KIOSK = "kiosk"
"""The cookie that a device is a kiosk by."""
TAKEN = "X-Kiosk-Taken"


def brought(request: HttpRequest) -> Brought | None:
    """What the page of a kiosk sends, if it does: other requests have no key."""
    key = _uuid(request.headers.get("X-Kiosk-Key", ""))
    if key is None or request.method != "POST":
        return None
    match = request.resolver_match
    return Brought(
        key=key,
        what=(match.url_name or "") if match else "",
        entered_at=kiosks.entered_at(
            _instant(request.headers.get("X-Kiosk-Entered", "")), at=clock.now()
        ),
        late="X-Kiosk-Late" in request.headers,
    )


def once(request: Any, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer what was sent by a link of a kiosk, so that sent again it changes nothing more."""
    sent: Brought | None = request.brought
    if sent is None:
        return answer()
    sitting = request.link.sitting
    entry, new = actions.claim(
        kiosk=request.kiosk, brought=sent, visit=sitting.appointment, at=clock.now()
    )
    if not new:
        return taken(sent, reverse("visit_page", args=[request.token]))
    try:
        with transaction.atomic():
            response = answer()
    except Http404:  # the thing that was answered is not asked any more
        if not sent.late:
            raise
        response = HttpResponse(status=404)
    if isinstance(response, Took):
        return taken(sent, response.url)
    if sent.late:
        _hand_over(request, entry, sitting)
        return taken(sent, reverse("kiosk"))
    actions.let_go(entry)
    if isinstance(response, HttpResponseRedirect):
        return taken(sent, response.url)
    response[TAKEN] = str(sent.key)
    return response


def not_there(request: Any, token: str) -> HttpResponse:
    """The visit's page leads nowhere any more; what was entered there before is the desk's work."""
    sent: Brought | None = request.brought
    sitting = queries.sitting_of(token)
    if sent is None or not sent.late or sitting is None:
        return redirect("kiosk")
    entry, new = actions.claim(
        kiosk=request.kiosk, brought=sent, visit=sitting.appointment, at=clock.now()
    )
    if new:
        _hand_over(request, entry, sitting)
    return taken(sent, reverse("kiosk"))


def taken(sent: Brought, go: str) -> HttpResponse:
    """Say that it was taken, and where the page goes on: a service worker reads no redirect."""
    return JsonResponse({"go": go}, headers={TAKEN: str(sent.key)})


def _hand_over(request: Any, entry: Any, sitting: Any) -> None:
    actions.hand_over(
        entry,
        words=queries.words_entered(entry.what, request.POST.dict()),
        patient_id=sitting.appointment.patient_id,
        at=clock.now(),
    )


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _instant(typed: str) -> datetime | None:
    try:
        said = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return said if said.tzinfo else None
