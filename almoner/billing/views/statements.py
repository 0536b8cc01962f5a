"""Statements: issue one, read it, print it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, queries
from almoner.ground import shell
from almoner.patients import queries as patients
from almoner.relations import queries as relations


@door("POST", permission="billing.statement", purpose=Purpose.PAYMENT)
def issue_statement(request: DeskRequest, patient_id: int) -> HttpResponse:
    request.reading.saw([patient_id])
    try:
        row = actions.issue_statement(
            officer=request.user,
            patient_id=patient_id,
            private=request.POST.get("private") == "1",
            at=request.reading.at,
        )
    except actions.NoStatementDue as refused:
        shell.say(request, _("No statement was sent. %s") % refused, tone="warn")
        answer = redirect("patient", patient_id)
        answer["Location"] += f"?for={request.reading.work_item or ''}"
        return answer
    shell.say(request, _("Statement %s is sent.") % row.number)
    answer = redirect("statement", row.pk)
    answer["Location"] += f"?for=statement:{row.pk}"
    return answer


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT)
def statement(request: DeskRequest, statement_id: int) -> HttpResponse:
    row = queries.statement(statement_id, reading=request.reading)
    may_issue = request.user.may("billing.statement")
    context = {
        "row": row,
        "left_out": queries.left_out_of(row, reading=request.reading) if may_issue else [],
        "may_keep": request.user.may("billing.private"),
        "header": patients.header(row.guarantor_id, reading=request.reading),
        "reason": request.reading.work_item or f"statement:{row.pk}",
        "may_take": request.user.may("ledger.take_payment"),
        "about": relations.said_about(
            row.guarantor_id, ("statement", row.pk), reading=request.reading
        )
        if request.user.may("relations.send")
        else None,
    }
    return render(request, "billing/statement.html", context)


@door("GET", permission="billing.view", purpose=Purpose.PAYMENT)
def statement_pdf(request: DeskRequest, statement_id: int) -> HttpResponse:
    """The letter as it was sent."""
    row = queries.statement(statement_id, reading=request.reading)
    said = {"Content-Disposition": f'inline; filename="{row.number}.pdf"'}
    return HttpResponse(bytes(row.pdf), content_type="application/pdf", headers=said)
