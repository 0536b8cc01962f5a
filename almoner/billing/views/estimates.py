"""Good-faith estimates at the desk: those due, the one of a visit, writing and giving it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, forms, queries
from almoner.billing.rules.estimates import How
from almoner.ground import dates, shell
from almoner.ground.typed import page_number
from almoner.patients import queries as patients


@door("GET", permission="billing.estimate", purpose=Purpose.PAYMENT, queue="estimates due")
def estimates_due(request: DeskRequest) -> HttpResponse:
    """What is owed: to be written, or written and to be given; the soonest due first."""
    written = request.GET.get("left") == "give"
    page, others = queries.estimates_due(
        number=page_number(request.GET.get("page")),
        written=written,
        today=queries.local_day(request.reading.at),
        reading=request.reading,
    )
    here = page.paginator.count
    context = {
        "page": page,
        "written": written,
        "to_write": others if written else here,
        "to_give": here if written else others,
    }
    return render(request, "billing/estimates.html", context)


@door("GET", permission="billing.estimate", purpose=Purpose.PAYMENT)
def estimate(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """What a visit is expected to come to, and whether the patient has it."""
    found = queries.visit_estimates(appointment_id, reading=request.reading)
    return _page(request, found, None)


@door("POST", permission="billing.statement", purpose=Purpose.PAYMENT)
def write_estimate(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """Make the next version of what was typed."""
    found = queries.visit_estimates(appointment_id, reading=request.reading)
    form = forms.WriteEstimate(
        request.POST, lines=sum(1 for name in request.POST if name.startswith("code_"))
    )
    if form.is_valid():
        try:
            made = actions.write_estimate(
                officer=request.user,
                appointment_id=appointment_id,
                lines=form.lines,
                diagnoses=form.cleaned_data["diagnoses"],
                at=request.reading.at,
            )
        except actions.NotPriced as refused:
            form.has_no_price(refused.number, refused.code)
        except actions.VisitIsOver:
            return _over(request, appointment_id)
        else:
            shell.say(request, _("Estimate %s is made. Give it to the patient.") % made.number)
            return _back(request, appointment_id)
    return _page(request, found, form, status=422)


@door("POST", permission="billing.estimate", purpose=Purpose.PAYMENT)
def asked_estimate(request: DeskRequest, appointment_id: int) -> HttpResponse:
    """The patient asked what the visit will cost: the clock runs."""
    queries.visit_estimates(appointment_id, reading=request.reading)
    try:
        wanted = actions.ask_for_estimate(
            officer=request.user, appointment_id=appointment_id, at=request.reading.at
        )
    except actions.VisitIsOver:
        return _over(request, appointment_id)
    shell.say(
        request, _("Written down. It is due to the patient by %s.") % dates.day(wanted.due_date)
    )
    return _back(request, appointment_id)


@door("POST", permission="billing.estimate", purpose=Purpose.PAYMENT)
def given_estimate(request: DeskRequest, estimate_id: int) -> HttpResponse:
    """The patient has it, on paper or by e-mail."""
    row = queries.estimate_paper(estimate_id, reading=request.reading)
    how = How.EMAIL if request.POST.get("how") == How.EMAIL else How.PAPER
    actions.give_estimate(
        officer=request.user, estimate_id=estimate_id, how=how, at=request.reading.at
    )
    shell.say(request, _("Given."))
    return _back(request, row.appointment_id)


@door("GET", permission="billing.estimate", purpose=Purpose.PAYMENT)
def estimate_pdf(request: DeskRequest, estimate_id: int) -> HttpResponse:
    """The paper as it was made."""
    row = queries.estimate_paper(estimate_id, reading=request.reading)
    said = {"Content-Disposition": f'inline; filename="{row.number}.pdf"'}
    return HttpResponse(bytes(row.pdf), content_type="application/pdf", headers=said)


def _over(request: DeskRequest, appointment_id: int) -> HttpResponse:
    shell.say(request, _("This visit is not to come any more. Nothing was changed."), tone="warn")
    return _back(request, appointment_id)


def _back(request: DeskRequest, appointment_id: int) -> HttpResponse:
    reason = request.reading.work_item or f"appointment:{appointment_id}"
    return redirect(f"{reverse('estimate', args=[appointment_id])}?for={reason}")


def _page(
    request: DeskRequest,
    found: queries.VisitEstimates,
    form: forms.WriteEstimate | None,
    *,
    status: int = 200,
) -> HttpResponse:
    may_write = found.to_come and request.user.may("billing.statement")
    context = {
        "header": patients.header(found.visit.patient_id, reading=request.reading),
        "found": found,
        "newest": found.newest,
        "form": (form or _filled(found)) if may_write else None,
        "reason": request.reading.work_item or f"appointment:{found.visit.pk}",
    }
    return render(request, "billing/estimate.html", context, status=status)


def _filled(found: queries.VisitEstimates) -> forms.WriteEstimate:
    """The form as the newest version stands, else as such visits usually come to."""
    row = found.newest
    lines = [(each.code, each.units) for each in queries.lines_of(row)] if row else found.usual
    start = forms.WriteEstimate.start(lines, row.diagnoses if row else ())
    form = forms.WriteEstimate(initial=start, lines=len(lines) + 1)
    if row is None:  # writing is what one came for
        form.fields["code_1"].widget.attrs["autofocus"] = True
    return form
