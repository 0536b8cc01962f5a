"""The privacy officer's pages."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from almoner.access.actions import faults
from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.privacy import forms, queries

_UNKNOWN = {
    "officer": _("That is no one officer: write a name, or a user name, as a whole."),
    "mrn": _("No patient has that MRN."),
}


@door("GET", permission="privacy.view", purpose=Purpose.OPERATIONS, queue="privacy review")
def looks(request: DeskRequest) -> HttpResponse:
    """Every look of a span of time, the unexplained first."""
    form = forms.Narrow(request.GET or {"show": "all", "days": "7"})
    lines: list[queries.Look] = []
    tally = following = None
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            narrowed = queries.narrowed_to(
                since=request.reading.at - timedelta(days=int(wanted["days"] or 7)),
                until=request.reading.at,
                show=wanted["show"] or "all",
                officer=wanted["officer"],
                mrn=wanted["mrn"],
            )
        except queries.NoSuchOne as unknown:
            form.add_error(unknown.field, _UNKNOWN[unknown.field])
        else:
            after = queries.Cursor.parse(request.GET.get("after", ""))
            lines, following = queries.looks(narrowed, reading=request.reading, after=after)
            tally = queries.tally(narrowed)
    return render(
        request,
        "privacy/looks.html",
        {"form": form, "lines": lines, "tally": tally, "following": following},
        status=422 if form.errors else 200,
    )


@door("POST", permission="privacy.review", purpose=Purpose.OPERATIONS)
def verify(request: DeskRequest) -> HttpResponse:
    """Compare the whole sealed log with its seals and say what is wrong with it."""
    found = list(faults())
    return render(request, "privacy/verified.html", {"faults": found})
