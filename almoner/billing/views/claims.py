"""Claims: the list, one claim, its file, and what can be done about it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, exchange, forms, queries
from almoner.billing.queries import wording
from almoner.billing.rules import claims as rules
from almoner.billing.rules import denials as denial_rules
from almoner.billing.rules.claims import State
from almoner.ground import shell
from almoner.ground.typed import page_number, row_id
from almoner.patients import queries as patients


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT, queue="claims")
def claims(request: DeskRequest) -> HttpResponse:
    asked = queries.Asked(
        group=request.GET.get("group", "mend"),
        payer_id=row_id(request.GET.get("payer")),
        number=request.GET.get("q", "")[:40].replace("\0", ""),
        order=request.GET.get("order", "file_by"),
        patient_id=row_id(request.GET.get("patient")),
    )
    context = {
        "page": queries.claim_page(
            asked,
            number=page_number(request.GET.get("page")),
            today=queries.local_day(request.reading.at),
            reading=request.reading,
        ),
        "asked": asked,
        "order": asked.order,
        "counts": queries.counts(),
        "payers": queries.payers(),
        "mailbox": queries.mailbox_state(),
        "may_send": request.user.may("billing.claim"),
    }
    return render(request, "billing/claims.html", context)


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT, queue="claims")
def send_ready(request: DeskRequest) -> HttpResponse:
    """Send every claim that is ready, in one file."""
    _send(request, queries.ready_ids())
    return redirect(f"{reverse('claims')}?group=waiting")


def _send(request: DeskRequest, claim_ids: list[int]) -> None:
    try:
        sending = exchange.send_claims(
            officer=request.user, claim_ids=claim_ids, at=request.reading.at
        )
    except actions.NothingToSend:
        shell.say(request, _("No claim is ready to be sent."), tone="warn")
        return
    if sending.submission:
        count = sending.submission.claims.count()
        shell.say(
            request,
            ngettext("%d claim is on its way.", "%d claims are on their way.", count) % count,
        )
    if sending.held:
        shell.say(
            request,
            _("Held at the last check: %s. Each says what must be mended.")
            % ", ".join(sending.held[:5]),
            tone="warn",
        )


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT)
def claim(request: DeskRequest, claim_id: int) -> HttpResponse:
    return _claim(request, claim_id, forms.Because())


def _claim(request: DeskRequest, claim_id: int, note: forms.Because) -> HttpResponse:
    view = queries.claim_view(claim_id, reading=request.reading)
    state = State(view.claim.state)
    context: dict[str, Any] = {
        "header": patients.header(view.claim.patient_id, reading=request.reading),
        "view": view,
        "claim": view.claim,
        "note": note,
        "reason": request.reading.work_item or f"claim:{claim_id}",
        "days_left": (view.claim.file_by - queries.local_day(request.reading.at)).days,
        "may": request.user.may("billing.claim"),
        "may_charge": request.user.may("billing.charge"),
        "may_adjust": request.user.may("ledger.adjust"),
        "checkable": state in rules.UNSENT | {State.REJECTED},
        "sendable": state is State.READY,
        "correctable": state in rules.ADJUDICATED | rules.AWAITED | {State.CLOSED},
        "denials": _denials(view),
    }
    return render(request, "billing/claim.html", context, status=422 if note.errors else 200)


def _denials(view: queries.ClaimView) -> list[tuple[Any, tuple[denial_rules.Action, ...]]]:
    """Each denial with what may be done about it."""
    next_payer = bool(view.denials) and queries.next_payer_of(view.claim) is not None
    return [
        (
            one,
            denial_rules.allowed_actions(
                one.group, unprocessable=one.unprocessable, next_payer=next_payer
            ),
        )
        for one in view.denials
    ]


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT)
def claim_stands(request: DeskRequest, claim_id: int) -> HttpResponse:
    """An earlier payer changed its answer, and this claim stands as it was sent."""
    because = request.POST.get("reason", "").strip()[:500]
    if not because:
        shell.say(request, _("Say why in a few words; nothing was done."), tone="warn")
        return _back(request, claim_id)
    try:
        claim = actions.stand_by(
            officer=request.user, claim_id=claim_id, because=because, at=request.reading.at
        )
    except actions.NothingChanged:
        shell.say(request, _("Somebody dealt with it meanwhile."), tone="warn")
    else:
        request.reading.saw([claim.patient_id])
        shell.say(request, _("Noted: the claim stands as it was sent."))
    return _back(request, claim_id)


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT)
def check_claim(request: DeskRequest, claim_id: int) -> HttpResponse:
    checked = actions.check_claim(claim_id=claim_id, officer=request.user, at=request.reading.at)
    request.reading.saw([checked.patient_id])
    if checked.state == State.READY:
        shell.say(request, _("Nothing to mend: the claim is ready."))
    else:
        shell.say(request, _("Checked. What must be mended stands on the page."), tone="warn")
    return _back(request, claim_id)


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT)
def send_claim(request: DeskRequest, claim_id: int) -> HttpResponse:
    _send(request, [claim_id])
    return _back(request, claim_id)


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT)
def send_again(request: DeskRequest, claim_id: int, submission_id: int) -> HttpResponse:
    """Ask again about a file nobody knows the fate of, under its own key."""
    try:
        actions.send_again(officer=request.user, submission_id=submission_id, at=request.reading.at)
    except actions.NotUncertain:
        shell.say(request, _("It is known what became of it; nothing was sent."), tone="warn")
    else:
        shell.say(request, _("Asked again under the same key; it cannot arrive twice."))
    return _back(request, claim_id)


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT)
def correct_claim(request: DeskRequest, claim_id: int) -> HttpResponse:
    try:
        successor = actions.correct_claim(
            officer=request.user,
            claim_id=claim_id,
            because=request.POST.get("reason", "")[:500] or _("corrected"),
            at=request.reading.at,
        )
    except actions.StillOnItsWay:
        shell.say(request, _("The claim is just being sent. Try again in a minute."), tone="warn")
        return _back(request, claim_id)
    except actions.WrongState as wrong:
        shell.say(request, wording.wrong_step(*wrong.args), tone="bad")
        return _back(request, claim_id)
    if successor is None:
        shell.say(request, _("No coverage is known for that day: the patient now owes it."))
        return _back(request, claim_id)
    shell.say(request, _("This claim takes the first one's place."))
    return _back(request, successor.pk)


@door("POST", permission="billing.claim", purpose=Purpose.PAYMENT)
def note_claim(request: DeskRequest, claim_id: int) -> HttpResponse:
    form = forms.Because(request.POST)
    if not form.is_valid():
        return _claim(request, claim_id, form)
    actions.note_claim(
        officer=request.user,
        claim_id=claim_id,
        text=form.cleaned_data["text"],
        at=request.reading.at,
    )
    shell.say(request, _("Noted."))
    return _back(request, claim_id)


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT)
def sent_file(request: DeskRequest, claim_id: int, submission_id: int) -> HttpResponse:
    """The claim's own part of a file that was sent, segment by segment."""
    context = {
        "segments": queries.sent_segments(claim_id, submission_id, reading=request.reading),
        "claim_id": claim_id,
        "reason": request.reading.work_item or f"claim:{claim_id}",
    }
    return render(request, "billing/sent_file.html", context)


def _back(request: DeskRequest, claim_id: int) -> HttpResponse:
    page = reverse("claim", args=[claim_id])
    return shell.go(request, f"{page}?for={request.reading.work_item or f'claim:{claim_id}'}")
