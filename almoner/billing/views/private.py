"""Keeping a visit from whoever pays, or from the plan."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, forms, queries
from almoner.billing.queries.wording import PRIVATE
from almoner.ground import shell
from almoner.patients import queries as patients


@door("GET", "POST", permission="billing.private", purpose=Purpose.PAYMENT)
def private_visit(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """What is asked of a visit now, and what else can be."""
    found = queries.keeping(appointment_id, reading=request.reading)
    if request.method != "POST":
        return _page(request, found, forms.KeepPrivate())
    form = forms.KeepPrivate(request.POST)
    if form.is_valid():
        try:
            actions.keep_private(
                officer=request.user,
                appointment_id=appointment_id,
                at=request.reading.at,
                **form.asked(),
            )
        except actions.ClaimedAlready:
            form.add_error("from_plan", _("A claim of this visit has left: the plan knows of it."))
        except actions.StillOnItsWay:
            form.add_error("from_plan", _("The claim is just being sent. Try again in a minute."))
        except actions.ChargesRefused:
            form.add_error(None, _("The charges as they stand cannot be posted again: correct them "
                                   "first. Nothing was changed."))  # fmt: skip
        else:
            shell.say(request, _("Kept. Statements and claims follow it from now on."))
            return _back(request, found)
    return _page(request, found, form, status=422)


@door("POST", permission="billing.private", purpose=Purpose.PAYMENT)
def end_private(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The visit is treated like any other again."""
    found = queries.keeping(appointment_id, reading=request.reading)
    try:
        actions.end_private(
            officer=request.user,
            private_id=found.open.pk if found.open else 0,
            at=request.reading.at,
        )
    except actions.AskedOtherwise:
        shell.say(request, _("The patient has asked for something else since. Look again."),
                  tone="warn")  # fmt: skip
    else:
        shell.say(request, _("Ended. What is owed for it is on the next statement."))
    return _back(request, found)


def _back(request: DeskRequest, found: queries.Keeping) -> HttpResponse:
    reason = request.reading.work_item or ""
    return redirect(f"{reverse('patient', args=[found.visit.patient_id])}?for={reason}")


def _page(
    request: DeskRequest, found: queries.Keeping, form: forms.KeepPrivate, *, status: int = 200
) -> HttpResponse:
    context = {
        "header": patients.header(found.visit.patient_id, reading=request.reading),
        "found": found,
        "form": form,
        "unsaid": patients.ways(found.visit.patient_id) is None,
        "because": PRIVATE.get(found.open.reason, "") if found.open else "",
        "reason": request.reading.work_item or "",
    }
    return render(request, "billing/private.html", context, status=status)
