"""Words of the set-up that patients read: what waits for somebody who did not write it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.relations import actions, queries
from almoner.relations.views.texts import REFUSED

TEXTS: dict[str, Any] = {"permission": "relations.texts", "purpose": Purpose.NO_PATIENT}


@door("GET", **TEXTS)
def words_to_sign(request: DeskRequest) -> HttpResponse:
    """What waits, as patients would read it; the first that may be signed has the key."""
    rows = queries.unsigned()
    led = next((each for each in rows if request.user.pk not in each.authors), None)
    context = {
        "rows": [(each, request.user.pk in each.authors, each is led) for each in rows],
        "more": queries.unsigned_count() - len(rows),
    }
    return render(request, "relations/words_to_sign.html", context)


@door("POST", **TEXTS)
def sign_words(request: DeskRequest, code: str, row_id: int) -> HttpResponse:
    """It is right: patients read it from here on."""
    seen = request.POST.get("seen", "")[:64]
    try:
        actions.sign_words(
            officer=request.user, code=code, row_id=row_id, seen=seen, at=request.reading.at
        )
    except actions.TextRefused as refused:
        return shell.refused(REFUSED[refused.reason])
    return shell.afresh(request, _("Signed. Patients read it from now on."))
