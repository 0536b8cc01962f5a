"""Bills of an account: what of one is owed, paying it on the processor's page, receipts."""

import secrets
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock, paper
from almoner.ground.typed import row_id
from almoner.ledger import actions as ledger
from almoner.ledger import exchange
from almoner.ledger import queries as money
from almoner.portal import forms, queries, rules
from almoner.portal.gate import AccountRequest, PatientRequest, gate, inside, room
from almoner.portal.gate.pages import Spoken
from almoner.portal.rules.accounts import Part
from almoner.portal.views.paying import asks_again


@room("GET", part=Part.BILLS)
def my_bills(request: AccountRequest) -> HttpResponse:
    """The bills, and what was paid before."""
    patient_id, language = request.acting.patient_id, request.language
    facts = {
        "bills": queries.bills(patient_id, language=language),
        "paid": queries.paid(patient_id, language=language),
    }
    return inside(request, "portal/bills.html", facts)


@room("GET", "POST", part=Part.BILLS)
def my_bill(request: AccountRequest, number: str) -> HttpResponse:
    """What of a bill is owed and how its payment stands; posting asks for the processor's page."""
    if request.method == "POST":
        with queries.as_the_desk():  # what is owed is read once nobody else can pay it
            money.lock_patient(request.acting.patient_id)
    found = queries.owed(number, request.acting.patient_id, language=request.language)
    if request.method == "POST":
        return _begin(request, found)
    if found.paying.page_url and request.GET.get("go"):
        return redirect(found.paying.page_url)
    response = _bill(request, found, "")
    return asks_again(response, found.paying, _here(number), back="back" in request.GET)


def _bill(
    request: AccountRequest, found: queries.Owed, trouble: str, *, status: int = 200
) -> HttpResponse:
    paying, language = found.paying, request.language
    facts = {
        "bill": found,
        "paying": paying,
        "now": rules.said(language, "bill_now", amount=paying.amount),
        "paid": rules.said(
            language, "pay_paid", amount=paying.cents, card=paying.card, day=paying.day
        ),
        "amount": request.POST.get("amount", paying.amount.lstrip("$")),
        "trouble": rules.said(language, trouble, amount=paying.amount) if trouble else "",
        "back": "back" in request.GET,
    }
    return inside(request, "portal/bill.html", facts, status=status)


def _begin(request: AccountRequest, found: queries.Owed) -> HttpResponse:
    """Ask for a page to pay on, unless a payment is under way or nothing is owed."""
    here, paying = _here(found.number), found.paying
    if not paying.may_pay or paying.due is None:
        return redirect(here)
    form = forms.Amount(request.POST)
    cents = form.cleaned_data["amount"] if form.is_valid() else 0
    if not 0 < cents <= paying.due:
        return _bill(request, found, "bill_amount_wrong", status=422)
    try:
        with queries.as_the_desk():
            taking = ledger.Taking(
                key=secrets.token_urlsafe(24), patient_id=request.acting.patient_id,
                visit_id=None, cents=cents, location=queries.paid_at(found.number),
                seen=paying.seen, for_item=found.item,
            )  # fmt: skip
            ledger.ask_by_link(taking=taking, back=_back(request, here), at=clock.now())
    except ledger.JustPaid:
        return _bill(request, found, "bill_changed", status=409)
    except ledger.Unresolved:
        return redirect(here)  # it is under way: the page says so
    return redirect(f"{here}?go=1")  # the processor may have given its page by now


def _back(request: AccountRequest, here: str) -> str:
    """Where the processor sends them: to the very host where their browser is in."""
    scheme = urlsplit(settings.ADDRESS).scheme or request.scheme
    return f"{scheme}://{request.get_host()}{here}?back=1"


def _here(number: str) -> str:
    return reverse("my_bill", kwargs={"number": number})


@room("GET", part=Part.BILLS)
def my_bill_letter(_request: AccountRequest, number: str) -> HttpResponse:
    """The statement as it was sent."""
    return _pdf(queries.bill_letter(number), number)


@room("GET", part=Part.BILLS)
def my_receipt(request: AccountRequest, payment_id: int) -> HttpResponse:
    """The receipt of a payment that was made, in the language of the page."""
    return _receipt(queries.own_payment(payment_id, request.acting.patient_id), request)


@room("GET", part=Part.FORMS)
def my_document(request: AccountRequest, signature_id: int) -> HttpResponse:
    """A signed form as it was sealed."""
    pdf = queries.signed_paper(signature_id, request.acting.patient_id)
    return _pdf(pdf, f"signed-{signature_id}")


@gate("GET", part=Part.BILLS)
def visit_statement(request: PatientRequest) -> HttpResponse:
    """A statement that names the visit, as it was sent."""
    number = request.GET.get("number", "")
    return _pdf(queries.statement_of(request.link, number), number)


@gate("GET", part=Part.BILLS)
def visit_receipt(request: PatientRequest) -> HttpResponse:
    """The receipt of what was paid for the visit."""
    return _receipt(queries.receipt_of(request.link, row_id(request.GET.get("of")) or 0), request)


def _receipt(known: int, request: Spoken) -> HttpResponse:
    with queries.as_the_desk():
        found = money.own_receipt(known)
        data = exchange.receipt_data(found, language=request.language)
    body = paper.pdf("ledger/receipt.typ", data=data, at=found.taken_at)
    return _pdf(body, f"receipt-{known}")


def _pdf(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
