"""Documents that a patient hands over: from the page of a visit, and from an account."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.ground.pictures import LARGEST_UPLOAD
from almoner.ground.typed import page_number
from almoner.portal import queries, rules
from almoner.portal.gate import AccountRequest, PatientRequest, gate, inside, page, room
from almoner.portal.gate.pages import Spoken
from almoner.portal.rules.accounts import Part
from almoner.records import actions
from almoner.records import queries as records
from almoner.records.rules.papers import WORDS, Source


@gate("GET", "POST", part=Part.FORMS)
def visit_documents(request: PatientRequest) -> HttpResponse:
    """What was sent with this visit, and another."""
    link, here = request.link, reverse("visit_documents", args=[request.token])
    trouble = ""
    if request.method == "POST":
        trouble = _taken(
            request, link.patient_id, Source.LINK if link.way is None else Source.ACCOUNT,
            visit_id=link.appointment_id,
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
        trouble = _taken(request, patient_id, Source.ACCOUNT)
        if not trouble:
            return redirect(f"{here}?sent=1")
    facts = _facts(request, patient_id, trouble) | {"here": here}
    facts["signed"] = queries.signed(patient_id, language=request.language)
    return inside(request, "portal/documents.html", facts, status=422 if trouble else 200)


def _taken(request: Spoken, patient_id: int, source: Source, *, visit_id: int | None = None) -> str:
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
    named: bool = True,
) -> dict[str, Any]:
    """``named``: what the patient calls each is shown again, as no link and birth date does."""
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
            )
            for one in sent
        ],
        "before": number - 1,
        "after": number + 1 if more else 0,
        "trouble": trouble,
        "done": "sent" in request.GET,
        "title_said": request.POST.get("title", ""),
    }
