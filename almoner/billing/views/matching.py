"""Answers that name no claim of ours: the work list, and naming one by hand."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, forms, queries
from almoner.ground import shell
from almoner.ground.typed import page_number


@door("GET", permission="billing.post", purpose=Purpose.PAYMENT, queue="answers to be matched")
def unmatched(request: DeskRequest) -> HttpResponse:
    """What was paid and belongs to no claim yet, the oldest first."""
    count, cents = queries.unmatched_count()
    context = {
        "page": queries.unmatched_page(
            number=page_number(request.GET.get("page")), reading=request.reading
        ),
        "count": count,
        "cents": cents,
    }
    return render(request, "billing/unmatched.html", context)


@door(
    "GET", "POST", permission="billing.post", purpose=Purpose.PAYMENT, queue="answers to be matched"
)
def match(request: DeskRequest, remitted_id: int) -> HttpResponse:
    """Name the claim an answer belongs to, or set it aside."""
    row = queries.unmatched(remitted_id, reading=request.reading)
    if row.state not in queries.WAITING:
        shell.say(request, _("This answer has been dealt with."), tone="info")
        return redirect("remittance", row.remittance_id)
    form = forms.NameClaim(request.POST or None)
    parked = row.state == "parked"
    if request.method == "POST" and _matched(request, remitted_id, form, parked=parked):
        return shell.go(request, reverse("unmatched_answers"))
    search = forms.Wanted(request.GET or None)
    wanted = search.wanted
    context = {
        "row": row,
        "form": form,
        "search": search,
        "searched": wanted.anything,
        "candidates": queries.candidates(row, wanted, reading=request.reading),
        "may_return": bool(row.parked_journal_id) and request.user.may("ledger.adjust"),
        "reason": request.reading.work_item or f"remittance:{row.remittance_id}",
    }
    refused = form.errors or search.errors
    return render(request, "billing/match.html", context, status=422 if refused else 200)


@door("POST", permission="ledger.adjust", purpose=Purpose.PAYMENT)
def return_to_payer(request: DeskRequest, remitted_id: int) -> HttpResponse:
    """Parked money went back to the payer."""
    queries.unmatched(remitted_id, reading=request.reading)
    because = request.POST.get("reason", "").strip()[:500]
    if not because:
        shell.say(request, _("Say why in a few words; nothing was done."), tone="warn")
        return shell.go(request, reverse("match_answer", args=[remitted_id]))
    try:
        actions.return_to_payer(
            officer=request.user, remitted_id=remitted_id, because=because, at=request.reading.at
        )
    except actions.NotParked:
        _said(request, False, "")
    else:
        _said(request, True, _("Noted: the money went back to the payer."))
    return shell.go(request, reverse("unmatched_answers"))


def _matched(
    request: DeskRequest, remitted_id: int, form: forms.NameClaim, *, parked: bool
) -> bool:
    if "reason" in request.POST and not parked:
        note = request.POST["reason"].strip()[:500] or _("not ours")
        return _said(request, _set_aside(request, remitted_id, note), _("Set aside, not posted."))
    if not form.is_valid():
        return False
    claim_id = queries.claim_numbered(form.cleaned_data["number"])
    if claim_id is None:
        form.add_error("number", _("There is no claim with this number."))
        return False
    said = _("Posted to claim %s.") % form.cleaned_data["number"]
    post = _apply if parked else _post
    return _said(request, post(request, remitted_id, claim_id), said)


def _apply(request: DeskRequest, remitted_id: int, claim_id: int) -> bool:
    try:
        actions.apply_parked(
            officer=request.user, remitted_id=remitted_id, claim_id=claim_id, at=request.reading.at
        )
    except actions.NotParked:
        return False
    return True


def _post(request: DeskRequest, remitted_id: int, claim_id: int) -> bool:
    try:
        actions.post_unmatched(
            officer=request.user, remitted_id=remitted_id, claim_id=claim_id, at=request.reading.at
        )
    except actions.NotUnmatched:
        return False
    return True


def _set_aside(request: DeskRequest, remitted_id: int, note: str) -> bool:
    try:
        actions.set_aside(
            officer=request.user, remitted_id=remitted_id, note=note, at=request.reading.at
        )
    except actions.NotUnmatched:
        return False
    return True


def _said(request: DeskRequest, done: bool, said: str) -> bool:
    """Say what was done, or that somebody was faster; either way this answer is dealt with."""
    if done:
        shell.say(request, said)
    else:
        shell.say(request, _("Somebody dealt with this answer meanwhile."), tone="warn")
    return True
