"""Segments: asking, counting while one asks, and looking at who they are."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number
from almoner.outreach import actions, forms, queries
from almoner.outreach.queries import wording

QUEUE = "segment"


@door("GET", "POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def new_segment(request: DeskRequest) -> HttpResponse:
    """Ask for people, and keep the question under a name."""
    form = forms.Keeping(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _kept(request, form)
    status = 422 if form.is_bound else 200
    return render(request, "outreach/segment.html", _page(request, form), status=status)


@door("GET", "POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def segment(request: DeskRequest, segment_id: int) -> HttpResponse:
    """What a segment asks, how many it holds now, and, for whom patients may be shown, who."""
    version = queries.segment(segment_id)
    if request.method == "POST":
        form = forms.Keeping(request.POST)
        if form.is_valid():
            return _kept(request, form, segment=version.segment)
    else:
        known = forms.Keeping.filled(version.conditions) | {"name": version.segment.name}
        form = forms.Keeping(initial=known)
    context = _page(request, form) | {"version": version}
    if not form.is_bound:
        context |= _people(request, version)
    return render(request, "outreach/segment.html", context, status=422 if form.is_bound else 200)


@door("POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def count_segment(request: DeskRequest) -> HttpResponse:
    """How many there are for what the form says now; no one of them is shown."""
    form = forms.Asking(request.POST)
    return render(request, "outreach/_counts.html", _counted(request, form))


def _kept(request: DeskRequest, form: forms.Keeping, segment: Any = None) -> HttpResponse:
    try:
        version = actions.save_segment(
            officer=request.user,
            name=form.cleaned_data["name"],
            conditions=form.conditions(),
            at=request.reading.at,
            segment=segment,
        )
    except actions.OutreachRefused as refused:
        form.add_error(None, forms.REFUSALS[refused.reason])
        return render(request, "outreach/segment.html", _page(request, form), status=422)
    shell.say(request, _("The segment is kept."))
    return shell.go(request, reverse("segment", args=[version.segment_id]))


def _page(request: DeskRequest, form: forms.Keeping) -> dict[str, Any]:
    counted = _counted(request, form) if form.is_bound else {}
    return {"form": form, **counted}


def _counted(request: DeskRequest, form: forms.Asking) -> dict[str, Any]:
    asked = form.conditions() if form.is_valid() else {}
    if not asked:
        return {"counts": None}
    return {"counts": wording.counted(queries.count(asked, queries.PLAIN, at=request.reading.at))}


def _people(request: DeskRequest, version: Any) -> dict[str, Any]:
    reading = request.reading
    counts = queries.count(version.conditions, queries.PLAIN, at=reading.at)
    context = {"counts": wording.counted(counts)}
    if not request.user.may("patients.view"):
        return context
    reading.queue = QUEUE
    # A list one has made oneself is no reason yet to look at those on it.
    own = version.made_by_id == request.user.pk
    reading.queue_is_over = own and not queries.used_by_others(version.segment_id, request.user.pk)
    left_out = request.GET.get("show") == "left"
    page = queries.members(
        version.conditions,
        counts,
        left_out=left_out,
        number=page_number(request.GET.get("page")),
        reading=reading,
    )
    today = queries.moment(reading.at).today
    lines = [
        {
            "who": each,
            "because": [wording.because(*one, today=today) for one in each.because],
            "left": wording.LEFT.get(each.left, ""),
            "channel": wording.CHANNELS.get(each.channel, ""),
        }
        for each in page.object_list
    ]
    return context | {"page": page, "lines": lines, "left_out": left_out}
