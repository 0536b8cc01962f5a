"""A patient's policies and their cards."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.coverage import actions, forms, queries
from almoner.coverage.views.eligibility import awaits_first_look
from almoner.ground import clock, shell
from almoner.patients import queries as patients

SIDES = ("front", "back")


@door("GET", permission="coverage.view", purpose=Purpose.PAYMENT)
def coverage(request: DeskRequest, patient_id: int) -> HttpResponse:
    """All policies of a patient and every question asked about them."""
    today = clock.today(settings.TIME_ZONE)
    reading = request.reading
    checks = queries.checks_of(patient_id, reading=reading)
    context = {
        "header": patients.header(patient_id, reading=reading),
        "policies": queries.policies_of(patient_id, on=today, reading=reading),
        "checks": checks,
        "first": awaits_first_look(request, checks),
        "reason": reading.work_item or "",
        "may_edit": request.user.may("coverage.edit"),
        "may_check": request.user.may("coverage.check"),
    }
    return render(request, "coverage/patient.html", context)


@door("GET", "POST", permission="coverage.edit", purpose=Purpose.PAYMENT)
def add_policy(request: DeskRequest, patient_id: int) -> HttpResponse:
    patient = patients.patient(patient_id, reading=request.reading)
    if request.method != "POST":
        return _form(request, forms.Policy(initial={"rank": 1, "relation": "18"}), patient_id)
    form = forms.Policy(request.POST)
    if form.is_valid():
        try:
            actions.add_policy(
                officer=request.user, patient=patient, details=form.details(), at=clock.now()
            )
        except actions.RankTaken:
            form.add_error("rank", _rank_taken())
        else:
            return _back(request, patient_id, _("Policy added."))
    return _form(request, form, patient_id, status=422)


@door("GET", "POST", permission="coverage.edit", purpose=Purpose.PAYMENT)
def change_policy(request: DeskRequest, policy_id: int) -> HttpResponse:
    policy = queries.policy(policy_id, reading=request.reading)
    if request.method != "POST":
        return _form(
            request, forms.Policy(initial=forms.typed_from(policy)), policy.patient_id, policy_id
        )
    form = forms.Policy(request.POST)
    if form.is_valid():
        try:
            actions.change_policy(
                officer=request.user,
                policy_id=policy_id,
                version=form.cleaned_data["version"] or 0,
                details=form.details(),
                at=clock.now(),
            )
        except actions.RankTaken:
            form.add_error("rank", _rank_taken())
        except actions.Stale:
            form.add_error(None, _("Somebody changed this policy meanwhile. Nothing was saved; "
                                   "open it again and repeat your change."))  # fmt: skip
        else:
            return _back(request, policy.patient_id, _("Policy changed."))
    return _form(request, form, policy.patient_id, policy_id, status=422)


@door("GET", "POST", permission="coverage.edit", purpose=Purpose.PAYMENT)
def end_policy(request: DeskRequest, policy_id: int) -> HttpResponse:
    policy = queries.policy(policy_id, reading=request.reading)
    form = forms.End(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.end_policy(
                officer=request.user, policy_id=policy_id, at=clock.now(), **form.cleaned_data
            )
        except ValueError:
            form.add_error("last_day", _("This is before the policy's first day."))
        else:
            return _back(request, policy.patient_id, _("Policy ended."))
    context = {
        "form": form,
        "policy": policy,
        "header": patients.header(policy.patient_id, reading=request.reading),
        "reason": request.reading.work_item or "",
    }
    return render(request, "coverage/end.html", context, status=422 if form.errors else 200)


@door("POST", permission="coverage.edit", purpose=Purpose.PAYMENT)
def put_first(request: DeskRequest, policy_id: int) -> HttpResponse:
    policy = queries.policy(policy_id, reading=request.reading)
    today = clock.today(settings.TIME_ZONE)
    try:
        actions.put_first(officer=request.user, policy_id=policy_id, on=today, at=clock.now())
    except actions.RankTaken:
        said = _("Nothing was changed: a policy of another time has that place.")
        return _back(request, policy.patient_id, said, tone="bad")
    return _back(request, policy.patient_id, _("This policy is primary now."))


@door("POST", permission="coverage.edit", purpose=Purpose.PAYMENT)
def retire_policy(request: DeskRequest, policy_id: int) -> HttpResponse:
    policy = queries.policy(policy_id, reading=request.reading)
    actions.retire_policy(
        officer=request.user,
        policy_id=policy_id,
        reason=request.POST.get("reason", "")[:200],
        at=clock.now(),
    )
    return _back(request, policy.patient_id, _("Policy taken back."))


@door("GET", permission="coverage.view", purpose=Purpose.PAYMENT)
def card(request: DeskRequest, policy_id: int, side: str) -> HttpResponse:
    """One side of the card, as we encoded it."""
    jpeg = queries.card(policy_id, side, reading=request.reading)
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return response


@door("POST", permission="coverage.edit", purpose=Purpose.PAYMENT)
def keep_card(request: DeskRequest, policy_id: int, side: str) -> HttpResponse:
    policy = queries.policy(policy_id, reading=request.reading)
    form = forms.Card(request.POST, request.FILES)
    upload = request.FILES.get("image")
    if side not in SIDES or not form.is_valid() or upload is None:
        said = _("No picture was chosen. Nothing was kept.")
        return _back(request, policy.patient_id, said, tone="bad")
    try:
        actions.keep_card(
            officer=request.user,
            policy_id=policy_id,
            side=side,
            upload=upload.read(),
            at=clock.now(),
        )
    except actions.NotAnImage:
        said = _("This is no picture we can read (JPEG or PNG, up to 15 MB). Nothing was kept.")
        return _back(request, policy.patient_id, said, tone="bad")
    return _back(request, policy.patient_id, _("Card kept."))


def _rank_taken() -> str:
    return _("Another policy has this place at that time. End it first, or choose another place.")


def _form(
    request: DeskRequest,
    form: forms.Policy,
    patient_id: int,
    policy_id: int | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "header": patients.header(patient_id, reading=request.reading),
        "policy_id": policy_id,
        "reason": request.reading.work_item or "",
    }
    return render(request, "coverage/policy.html", context, status=status)


def _back(request: DeskRequest, patient_id: int, said: str, *, tone: str = "good") -> HttpResponse:
    """To the patient's coverage, saying what was done; htmx is told where to go."""
    shell.say(request, said, tone=tone)
    where = reverse("patient_coverage", args=[patient_id])
    if request.reading.work_item:
        where += f"?for={request.reading.work_item}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)
