"""A grievance on its case's page: the questions, what the letter says, and that it arrived."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import paper, shell
from almoner.ground.templatetags.desk import in_words
from almoner.relations import actions, exchange, forms, queries, rules
from almoner.relations.actions import CaseRefused
from almoner.relations.views.acting import acted, incomplete, refused_with


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def classify_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Answer the questions: the verdict, and why, stand on the case."""
    row = queries.case(case_id, reading=request.reading)
    form = forms.Questions(request.POST)
    if not form.is_valid():
        return incomplete()
    try:
        verdict = actions.classify(
            officer=request.user, case=row, answers=form.answers(), at=request.reading.at
        )
    except CaseRefused as refused:
        return refused_with(refused)
    return shell.afresh(request, in_words(verdict.because))


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def complete_grievance(request: DeskRequest, case_id: int) -> HttpResponse:
    """Keep what the letter must say; as much as is known."""
    row = queries.case(case_id, reading=request.reading)
    form = forms.Completing(request.POST)
    if not form.is_valid():
        return incomplete()
    told = _("Kept with the case.")
    return acted(request, actions.complete, told, case=row, **form.cleaned_data)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def no_notice(request: DeskRequest, case_id: int) -> HttpResponse:
    """A manager or the privacy officer decides that no notice can be delivered, and says why."""
    row = queries.case(case_id, reading=request.reading)
    words = request.POST.get("words", "")[:2000]
    told = _("Kept. It can be closed without a letter while nobody is known.")
    return acted(request, actions.decide_no_notice, told, case=row, words=words)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def draft_letter(request: DeskRequest, case_id: int) -> HttpResponse:
    """Draft the answer, or the letter that it is still open."""
    row = queries.case(case_id, reading=request.reading)
    kind = request.POST.get("kind", "")
    if kind not in rules.LETTERS:
        return incomplete()
    told = _("The letter is drafted. Read it before it leaves.")
    return acted(request, actions.draft, told, case=row, kind=kind)


@door("GET", permission="relations.cases", purpose=Purpose.OPERATIONS)
def letter_pdf(request: DeskRequest, letter_id: int) -> HttpResponse:
    """The letter as it is printed and posted."""
    row = queries.letter(letter_id, reading=request.reading)
    data = exchange.letter_data(row, facility.organisation(), reading=request.reading)
    body = paper.pdf("relations/letter.typ", data=data, at=row.drafted_at)
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{row.case.number}.pdf"'},
    )


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def mail_letter(request: DeskRequest, letter_id: int) -> HttpResponse:
    """Send the letter by e-mail."""
    row = queries.letter(letter_id, reading=request.reading)
    return acted(request, actions.mail_letter, _("The letter is on its way."), letter=row)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def post_letter(request: DeskRequest, letter_id: int) -> HttpResponse:
    """The letter was posted as certified mail."""
    row = queries.letter(letter_id, reading=request.reading)
    form = forms.Posted(request.POST)
    if not form.is_valid():
        return incomplete()
    told = _("Kept: it was posted.")
    return acted(request, actions.post_letter, told, letter=row, **form.cleaned_data)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def prove_letter(request: DeskRequest, letter_id: int) -> HttpResponse:
    """Keep what proves that the letter arrived."""
    row = queries.letter(letter_id, reading=request.reading)
    form = forms.Proof(request.POST)
    if not form.is_valid():
        return incomplete()
    told = _("Kept: it has arrived.")
    return acted(request, actions.prove, told, letter=row, **form.cleaned_data)
