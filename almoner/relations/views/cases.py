"""The list of cases: whose, of which desk, which are late; and what is done to several."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import ngettext

from almoner.access.door import DeskRequest, door
from almoner.access.queries import officers
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground.typed import page_number, row_id
from almoner.relations import actions, forms, queries, rules
from almoner.relations.queries import lists, wording
from almoner.relations.views.acting import acted, incomplete

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
        "snoozing": forms.Snoozing(),
        "colleagues": queries.everybody_of(request.user),
    }
    return render(request, "relations/cases.html", context)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS, queue=QUEUE)
def cases_at_once(request: DeskRequest) -> HttpResponse:
    """Take, give away or set aside the cases that are ticked: all of them, or none."""
    ids = [each for each in map(row_id, request.POST.getlist("case")) if each]
    chosen = [queries.case(each, reading=request.reading) for each in ids[: actions.MOST_AT_ONCE]]
    told = ngettext("%(n)s case changed.", "%(n)s cases changed.", len(chosen)) % {"n": len(chosen)}
    act = request.POST.get("act", "")
    if act == "take" and chosen:
        return acted(request, actions.take_all, told, cases=chosen)
    if act == "assign" and chosen and (owner_id := row_id(request.POST.get("owner"))):
        owner = officers.officer(owner_id)
        return acted(request, actions.assign_all, told, cases=chosen, owner=owner)
    form = forms.Snoozing(request.POST)
    if act == "snooze" and chosen and form.is_valid():
        until = morning_of(form.cleaned_data["day"])
        return acted(request, actions.snooze_all, told, cases=chosen, until=until)
    return incomplete()


def morning_of(day: date) -> datetime:
    """When the desks begin on that day, on the clinic's clock."""
    return datetime.combine(day, MORNING, ZoneInfo(facility.organisation().time_zone))
