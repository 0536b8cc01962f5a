"""Remittances: the list, one payment, the refusal at its segment, what a person must match."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, forms, queries
from almoner.billing.queries import wording
from almoner.ground import shell
from almoner.ground.money import dollars
from almoner.ground.templatetags.desk import in_words
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
        "unmatched": queries.unmatched_count(),
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
        form.add_error(
            "file", in_words(received.trouble) or _("It is a %s file, no 835.") % received.kind
        )
    return _list(request, form)


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT)
def remittance(request: DeskRequest, remittance_id: int) -> HttpResponse:
    """One payment claim by claim; a refused one with the segment, the sums and what to do."""
    row = queries.remittance(remittance_id)
    faults = queries.refused_at(row)
    shown = faults[:5]
    places = queries.places_of(row, shown, reading=request.reading) if shown else []
    context = {
        "row": row,
        "page": queries.answered_page(
            row, number=page_number(request.GET.get("page")), reading=request.reading
        ),
        "faults": list(zip(shown, places, strict=True)),
        "more_faults": len(faults) - len(shown),
        "adjustments": list(row.adjustments.select_related("journal").order_by("position")),
        "payer_form": forms.NamePayer() if row.state == "posted" and not row.payer_id else None,
        "corrected_by": queries.corrected_by(row),
        "letter": queries.letter_to_payer(row, faults) if faults else "",
        "parted": queries.parted(row) if row.state == "refused" else None,
        "sums": queries.sums_of(row),
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
    return shell.go(request, reverse("remittance", args=[remittance_id]))


@door("POST", permission="billing.post", purpose=Purpose.NO_PATIENT)
def post_the_rest(request: DeskRequest, remittance_id: int) -> HttpResponse:
    """Have the right claims of a refused payment posted; what the others pay is parked."""
    queries.remittance(remittance_id)
    try:
        parting = actions.post_the_rest(
            officer=request.user, remittance_id=remittance_id, at=request.reading.at
        )
    except actions.NotDivisible as refused:
        shell.say(request, str(wording.NOT_DIVISIBLE[refused.why]), tone="bad")
    except actions.NoRefusedPayment:
        shell.say(request, _("Somebody dealt with this payment meanwhile."), tone="warn")
    else:
        shell.say(
            request,
            _("%(posted)s are being posted; %(parked)s are parked and wait for you.")
            % {"posted": dollars(parting.posted_cents), "parked": dollars(parting.parked_cents)},
        )
    return shell.go(request, reverse("remittance", args=[remittance_id]))


@door("POST", permission="billing.post", purpose=Purpose.NO_PATIENT)
def name_payer(request: DeskRequest, remittance_id: int) -> HttpResponse:
    """Say whose payment it is, where its file does not."""
    queries.remittance(remittance_id)
    form = forms.NamePayer(request.POST)
    if form.is_valid():
        try:
            actions.name_payer(
                officer=request.user,
                remittance_id=remittance_id,
                payer_id=form.cleaned_data["payer"],
                at=request.reading.at,
            )
        except actions.PayerKnown:
            shell.say(request, _("The payer is known already; nothing was changed."), tone="warn")
        else:
            shell.say(request, _("The payer is named; what moved outside claims is posted."))
    return redirect("remittance", remittance_id)
