"""Taking a payment, looking after it, giving it back."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.edges import card
from almoner.facility import queries as facility
from almoner.ground import clock, paper, shell
from almoner.ground.language import PATIENTS_READ
from almoner.ground.money import dollars
from almoner.ground.typed import row_id
from almoner.ledger import actions, exchange, forms, queries
from almoner.ledger.rules import Method
from almoner.patients import queries as patients

REFUSALS: dict[type[actions.PaymentRefused], Any] = {
    actions.AmountRefused: gettext_lazy("The amount must be more than nothing and not a slip."),
    actions.KeyReused: gettext_lazy(
        "This page was already sent with other facts. See the patient's payments, then begin anew."
    ),
    actions.NoDrawer: gettext_lazy(
        "You have no open drawer: nothing was taken. Open a drawer first, or take a card or check."
    ),
    actions.TenderedTooLittle: gettext_lazy("That is less cash than the amount."),
    actions.RefundTooHigh: gettext_lazy("That is more than is left of this payment."),
    actions.RefundWaiting: gettext_lazy(
        "An earlier refund of this payment is not settled yet. Wait until it is known."
    ),
    actions.DrawerShort: gettext_lazy("Your drawer does not hold that much cash."),
}


LANGUAGES = {"en": gettext_lazy("English"), "es": gettext_lazy("Spanish")}


def a_key() -> str:
    return secrets.token_urlsafe(24)


@door("GET", permission="ledger.take_payment", purpose=Purpose.PAYMENT)
def take(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The form for one payment, filled in with what is due for the visit or in all."""
    visit_id = row_id(request.GET.get("visit", ""))
    due = _due(patient_id, visit_id)
    suggested = row_id(request.GET.get("amount", "")) or max(due, 0) or None
    drawer = queries.open_drawer_of(request.user)
    form = forms.Take(
        initial={
            "amount": suggested,
            "method": Method.CASH.value if drawer else Method.CARD.value,
            "key": a_key(),
            "seen": queries.newest_payment_id(patient_id, visit_id),
            "visit": visit_id,
            "item": request.GET.get("item", ""),
            "location": request.user.location_id,
        }
    )
    return _form(request, patient_id, form)


@door("POST", permission="ledger.take_payment", purpose=Purpose.PAYMENT)
def taken(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Take the payment; the same page sent again is the same payment."""
    form = forms.Take(request.POST)
    if not form.is_valid():
        return _form(request, patient_id, form)
    try:
        payment_id, said = _take(request, patient_id, form.cleaned_data)
    except actions.Unresolved as refused:
        return _form(request, patient_id, form, unresolved=refused.payment)
    except actions.JustPaid as refused:
        knowing = request.POST.copy()
        knowing["seen"] = str(refused.payment.pk)
        return _form(request, patient_id, forms.Take(knowing), just_paid=refused.payment)
    except actions.PaymentRefused as refused:
        form.add_error(None, REFUSALS[type(refused)])
        return _form(request, patient_id, form)
    shell.say(request, said)
    return redirect(with_reason("payment", payment_id, request))


def _take(request: DeskRequest, patient_id: int, given: dict[str, Any]) -> tuple[int, str]:
    taking = actions.Taking(
        key=given["key"],
        patient_id=patient_id,
        visit_id=given["visit"],
        cents=given["amount"],
        location=facility.location(given["location"]),
        seen=given["seen"],
        for_item=given["item"],
    )
    officer, at = request.user, request.reading.at
    amount = dollars(taking.cents)
    if given["method"] == Method.CARD:
        payment = actions.ask_card(officer=officer, taking=taking, at=at)
        return payment.pk, _("%(amount)s asked at the card terminal.") % {"amount": amount}
    if given["method"] == Method.CHECK:
        number = given["check_number"]
        payment = actions.take_check(officer=officer, taking=taking, number=number, at=at)
        return payment.pk, _("Check of %(amount)s taken.") % {"amount": amount}
    tendered = given["tendered"] or taking.cents
    payment = actions.take_cash(officer=officer, taking=taking, tendered=tendered, at=at)
    change = dollars(tendered - taking.cents)
    return payment.pk, _("%(amount)s cash taken. Change: %(change)s.") % {
        "amount": amount,
        "change": change,
    }


def _form(request: DeskRequest, patient_id: int, form: forms.Take, **trouble: Any) -> HttpResponse:
    visit_id = row_id(str(form["visit"].value() or ""))
    context = {
        "form": form,
        "header": patients.header(patient_id, reading=request.reading),
        "balance": queries.balance_of(patient_id),
        "visit_due": _due(patient_id, visit_id) if visit_id else None,
        "drawer": queries.open_drawer_of(request.user),
        "reason": request.reading.work_item or "",
        **trouble,
    }
    refused = form.is_bound and (form.errors or trouble)
    return render(request, "ledger/take.html", context, status=422 if refused else 200)


@door("GET", permission="ledger.view", purpose=Purpose.PAYMENT)
def payment(request: DeskRequest, payment_id: int) -> HttpResponse:
    """One payment: its receipt, or what is known of a card that is being asked."""
    return _payment(request, payment_id, forms.GiveBack(initial={"key": a_key()}))


@door("GET", permission="ledger.view", purpose=Purpose.PAYMENT, screen="ledger.payment")
def payment_state(request: DeskRequest, payment_id: int) -> HttpResponse:
    """The part of the payment's page that changes by itself."""
    receipt = queries.receipt(payment_id, reading=request.reading)
    return render(request, "ledger/_payment.html", _receipt(request, receipt))


def _receipt(request: DeskRequest, receipt: queries.Receipt) -> dict[str, Any]:
    """What ``_payment.html`` shows: the receipt in the patient's language, or the one asked for."""
    return {
        "receipt": receipt,
        "paper": exchange.receipt_data(receipt, language=request.GET.get("language", "")),
        "languages": [(code, LANGUAGES[code]) for code in PATIENTS_READ],
        "reason": request.reading.work_item or "",
        "way_on": queries.way_on(request.reading.work_item),
        # What comes before the live stream of a page just made is open is not missed.
        "first": "HX-Request" not in request.headers and not receipt.settled,
    }


def _payment(request: DeskRequest, payment_id: int, form: forms.GiveBack) -> HttpResponse:
    receipt = queries.receipt(payment_id, reading=request.reading)
    context = _receipt(request, receipt) | {
        "header": patients.header(receipt.patient_id, reading=request.reading),
        "refunds": queries.refunds_of(payment_id, reading=request.reading),
        "form": form,
        "may_refund": request.user.may("ledger.refund") and receipt.refundable > 0,
        "may_undo": request.user.may("ledger.undo_payment") and receipt.state == "completed",
        "undone": queries.undoing_of(payment_id),
        "deposited": queries.deposit_of(payment_id),
    }
    status = 422 if form.errors else 200
    return render(request, "ledger/payment.html", context, status=status)


@door("GET", permission="ledger.view", purpose=Purpose.PAYMENT)
def receipt_pdf(request: DeskRequest, payment_id: int) -> HttpResponse:
    receipt = queries.receipt(payment_id, reading=request.reading)
    data = exchange.receipt_data(receipt, language=request.GET.get("language", ""))
    body = paper.pdf("ledger/receipt.typ", data=data, at=receipt.taken_at)
    return _pdf(body, f"receipt-{payment_id}.pdf")


def _pdf(body: bytes, name: str) -> HttpResponse:
    said = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(body, content_type="application/pdf", headers=said)


@door("POST", permission="ledger.refund", purpose=Purpose.PAYMENT)
def refund(request: DeskRequest, payment_id: int) -> HttpResponse:
    form = forms.GiveBack(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.refund(
                officer=request.user,
                payment_id=payment_id,
                cents=given["amount"],
                reason=given["reason"],
                key=given["key"],
                at=request.reading.at,
            )
        except actions.PaymentRefused as refused:
            form.add_error(None, REFUSALS[type(refused)])
        else:
            amount = {"amount": dollars(row.cents)}
            by_card = row.payment.method == Method.CARD
            asked, done = _("Refund of %(amount)s asked."), _("%(amount)s given back.")
            shell.say(request, (asked if by_card else done) % amount)
            return redirect(with_reason("payment", payment_id, request))
    return _payment(request, payment_id, form)


@door("POST", permission="ledger.take_payment", purpose=Purpose.PAYMENT)
def give_up(request: DeskRequest, payment_id: int) -> HttpResponse:
    """Stop waiting for the card: at once when nothing was sent, else the processor is asked."""
    row = actions.give_up_card(officer=request.user, payment_id=payment_id, at=request.reading.at)
    if row.state in queries.UNRESOLVED:
        shell.say(request, _("The processor is asked to cancel."), tone="wait")
    return redirect(with_reason("payment", payment_id, request))


@door("POST", permission="ledger.take_payment", purpose=Purpose.PAYMENT)
def look_up(request: DeskRequest, payment_id: int) -> HttpResponse:
    """Ask the processor now what became of a payment; the answer appears by itself."""
    if actions.look_now(officer=request.user, payment_id=payment_id):
        shell.say(request, _("The processor is being asked."), tone="wait")
    return redirect(with_reason("payment", payment_id, request))


@csrf_exempt
@require_POST
def card_notice(request: HttpRequest) -> HttpResponse:
    """The card processor tells us something; believed only when it signed it.

    200: heard, or heard before. 400: signed, and makes no sense. 403: not signed by the processor.
    """
    given = request.headers.get(card.SIGNATURE, "")
    if not exchange.genuine(request.body, given):
        return HttpResponse(status=403)
    try:
        notice = card.read_notice(request.body)
    except card.Refused:
        return HttpResponse(status=400)
    actions.hear(notice=notice, at=clock.now())
    return HttpResponse(status=200)


def _due(patient_id: int, visit_id: int | None) -> int:
    if visit_id is not None:
        return queries.visit_balances([visit_id])[visit_id].due
    return queries.balance_of(patient_id).due


def with_reason(route: str, row_id: int, request: DeskRequest) -> str:
    """The address of the row's page; what led here goes along as the reason to look."""
    item = request.reading.work_item
    query = f"?{urlencode({'for': str(item)})}" if item else f"?for=payment:{row_id}"
    return reverse(route, args=[row_id]) + query
