"""Questions to payers and their answers."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.coverage import actions, queries
from almoner.ground import clock, shell
from almoner.ground.typed import page_number
from almoner.patients import queries as patients

NOT_ASKABLE = {
    "": gettext_lazy("Nothing was sent: this payer answers no such questions. Call it instead."),
    "birth_date": gettext_lazy(
        "Nothing was sent: the patient's birth date is not known. Add it first."
    ),
    "member_id": gettext_lazy(
        "Nothing was sent: the member id holds a character no payer can be sent. Change the policy."
    ),
    "subscriber_family": gettext_lazy(
        "Nothing was sent: the subscriber's name is missing on the policy."
    ),
    "set_up": gettext_lazy(
        "Nothing was sent: the number of the clinic or of the payer in the set-up cannot be sent. "
        "Tell the administrator."
    ),
}


@door("GET", permission="coverage.view", purpose=Purpose.PAYMENT, queue="coverage")
def work(request: DeskRequest) -> HttpResponse:
    """Coming visits whose payers have not answered."""
    asked = request.GET
    order = asked.get("order", "day")
    page = queries.troubled(
        on=clock.today(settings.TIME_ZONE),
        order=order,
        state=asked.get("state", ""),
        page=page_number(asked.get("page")),
        reading=request.reading,
    )
    context = {"page": page, "order": order, "state": asked.get("state", "")}
    return render(request, "coverage/work.html", context)


@door("GET", permission="coverage.view", purpose=Purpose.PAYMENT)
def check(request: DeskRequest, check_id: int) -> HttpResponse:
    """One question: what to collect, why, and the answer itself."""
    page = queries.check(check_id, reading=request.reading)
    context = {
        "page": page,
        "line": page.line,
        "header": patients.header(page.patient_id, reading=request.reading),
        "reason": request.reading.work_item or "",
        "may_check": request.user.may("coverage.check"),
        "first": awaits_first_look(request, [page.line]),
    }
    fragment = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "coverage/_check.html" if fragment else "coverage/check.html"
    return render(request, template, context)


@door("POST", permission="coverage.check", purpose=Purpose.PAYMENT)
def ask(request: DeskRequest, policy_id: int) -> HttpResponse:
    """Ask the payer about the patient's next visit, or about today."""
    policy = queries.policy(policy_id, reading=request.reading)
    day, service_type = queries.visit_ahead(policy.patient_id, on=clock.today(settings.TIME_ZONE))
    tone: str = "good"
    said: str | Promise = _("Asked. The answer comes here by itself.")
    try:
        actions.ask(
            officer=request.user,
            policy=policy,
            service_type=service_type,
            service_date=day,
            asked_at=clock.now(),
        )
    except actions.AskedJustNow:
        tone = "warn"
        said = _("Nothing was sent: the same question is on its way, or went unanswered less than "
                 "90 seconds ago.")  # fmt: skip
    except queries.NotAskable as missing:
        tone, said = "bad", NOT_ASKABLE[missing.field]
    if request.headers.get("HX-Request"):
        return shell.toast(_panel(request, policy.patient_id), said, tone=tone)
    shell.say(request, said, tone=tone)
    return redirect("patient_coverage", policy.patient_id)


@door("GET", permission="coverage.view", purpose=Purpose.PAYMENT)
def panel(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The coverage panel of a patient's page alone, fetched when something became of it."""
    return _panel(request, patient_id)


def _panel(request: DeskRequest, patient_id: int) -> HttpResponse:
    return render(
        request, "coverage/_panel.html", queries.panel_values(patient_id, request.reading)
    )


def awaits_first_look(request: DeskRequest, lines: Iterable[queries.CheckLine | None]) -> bool:
    """Whether a page should look once more by itself, soon after it is shown.

    An answer that comes between the making of the page and the opening of its live stream would
    otherwise not be seen. Looks that follow are the stream's to ask for.
    """
    fragment = "HX-Request" in request.headers
    return not fragment and any(line and line.waiting for line in lines)
