"""The forms of a visit, for the patient: filled in parts, signed, or not signed for a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.arrivals.rules.told import THINGS
from almoner.ground import clock
from almoner.ground.typed import row_id
from almoner.portal import queries
from almoner.portal.gate import PatientRequest, gate, page
from almoner.portal.rules.accounts import Part
from almoner.records import actions
from almoner.records import forms as sheets
from almoner.records import queries as records
from almoner.records.rules import WORDS, about, without

LONGEST_REASON = 400


def forms_of(request: PatientRequest) -> dict[str, Any]:
    """What ``portal/_forms.html`` shows on the page of the visit."""
    asked = queries.asked_of(request.link) if Part.FORMS in request.link.parts else []
    return {
        "form_words": WORDS[request.language],
        "asked_forms": [
            (form, form.title.said(request.language), WORDS[request.language].get(form.state, ""))
            for form in asked
        ],
        "forms_open": any(form.waits for form in asked),
        "forms_left": sum(form.waits for form in asked),
    }


@gate("GET", "POST", part=Part.FORMS, at_kiosk=True)
def visit_form(request: PatientRequest) -> HttpResponse:
    """One form that is due; another leads back to the visit."""
    form_id = row_id(request.GET.get("form"))
    due = {each.form_id for each in queries.asked_of(request.link) if each.state == "open"}
    if form_id not in due or form_id is None:
        return _back(request)
    sheet = records.sheet_of(request.link.patient_id, form_id)
    if about(sheet.version.definition):
        known = without(queries.known_of(request.link), sheets.anew(request.GET, request.POST))
        sheet = replace(sheet, known=known)
    if request.method != "POST":
        return _page(request, sheet)
    try:
        return _told(request, sheet)
    except actions.Unseen:
        return _again(request, sheet)
    except (actions.NotOffered, actions.Settled, actions.NotInUse):  # at the desk, this moment
        return _page(request, sheet, trouble="settled", status=409)


def _told(request: PatientRequest, sheet: records.Sheet) -> HttpResponse:
    """Keep what the page says, sign or decline. Raises as `_keep`."""
    sheet = _keep(request, sheet)
    if request.headers.get("X-Sheet"):
        return JsonResponse(records.kept_answers(sheet))
    if wish := sheets.row_wish(request.POST):
        return _row(request, sheet, wish)
    if "decline" in request.POST:
        return _decline(request, sheet)
    if "ask" in request.POST:
        return redirect(f"{request.path}?{sheets.again(sheet, request.GET, request.POST)}")
    return _sign(request, sheet) if "sign" in request.POST else _back(request)


def _keep(request: PatientRequest, sheet: records.Sheet) -> records.Sheet:
    """Keep what was changed on the page. Raises Settled, NotInUse, NotOffered or Unseen."""
    typed = sheets.changed(sheet.version.definition, sheet.answers, request.POST)
    if not typed and not {"sign", "decline", "add_row", "remove_row"} & request.POST.keys():
        return sheet
    shown = row_id(request.POST.get("version"))
    if shown is None and "sign" in request.POST:
        raise actions.Unseen  # of which version, the page does not say
    return _answered(request, sheet, typed, shown)


def _answered(
    request: PatientRequest,
    sheet: records.Sheet,
    typed: Mapping[str, Sequence[str]],
    version_id: int | None,
) -> records.Sheet:
    hand, at = _hand(request), clock.now()
    with queries.as_the_desk():
        row = actions.begin(
            hand=hand,
            patient_id=sheet.patient_id,
            form_id=sheet.version.form_id,
            language=request.language,
            visit_id=request.link.appointment_id,
            version_id=version_id,
            at=at,
        )
        actions.answer(hand=hand, filling_id=row.pk, typed=typed, at=at)
    return records.sheet_of(sheet.patient_id, sheet.version.form_id, known=sheet.known)


def _again(request: PatientRequest, sheet: records.Sheet) -> HttpResponse:
    """The form as it stands now, to be read before it is signed, with what was written here."""
    sheet = records.sheet_of(sheet.patient_id, sheet.version.form_id, known=sheet.known)
    if row_id(request.POST.get("version")) != sheet.version.id:
        typed = sheets.carried(sheet.version.definition, request.POST)
        sheet = _answered(request, sheet, typed, sheet.version.id) if typed else sheet
    return _page(request, sheet, stale=True, status=409)


def _row(request: PatientRequest, sheet: records.Sheet, wish: sheets.RowWish) -> HttpResponse:
    """One row more or less; the page is shown again where it changed.

    Raises Settled or NotOffered.
    """
    wanted: dict[str, Any] = {
        "hand": _hand(request),
        "filling_id": _begun(sheet),
        "group": wish.group,
        "at": clock.now(),
    }
    place = f"rows-{wish.group}"
    try:
        with queries.as_the_desk():
            if wish.row:
                actions.remove_row(row=wish.row, **wanted)
            else:
                place = f"row-{wish.group}@{actions.add_row(**wanted)}"
    except actions.Full:
        return _page(request, sheet, trouble="full", status=409)
    return redirect(f"{request.get_full_path()}#{place}")


def _sign(request: PatientRequest, sheet: records.Sheet) -> HttpResponse:
    """Sign. Raises Settled or Unseen."""
    visit = queries.visiting(request.link.appointment_id)
    known = sheets.stood(sheet, request.POST)
    try:
        with queries.as_the_desk():
            actions.sign(
                hand=_hand(request),
                filling_id=_begun(sheet),
                signing=sheets.signing(request.POST),
                seen=sheets.seen(sheet.version.definition, request.POST),
                language=request.language,
                zone=visit.zone,
                at=clock.now(),
                known=known,
            )
    except actions.CannotSign as open_:
        return _page(request, sheet, wrong=open_.faults, status=422)
    return _back(request)


def _decline(request: PatientRequest, sheet: records.Sheet) -> HttpResponse:
    """Keep why it is not signed. Raises Settled."""
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        return _page(request, sheet, trouble="no_reason", status=422)
    visit, at = queries.visiting(request.link.appointment_id), clock.now()
    with queries.as_the_desk():
        actions.decline(
            hand=_hand(request),
            filling_id=_begun(sheet),
            reason=reason,
            on=at.astimezone(ZoneInfo(visit.zone)).date(),
            at=at,
        )
    return _back(request)


def _begun(sheet: records.Sheet) -> int:
    """The open copy. Raises Settled when there is none any more."""
    if sheet.filling_id is None:
        raise actions.Settled
    return sheet.filling_id


@gate("GET", part=Part.FORMS)
def visit_paper(request: PatientRequest) -> HttpResponse:
    """The patient's own copy of what they signed with this visit."""
    form_id = row_id(request.GET.get("form"))
    if form_id is None:
        return _back(request)
    try:
        pdf = queries.paper_of(request.link, form_id)
    except Http404:
        return _back(request)
    headers = {
        "Content-Disposition": f'inline; filename="form-{form_id}.pdf"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _page(
    request: PatientRequest,
    sheet: records.Sheet,
    *,
    wrong: dict[str, str] | None = None,
    trouble: str = "",
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    words = WORDS[request.language]
    with queries.as_the_desk():  # the patients' role reads no birth date
        signs_as = records.may_sign(
            sheet.patient_id, at_the_desk=request.asks is not None, at=clock.now()
        )
    shown = records.shown(
        sheet,
        request.language,
        wrong=wrong or {},
        posted=request.POST,
        capacities=signs_as,
        change_at=_change_at(request, sheet),
    )
    facts = shown | {
        "trouble": words[trouble] if trouble else "",
        "stale": stale,
        "anew": sheets.anew(request.GET, request.POST),
        "form_id": sheet.version.form_id,
        "from_check_in": request.GET.get("from") == FROM_CHECK_IN,
        "typed_reason": request.POST.get("reason", ""),
    }
    return page(request, "portal/form.html", facts, status=status)


def _change_at(request: PatientRequest, sheet: records.Sheet) -> dict[str, str]:
    """Where what was said in check-in is said otherwise, as long as that is open."""
    said = [subject for subject, told in sheet.known.items() if told.said]
    link, at = request.link, clock.now()
    days = settings.CHECK_IN_DAYS
    if not said or not queries.early(link.appointment_id, days=days, at=at).is_open:
        return {}
    where = reverse("visit_check_in", args=[request.token])
    return {subject: f"{where}#{THINGS[subject]}" for subject in said}


def _hand(request: PatientRequest) -> actions.Hand:
    address = request.META.get("REMOTE_ADDR") or None
    return actions.at_the_desk(request.asks, address) if request.asks else actions.by_link(address)


def _back(request: PatientRequest) -> HttpResponseRedirect:
    return redirect(on_from(request) or reverse("visit_page", args=[request.token]))


FROM_CHECK_IN = "check-in"
"""What a page's address says it was opened from, as ``from``; it leads back there."""


def on_from(request: PatientRequest) -> str:
    """Where the check-in that one came from goes on; empty when it is over, or one did not.

    At the forms while one waits, else at the first thing that is not answered.
    """
    if request.GET.get("from") != FROM_CHECK_IN or Part.FORMS not in request.link.parts:
        return ""
    found = queries.asked(request.link.appointment_id, days=settings.CHECK_IN_DAYS, at=clock.now())
    waits = any(form.waits for form in queries.asked_of(request.link))
    place = "forms" if waits else found.goes_on_at
    if not found.is_open or not place:
        return ""
    return f"{reverse('visit_check_in', args=[request.token])}#{place}"
