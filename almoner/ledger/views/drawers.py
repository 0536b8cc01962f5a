"""The cash drawer: open, move cash, count blind, close, print."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import paper, shell
from almoner.ground.money import dollars
from almoner.ground.typed import page_number
from almoner.ledger import actions, exchange, forms, queries
from almoner.ledger.views.payments import a_key

PAGE = 50
REFUSALS: dict[type[actions.PaymentRefused], Any] = {
    actions.AmountRefused: gettext_lazy("The amount must be more than nothing and not a slip."),
    actions.TillTaken: gettext_lazy(
        "Another shift at this till is not closed yet. Choose another till, or have it closed."
    ),
    actions.DrawerOpen: gettext_lazy("An open drawer already stands in that officer's name."),
    actions.DrawerShort: gettext_lazy("The drawer does not hold that much cash."),
    actions.WrongState: gettext_lazy(
        "This drawer has changed meanwhile; nothing was done. Look again."
    ),
    actions.NotYours: gettext_lazy(
        "Another person must do this: a drawer that does not agree is closed by somebody else."
    ),
}


@door("GET", permission="ledger.drawer", purpose=Purpose.NO_PATIENT)
def drawers(request: DeskRequest) -> HttpResponse:
    """The officer's shifts; a manager sees everybody's, those that wait for closing first."""
    form = forms.OpenDrawer(initial={"location": request.user.location_id, "till": _("Till 1")})
    return _drawers(request, form)


@door("POST", permission="ledger.drawer", purpose=Purpose.NO_PATIENT)
def open_drawer(request: DeskRequest) -> HttpResponse:
    form = forms.OpenDrawer(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            drawer = actions.open_drawer(
                officer=request.user,
                location=facility.location(given["location"]),
                till=given["till"],
                float_cents=given["float"],
                at=request.reading.at,
            )
        except actions.PaymentRefused as refused:
            form.add_error(None, REFUSALS[type(refused)])
        else:
            shell.say(request, _("Drawer open with %s.") % dollars(given["float"]))
            return redirect("drawer", drawer.pk)
    return _drawers(request, form)


def _drawers(request: DeskRequest, form: forms.OpenDrawer) -> HttpResponse:
    page = page_number(request.GET.get("page"))
    lines = queries.drawers(officer=request.user, limit=PAGE + 1, offset=(page - 1) * PAGE)
    context = {
        "form": form,
        "mine": queries.open_drawer_of(request.user),
        "lines": lines[:PAGE],
        "newer": page - 1,
        "older": page + 1 if len(lines) > PAGE else 0,
    }
    return render(request, "ledger/drawers.html", context, status=422 if form.errors else 200)


@door("GET", permission="ledger.drawer", purpose=Purpose.NO_PATIENT)
def drawer(request: DeskRequest, drawer_id: int) -> HttpResponse:
    return _drawer(request, drawer_id)


def _drawer(
    request: DeskRequest,
    drawer_id: int,
    *,
    move: forms.MoveCash | None = None,
    count: forms.Count | None = None,
    close: forms.CloseDrawer | None = None,
) -> HttpResponse:
    report = queries.drawer_report(drawer_id, officer=request.user)
    context = {
        "report": report,
        "mine": report.line.officer_id == request.user.pk,
        "may_close": request.user.may("ledger.close_drawer"),
        "move": move or forms.MoveCash(initial={"key": a_key()}),
        "count": count or forms.Count(),
        "close": close or forms.CloseDrawer(),
    }
    refused = any(form is not None and form.errors for form in (move, count, close))
    return render(request, "ledger/drawer.html", context, status=422 if refused else 200)


def _changed(request: DeskRequest, drawer_id: int, refused: actions.PaymentRefused) -> HttpResponse:
    """What was asked no longer fits the drawer: say so and show it as it is now."""
    shell.say(request, REFUSALS[type(refused)], tone="bad")
    return redirect("drawer", drawer_id)


@door("POST", permission="ledger.drawer", purpose=Purpose.NO_PATIENT)
def move_cash(request: DeskRequest, drawer_id: int) -> HttpResponse:
    form = forms.MoveCash(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.move_cash(
                officer=request.user,
                drawer_id=drawer_id,
                move=given["move"],
                cents=given["amount"],
                reason=given["reason"],
                key=given["key"],
                at=request.reading.at,
            )
        except (actions.WrongState, actions.NotYours) as refused:
            return _changed(request, drawer_id, refused)
        except actions.PaymentRefused as refused:
            form.add_error(None, REFUSALS[type(refused)])
        except actions.PostedDifferently:
            form.add_error(None, _("This page was already sent with another amount. Begin anew."))
        else:
            shell.say(request, forms.MOVE_NAMES[given["move"]] + f": {dollars(given['amount'])}")
            return redirect("drawer", drawer_id)
    return _drawer(request, drawer_id, move=form)


@door("POST", permission="ledger.drawer", purpose=Purpose.NO_PATIENT)
def count(request: DeskRequest, drawer_id: int) -> HttpResponse:
    form = forms.Count(request.POST)
    if form.is_valid():
        try:
            actions.count_drawer(
                officer=request.user,
                drawer_id=drawer_id,
                pieces=form.pieces,
                at=request.reading.at,
            )
        except actions.PaymentRefused as refused:
            return _changed(request, drawer_id, refused)
        else:
            shell.say(request, _("Counted. A manager closes the drawer."))
            return redirect("drawer", drawer_id)
    return _drawer(request, drawer_id, count=form)


@door("POST", permission="ledger.close_drawer", purpose=Purpose.NO_PATIENT)
def recount(request: DeskRequest, drawer_id: int) -> HttpResponse:
    try:
        actions.ask_recount(officer=request.user, drawer_id=drawer_id, at=request.reading.at)
    except actions.PaymentRefused as refused:
        return _changed(request, drawer_id, refused)
    shell.say(request, _("Sent back to be counted again."))
    return redirect("drawer", drawer_id)


@door("POST", permission="ledger.close_drawer", purpose=Purpose.NO_PATIENT)
def close(request: DeskRequest, drawer_id: int) -> HttpResponse:
    form = forms.CloseDrawer(request.POST)
    if form.is_valid():
        try:
            actions.close_drawer(
                officer=request.user,
                drawer_id=drawer_id,
                note=form.cleaned_data["note"],
                at=request.reading.at,
            )
        except actions.WrongState as refused:
            return _changed(request, drawer_id, refused)
        except actions.PaymentRefused as refused:
            form.add_error(None, REFUSALS[type(refused)])
        else:
            shell.say(request, _("Drawer closed. Its cash stands in the safe."))
            return redirect("drawer", drawer_id)
    return _drawer(request, drawer_id, close=form)


@door("GET", permission="ledger.drawer", purpose=Purpose.NO_PATIENT)
def drawer_pdf(request: DeskRequest, drawer_id: int) -> HttpResponse:
    report = queries.drawer_report(drawer_id, officer=request.user)
    place = facility.places()[report.line.location_id]
    data = exchange.drawer_data(report, clinic=place.name, zone=place.zone)
    body = paper.pdf("ledger/drawer.typ", data=data, at=report.line.opened_at)
    said = {"Content-Disposition": f'inline; filename="drawer-{drawer_id}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=said)
