"""What somebody outside reads by a patient's code, for a while, each look written down."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from almoner.ground import clock
from almoner.ground.typed import page_number
from almoner.portal import actions, queries, rules
from almoner.portal.gate import (
    AccountRequest,
    GuestRequest,
    forget_guest,
    guest,
    outside,
    page,
    remember_guest,
)
from almoner.portal.rules.results import Wish
from almoner.portal.rules.sharing import Opens, Shared

_MOST_WHO = 120


@outside("GET", "POST")
def shared_enter(request: AccountRequest) -> HttpResponse:
    """The code, the birth date, and who is asking. Shows nothing of anybody."""
    if request.method != "POST":
        return _enter(request, "shared_left" if "left" in request.GET else "")
    who = request.POST.get("who", "").replace("\0", "").strip()[:_MOST_WHO]
    born = rules.birth_date(request.POST.dict())
    if not who:
        return _enter(request, "share_no_who", status=422)
    if born is None:
        return _enter(request, "no_such_day", status=422)
    outcome = actions.open_share(
        code=request.POST.get("code", ""), born=born, who=who, at=clock.now()
    )
    if isinstance(outcome, Opens):
        return _enter(request, outcome.value, status=422)
    response = redirect("shared_record")
    remember_guest(response, outcome)
    return response


def _enter(request: AccountRequest, trouble: str, *, status: int = 200) -> HttpResponse:
    typed = (request.POST or request.GET).dict()
    facts = {
        "parts": rules.date_boxes(request.language, typed),
        "code": typed.get("code", ""),
        "who": typed.get("who", ""),
        "trouble": rules.said(request.language, trouble) if trouble else "",
        "tone": "good" if trouble == "shared_left" else "bad",
    }
    return page(request, "portal/shared_enter.html", facts, status=status)


@guest("GET")
def shared_record(request: GuestRequest) -> HttpResponse:
    """All that was shared on one page; of visits that were and of results a page of them."""
    visitor, language = request.visitor, request.language
    facts: dict[str, Any] = {
        "visitor": visitor,
        "title": rules.said(language, "shared_of", name=visitor.name),
        "until": queries.ends_text(visitor.until, "shared_until", language),
        "as_who": rules.said(language, "shared_as", who=visitor.who),
    }
    return page(request, "portal/shared.html", facts | _shown(request))


def _shown(request: GuestRequest) -> dict[str, Any]:
    visitor, language, now = request.visitor, request.language, clock.now()
    facts: dict[str, Any] = {}
    if Shared.VISITS in visitor.kinds:
        facts["next"] = queries.coming(visitor.patient_id, language=language, at=now)
        number = page_number(request.GET.get("been"))
        facts["been"], more = queries.been(
            visitor.patient_id, language=language, at=now, page=number
        )
        facts["been_pages"] = (number - 1, number + 1 if more else 0)
    if Shared.DOCUMENTS in visitor.kinds:
        facts["documents"] = queries.signed(visitor.patient_id, language=language)
    if Shared.PAPERS in visitor.kinds:
        number = page_number(request.GET.get("filed"))
        facts["filed"], more = queries.papers(
            visitor.patient_id, results=Shared.RESULTS in visitor.kinds, language=language,
            page=number,
        )  # fmt: skip
        facts["filed_pages"] = (number - 1, number + 1 if more else 0)
    if Shared.COVERAGE in visitor.kinds:
        day = queries.local_day(now)
        facts["covers"] = queries.covers(visitor.patient_id, on=day, language=language)
    if Shared.RESULTS in visitor.kinds:
        number = page_number(request.GET.get("results"))
        facts["results"], more = queries.result_lines(
            visitor.patient_id, None, wish=Wish.AT_ONCE, language=language, page=number
        )
        facts["results_pages"] = (number - 1, number + 1 if more else 0)
    return facts


@guest("GET", kind=Shared.DOCUMENTS)
def shared_document(request: GuestRequest, signature_id: int) -> HttpResponse:
    """A signed paper as it was sealed."""
    pdf = queries.signed_paper(signature_id, request.visitor.patient_id)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="signed-{signature_id}.pdf"'
    return response


@guest("POST")
def shared_leave(request: GuestRequest) -> HttpResponse:
    with queries.as_the_desk():
        actions.leave_share(request.visitor, at=clock.now())
    response = redirect("shared_enter")
    response["Location"] += "?left=1"
    forget_guest(response)
    return response
