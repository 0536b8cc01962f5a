"""The list of cases: whose, of which desk, which are late; and what is done to several."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground.typed import page_number
from almoner.relations import forms, queries, rules
from almoner.relations.queries import lists, wording

QUEUE = "cases"
MORNING = time(8)


@door("GET", permission="relations.cases", purpose=Purpose.OPERATIONS, queue=QUEUE)
def cases(request: DeskRequest) -> HttpResponse:
    """Cases by whose they are and how they stand, what is due first; or one of one's own lists."""
    narrowed = queries.filters(request.GET)
    show = narrowed.setdefault("show", "mine")
    if show == "closed":
        request.reading.queue_is_over = True
    number = page_number(request.GET.get("page"))
    page, nobody = queries.cases(narrowed=narrowed, number=number, reading=request.reading)
    able = queries.abilities(request.user)
    context = {
        "page": page,
        "nobody": nobody,
        "able": queries.takeable(able, request.reading.at).count(),
        "asked": queries.asked_count(request.user),
        "narrowed": narrowed,
        "order": narrowed.get("order", "-opened" if show == "closed" else "due"),
        "shown": wording.SHOWN.items(),
        "kinds": wording.KINDS.items(),
        "desks": wording.DESKS.items(),
        "skills": wording.SKILLS.items(),
        "views": [
            (view, urlencode(queries.filters(view.filters))) for view in lists.saved(request.user)
        ],
        "own_desks": [
            (desk, word)
            for desk, word in wording.DESKS.items()
            if desk in rules.desks_of(request.user.roles)
        ],
        "saving": forms.Saving(),
        "at_once": forms.AtOnce(),
        "colleagues": queries.everybody_of(request.user),
    }
    return render(request, "relations/cases.html", context)


def morning_of(day: date) -> datetime:
    """When the desks begin on that day, on the clinic's clock."""
    return on_the_clinics_clock(day, MORNING)


def on_the_clinics_clock(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(facility.organisation().time_zone))
