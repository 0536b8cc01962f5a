"""How a change is answered: the page as it is now, or in a word why not."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from almoner.access.door import DeskRequest
from almoner.ground import shell
from almoner.outreach.actions import OutreachRefused
from almoner.outreach.forms import REFUSALS


def acted(
    request: DeskRequest, act: Callable[..., object], told: str, **facts: Any
) -> HttpResponse:
    """Do it, and show the page as it is now; refused, the page stays, with a word why."""
    try:
        act(officer=request.user, at=request.reading.at, **facts)
    except OutreachRefused as refused:
        return refused_with(refused)
    return shell.afresh(request, told)


def refused_with(refused: OutreachRefused) -> HttpResponse:
    return shell.refused(REFUSALS[refused.reason])
