"""What somebody with an account sees: what comes next, visits, who opened the record."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from almoner.ground import clock
from almoner.ground.typed import page_number, row_id
from almoner.portal import actions, queries, rules
from almoner.portal.gate import AccountRequest, inside, let_in_by, room
from almoner.portal.rules.account_words import what_word, why_word
from almoner.portal.rules.accounts import Part
from almoner.portal.rules.sharing import may_share

_PAGES = {"pay": "visit_pay"}
"""The pages of a visit, beside the first, that an account leads to."""


@room("GET")
def my_home(request: AccountRequest) -> HttpResponse:
    """What is to do next, the visits to come, and the way to the rest."""
    acting, now = request.acting, clock.now()
    sees = acting.parts
    visits, open_bills = [], []
    if Part.VISITS in sees:
        visits = queries.coming(acting.patient_id, language=request.language, at=now)
    if Part.BILLS in sees:
        every = queries.bills(acting.patient_id, language=request.language)
        open_bills = [bill for bill in every if bill.state == "sent"]
    facts = {
        "todos": queries.todos(
            acting, request.account, visits=visits, bills=open_bills,
            language=request.language, days=settings.CHECK_IN_DAYS, at=now,
        ),
        "visits": visits,
        "shares": bool(may_share(sees)),
        "sees_people": queries.sees_people(acting, at=now),
        "added": "added" in request.GET,
    }  # fmt: skip
    return inside(request, "portal/home.html", facts)


@room("POST")
def my_act_for(request: AccountRequest) -> HttpResponse:
    """Show another of those the account acts for."""
    chosen = row_id(request.POST.get("acting", ""))
    if request.way and any(one.id == chosen for one in request.everybody):
        with queries.as_the_desk():
            actions.act_for(way=request.way, acting_id=chosen or 0)
    return redirect("my_home")


@room("POST", part=Part.VISITS)
def my_visit(request: AccountRequest, appointment_id: int) -> HttpResponse:
    """The page of one visit is the one its link leads to: this browser is let in there."""
    queries.appointment(appointment_id)  # of whom we act for, or there is no such page
    if request.way is None:
        raise Http404
    with queries.as_the_desk():
        link, _token = actions.open_visit(appointment_id, request.language, clock.now())
    token = queries.account_token(request.way, request.acting, appointment_id)
    response = redirect(_PAGES.get(request.POST.get("then", ""), "visit_page"), token)
    let_in_by(link.pk, token, response)
    return response


@room("GET", part=Part.VISITS)
def my_visits(request: AccountRequest) -> HttpResponse:
    """The visits that are over, a page at a time."""
    number = page_number(request.GET.get("page"))
    lines, more = queries.been(
        request.acting.patient_id, language=request.language, at=clock.now(), page=number
    )
    facts = {
        "visits": lines,
        "newer": number - 1,
        "older": number + 1 if more else 0,
    }
    return inside(request, "portal/visits.html", facts)


@room("GET", part=Part.LOOKS)
def my_looks(request: AccountRequest) -> HttpResponse:
    """Who opened the record, and why."""
    after = row_id(request.GET.get("after", ""))
    lines, older = queries.looks(request.acting.patient_id, language=request.language, after=after)
    words = rules.WORDS[request.language]
    told = [
        {
            "day": line.day,
            "time": line.time,
            "who": line.who,
            "role": ", ".join(words[f"role_{role}"] for role in line.roles),
            "what": words[what_word(line.what)],
            "why": words[why_word(line.why)],
            "times": rules.said(request.language, "look_times", times=line.times)
            if line.times > 1
            else "",
        }
        for line in lines
    ]
    return inside(request, "portal/looks.html", {"looks": told, "older": older})
