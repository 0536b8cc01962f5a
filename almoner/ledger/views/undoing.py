"""Undoing a payment: a returned check, a mistake, money of another patient."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.money import dollars
from almoner.ledger import actions, forms, queries
from almoner.ledger.views.payments import with_reason
from almoner.patients import queries as patients

REFUSALS: dict[type[actions.PaymentRefused], Any] = {
    actions.AlreadyUndone: gettext_lazy("This payment was undone before; nothing was done again."),
    actions.NotACheck: gettext_lazy("Only a check can be returned by the bank."),
    actions.CardWasCharged: gettext_lazy(
        "The card was charged. Give the money back, or move it to the patient it is from."
    ),
    actions.PartGivenBack: gettext_lazy(
        "Some of it was given back already, so it was real. Give back the rest instead."
    ),
    actions.InDeposit: gettext_lazy(
        "The check lies in a deposit. Take the deposit apart first, or mark it as brought."
    ),
    actions.AtTheBank: gettext_lazy(
        "The check was brought to the bank. If the bank returned it, say so instead."
    ),
    actions.DrawerShort: gettext_lazy(
        "The drawer holds less than that: cash of it was moved on, so it must have been there."
    ),
    actions.SamePatient: gettext_lazy("It stands with that patient already."),
    actions.AmountRefused: gettext_lazy("The fee must be at most $100.00."),
}
WORDS: dict[str, dict[str, Any]] = {
    "return_check": {
        "title": gettext_lazy("The bank returned the check"),
        "what": gettext_lazy(
            "The payment is reversed by a journal of its own and the patient owes it again. What"
            " was written stays written."
        ),
        "button": gettext_lazy("Mark as returned"),
    },
    "undo_payment": {
        "title": gettext_lazy("Entered by mistake"),
        "what": gettext_lazy(
            "For money that was never given. It is reversed by a journal of its own, and the"
            " drawer is expected to hold that much less. What was written stays written."
        ),
        "button": gettext_lazy("Reverse the payment"),
    },
    "move_payment": {
        "title": gettext_lazy("From another patient"),
        "what": gettext_lazy(
            "For money that is real and was posted to the wrong patient. It stays where it lies;"
            " it pays what the right patient owes, the oldest first."
        ),
        "button": gettext_lazy("Move the payment"),
    },
}


@door("GET", "POST", permission="ledger.undo_payment", purpose=Purpose.PAYMENT)
def returned(request: DeskRequest, payment_id: int) -> HttpResponse:
    """The bank returned the check."""
    receipt = queries.receipt(payment_id, reading=request.reading)
    form = forms.Returned(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.bounce_check(
                officer=request.user,
                payment_id=payment_id,
                fee_cents=given["fee"] or 0,
                reason=given["reason"],
                at=request.reading.at,
            )
        except actions.PaymentRefused as refused:
            form.add_error(None, REFUSALS[type(refused)])
        else:
            said = _("The check is marked as returned; the patient owes it again.")
            return _done(request, payment_id, said)
    return _page(request, receipt, form, "return_check")


@door("GET", "POST", permission="ledger.undo_payment", purpose=Purpose.PAYMENT)
def mistaken(request: DeskRequest, payment_id: int) -> HttpResponse:
    """The payment was never given."""
    receipt = queries.receipt(payment_id, reading=request.reading)
    form = forms.Mistaken(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo_payment(
                officer=request.user,
                payment_id=payment_id,
                reason=form.cleaned_data["reason"],
                at=request.reading.at,
            )
        except actions.PaymentRefused as refused:
            form.add_error(None, REFUSALS[type(refused)])
        else:
            return _done(request, payment_id, _("The payment is reversed."))
    return _page(request, receipt, form, "undo_payment")


@door("GET", "POST", permission="ledger.undo_payment", purpose=Purpose.PAYMENT)
def moved(request: DeskRequest, payment_id: int) -> HttpResponse:
    """The payment is another patient's, named by number and birth date."""
    receipt = queries.receipt(payment_id, reading=request.reading)
    form = forms.Moved(request.POST or None)
    if request.method == "POST" and form.is_valid() and _moved(request, payment_id, form):
        return _done(request, payment_id, _("The payment now stands with the right patient."))
    return _page(request, receipt, form, "move_payment")


def _moved(request: DeskRequest, payment_id: int, form: forms.Moved) -> bool:
    given = form.cleaned_data
    patient_id = queries.patient_identified(
        given["mrn"], given["birth_date"], reading=request.reading
    )
    if patient_id is None:
        form.add_error("mrn", _("No patient has this number and this birth date."))
        return False
    try:
        actions.move_payment(
            officer=request.user,
            payment_id=payment_id,
            patient_id=patient_id,
            reason=given["reason"],
            at=request.reading.at,
        )
    except actions.PaymentRefused as refused:
        form.add_error(None, REFUSALS[type(refused)])
        return False
    return True


def _page(request: DeskRequest, receipt: queries.Receipt, form: Form, route: str) -> HttpResponse:
    context = {
        "receipt": receipt,
        "header": patients.header(receipt.patient_id, reading=request.reading),
        "form": form,
        "amount": dollars(receipt.cents),
        "says": WORDS[route],
        "reason": request.reading.work_item or f"payment:{receipt.number}",
    }
    return render(request, "ledger/undo.html", context, status=422 if form.errors else 200)


def _done(request: DeskRequest, payment_id: int, said: str) -> HttpResponse:
    shell.say(request, said)
    return redirect(with_reason("payment", payment_id, request))
