"""Paying a co-pay by link: on the card processor's own page, its outcome learned from there."""

import secrets
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.billing import queries as billing
from almoner.facility import queries as facility
from almoner.ground import clock
from almoner.ledger import actions as ledger
from almoner.ledger import queries as money
from almoner.portal import queries, rules
from almoner.portal.gate import PatientRequest, gate, page
from almoner.portal.rules.accounts import Part
from almoner.portal.views.forms import FROM_CHECK_IN, on_from

_AGAIN = "2"
"""Seconds after which a page that waits for somebody's answer asks again."""


@gate("GET", "POST", part=Part.BILLS)
def visit_pay(request: PatientRequest) -> HttpResponse:
    """What is due and how its payment stands; posting asks the processor for its page.

    What the browser comes back with says nothing about the money: the processor is asked, and
    tells us by itself.
    """
    if request.method == "POST":
        return _begin(request)
    found = _paying(request)
    if found.page_url and request.GET.get("go"):
        return redirect(found.page_url)
    here = reverse("visit_pay", args=[request.token])
    came = from_check_in(request)
    facts = {
        "from_check_in": came,
        "goes_on": on_from(request),
        "visit": queries.visit(
            request.link.appointment_id, language=request.language, at=clock.now()
        ),
        "paying": found,
        "due": rules.said(
            request.language, "pay_left_due" if found.after else "pay_due", amount=found.amount
        ),
        "paid": rules.said(
            request.language, "pay_paid", amount=found.cents, card=found.card, day=found.day
        ),
        "back": bool(request.GET.get("back")),
    }
    response = page(request, "portal/pay.html", facts)
    return asks_again(response, found, here, back=bool(request.GET.get("back")), came=came)


def asks_again(
    response: HttpResponse, found: queries.Paying, here: str, *, back: bool, came: str = ""
) -> HttpResponse:
    """Have a page that waits for the processor's answer ask again by itself.

    ``came``: what more its address says, of where it was opened from.
    """
    if found.state in ("asked", "unknown") or (found.state == "sent" and not found.page_url):
        response["Refresh"] = f"{_AGAIN}; url={here}?go=1{came}"
    elif found.waits and back:
        response["Refresh"] = f"{_AGAIN}; url={here}?back=1{came}"
    return response


def from_check_in(request: PatientRequest) -> str:
    """What keeps a page's address leading back to check-in; empty when it was not opened there."""
    return f"&from={FROM_CHECK_IN}" if request.GET.get("from") == FROM_CHECK_IN else ""


def _paying(request: PatientRequest) -> queries.Paying:
    return queries.paying(
        request.link.appointment_id,
        language=request.language,
        days=settings.CHECK_IN_DAYS,
        at=clock.now(),
    )


def _begin(request: PatientRequest) -> HttpResponse:
    """Ask for a page to pay on, unless a payment is under way or nothing is due."""
    here, came = reverse("visit_pay", args=[request.token]), from_check_in(request)
    row = queries.appointment(request.link.appointment_id)
    with queries.as_the_desk():  # what is due is read once nobody else can pay it, nor their bill
        money.lock_patient(row.patient_id, billing.guarantor_of(row.patient_id).pk)
    found = _paying(request)
    if not found.may_pay or found.due is None:
        return redirect(f"{here}?{came[1:]}" if came else here)
    # Refused, it is under way or just paid: the page says so.
    with suppress(ledger.PaymentRefused), queries.as_the_desk():
        taking = ledger.Taking(
            key=secrets.token_urlsafe(24),
            patient_id=row.patient_id,
            visit_id=row.pk,
            cents=found.due,
            location=facility.location(row.location.pk),
            seen=found.seen,
        )
        back = f"{_host(request)}{here}?back=1{came}"
        ledger.ask_by_link(taking=taking, back=back, at=clock.now())
    return redirect(f"{here}?go=1{came}")  # the processor may have given its page by now


def _host(request: PatientRequest) -> str:
    """Our address; of an account the very host where its browser is in, and no other knows it."""
    if request.link.way is None:
        return settings.ADDRESS.rstrip("/")
    return f"{urlsplit(settings.ADDRESS).scheme or request.scheme}://{request.get_host()}"
