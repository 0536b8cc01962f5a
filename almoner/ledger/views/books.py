"""The books: what waits to be resolved, receivables by age, the trial balance, one patient."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground.typed import page_number
from almoner.ledger import queries
from almoner.patients import queries as patients

PAGE = 50


@door("GET", permission="ledger.view", purpose=Purpose.PAYMENT, queue="unresolved payments")
def money(request: DeskRequest) -> HttpResponse:
    """The first page of money: cards nobody knows the outcome of, and the officer's drawer."""
    return render(request, "ledger/money.html", _unresolved(request))


@door("GET", permission="ledger.view", purpose=Purpose.PAYMENT, queue="unresolved payments")
def unresolved(request: DeskRequest) -> HttpResponse:
    """The part of the first page that changes by itself."""
    return render(request, "ledger/_unresolved.html", _unresolved(request))


def _unresolved(request: DeskRequest) -> dict[str, Any]:
    page = page_number(request.GET.get("page"))
    part: dict[str, Any] = {
        "reading": request.reading, "limit": PAGE + 1, "offset": (page - 1) * PAGE,
    }  # fmt: skip
    payments, refunds = queries.unresolved_payments(**part), queries.unresolved_refunds(**part)
    return {
        "payments": payments[:PAGE],
        "refunds": refunds[:PAGE],
        "page": page,
        "newer": page - 1,
        "older": page + 1 if max(len(payments), len(refunds)) > PAGE else 0,
        "drawer": queries.open_drawer_of(request.user),
        "may_drawer": request.user.may("ledger.drawer"),
        "may_deposit": request.user.may("ledger.deposit"),
        "may_books": request.user.may("ledger.adjust"),
    }


@door("GET", permission="ledger.adjust", purpose=Purpose.PAYMENT)
def books(request: DeskRequest) -> HttpResponse:
    """Receivables by age, and every account's balance; both of one moment."""
    today = timezone.localtime(request.reading.at).date()
    accounts = queries.account_balances()
    context = {
        "ageing": queries.ageing(on=today),
        "buckets": queries.BUCKETS,
        "accounts": accounts.items(),
        "total": sum(accounts.values()),
        "today": today,
    }
    return render(request, "ledger/books.html", context)


@door("GET", permission="ledger.view", purpose=Purpose.PAYMENT)
def account(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Everything that happened to one patient's money, newest first."""
    page = page_number(request.GET.get("page"))
    lines = queries.activity_of(
        patient_id, reading=request.reading, limit=PAGE + 1, offset=(page - 1) * PAGE
    )
    payments = queries.payments_of(
        patient_id, reading=request.reading, limit=PAGE + 1, offset=(page - 1) * PAGE
    )
    context = {
        "header": patients.header(patient_id, reading=request.reading),
        "balance": queries.balance_of(patient_id),
        "debtors": queries.debtors_of(patient_id),
        "lines": lines[:PAGE],
        "payments": payments[:PAGE],
        "newer": page - 1,
        "older": page + 1 if max(len(lines), len(payments)) > PAGE else 0,
        "reason": request.reading.work_item or "",
    }
    return render(request, "ledger/account.html", context)
