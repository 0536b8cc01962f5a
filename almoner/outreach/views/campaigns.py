"""Outreach: what runs, what a campaign is to be, how it goes and what it did."""

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
from almoner.outreach.views.acting import acted
from almoner.patients.queries.wording import LANGUAGES

QUEUE = "campaign"


@door("GET", permission="outreach.view", purpose=Purpose.OPERATIONS)
def outreach(request: DeskRequest) -> HttpResponse:
    """Campaigns and segments; how many are to be called."""
    known = wording.names()
    lines = queries.segments()
    context = {
        "campaigns": [(each, wording.STANDINGS[each.state]) for each in queries.campaigns()],
        "segments": [(each, wording.asked(each.conditions, known)) for each in lines],
        "to_call": queries.waiting(request.reading.at),
    }
    return render(request, "outreach/outreach.html", context)


@door("GET", "POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def new_campaign(request: DeskRequest, segment_id: int) -> HttpResponse:
    """Decide what a campaign for a segment is to be; nobody is written to yet."""
    version = queries.segment(segment_id)
    begun = {"name": version.segment.name} | forms.Planning.usual()
    form = forms.Planning(request.POST) if request.POST else forms.Planning(initial=begun)
    if request.method == "POST" and form.is_valid():
        row = actions.draft_campaign(
            officer=request.user, version=version, plan=form.plan(), at=request.reading.at
        )
        shell.say(request, _("Kept as a draft. Nobody is written to before you start it."))
        return shell.go(request, reverse("campaign", args=[row.pk]))
    context = {"form": form, "segment": version.segment, "campaign": None}
    status = 422 if form.is_bound else 200
    return render(request, "outreach/planning.html", context, status=status)


@door("GET", "POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def plan_campaign(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """Decide otherwise of a draft."""
    row = queries.campaign(campaign_id)
    form = forms.Planning(request.POST) if request.POST else forms.Planning(initial=_planned(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_campaign(
                officer=request.user, campaign=row, plan=form.plan(), at=request.reading.at
            )
        except actions.OutreachRefused as refused:
            form.add_error(None, forms.REFUSALS[refused.reason])
        else:
            shell.say(request, _("The draft is changed."))
            return shell.go(request, reverse("campaign", args=[row.pk]))
    context = {"form": form, "segment": row.version.segment, "campaign": row}
    status = 422 if form.is_bound else 200
    return render(request, "outreach/planning.html", context, status=status)


def _planned(row: Any) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in forms.Planning.base_fields if hasattr(row, name)}
    return same | {"ways": ",".join(row.channels), "visit_type": row.visit_type_id or ""}


@door("GET", permission="outreach.view", purpose=Purpose.OPERATIONS)
def campaign(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """How a campaign stands and what it did; its people, for whom they may be shown."""
    row = queries.campaign(campaign_id)
    manages = request.user.may("outreach.manage")
    context: dict[str, Any] = {
        "campaign": row,
        "standing": wording.STANDINGS[row.state],
        "purpose": wording.PURPOSES[row.purpose],
        "channels": [wording.CHANNELS[each] for each in row.channels],
        "asked": wording.asked(row.version.conditions, wording.names()),
        "manages": manages,
    }
    if row.state == "draft":
        counts = queries.count(row.version.conditions, queries.terms_of(row), at=request.reading.at)
        context["counts"] = wording.counted(counts)
        context |= _to_be_read(request, row)
    else:
        context |= _went(request, row)
        if manages and request.user.may("patients.view"):
            context |= _people(request, row)
    return render(request, "outreach/campaign.html", context)


def _to_be_read(request: DeskRequest, row: Any) -> dict[str, Any]:
    mine = row.words == "own" and not row.reviewed_at and request.user.may("relations.texts")
    return {
        "words": [(LANGUAGES[each.language], each) for each in queries.shown(row)],
        "waits": row.words == "own" and not row.reviewed_at,
        "reviews": mine and request.user.pk not in row.authors,
        "read": row.said,
    }


def _went(request: DeskRequest, row: Any) -> dict[str, Any]:
    figures, found = queries.figures(row.pk), queries.found(row, at=request.reading.at)
    return {
        "figures": figures,
        "left": wording.left_alone(figures.others),
        "found": found,
        "verdict": wording.VERDICTS[found.effect.verdict],
    }


def _people(request: DeskRequest, row: Any) -> dict[str, Any]:
    reading = request.reading
    reading.queue = QUEUE
    asked = request.GET.get("show", "")
    show = asked if asked in queries.SHOWN else "active"
    number = page_number(request.GET.get("page"))
    page = queries.people(row.pk, show=show, number=number, reading=reading)
    lines = [
        (each, wording.STATES[each.state], wording.LEFT.get(each.stopped_why, ""))
        for each in page.object_list
    ]
    return {"page": page, "lines": lines, "show": show, "shown": wording.SHOWN.items()}


@door("POST", permission="relations.texts", purpose=Purpose.OPERATIONS)
def approve_words(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """The words of a draft were read in both languages by somebody who did not write them."""
    return acted(
        request,
        actions.approve_words,
        _("The words are approved. The campaign may start."),
        campaign=queries.campaign(campaign_id),
        read=request.POST.getlist("read"),
    )


@door("POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def start_campaign(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """Take in the people of the segment and begin."""
    return acted(
        request, actions.start, _("The campaign runs."), campaign=queries.campaign(campaign_id)
    )


@door("POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def pause_campaign(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """Write to nobody more for now."""
    return acted(
        request, actions.pause, _("The campaign is paused."), campaign=queries.campaign(campaign_id)
    )


@door("POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def resume_campaign(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """Go on where it was."""
    return acted(
        request, actions.resume, _("The campaign goes on."), campaign=queries.campaign(campaign_id)
    )


@door("POST", permission="outreach.manage", purpose=Purpose.OPERATIONS)
def finish_campaign(request: DeskRequest, campaign_id: int) -> HttpResponse:
    """End it for good."""
    return acted(
        request,
        actions.finish,
        _("The campaign has ended."),
        campaign=queries.campaign(campaign_id),
    )
