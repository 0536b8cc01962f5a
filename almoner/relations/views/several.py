"""What is done to several cases of the list at once, and which of them did not let it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from almoner.access.door import DeskRequest, door
from almoner.access.queries import officers
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.relations import actions, forms, queries, rules
from almoner.relations.views.acting import REFUSALS, incomplete
from almoner.relations.views.cases import QUEUE, morning_of, on_the_clinics_clock

Said = dict[str, Any]
Act = Callable[..., object]


def _assign(said: Said) -> Act:
    return partial(actions.assign, owner=officers.officer(said["owner"]))


def _snooze(said: Said) -> Act:
    return partial(actions.snooze, until=morning_of(said["aside"]))


def _due(said: Said) -> Act:
    due_at = on_the_clinics_clock(said["due_day"], said["due_at"])
    return partial(actions.set_due, due_at=due_at, words=said["due_why"])


ACTS: dict[str, tuple[tuple[str, ...], Callable[[Said], Act]]] = {
    "take": ((), lambda _said: actions.take),
    "assign": (("owner",), _assign),
    "snooze": (("aside",), _snooze),
    "move": (("desk",), lambda said: partial(actions.move, desk=rules.Desk(said["desk"]))),
    "due": (("due_day", "due_at", "due_why"), _due),
    "note": (("note",), lambda said: partial(actions.note, words=said["note"])),
    "close": (("result",), lambda said: partial(actions.close, result=said["result"])),
}
"""What each act needs to be said, and the act of one case that it is."""


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS, queue=QUEUE)
def cases_at_once(request: DeskRequest) -> HttpResponse:
    """Do one act to each case that is ticked; which did not let it is told row by row."""
    ids = dict.fromkeys(filter(None, map(row_id, request.POST.getlist("case"))))
    chosen = list(_still_seen(request, list(ids)[: actions.MOST_AT_ONCE]))
    form, act = forms.AtOnce(request.POST), request.POST.get("act", "")
    if not chosen or not form.is_valid():
        return incomplete()
    facts: dict[str, Any] = {"officer": request.user, "at": request.reading.at}
    if act == "merge":
        whole, outcome = actions.merge_all(cases=chosen, **facts)
        if whole and not outcome.refused:
            shell.say(request, _told(outcome))
            return shell.go(request, f"{reverse('case', args=[whole.pk])}?for=case:{whole.pk}")
        return _answered(request, outcome)
    needed, made = ACTS.get(act, (("act",), None))
    if made is None or not all(form.cleaned_data.get(name) for name in needed):
        return incomplete()
    return _answered(request, actions.do_all(made(form.cleaned_data), chosen, **facts))


def _still_seen(request: DeskRequest, ids: list[int]) -> Iterator[Any]:
    """Those of them that the officer may see: a colleague may have moved one meanwhile."""
    for each in ids:
        with suppress(ObjectDoesNotExist, Http404):
            yield queries.case(each, reading=request.reading)


def _answered(request: DeskRequest, outcome: actions.Outcome) -> HttpResponse:
    if not outcome.refused:
        return shell.afresh(request, _told(outcome))
    refused = [(row, REFUSALS[reason]) for row, reason in outcome.refused]
    context = {"refused": refused, "told": _told(outcome)}
    answer = render(request, "relations/_not_changed.html", context)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


def _told(outcome: actions.Outcome) -> str:
    count = len(outcome.done)
    return ngettext("%(n)s case changed.", "%(n)s cases changed.", count) % {"n": count}
