"""Results in an account, newest first; one of them; when to be told; and what a guest reads."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.ground.typed import page_number, row_id
from almoner.portal import actions, queries, rules
from almoner.portal.gate import AccountRequest, GuestRequest, guest, inside, page, room
from almoner.portal.rules.accounts import Part
from almoner.portal.rules.results import Wish, may_wish
from almoner.portal.rules.sharing import Shared
from almoner.records.views.papers import paper_response


@room("GET", part=Part.RESULTS)
def my_results(request: AccountRequest) -> HttpResponse:
    """All results a page at a time, and when to be told of the next."""
    number, patient_id = page_number(request.GET.get("page")), request.acting.patient_id
    wish, words = queries.wish_of(patient_id), rules.WORDS[request.language]
    lines, more = queries.result_lines(
        patient_id, request.account, wish=wish, language=request.language, page=number
    )
    facts = {
        "lines": lines,
        "newer": number - 1,
        "older": number + 1 if more else 0,
        "wishes": [(one.value, words[f"wish_{one}"], one == wish) for one in Wish]
        if may_wish(request.acting.kind)
        else [],
        "kept": "kept" in request.GET,
    }
    return inside(request, "portal/results.html", facts)


@room("POST", part=Part.RESULTS)
def my_result_wish(request: AccountRequest) -> HttpResponse:
    """Say when the patient wants to be told."""
    wanted = request.POST.get("wish", "")
    if wanted not in set(Wish) or not may_wish(request.acting.kind):
        return redirect("my_results")
    with queries.as_the_desk():
        actions.wish_results(
            account=request.account, patient_id=request.acting.patient_id, wish=Wish(wanted),
            at=clock.now(),
        )  # fmt: skip
    return redirect(f"{reverse('my_results')}?kept=1")


@room("GET", part=Part.RESULTS)
def my_result(request: AccountRequest, result_id: int) -> HttpResponse:
    """One result. Who wants a clinician to look first is asked once more, and decides."""
    patient_id = request.acting.patient_id
    shown = queries.shown_result(
        result_id, patient_id, wish=queries.wish_of(patient_id),
        number=row_id(request.GET.get("version")), asked="now" in request.GET,
        language=request.language,
    )  # fmt: skip
    if not shown.behind:
        with queries.as_the_desk():
            actions.open_result(
                account=request.account, patient_id=patient_id, version_id=shown.version_id,
                at=clock.now(),
            )  # fmt: skip
    here = reverse("my_result", args=[result_id])
    facts = {
        "shown": shown,
        "here": here,
        "now": "&now=1" if "now" in request.GET else "",
        "paper": reverse("my_result_paper", args=[result_id]),
        "back": reverse("my_results"),
        "ask": f"{reverse('my_new_message')}?result={result_id}"
        if Part.MESSAGES in request.acting.parts
        else "",
    }
    return inside(request, "portal/result.html", facts)


@room("GET", part=Part.RESULTS)
def my_result_paper(request: AccountRequest, result_id: int) -> HttpResponse:
    """The paper that a result came on."""
    media, content = queries.result_paper(result_id, request.acting.patient_id)
    return paper_response(media, content, name=f"result-{result_id}")


@guest("GET", kind=Shared.RESULTS)
def shared_result(request: GuestRequest, result_id: int) -> HttpResponse:
    """One result, for whoever was given a code to results."""
    shown = queries.shown_result(
        result_id, request.visitor.patient_id, wish=Wish.AT_ONCE,
        number=row_id(request.GET.get("version")), asked=True, language=request.language,
    )  # fmt: skip
    facts: dict[str, Any] = {
        "shown": shown,
        "here": reverse("shared_result", args=[result_id]),
        "paper": reverse("shared_result_paper", args=[result_id]),
        "back": reverse("shared_record"),
        "of": rules.said(request.language, "shared_of", name=request.visitor.name),
    }
    return page(request, "portal/result.html", facts)


@guest("GET", kind=Shared.RESULTS)
def shared_result_paper(request: GuestRequest, result_id: int) -> HttpResponse:
    """The paper of a result that was shared."""
    media, content = queries.result_paper(result_id, request.visitor.patient_id)
    return paper_response(media, content, name=f"result-{result_id}")
