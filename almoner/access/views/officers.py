"""The administrators' pages: who works here, and what each may do."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access import actions, forms
from almoner.access.door import DeskRequest, door
from almoner.access.queries import officers as queries
from almoner.access.rules import ONE_TIME_HOURS, Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.ground.typed import page_number

REFUSALS: dict[type[Exception], tuple[str | None, Any]] = {
    actions.NameTaken: (
        "username",
        gettext_lazy("Somebody has, or had, that user name. Choose another."),
    ),
    actions.ClinicianTaken: (
        "clinician",
        gettext_lazy("Another officer signs in as this clinician. Take it from them first."),
    ),
    actions.LastAdministrator: (
        None,
        gettext_lazy(
            "Nobody else is an administrator, so nobody could let anybody in any more. Nothing was"
            " changed. Make somebody else an administrator first."
        ),
    ),
}
"""What the database refuses: the field it stands at, and what is said."""


@door("GET", permission="access.manage", purpose=Purpose.NO_PATIENT)
def officers(request: DeskRequest) -> HttpResponse:
    """Everybody who signs in, and who stands before a closed door."""
    form = forms.NarrowOfficers(request.GET)
    asked = form.asked(request.GET.get("order", "name"))
    page = queries.officer_page(
        asked, number=page_number(request.GET.get("page")), at=request.reading.at
    )
    context = {"form": form, "page": page, "order": asked.order, "roles": forms.ROLES}
    return render(request, "access/officers.html", context)


@door("GET", "POST", permission="access.manage", purpose=Purpose.NO_PATIENT)
def add_officer(request: DeskRequest) -> HttpResponse:
    form = forms.NewOfficer(request.POST or None, initial={"roles": ["officer"]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        password = actions.new_password()

        def add() -> Any:
            return actions.add_officer(
                username=given["username"],
                name=given["name"],
                roles=given["roles"],
                password=password,
                one_time=True,
                at=request.reading.at,
                by=request.user,
                **_places(given),
            )

        if added := _unless_refused(form, add):
            return _given(request, added, password)
    status = 422 if form.errors else 200
    return render(request, "access/officer_new.html", {"form": form}, status=status)


@door("GET", "POST", permission="access.manage", purpose=Purpose.NO_PATIENT)
def officer(request: DeskRequest, officer_id: int) -> HttpResponse:
    """One officer: what they are called, may do and work as."""
    someone = queries.officer(officer_id)
    stands = {
        "name": someone.name,
        "roles": someone.roles,
        "location": someone.location_id,
        "clinician": someone.clinician_id,
    }
    form = forms.OfficerDetails(request.POST or None, initial=stands)
    if request.method == "POST" and someone.is_active and form.is_valid():
        given = form.cleaned_data

        def change() -> Any:
            actions.change_officer(
                someone,
                name=given["name"],
                roles=given["roles"],
                by=request.user,
                at=request.reading.at,
                **_places(given),
            )
            return someone

        if _unless_refused(form, change):
            shell.say(request, _("Saved. It holds from their next click on."))
            return redirect("officer", officer_id)
    return _officer(request, officer_id, form)


@door("POST", permission="access.manage", purpose=Purpose.NO_PATIENT)
def give_password(request: DeskRequest, officer_id: int) -> HttpResponse:
    """A one-time password, shown once: to be read out or handed over, never written down here."""
    someone = queries.officer(officer_id)
    if someone.pk == request.user.pk:
        return redirect("change_password")
    if not someone.is_active:
        return redirect("officer", officer_id)
    password = actions.give_password(someone, by=request.user, at=request.reading.at)
    return _given(request, someone, password)


@door("POST", permission="access.manage", purpose=Purpose.NO_PATIENT)
def unlock_officer(request: DeskRequest, officer_id: int) -> HttpResponse:
    someone = queries.officer(officer_id)
    actions.unlock_officer(someone, by=request.user, at=request.reading.at)
    shell.say(request, _("%s can sign in again.") % someone.name)
    return redirect("officer", officer_id)


@door("POST", permission="access.manage", purpose=Purpose.NO_PATIENT)
def end_officer(request: DeskRequest, officer_id: int) -> HttpResponse:
    """Somebody leaves; who ends himself stands outside at once."""
    someone = queries.officer(officer_id)
    try:
        if someone.is_active:
            actions.end_officer(someone, by=request.user, at=request.reading.at)
    except actions.LastAdministrator:
        _field, said = REFUSALS[actions.LastAdministrator]
        shell.say(request, said, tone="bad")
        return redirect("officer", officer_id)
    if someone.pk == request.user.pk:
        logout(request)  # the session's row is gone: nothing can be kept in it
        return redirect("account_login")
    shell.say(request, _("%s has left. Every session of theirs has ended.") % someone.name)
    return redirect("officer", officer_id)


def _places(given: dict[str, Any]) -> dict[str, Any]:
    where, who = given["location"], given["clinician"]
    return {
        "location": facility.location(where) if where else None,
        "clinician": facility.clinician(who) if who else None,
    }


def _unless_refused(form: forms.OfficerDetails, act: Callable[[], Any]) -> Any:
    """What the action answers; None when it refused, which the form then says."""
    try:
        return act()
    except tuple(REFUSALS) as refused:
        field, said = REFUSALS[type(refused)]
        form.add_error(field, said)
        return None


def _given(request: DeskRequest, someone: Any, password: str) -> HttpResponse:
    context = {"officer": someone, "password": password, "hours": ONE_TIME_HOURS}
    return render(request, "access/password_given.html", context)


def _officer(request: DeskRequest, officer_id: int, form: forms.OfficerDetails) -> HttpResponse:
    someone = queries.officer(officer_id)  # again: a refused change stands in the other
    context = {
        "officer": someone,
        "form": form,
        "shut_out": someone.username.lower() in queries.shut_out(request.reading.at),
        "lapsed": queries.password_lapsed(someone, request.reading.at),
        "roles": forms.ROLES,
    }
    return render(request, "access/officer.html", context, status=422 if form.errors else 200)
