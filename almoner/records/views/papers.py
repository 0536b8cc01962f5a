"""Documents of patients: what came and waits, those of one patient, and one of them."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.queries import officers
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number
from almoner.patients import queries as patients
from almoner.patients.views.record import carry
from almoner.records import actions, forms, queries
from almoner.records.forms.papers import FAULTS

ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}


@door("GET", permission="records.fill", purpose=Purpose.OPERATIONS, queue="documents")
def documents_to_see(request: DeskRequest) -> HttpResponse:
    """What patients sent, until somebody has filed it or refused it."""
    number = page_number(request.GET.get("page"))
    page = queries.waiting_documents(number=number, reading=request.reading)
    return render(request, "records/documents_to_see.html", {"page": page})


@door("GET", "POST", permission="records.view", purpose=Purpose.OPERATIONS)
def patient_documents(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The documents of one patient; whoever may files another."""
    form = forms.AddDocument(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.add_document(
                officer=request.user,
                patient_id=patients.header(patient_id, reading=request.reading).id,
                content=form.content(),
                title=form.cleaned_data["title"],
                kind=form.wanted(),
                visit_id=_visit_of(request),
                at=request.reading.at,
            )
        except actions.NotADocument as refused:
            form.add_error("file", str(FAULTS[refused.fault]))
        else:
            shell.say(request, _("Filed: %s") % row.title)
            return redirect(f"{reverse('patient_documents', args=[patient_id])}{carry(request)}")
    number = page_number(request.GET.get("page"))
    kept, more = queries.documents_of(patient_id, reading=request.reading, page=number)
    context = {
        "header": patients.header(patient_id, reading=request.reading),
        "patient_id": patient_id,
        "kept": kept,
        "before": number - 1,
        "after": number + 1 if more else 0,
        "form": form if request.user.may("records.fill") else None,
        "reason": request.reading.work_item or "",
    }
    status = 422 if form.errors else 200
    return render(request, "records/patient_documents.html", context, status=status)


def _visit_of(request: DeskRequest) -> int | None:
    item = request.reading.work_item
    return item.id if item and item.kind == "appointment" else None


@door("GET", permission="records.view", purpose=Purpose.OPERATIONS)
def document(request: DeskRequest, document_id: int) -> HttpResponse:
    """One document: what it shows, who sent it, and what is done with it."""
    return _page(request, document_id)


def _page(
    request: DeskRequest,
    document_id: int,
    *,
    kind: forms.FileAs | None = None,
    refuse: forms.Refuse | None = None,
    withhold: forms.Withhold | None = None,
) -> HttpResponse:
    paper = queries.document(document_id, reading=request.reading)
    context = {
        "paper": paper,
        "header": patients.header(paper.patient_id, reading=request.reading),
        "kind": kind or forms.FileAs(initial={"kind": paper.kind}),
        "refuse": refuse or forms.Refuse(initial={"why": paper.reason}),
        "withhold": withhold or forms.Withhold(),
        "withheld_by": officers.names_of([paper.withheld_by_id] if paper.withheld_by_id else []),
        "may_file": request.user.may("records.fill"),
        "reason": request.reading.work_item or "",
    }
    status = 422 if kind or refuse or withhold else 200
    return render(request, "records/document.html", context, status=status)


@door("GET", permission="records.view", purpose=Purpose.OPERATIONS)
def document_content(request: DeskRequest, document_id: int) -> HttpResponse:
    """Its bytes: a picture to be shown on our page, a PDF only ever to keep."""
    media, content = queries.content(document_id, reading=request.reading)
    return paper_response(media, content, name=f"document-{document_id}")


def paper_response(media: str, content: bytes, *, name: str) -> HttpResponse:
    way = "inline" if media == "image/jpeg" else "attachment"
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'{way}; filename="{name}.{ENDINGS[media]}"',
    }
    return HttpResponse(content, content_type=media, headers=headers)


@door("POST", permission="records.fill", purpose=Purpose.OPERATIONS)
def file_document(request: DeskRequest, document_id: int) -> HttpResponse:
    form = forms.FileAs(request.POST)
    if not form.is_valid():
        return _page(request, document_id, kind=form)
    paper = queries.document(document_id, reading=request.reading)
    actions.file_document(
        officer=request.user, document_id=paper.id, kind=form.wanted(), at=request.reading.at
    )
    shell.say(request, _("Filed: %s") % paper.title)
    return _on(request, paper)


@door("POST", permission="records.fill", purpose=Purpose.OPERATIONS)
def refuse_document(request: DeskRequest, document_id: int) -> HttpResponse:
    form = forms.Refuse(request.POST)
    if not form.is_valid():
        return _page(request, document_id, refuse=form)
    paper = queries.document(document_id, reading=request.reading)
    actions.refuse_document(
        officer=request.user, document_id=paper.id, why=form.wanted(), at=request.reading.at
    )
    shell.say(request, _("Not taken: %s") % paper.title)
    return _on(request, paper)


@door("POST", permission="records.fill", purpose=Purpose.OPERATIONS)
def withhold_document(request: DeskRequest, document_id: int) -> HttpResponse:
    """The patient does not read it in their account: why is said, and stands on its page."""
    form = forms.Withhold(request.POST)
    if not form.is_valid():
        return _page(request, document_id, withhold=form)
    paper = queries.document(document_id, reading=request.reading)
    try:
        actions.withhold_document(
            officer=request.user, document_id=paper.id, why=form.wanted(), at=request.reading.at
        )
    except actions.NotFiled:
        shell.say(request, _("Only a document that is filed is shown or not."), tone="warn")
    else:
        shell.say(request, _("Not shown to the patient: %s") % paper.title)
    return redirect(f"{reverse('document', args=[paper.id])}{carry(request)}")


@door("POST", permission="records.fill", purpose=Purpose.OPERATIONS)
def show_document(request: DeskRequest, document_id: int) -> HttpResponse:
    """The patient reads it in their account again."""
    paper = queries.document(document_id, reading=request.reading)
    try:
        actions.show_document(officer=request.user, document_id=paper.id, at=request.reading.at)
    except actions.NotFiled:
        shell.say(request, _("This kind of document is not shown."), tone="warn")
    else:
        shell.say(request, _("The patient can read it: %s") % paper.title)
    return redirect(f"{reverse('document', args=[paper.id])}{carry(request)}")


def _on(request: DeskRequest, paper: queries.Paper) -> HttpResponse:
    """What waited leads back to the work, what stood in the record to the record."""
    if paper.state == "waiting":
        return redirect("documents_to_see")
    return redirect(f"{reverse('document', args=[paper.id])}{carry(request)}")
