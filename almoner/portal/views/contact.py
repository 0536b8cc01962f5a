"""How a patient asks, in their own account, to be reached; whoever acts for them never sees it."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.ground.typed import row_id
from almoner.patients import actions as patients
from almoner.patients.queries import open_contact, ways_of
from almoner.patients.rules.confidential import Ways
from almoner.patients.rules.details import readable
from almoner.portal import actions, forms, queries, rules
from almoner.portal.gate import AccountRequest, inside, room
from almoner.portal.rules.accounts import Kind

_TOLD = {"kept": "contact_kept", "ended": "contact_ended", "anew": "contact_anew"}


@room("GET", "POST")
def my_contact(request: AccountRequest) -> HttpResponse:
    """What holds, and another way asked for, once it was shown again that it is still them."""
    if request.acting.kind != Kind.SELF:
        return redirect("my_home")
    try:
        with queries.as_the_desk():
            actions.require_proof(queries.own_way(request.way), at=clock.now())
    except actions.NotLetIn:
        return redirect(f"{reverse('my_prove')}?then=contact")
    if request.method != "POST":
        return _page(request, {})
    if "end" in request.POST:
        return _end(request)
    form = forms.OwnContact(request.POST)
    if not form.is_valid():
        return _page(request, form.whys(), status=422)
    with queries.as_the_desk():
        patients.ask_confidential_own(
            patient_id=request.acting.patient_id, ways=form.ways(), at=clock.now()
        )
    return _told("kept")


def _end(request: AccountRequest) -> HttpResponse:
    try:
        with queries.as_the_desk():
            patients.end_confidential_own(
                patient_id=request.acting.patient_id,
                asked_id=row_id(request.POST.get("end")) or 0,
                at=clock.now(),
            )
    except patients.AskedAnew:
        return _told("anew")
    return _told("ended")


def _told(what: str) -> HttpResponse:
    return redirect(f"{reverse('my_contact')}?told={what}")


def _page(request: AccountRequest, faults: Mapping[str, str], *, status: int = 200) -> HttpResponse:
    language = request.language
    with queries.as_the_desk():
        row = open_contact(request.acting.patient_id)
    told = _TOLD.get(request.GET.get("told", ""), "")
    facts = {
        "open": row,
        "now": _now(language, ways_of(row)) if row else [],
        "since": rules.said(
            language, "contact_now", day=rules.date_text(queries.local_day(row.since), language)
        )
        if row
        else "",
        "told": rules.said(language, told) if told else "",
        "faults": {name: rules.said(language, why) for name, why in faults.items()},
        "typed": request.POST.dict(),
    }
    return inside(request, "portal/contact.html", facts, status=status)


def _now(language: str, ways: Ways) -> list[str]:
    words = "contact_texts" if ways.may_text else "contact_calls"
    phone = rules.said(language, words, number=readable(ways.phone)) if ways.phone else ""
    told = [phone, ways.email, ", ".join(ways.address.splitlines())]
    return [each for each in told if each] or [rules.said(language, "contact_account")]
