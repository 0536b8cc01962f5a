"""Deposits: what waits for the bank, one deposit, its slip."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import paper, shell
from almoner.ground.money import dollars
from almoner.ground.typed import row_id
from almoner.ledger import actions, exchange, forms, queries

FOLLOW_UP = timedelta(days=14)
"""How long a deposit that was brought is still a reason to see whose checks were in it."""
REFUSALS = {
    actions.NothingToBring: gettext_lazy(
        "Choose at least one drawer or check. Drawers that took more from the safe than they"
        " brought cannot go to the bank alone."
    ),
    actions.ChosenElsewhere: gettext_lazy(
        "Something you chose is in another deposit by now; nothing was prepared. Look again."
    ),
}


@door("GET", permission="ledger.deposit", purpose=Purpose.PAYMENT, queue="bank deposits")
def deposits(request: DeskRequest) -> HttpResponse:
    """What waits at one location, and the deposits so far."""
    return _deposits(request, _location(request, request.GET.get("location", "")))


@door("POST", permission="ledger.deposit", purpose=Purpose.PAYMENT, queue="bank deposits")
def prepare(request: DeskRequest) -> HttpResponse:
    location_id = _location(request, request.POST.get("location", ""))
    contents = queries.waiting_for_bank(location_id, reading=request.reading)
    form = forms.Prepare(contents, request.POST)
    if form.is_valid():
        try:
            deposit = actions.prepare_deposit(
                officer=request.user,
                location=facility.location(location_id),
                drawer_ids=form.cleaned_data["drawers"],
                check_ids=form.cleaned_data["checks"],
                at=request.reading.at,
            )
        except actions.PaymentRefused as refused:
            form.add_error(None, REFUSALS[type(refused)])
        else:
            amount = dollars(deposit.cash_cents + deposit.checks_cents)
            shell.say(request, _("Deposit of %s prepared. Print the slip.") % amount)
            return redirect("deposit", deposit.pk)
    else:
        form.add_error(None, REFUSALS[actions.ChosenElsewhere])
    return _deposits(request, location_id, form)


def _deposits(
    request: DeskRequest, location_id: int, form: forms.Prepare | None = None
) -> HttpResponse:
    contents = queries.waiting_for_bank(location_id, reading=request.reading)
    context = {
        "form": form,
        "waiting": contents,
        "location_id": location_id,
        "places": list(facility.places().values()),
        "lines": queries.deposits(),
    }
    return render(request, "ledger/deposits.html", context, status=422 if form else 200)


@door("GET", permission="ledger.deposit", purpose=Purpose.PAYMENT, queue="bank deposits")
def deposit(request: DeskRequest, deposit_id: int) -> HttpResponse:
    context = {
        "line": _one(request, deposit_id),
        "contents": queries.contents_of(deposit_id, reading=request.reading),
        "form": forms.Bring(),
    }
    return render(request, "ledger/deposit.html", context)


@door("POST", permission="ledger.deposit", purpose=Purpose.NO_PATIENT)
def bring(request: DeskRequest, deposit_id: int) -> HttpResponse:
    queries.deposit(deposit_id)
    form = forms.Bring(request.POST)
    reference = form.cleaned_data["reference"] if form.is_valid() else ""
    try:
        actions.bring_deposit(
            officer=request.user,
            deposit_id=deposit_id,
            bank_reference=reference,
            at=request.reading.at,
        )
    except actions.WrongState:
        _changed(request)
    else:
        shell.say(request, _("Brought to the bank."))
    return redirect("deposit", deposit_id)


@door("POST", permission="ledger.deposit", purpose=Purpose.NO_PATIENT)
def apart(request: DeskRequest, deposit_id: int) -> HttpResponse:
    queries.deposit(deposit_id)
    try:
        actions.take_apart(officer=request.user, deposit_id=deposit_id, at=request.reading.at)
    except actions.WrongState:
        _changed(request)
        return redirect("deposit", deposit_id)
    shell.say(request, _("Taken apart; its cash and checks wait again."))
    return redirect("deposits")


def _changed(request: DeskRequest) -> None:
    shell.say(request, _("This deposit has changed meanwhile; nothing was done."), tone="bad")


@door("GET", permission="ledger.deposit", purpose=Purpose.PAYMENT, queue="bank deposits")
def slip(request: DeskRequest, deposit_id: int) -> HttpResponse:
    """The slip for the bank: amounts and check numbers, and not one patient's name."""
    line = _one(request, deposit_id)
    contents = queries.contents_of(deposit_id, reading=request.reading)
    body = paper.pdf(
        "ledger/deposit.typ", data=exchange.deposit_data(line, contents), at=line.prepared_at
    )
    said = {"Content-Disposition": f'inline; filename="deposit-{deposit_id}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=said)


def _one(request: DeskRequest, deposit_id: int) -> queries.DepositLine:
    """A deposit; what was brought long ago is no work of today's, and whoever looks says why."""
    line = queries.deposit(deposit_id)
    over = line.settled_at is not None and request.reading.at - line.settled_at > FOLLOW_UP
    request.reading.queue_is_over = over
    return line


def _location(request: DeskRequest, text: str) -> int:
    """The location asked for, else the officer's, else the first. Raises Http404."""
    places = facility.places()
    for each in (row_id(text), request.user.location_id, *places):
        if each in places:
            return each
    raise Http404
