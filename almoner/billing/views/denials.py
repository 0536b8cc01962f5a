"""The denial work list and what can be done about each."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, queries
from almoner.billing.queries import wording
from almoner.billing.rules.denials import Category
from almoner.billing.rules.desks import Desk
from almoner.ground import shell
from almoner.ground.typed import page_number, row_id


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT, queue="denials")
def denials(request: DeskRequest) -> HttpResponse:
    asked = queries.DenialsAsked(
        category=request.GET.get("category", ""),
        desk=request.GET.get("desk", ""),
        payer_id=row_id(request.GET.get("payer")),
        state=request.GET.get("state", ""),
        order=request.GET.get("order", ""),
    )
    count, cents = queries.denial_total()
    context = {
        "page": queries.denial_page(
            asked,
            number=page_number(request.GET.get("page")),
            today=queries.local_day(request.reading.at),
            reading=request.reading,
        ),
        "asked": asked,
        "order": asked.order,
        "count": count,
        "cents": cents,
        "categories": list(Category),
        "desks": list(Desk),
        "payers": queries.payers(),
    }
    return render(request, "billing/denials.html", context)


_ACTS: dict[str, tuple[Callable[..., Any], str]] = {
    "appeal": (actions.appeal, "text"),
    "write_off": (actions.write_off, "because"),
    "bill_next": (actions.bill_next, "because"),
    "bill_patient": (actions.bill_patient, "because"),
    "correct": (actions.correct_denied, "because"),
}


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT)
def settle_denial(request: DeskRequest, denial_id: int) -> HttpResponse:
    """Do one of the acts about a denial; the reason asked for is kept with it."""
    denial = queries.denial(denial_id, reading=request.reading)
    claim_id = denial.claim_id
    act, word = _ACTS.get(request.POST.get("act", ""), (None, ""))
    reason = request.POST.get("reason", "").strip()[:500]
    if act is None or not reason:
        shell.say(request, _("Say why in a few words; nothing was done."), tone="warn")
        return _to(request, claim_id)
    try:
        done = act(
            officer=request.user, denial_id=denial_id, at=request.reading.at, **{word: reason}
        )
    except actions.NotAllowed as refused:
        shell.say(request, str(refused), tone="bad")
    except actions.WrongState as wrong:
        shell.say(request, wording.wrong_step(*wrong.args), tone="warn")
    except actions.StillOnItsWay:
        shell.say(request, _("The claim is just being sent."), tone="warn")
    else:
        shell.say(request, _("Done."))
        if request.POST["act"] == "correct" and done is not None:
            claim_id = done.pk  # the claim that took its place
    return _to(request, claim_id)


def _to(request: DeskRequest, claim_id: int) -> HttpResponse:
    return shell.go(request, f"{reverse('claim', args=[claim_id])}?for=claim:{claim_id}")
