"""Filling and signing a form at the desk."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.language import PATIENTS_READ, language_for
from almoner.ground.typed import row_id
from almoner.ledger.queries import way_on
from almoner.patients import queries as patients
from almoner.records import actions, forms, queries
from almoner.records.forms.papers import FAULTS
from almoner.records.rules import about, without
from almoner.records.views.documents import of_patient

SETTLED = (actions.Settled, actions.NotInUse)


@door("GET", "POST", permission="records.fill", purpose=Purpose.TREATMENT)
def fill_form(request: DeskRequest, patient_id: int, form_id: int) -> HttpResponse:
    """One form of a patient. Each answer is kept as it is given; signing seals it."""
    sheet = _sheet(request, patient_id, form_id)
    if request.method != "POST":
        return _page(request, sheet)
    try:
        sheet = _keep(request, sheet)
    except (actions.NotOffered, *SETTLED):
        return _settled(request, patient_id)
    except actions.Unseen:
        return _again(request, sheet)
    if request.headers.get("X-Sheet"):
        return JsonResponse(queries.kept_answers(sheet))
    return _go_on(request, sheet)


def _sheet(request: DeskRequest, patient_id: int, form_id: int) -> queries.Sheet:
    """The copy, with what is known of what it asks but for what is to be said anew."""
    sheet = queries.sheet(patient_id, form_id, reading=request.reading)
    if not about(sheet.version.definition):
        return sheet
    language = _language(request, patient_id)
    known = queries.known_at_the_desk(patient_id, _visit(request), language)
    return replace(sheet, known=without(known, forms.anew(request.GET, request.POST)))


def _go_on(request: DeskRequest, sheet: queries.Sheet) -> HttpResponse:
    """What the button that was pressed does, now that the answers are kept."""
    if wish := forms.row_wish(request.POST):
        return _row(request, sheet, wish)
    if "ask" in request.POST:
        return redirect(f"{request.path}?{forms.again(sheet, request.GET, request.POST)}")
    if "sign" in request.POST:
        return _sign(request, sheet)
    shell.say(request, _("Kept. It can be gone on with at any time."))
    return _back(request, sheet.patient_id)


def _keep(request: DeskRequest, sheet: queries.Sheet) -> queries.Sheet:
    """Keep what was changed on the page. Raises Settled, NotInUse, NotOffered or Unseen."""
    typed = forms.changed(sheet.version.definition, sheet.answers, request.POST)
    acts = "sign" in request.POST or forms.row_wish(request.POST)
    if sheet.filling_id is None and not typed and not acts:
        return sheet
    shown = row_id(request.POST.get("version"))
    if shown is None and "sign" in request.POST:
        raise actions.Unseen  # of which version, the page does not say
    row = _begin(request, sheet.patient_id, sheet.version.form_id, shown)
    actions.answer(hand=_hand(request), filling_id=row, typed=typed, at=request.reading.at)
    return queries.sheet_of(sheet.patient_id, sheet.version.form_id, known=sheet.known)


def _visit(request: DeskRequest) -> int | None:
    item = request.reading.work_item
    return item.id if item and item.kind == "appointment" else None


def _begin(
    request: DeskRequest, patient_id: int, form_id: int, version_id: int | None = None
) -> int:
    row = actions.begin(
        hand=_hand(request),
        patient_id=patient_id,
        form_id=form_id,
        language=_language(request, patient_id),
        visit_id=_visit(request),
        version_id=version_id,
        at=request.reading.at,
    )
    return row.pk


def _sign(request: DeskRequest, sheet: queries.Sheet) -> HttpResponse:
    if sheet.filling_id is None:  # somebody settled it between the two
        return _settled(request, sheet.patient_id)
    try:
        actions.sign(
            hand=_hand(request),
            filling_id=sheet.filling_id,
            signing=forms.signing(request.POST),
            seen=forms.seen(sheet.version.definition, request.POST),
            language=_language(request, sheet.patient_id),
            zone=_zone_of(request),
            at=request.reading.at,
            known=forms.stood(sheet, request.POST),
        )
    except actions.CannotSign as open_:
        return _page(request, sheet, wrong=open_.faults, status=422)
    except actions.Settled:
        return _settled(request, sheet.patient_id)
    except actions.Unseen:
        return _again(request, sheet)
    shell.say(request, _("Signed and sealed."))
    return _back(request, sheet.patient_id)


def _row(request: DeskRequest, sheet: queries.Sheet, wish: forms.RowWish) -> HttpResponse:
    """One row more or less; the page is shown again where it changed."""
    if sheet.filling_id is None:  # somebody settled it between the two
        return _settled(request, sheet.patient_id)
    wanted: dict[str, Any] = {
        "hand": _hand(request),
        "filling_id": sheet.filling_id,
        "group": wish.group,
        "at": request.reading.at,
    }
    place = f"rows-{wish.group}"
    try:
        if wish.row:
            actions.remove_row(row=wish.row, **wanted)
        else:
            place = f"row-{wish.group}@{actions.add_row(**wanted)}"
    except actions.Full:
        shell.say(request, _("No more can be added here."), tone="warn")
    except (actions.NotOffered, *SETTLED):
        return _settled(request, sheet.patient_id)
    return redirect(f"{request.get_full_path()}#{place}")


def _again(request: DeskRequest, sheet: queries.Sheet) -> HttpResponse:
    """The form as it stands now, to be read before it is signed, with what was written here."""
    patient_id, form_id, known = sheet.patient_id, sheet.version.form_id, sheet.known
    sheet = queries.sheet_of(patient_id, form_id, known=known)
    if row_id(request.POST.get("version")) != sheet.version.id:
        if typed := forms.carried(sheet.version.definition, request.POST):
            row = _begin(request, patient_id, form_id, sheet.version.id)
            actions.answer(hand=_hand(request), filling_id=row, typed=typed, at=request.reading.at)
        sheet = queries.sheet_of(patient_id, form_id, known=known)
    return _page(request, sheet, stale=True, status=409)


def _page(
    request: DeskRequest,
    sheet: queries.Sheet,
    *,
    wrong: dict[str, str] | None = None,
    decline: forms.Decline | None = None,
    paper: forms.OnPaper | None = None,
    stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    language = _language(request, sheet.patient_id)
    signs_as = queries.may_sign(sheet.patient_id, at_the_desk=True, at=request.reading.at)
    shown = queries.shown(
        sheet, language, wrong=wrong or {}, posted=request.POST, capacities=signs_as
    )
    context = shown | {
        "header": patients.header(sheet.patient_id, reading=request.reading),
        "decline": decline or forms.Decline(),
        "paper": paper or forms.OnPaper(),
        "stale": stale,
        "anew": forms.anew(request.GET, request.POST),
        "reason": request.reading.work_item or "",
        "languages": [(code, code == language) for code in PATIENTS_READ],
        "back": _where(request, sheet.patient_id),
    }
    return render(request, "records/fill.html", context, status=status)


@door("POST", permission="records.fill", purpose=Purpose.TREATMENT)
def decline_form(request: DeskRequest, patient_id: int, form_id: int) -> HttpResponse:
    """Not signed, for a reason that is kept."""
    sheet = queries.sheet(patient_id, form_id, reading=request.reading)
    form = forms.Decline(request.POST)
    if not form.is_valid():
        return _page(request, sheet, decline=form, status=422)
    try:
        actions.decline(
            hand=_hand(request),
            filling_id=_begin(request, patient_id, form_id),
            reason=form.cleaned_data["reason"],
            on=_today(request),
            at=request.reading.at,
        )
    except SETTLED:
        return _settled(request, patient_id)
    shell.say(request, _("Kept: not signed, and why."))
    return _back(request, patient_id)


@door("POST", permission="records.fill", purpose=Purpose.TREATMENT)
def form_on_paper(request: DeskRequest, patient_id: int, form_id: int) -> HttpResponse:
    """Signed on paper at the desk, with a scan or without."""
    sheet = queries.sheet(patient_id, form_id, reading=request.reading)
    form = forms.OnPaper(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.take_on_paper(
                hand=_hand(request),
                filling_id=_begin(request, patient_id, form_id),
                scan=form.content(),
                on=_today(request),
                at=request.reading.at,
            )
        except SETTLED:
            return _settled(request, patient_id)
        except actions.NotADocument as refused:
            form.add_error("scan", str(FAULTS[refused.fault]))
        else:
            shell.say(request, _("Kept: signed on paper."))
            return _back(request, patient_id)
    return _page(request, sheet, paper=form, status=422)


def _settled(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Somebody was quicker, or the form is used no more: what came is not kept."""
    shell.say(request, _("This form is settled or has changed. Look at it again."), tone="warn")
    return _back(request, patient_id)


def _hand(request: DeskRequest) -> actions.Hand:
    return actions.at_the_desk(request.user, request.reading.address)


def _zone_of(request: DeskRequest) -> str:
    location = request.user.location
    return location.time_zone if location else settings.TIME_ZONE


def _today(request: DeskRequest) -> date:
    return request.reading.at.astimezone(ZoneInfo(_zone_of(request))).date()


def _language(request: DeskRequest, patient_id: int) -> str:
    """What was chosen on the page, else the patient's own."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    if asked in PATIENTS_READ:
        return asked
    spoken = patients.patient(patient_id, reading=request.reading).language
    return language_for(spoken)


def _where(request: DeskRequest, patient_id: int) -> str:
    way = way_on(request.reading.work_item)
    return way.url if way else of_patient(request, patient_id)


def _back(request: DeskRequest, patient_id: int) -> HttpResponseRedirect:
    """To the check-in that led here, else to the patient's forms."""
    return redirect(_where(request, patient_id))
