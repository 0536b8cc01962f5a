"""What is due at the bank from cards and payers: the list, and what the bank shows of each."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.money import dollars
from almoner.ground.typed import page_number
from almoner.ledger import actions, forms, queries
from almoner.ledger.rules import Because

STATES = (
    ("expected", gettext_lazy("Expected")),
    ("arrived", gettext_lazy("At the bank")),
    ("missing", gettext_lazy("Missing")),
    ("all", gettext_lazy("All")),
)
SOURCES = (
    ("", gettext_lazy("Cards and payers")),
    ("cards", gettext_lazy("Cards")),
    ("payer", gettext_lazy("Payers")),
)


@door("GET", permission="ledger.deposit", purpose=Purpose.NO_PATIENT)
def expected_money(request: DeskRequest) -> HttpResponse:
    """What cards and payers' transfers bring to the bank, the longest awaited first."""
    today = timezone.localtime(request.reading.at).date()
    asked = queries.IncomingAsked(
        state=request.GET.get("state", "expected"), source=request.GET.get("source", "")
    )
    context = {
        "page": queries.incoming_page(
            asked, number=page_number(request.GET.get("page")), today=today
        ),
        "asked": asked,
        "sums": queries.incoming_sums(today=today),
        "states": STATES,
        "sources": SOURCES,
    }
    return render(request, "ledger/expected_money.html", context)


@door("GET", "POST", permission="ledger.deposit", purpose=Purpose.NO_PATIENT)
def expected_sum(request: DeskRequest, incoming_id: int) -> HttpResponse:
    """One announced sum, and what the bank shows of it."""
    today = timezone.localtime(request.reading.at).date()
    line = queries.incoming(incoming_id, today=today)
    form = forms.AtBank(request.POST or None, initial=forms.AtBank.announced(line, today))
    if request.method == "POST" and form.is_valid() and _seen(request, line, form):
        return redirect("expected_money")
    context = {"line": line, "form": form if line.state == "expected" else None}
    return render(request, "ledger/expected_sum.html", context, status=422 if form.errors else 200)


def _seen(request: DeskRequest, line: queries.IncomingLine, form: forms.AtBank) -> bool:
    """Whether it is settled, by this officer or by somebody faster; else the form says why not."""
    given = form.cleaned_data
    try:
        actions.see_at_bank(
            officer=request.user,
            incoming_id=line.id,
            cents=given["amount"],
            day=given["day"],
            because=Because(given["because"]) if given["because"] else None,
            note=given["note"],
            at=request.reading.at,
        )
    except actions.Unexplained:
        form.add_error("because", forms.why_unexplained(line.cents, given["amount"]))
        return False
    except actions.WrongState:
        shell.say(request, _("Somebody dealt with it meanwhile; nothing was done."), tone="warn")
        return True
    shell.say(request, _("Noted: the bank shows %s.") % dollars(given["amount"]))
    return True


@door("POST", permission="ledger.deposit", purpose=Purpose.NO_PATIENT)
def expect_again(request: DeskRequest, incoming_id: int) -> HttpResponse:
    """What was said of it was a mistake, or what was missing has come."""
    because = request.POST.get("reason", "").strip()[:200]
    if not because:
        shell.say(request, _("Say why in a few words; nothing was done."), tone="warn")
        return shell.go(request, reverse("expected_sum", args=[incoming_id]))
    try:
        actions.expect_again(
            officer=request.user, incoming_id=incoming_id, because=because, at=request.reading.at
        )
    except actions.WrongState:
        shell.say(request, _("Somebody dealt with it meanwhile; nothing was done."), tone="warn")
    else:
        shell.say(request, _("It is expected again; its journal is reversed."))
    return shell.go(request, reverse("expected_sum", args=[incoming_id]))
