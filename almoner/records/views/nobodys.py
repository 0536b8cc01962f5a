"""Results that name no patient of ours: a person says whose each is, or why it is nobody's."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number
from almoner.records import actions, forms, queries


@door("GET", permission="records.file_results", purpose=Purpose.OPERATIONS, queue="results")
def results_of_nobody(request: DeskRequest) -> HttpResponse:
    """What came and fits no record by its number, the oldest first."""
    number = page_number(request.GET.get("page"))
    page = queries.results_of_nobody(number=number, reading=request.reading)
    return render(request, "records/results_of_nobody.html", {"page": page})


@door("GET", permission="records.file_results", purpose=Purpose.OPERATIONS, queue="results")
def result_of_nobody(request: DeskRequest, nobodys_id: int) -> HttpResponse:
    """What one says of the person, and nothing it says of their health."""
    return _page(request, nobodys_id)


def _page(
    request: DeskRequest,
    nobodys_id: int,
    *,
    give: forms.GiveTo | None = None,
    refuse: forms.Because | None = None,
) -> HttpResponse:
    there = queries.result_of_nobody(nobodys_id, reading=request.reading)
    context = {
        "there": there,
        "give": give or forms.GiveTo(),
        "refuse": refuse or forms.Because(),
    }
    status = 422 if give or refuse else 200
    return render(request, "records/result_of_nobody.html", context, status=status)


@door("POST", permission="records.file_results", purpose=Purpose.OPERATIONS, queue="results")
def give_result(request: DeskRequest, nobodys_id: int) -> HttpResponse:
    """It belongs to the record with this number and this birth date."""
    there = queries.result_of_nobody(nobodys_id, reading=request.reading)
    form = forms.GiveTo(request.POST)
    if not form.is_valid():
        return _page(request, nobodys_id, give=form)
    try:
        row = actions.assign_result(
            officer=request.user,
            result_id=nobodys_id,
            mrn=form.cleaned_data["mrn"].strip(),
            born=form.cleaned_data["born"],
            at=request.reading.at,
        )
    except actions.NotTheirs as refused:
        form.add_error(None, str(forms.NOT_THEIRS[refused.why]))
        return _page(request, nobodys_id, give=form)
    request.reading.saw([row.patient_id] if row.patient_id else [])
    shell.say(request, _("In the record now: %s") % there.title)
    return redirect("results_of_nobody")


@door("POST", permission="records.file_results", purpose=Purpose.OPERATIONS, queue="results")
def refuse_result(request: DeskRequest, nobodys_id: int) -> HttpResponse:
    """It is of nobody here."""
    there = queries.result_of_nobody(nobodys_id, reading=request.reading)
    form = forms.Because(request.POST)
    if not form.is_valid():
        return _page(request, nobodys_id, refuse=form)
    try:
        actions.refuse_result(
            officer=request.user, result_id=nobodys_id, because=form.cleaned_data["because"],
            at=request.reading.at,
        )  # fmt: skip
    except actions.NotTheirs as refused:
        form.add_error(None, str(forms.NOT_THEIRS[refused.why]))
        return _page(request, nobodys_id, refuse=form)
    shell.say(request, _("Refused: %s") % there.title)
    return redirect("results_of_nobody")
