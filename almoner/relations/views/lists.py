"""Lists of cases that are kept: one's own, and those shared with a desk."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.relations import actions, forms, queries, rules
from almoner.relations.views.acting import REFUSALS, incomplete, refused_with


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def save_list(request: DeskRequest) -> HttpResponse:
    """Keep the list as it is narrowed now under a name."""
    form = forms.Saving(request.POST)
    narrowed = queries.filters(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            actions.save_view(officer=request.user, name=name, narrowed=narrowed)
        except actions.CaseRefused as refused:
            shell.say(request, REFUSALS[refused.reason], tone="bad")
    return HttpResponseRedirect(f"{reverse('cases')}?{urlencode(narrowed)}")


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def rename_list(request: DeskRequest, view_id: int) -> HttpResponse:
    """Call one's own list something else."""
    form = forms.Saving(request.POST)
    if not form.is_valid():
        return incomplete()
    name = form.cleaned_data["name"]
    return _done(request, actions.rename_view, _("Renamed."), view_id=view_id, name=name)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def share_list(request: DeskRequest, view_id: int) -> HttpResponse:
    """Let everybody at a desk have one's own list, or nobody any more."""
    desk = request.POST.get("desk", "")
    if desk not in ("", *rules.Desk):
        return incomplete()
    told = _("Shared with the desk.") if desk else _("It is your own alone.")
    to = rules.Desk(desk) if desk else None
    return _done(request, actions.share_view, told, view_id=view_id, desk=to)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def remove_list(request: DeskRequest, view_id: int) -> HttpResponse:
    """Remove one's own list, or take one from a desk that one leads."""
    return _done(request, actions.remove_view, _("Removed."), view_id=view_id)


def _done(
    request: DeskRequest, act: Callable[..., object], told: str, **facts: Any
) -> HttpResponse:
    try:
        act(officer=request.user, **facts)
    except actions.CaseRefused as refused:
        return refused_with(refused)
    return shell.afresh(request, told)
