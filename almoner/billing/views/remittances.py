"""Remittances: the list, one payment, the refusal at its segment, what a person must match."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, forms, queries
from almoner.ground import shell
from almoner.ground.typed import page_number


@door("GET", permission="billing.view", purpose=Purpose.NO_PATIENT)
def remittances(request: DeskRequest) -> HttpResponse:
    return _list(request, forms.Bring())


def _list(request: DeskRequest, form: forms.Bring) -> HttpResponse:
    state = request.GET.get("state", "")
    context = {
        "page": queries.remittance_page(state, number=page_number(request.GET.get("page"))),
        "state": state,
        "form": form,
        "may_post": request.user.may("billing.post"),
        "mailbox": queries.mailbox_state(),
    }
    return render(request, "billing/remittances.html", context, status=422 if form.errors else 200)


@door("POST", permission="billing.post", purpose=Purpose.NO_PATIENT)
def bring_remittance(request: DeskRequest) -> HttpResponse:
    """Keep a file a person downloaded; a job posts it."""
    form = forms.Bring(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        received = actions.bring_remittance(
            officer=request.user,
            content=file.read(),
            name=file.name or "",
            at=request.reading.at,
        )
        if received.kind == "835":
            shell.say(request, _("Kept. It is being read and posted; it shows up below."))
            return redirect("remittances")
        form.add_error("file", received.trouble or _("It is a %s file, no 835.") % received.kind)
    return _list(request, form)


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT)
def remittance(request: DeskRequest, remittance_id: int) -> HttpResponse:
    """One payment claim by claim; a refused one with the segment, the sums and what to do."""
    row = queries.remittance(remittance_id)
    faults = queries.refused_at(row)
    context = {
        "row": row,
        "page": queries.answered_page(
            row, number=page_number(request.GET.get("page")), reading=request.reading
        ),
        "faults": [(fault, queries.place_of(row, fault)) for fault in faults[:5]],
        "more_faults": max(0, len(faults) - 5),
        "adjustments": list(row.adjustments.order_by("position")),
        "may_post": request.user.may("billing.post"),
        "reason": request.reading.work_item or f"remittance:{row.pk}",
    }
    return render(request, "billing/remittance.html", context)


@door("POST", permission="billing.post", purpose=Purpose.NO_PATIENT)
def handle_refusal(request: DeskRequest, remittance_id: int) -> HttpResponse:
    note = request.POST.get("reason", "").strip()[:500]
    if note:
        actions.handle_refusal(
            officer=request.user, remittance_id=remittance_id, note=note, at=request.reading.at
        )
        shell.say(request, _("Noted. The payment stays refused and leaves the list of work."))
    return redirect("remittance", remittance_id)


@door("GET", "POST", permission="billing.post", purpose=Purpose.PAYMENT)
def match(request: DeskRequest, remitted_id: int) -> HttpResponse:
    """Name the claim an answer belongs to, or set it aside."""
    row = queries.unmatched(remitted_id, reading=request.reading)
    if row.state != "unmatched":
        return redirect("remittance", row.remittance_id)
    form = forms.NameClaim(request.POST or None)
    if request.method == "POST" and _matched(request, remitted_id, form):
        return redirect("remittance", row.remittance_id)
    context = {
        "row": row,
        "form": form,
        "suggestions": queries.suggestions(row, reading=request.reading),
        "reason": request.reading.work_item or f"remittance:{row.remittance_id}",
    }
    return render(request, "billing/match.html", context, status=422 if form.errors else 200)


def _matched(request: DeskRequest, remitted_id: int, form: forms.NameClaim) -> bool:
    if "reason" in request.POST:
        note = request.POST["reason"].strip()[:500] or _("not ours")
        actions.set_aside(
            officer=request.user, remitted_id=remitted_id, note=note, at=request.reading.at
        )
        shell.say(request, _("Set aside; its money stays unposted."))
        return True
    if not form.is_valid():
        return False
    claim_id = queries.claim_numbered(form.cleaned_data["number"])
    if claim_id is None:
        form.add_error("number", _("There is no claim with this number."))
        return False
    try:
        actions.post_unmatched(
            officer=request.user, remitted_id=remitted_id, claim_id=claim_id, at=request.reading.at
        )
    except actions.NotUnmatched as error:
        raise Http404 from error
    shell.say(request, _("Posted to the claim."))
    return True
