"""Settling at the desk what a patient said ahead of a visit."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.arrivals import actions, forms, queries
from almoner.arrivals.rules import Item, ahead
from almoner.arrivals.views.flow import item_lines
from almoner.ground import shell
from almoner.ground.typed import row_id

REFUSALS: dict[type[Exception], Any] = {
    actions.Overtaken: gettext_lazy(
        "The record was changed this moment. Nothing was replaced: look at it once more."
    ),
    actions.SettledAlready: gettext_lazy("A colleague has settled this already."),
    actions.PlanNeeded: gettext_lazy("Choose the plan first. Nothing was added."),
    actions.PolicyNeeded: gettext_lazy(
        "Choose whose card it is, or add the coverage first. Nothing was kept."
    ),
    actions.NotTaken: gettext_lazy(
        "Coverage does not take it like this. Open the coverage and change it there."
    ),
}


@door("POST", permission="arrivals.check_in", purpose=Purpose.TREATMENT)
def settle_said(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Accept or refuse what was said of one item; the answer is the item as it stands now."""
    act = ACTS.get(request.POST.get("do", ""))
    item = next((one for one in ahead.ITEMS.values() if one == request.POST.get("item")), None)
    if act is None or item is None:
        raise Http404
    try:
        said = act(request, appointment_id)
    except tuple(REFUSALS) as refused:
        said = str(REFUSALS[type(refused)])
    return shell.toast(_item(request, appointment_id, item), said)


def _accept(request: DeskRequest, _appointment_id: int) -> str:
    actions.accept(
        officer=request.user,
        said_id=_id(request, "said"),
        seen=request.POST.get("seen", ""),
        plan_id=row_id(request.POST.get("plan", "")),
        at=request.reading.at,
    )
    return _("Accepted.")


def _accept_all(request: DeskRequest, appointment_id: int) -> str:
    number = actions.accept_details(
        officer=request.user, appointment_id=appointment_id, at=request.reading.at
    )
    return _("Accepted: %(number)s.") % {"number": number}


def _refuse(request: DeskRequest, _appointment_id: int) -> str:
    why = request.POST.get("reason", "").strip()
    if not why:
        return _("Say why it is refused. Nothing was changed.")
    actions.refuse(
        officer=request.user, said_id=_id(request, "said"), why=why[:400], at=request.reading.at
    )
    return _("Refused; the record stands as it was.")


def _keep(request: DeskRequest, appointment_id: int) -> str:
    actions.keep_cards(
        officer=request.user,
        appointment_id=appointment_id,
        policy_id=_policy(request),
        kept_of=row_id(request.POST.get(f"of{request.POST.get('policy', '')}", "")),
        at=request.reading.at,
    )
    return _("Card kept.")


def _drop(request: DeskRequest, appointment_id: int) -> str:
    actions.drop_cards(
        officer=request.user,
        appointment_id=appointment_id,
        policy_id=_policy(request),
        why=request.POST.get("reason", "")[:400],
        at=request.reading.at,
    )
    return _("Thrown away.")


ACTS: dict[str, Callable[[DeskRequest, int], str]] = {
    "accept": _accept,
    "all": _accept_all,
    "refuse": _refuse,
    "keep": _keep,
    "drop": _drop,
}


def _id(request: DeskRequest, name: str) -> int:
    found = row_id(request.POST.get(name, ""))
    if found is None:
        raise Http404
    return found


def _policy(request: DeskRequest) -> int | None:
    """Whose card was photographed; empty: one that is not kept yet."""
    return _id(request, "policy") if request.POST.get("policy") else None


def _item(request: DeskRequest, appointment_id: int, item: Item) -> HttpResponse:
    """The item afresh; what is typed and ticked in it stays."""
    asked = queries.checklist(appointment_id, reading=request.reading)
    typed = {name: request.POST[name] for name in request.POST if name.endswith("_reason")}
    done = {
        f"{one}_done": line.clear or f"{one}_done" in request.POST
        for one, line in asked.lines.items()
    }
    form = forms.CheckIn(
        due=asked.forms,
        clear=asked.clear,
        said=asked.said,
        initial=typed | done,
    )
    [line] = item_lines(form, asked, [item])
    context = {"asked": asked, "form": form, "one": line}
    return render(request, "arrivals/_item.html", context)


@door("GET", permission="arrivals.check_in", purpose=Purpose.TREATMENT)
def card_taken(request: DeskRequest, photo_id: int) -> HttpResponse:
    """A photograph of a card that a patient sent and nobody has looked at yet."""
    jpeg = queries.photo(photo_id, reading=request.reading)
    headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(jpeg, content_type="image/jpeg", headers=headers)
