"""Results at the desk: a clinician's list to review, a patient's, and one with its versions."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number, row_id
from almoner.patients import queries as patients
from almoner.patients.views.record import carry
from almoner.records import actions, forms, queries
from almoner.records.forms.papers import FAULTS
from almoner.records.views.papers import paper_response


@door("GET", permission="records.results", purpose=Purpose.TREATMENT, queue="results")
def results_to_review(request: DeskRequest) -> HttpResponse:
    """What the clinician ordered and has not reviewed, the critical first."""
    asked = request.GET.get("whose", "")
    whose = asked if asked in queries.WHOSE else "mine"
    number = page_number(request.GET.get("page"))
    page = queries.results_to_review(whose, number=number, reading=request.reading)
    context = {
        "page": page,
        "whose": [(code, words, code == whose) for code, words in queries.WHOSE.items()],
        "nobodys": whose == "nobody",
    }
    return render(request, "records/results_to_review.html", context)


@door("GET", permission="records.results", purpose=Purpose.TREATMENT)
def patient_results(request: DeskRequest, patient_id: int) -> HttpResponse:
    """The results of one patient, the newest first."""
    number = page_number(request.GET.get("page"))
    kept, more = queries.results_of(patient_id, reading=request.reading, page=number)
    context = {
        "header": patients.header(patient_id, reading=request.reading),
        "patient_id": patient_id,
        "kept": kept,
        "before": number - 1,
        "after": number + 1 if more else 0,
        "may_file": request.user.may("records.file_results"),
        "reason": request.reading.work_item or "",
    }
    return render(request, "records/patient_results.html", context)


@door("GET", permission="records.results", purpose=Purpose.TREATMENT)
def result(request: DeskRequest, result_id: int) -> HttpResponse:
    """One result as it came, in any of its versions, and what was said of it to the patient."""
    return _page(request, result_id)


def _page(
    request: DeskRequest,
    result_id: int,
    *,
    form: forms.Review | None = None,
    away: forms.Because | None = None,
) -> HttpResponse:
    number = row_id(request.GET.get("version"))
    there = queries.result(result_id, reading=request.reading, number=number)
    assert there.row.patient_id is not None  # noqa: S101 (a result without one has another page)
    context = {
        "there": there,
        "header": patients.header(there.row.patient_id, reading=request.reading),
        "form": form or forms.Review(initial={"seen": there.version.pk}),
        "away": away or forms.Because(),
        "may_take_away": there.row.source == "fhir" and request.user.may("records.file_results"),
        "reason": request.reading.work_item or "",
    }
    status = 422 if form or away else 200
    return render(request, "records/result.html", context, status=status)


@door("POST", permission="records.results", purpose=Purpose.TREATMENT)
def review_result(request: DeskRequest, result_id: int) -> HttpResponse:
    """Sign that it was looked at, with a word to the patient or without."""
    there = queries.result(result_id, reading=request.reading)
    form = forms.Review(request.POST)
    if not form.is_valid():
        return _page(request, result_id, form=form)
    try:
        actions.review_result(
            officer=request.user,
            result_id=result_id,
            version_id=form.cleaned_data["seen"],
            note=form.cleaned_data["note"],
            at=request.reading.at,
        )
    except actions.NotReviewed:
        newest = {"note": form.cleaned_data["note"], "seen": there.version.pk}
        form = forms.Review(newest)
        form.add_error(
            None, _("This is not the version you read, or it is signed already. Look again.")
        )
        return _page(request, result_id, form=form)
    shell.say(request, _("Signed: %s") % there.version.name)
    return redirect("results_to_review")


@door("POST", permission="records.file_results", purpose=Purpose.OPERATIONS)
def take_result_away(request: DeskRequest, result_id: int) -> HttpResponse:
    """It is another's: it waits again until a person says whose."""
    if not request.user.may("records.results"):  # whoever may not read it cannot know
        raise Http404
    form = forms.Because(request.POST)
    there = queries.result(result_id, reading=request.reading)
    if not form.is_valid():
        return _page(request, result_id, away=form)
    try:
        actions.take_result_away(
            officer=request.user, result_id=result_id, because=form.cleaned_data["because"],
            at=request.reading.at,
        )  # fmt: skip
    except actions.NotTheirs as refused:
        form.add_error(None, str(forms.NOT_THEIRS[refused.why]))
        return _page(request, result_id, away=form)
    shell.say(request, _("Taken out of the record: %s") % there.version.name)
    return redirect("results_of_nobody")


@door("GET", permission="records.results", purpose=Purpose.TREATMENT)
def result_paper(request: DeskRequest, result_id: int) -> HttpResponse:
    """The paper it came on: a picture to be shown, a PDF only ever to keep."""
    there = queries.result(result_id, reading=request.reading)
    if there.version.document_id is None:
        raise Http404
    media, content = queries.bytes_of_document(there.version.document_id)
    return paper_response(media, content, name=f"result-{result_id}")


@door("GET", "POST", permission="records.file_results", purpose=Purpose.OPERATIONS)
def file_result(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Keep a result that came on paper, for the patient and whoever ordered it to read."""
    form = forms.FileResult(request.POST or None, request.FILES or None)
    header = patients.header(patient_id, reading=request.reading)
    if request.method == "POST" and form.is_valid():
        try:
            actions.file_result(
                officer=request.user,
                patient_id=header.id,
                content=form.content(),
                name=form.cleaned_data["name"],
                on=form.cleaned_data["on"],
                clinician_id=form.cleaned_data["clinician"],
                abnormal=form.cleaned_data["abnormal"],
                at=request.reading.at,
            )
        except actions.NotADocument as refused:
            form.add_error("file", str(FAULTS[refused.fault]))
        else:
            shell.say(request, _("Filed: %s") % form.cleaned_data["name"])
            return redirect(f"{reverse('patient_documents', args=[patient_id])}{carry(request)}")
    context = {"header": header, "form": form, "reason": request.reading.work_item or ""}
    return render(request, "records/file_result.html", context, status=422 if form.errors else 200)
