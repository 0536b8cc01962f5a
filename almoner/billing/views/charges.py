"""Charge capture on the visit, and the search for its codes."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.billing import actions, forms, queries
from almoner.billing.queries import VisitCharges, findings
from almoner.billing.rules import codes
from almoner.ground import shell
from almoner.ground.money import decimal, dollars
from almoner.ground.typed import NotADate, page_number
from almoner.patients import queries as patients

MORE = 4


@door("GET", permission="billing.charge", purpose=Purpose.PAYMENT, queue="visits to charge")
def uncharged(request: DeskRequest) -> HttpResponse:
    """Visits that were seen and are not charged yet; a clinician sees his own."""
    page = queries.uncharged(
        number=page_number(request.GET.get("page")),
        reading=request.reading,
        clinician_id=request.user.clinician_id,
    )
    return render(request, "billing/uncharged.html", {"page": page})


@door("GET", "POST", permission="billing.charge", purpose=Purpose.PAYMENT)
def charges(request: DeskRequest, encounter_id: int) -> HttpResponse:
    """What was done and why: written down, posted, or, once posted, corrected by reversal."""
    visit = queries.visit_charges(encounter_id, reading=request.reading)
    if request.method == "POST":
        return _charge(request, visit)
    if visit.posted and "correct" not in request.GET:
        return _page(request, visit, None)
    return _page(request, visit, _filled(visit))


def _filled(visit: VisitCharges) -> forms.Charges:
    """The form as the visit's charges stand."""
    start: dict[str, Any] = {"version": visit.version}
    for place, code in enumerate(visit.slip.diagnoses if visit.slip else (), 1):
        start[f"dx_{place}"] = codes.dotted(code)
    for line in visit.lines:
        start |= {
            f"line_{line.number}_procedure": line.procedure,
            f"line_{line.number}_modifiers": " ".join(line.modifiers),
            f"line_{line.number}_units": line.units,
            f"line_{line.number}_pointers": " ".join(map(str, line.pointers)),
            f"line_{line.number}_fee": decimal(line.fee_cents),
            f"line_{line.number}_place_of_service": _own_place(visit, line),
        }
    return forms.Charges(initial=start, lines=len(visit.lines) + 1)


def _own_place(visit: VisitCharges, line: Any) -> str:
    """Where a service was done, when not where the visit was."""
    place: str = line.place_of_service
    return "" if place == visit.encounter.location.place_of_service else place


_WAITS = {
    actions.KeptFromThePlan: gettext_lazy(
        "The patient has just asked that the plan is not told of this visit. Post again: the"
        " patient owes it."
    ),
    actions.StillOnItsWay: gettext_lazy("The claim is just being sent. Try again in a minute."),
}
_NO_FEE = gettext_lazy("Line %(number)s: %(procedure)s is not in the charge master. Type a fee.")


def _charge(request: DeskRequest, visit: VisitCharges) -> HttpResponse:
    act = request.POST.get("act", "save")
    count = sum(1 for name in request.POST if name.endswith("_procedure"))
    form = forms.Charges(request.POST, lines=count + (MORE if act == "more" else 0))
    if act == "more" or not form.is_valid():
        return _page(request, visit, form, status=200 if act == "more" else 422)
    try:
        said = _ACTS.get(act, _save)(request, visit, form)
    except actions.SlipChanged:
        form.add_error(None, _("Somebody else has changed these charges meanwhile. Open the page "
                               "again to see them; what you typed is still here."))  # fmt: skip
    except actions.NoFee as refused:
        form.blame(f"lines.{refused.number}.fee", _NO_FEE % vars(refused))
    except actions.ChargesRefused as refused:
        for finding in refused.findings:
            form.blame(finding.field, findings.sentence(finding))
    except (actions.KeptFromThePlan, actions.StillOnItsWay) as waits:
        form.add_error(None, _WAITS[type(waits)])
    else:
        shell.say(request, said)
        return redirect(_address(visit, request))
    return _page(request, visit, form, status=422)


def _address(visit: VisitCharges, request: DeskRequest) -> str:
    reason = request.reading.work_item or ""
    return f"{reverse('charges', args=[visit.encounter.pk])}?for={reason}"


def _save(request: DeskRequest, visit: VisitCharges, form: forms.Charges) -> str:
    _written(request, visit, form)
    return _("Saved. Nothing is posted yet.")


def _written(request: DeskRequest, visit: VisitCharges, form: forms.Charges) -> Any:
    return actions.save_charges(
        officer=request.user,
        encounter=visit.encounter,
        diagnoses=form.diagnoses,
        lines=form.lines,
        version=form.cleaned_data["version"],
        at=request.reading.at,
    )


def _post(request: DeskRequest, visit: VisitCharges, form: forms.Charges) -> str:
    actions.save_and_post_charges(
        officer=request.user,
        encounter=visit.encounter,
        diagnoses=form.diagnoses,
        lines=form.lines,
        version=form.cleaned_data["version"],
        at=request.reading.at,
    )
    return _("Charges posted.")


def _correct(request: DeskRequest, visit: VisitCharges, form: forms.Charges) -> str:
    if visit.slip is None:
        raise actions.SlipChanged
    actions.correct_charges(
        officer=request.user,
        slip=visit.slip,
        diagnoses=form.diagnoses,
        lines=form.lines,
        because=form.cleaned_data["because"] or _("corrected on the charge page"),
        at=request.reading.at,
    )
    return _("Corrected: the first charges were reversed, these were posted.")


_ACTS = {"save": _save, "post": _post, "correct": _correct}


def _page(
    request: DeskRequest, visit: VisitCharges, form: forms.Charges | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "header": patients.header(visit.encounter.patient_id, reading=request.reading),
        "visit": visit,
        "form": form,
        "reason": request.reading.work_item or f"encounter:{visit.encounter.pk}",
        "known": [(codes.dotted(code), line.description) for code, line in visit.known.items()],
    }
    return render(request, "billing/charges.html", context, status=status)


@door("GET", permission="billing.charge", purpose=Purpose.NO_PATIENT)
def find_codes(request: DeskRequest) -> HttpResponse:
    """Codes for the search below a field: ``kind`` diagnoses or items, ``day`` of service."""
    typed = request.GET.get("q", "")[:80].replace("\0", "").strip()
    try:
        day = forms.day_of_service(request.GET.get("day", ""))
    except NotADate:
        return JsonResponse({"codes": []}, status=400)
    found: list[dict[str, str]]
    if request.GET.get("kind") == "items":
        found = [
            {"code": item.code, "says": item.description, "more": dollars(item.fee_cents)}
            for item in queries.find_items(typed, day=day)
        ]
    else:
        found = [
            {"code": line.dotted, "says": line.description,
             "more": "" if line.billable else _("heading")}
            for line in queries.find_diagnoses(typed, day=day)
        ]  # fmt: skip
    return JsonResponse({"codes": found})
