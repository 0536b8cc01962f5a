"""Who may act for a patient, as the patient sees it, and ends it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.ground.typed import row_id
from almoner.portal import actions, queries, rules
from almoner.portal.gate import AccountRequest, inside, room
from almoner.portal.models import Acting
from almoner.portal.rules.accounts import Kind


@room("GET", "POST")
def my_people(request: AccountRequest) -> HttpResponse:
    """Who may see and do what, since and until when; posting ends what the patient granted."""
    if not queries.sees_people(request.acting, at=clock.now()):
        return redirect("my_home")
    if request.method != "POST":
        return _people(request, "")
    if request.acting.kind != Kind.SELF:
        raise Http404
    try:
        with queries.as_the_desk():
            ended = actions.end_own(
                way=queries.own_way(request.way), patient_id=request.acting.patient_id,
                acting_id=row_id(request.POST.get("end")) or 0, at=clock.now(),
            )  # fmt: skip
    except actions.NotLetIn:
        return redirect(f"{reverse('my_prove')}?then=people")
    except Acting.DoesNotExist:
        raise Http404 from None
    return _people(request, rules.said(request.language, "people_ended", name=ended.account.name))


def _people(request: AccountRequest, told: str) -> HttpResponse:
    language, acting = request.language, request.acting
    own = acting.kind == Kind.SELF
    with queries.as_the_desk():
        there = queries.who_acts(acting.patient_id, language=language, own=own, at=clock.now())
    none = rules.said(language, "people_none" if own else "people_none_of", name=acting.name)
    facts = {
        "there": there,
        "none": none,
        "told": told,
        "own": own,
        "call": own and any(not one.may_end for one in there),
    }
    return inside(request, "portal/people.html", facts)
