"""Sharing a part of the record by code, and ending it: the pages of whoever shares."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.ground.typed import row_id
from almoner.portal import actions, queries, rules
from almoner.portal.gate import AccountRequest, inside, room
from almoner.portal.rules.sharing import LASTS, may_share


@room("GET", "POST")
def my_share(request: AccountRequest) -> HttpResponse:
    """What is shared now; posting makes a code, which is shown once."""
    if not may_share(request.acting.parts):
        return redirect("my_home")
    if request.method != "POST":
        return _share(request, "")
    try:
        with queries.as_the_desk():
            row, code = actions.share(
                account=request.account, acting=request.acting,
                kinds=request.POST.getlist("kind"),
                hours=row_id(request.POST.get("hours", "")) or 0, at=clock.now(),
            )  # fmt: skip
    except actions.NotShared as refused:
        return _share(request, refused.why, status=422)
    where = request.build_absolute_uri(reverse("shared_enter"))
    made = queries.ends_text(row.expires_at, "share_code_why", request.language, address=where)
    return _share(request, "", code=code, made=made)


def _share(
    request: AccountRequest, trouble: str, *, code: str = "", made: str = "", status: int = 200
) -> HttpResponse:
    words, chosen = rules.WORDS[request.language], set(request.POST.getlist("kind"))
    hours = request.POST.get("hours", str(LASTS[0]))
    with queries.as_the_desk():
        there = queries.shares(request.acting.patient_id, language=request.language, at=clock.now())
    facts = {
        "shares": there,
        "code": code,
        "made": made,
        "trouble": rules.said(request.language, trouble) if trouble else "",
        "kinds": [
            (kind.value, words[f"shared_{kind}"], kind.value in chosen)
            for kind in may_share(request.acting.parts)
        ],
        "lasts": [(each, words[f"share_{each}"], str(each) == hours) for each in LASTS],
    }
    return inside(request, "portal/share.html", facts, status=status)


@room("POST")
def my_share_end(request: AccountRequest, share_id: int) -> HttpResponse:
    """It opens nothing any more. Whoever may share may end it, whoever of them made it."""
    if not may_share(request.acting.parts):
        raise Http404
    with queries.as_the_desk():
        queries.own_share(share_id, request.acting.patient_id)
        actions.end_share(
            account=request.account, patient_id=request.acting.patient_id, share_id=share_id,
            at=clock.now(),
        )  # fmt: skip
    return redirect("my_share")
