"""Documents that a patient hands over, by a visit or in an account, and those in their record."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.ground.pictures import LARGEST_UPLOAD
from almoner.ground.typed import page_number
from almoner.portal import actions as portal
from almoner.portal import queries, rules
from almoner.portal.gate import (
    AccountRequest,
    GuestRequest,
    PatientRequest,
    gate,
    guest,
    inside,
    page,
    room,
)
from almoner.portal.gate.pages import Spoken
from almoner.portal.rules.accounts import Part
from almoner.portal.rules.sharing import Shared
from almoner.records import actions
from almoner.records import queries as records
from almoner.records.rules.papers import WORDS, PaperState, Source
from almoner.records.views.papers import paper_response


@gate("GET", "POST", part=Part.FORMS)
def visit_documents(request: PatientRequest) -> HttpResponse:
    """What was sent with this visit, and another."""
    link, here = request.link, reverse("visit_documents", args=[request.token])
    trouble = ""
    if request.method == "POST":
        trouble = _taken(
            request, link.patient_id, Source.LINK if link.way is None else Source.ACCOUNT,
            visit_id=link.appointment_id,
            sender_id=link.way.account_id if link.way else None,
        )  # fmt: skip
        if not trouble:
            return redirect(f"{here}?sent=1")
    facts = _facts(
        request, link.patient_id, trouble, visit_id=link.appointment_id, named=link.way is not None
    )
    facts |= {"here": here, "back": reverse("visit_page", args=[request.token])}
    return page(request, "portal/documents.html", facts, status=422 if trouble else 200)


@room("GET", "POST", part=Part.FORMS)
def my_documents(request: AccountRequest) -> HttpResponse:
    """All that was ever sent, another, and what was signed."""
    here, patient_id = reverse("my_documents"), request.acting.patient_id
    trouble = ""
    if request.method == "POST":
        trouble = _taken(request, patient_id, Source.ACCOUNT, sender_id=request.account.pk)
        if not trouble:
            return redirect(f"{here}?sent=1")
    facts = _facts(request, patient_id, trouble, sender_id=request.account.pk) | {"here": here}
    facts["signed"] = queries.signed(patient_id, language=request.language)
    return inside(request, "portal/documents.html", facts, status=422 if trouble else 200)


@room("GET", part=Part.FORMS)
def my_sent_paper(request: AccountRequest, document_id: int) -> HttpResponse:
    """What was sent from this account, until the desk has decided upon it."""
    media, content = queries.sent_paper(
        document_id, request.acting.patient_id, account_id=request.account.pk
    )
    return paper_response(media, content, name=f"document-{document_id}")


@room("GET", part=Part.DOCUMENTS)
def my_papers(request: AccountRequest) -> HttpResponse:
    """The documents in the record that are shown to the patient, a page at a time."""
    number = page_number(request.GET.get("page"))
    lines, more = queries.papers(
        request.acting.patient_id, results=Part.RESULTS in request.acting.parts,
        language=request.language, page=number,
    )  # fmt: skip
    facts = {
        "papers": WORDS[request.language],
        "lines": lines,
        "newer": number - 1,
        "older": number + 1 if more else 0,
    }
    return inside(request, "portal/papers.html", facts)


@room("GET", part=Part.DOCUMENTS)
def my_paper(request: AccountRequest, document_id: int) -> HttpResponse:
    """One of them; that it was opened, and by which account, is written down."""
    patient_id = request.acting.patient_id
    media, content = queries.paper(
        document_id, patient_id, results=Part.RESULTS in request.acting.parts
    )
    with queries.as_the_desk():
        portal.open_paper(
            account=request.account, patient_id=patient_id, document_id=document_id, at=clock.now()
        )
    return paper_response(media, content, name=f"document-{document_id}")


@guest("GET", kind=Shared.PAPERS)
def shared_paper(request: GuestRequest, document_id: int) -> HttpResponse:
    """One of them, for whoever was given a code to documents; the look is written down."""
    visitor = request.visitor
    media, content = queries.paper(
        document_id, visitor.patient_id, results=Shared.RESULTS in visitor.kinds
    )
    return paper_response(media, content, name=f"document-{document_id}")


def _taken(
    request: Spoken,
    patient_id: int,
    source: Source,
    *,
    visit_id: int | None = None,
    sender_id: int | None = None,
) -> str:
    """Keep what was sent; why not, in a sentence."""
    upload = request.FILES.get("file")
    try:
        with queries.as_the_desk():
            actions.hand_over(
                patient_id=patient_id,
                # One byte more than may be is read of a larger one, so that it is refused.
                content=upload.read(LARGEST_UPLOAD + 1) if upload else b"",
                title=request.POST.get("title", ""),
                source=source,
                visit_id=visit_id,
                language=request.language,
                sender_id=sender_id,
                at=clock.now(),
            )
    except actions.NotADocument as refused:
        return WORDS[request.language][f"fault_{refused.fault}"]
    return ""


def _facts(
    request: Spoken,
    patient_id: int,
    trouble: str,
    *,
    visit_id: int | None = None,
    sender_id: int | None = None,
    named: bool = True,
) -> dict[str, Any]:
    """``named``: what the patient calls each is shown again, as no link and birth date does.

    What waits and came from the account of ``sender_id`` can be opened.
    """
    number = page_number(request.GET.get("page"))
    sent, more = records.sent_by_patient(patient_id, page=number, visit_id=visit_id)
    words, zone = WORDS[request.language], ZoneInfo(settings.TIME_ZONE)
    return {
        "papers": words,
        "sent": [
            (
                one.title if named else words["untitled"],
                words[f"state_{one.state}"],
                words[f"why_{one.reason}"] if one.reason else "",
                rules.date_text(one.sent_at.astimezone(zone).date(), request.language),
                reverse("my_sent_paper", args=[one.id])
                if sender_id and one.state == PaperState.WAITING and one.sender_id == sender_id
                else "",
            )
            for one in sent
        ],
        "before": number - 1,
        "after": number + 1 if more else 0,
        "trouble": trouble,
        "done": "sent" in request.GET,
        "title_said": request.POST.get("title", ""),
    }
