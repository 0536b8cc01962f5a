"""The doors themselves, and what belongs to every page: Ctrl-K, light and dark."""

from allauth.account import views as account
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from almoner.access import actions, forms
from almoner.access.door import DeskRequest, door
from almoner.access.rules import SIGNED_IN, Purpose
from almoner.ground import clock, shell

_YEAR = 365 * 24 * 3600  # seconds


@door("POST", permission=SIGNED_IN, purpose=Purpose.NO_PATIENT)
def lock(request: DeskRequest) -> HttpResponse:
    """Hide the screen at once; the session stays and asks for the password."""
    request.session["locked"] = True
    actions.go_away(request.user, at=clock.now())
    return redirect(f"{resolve_url('unlock')}?{urlencode({'next': _back(request)})}")


def sign_out(request: HttpRequest) -> HttpResponse:
    """As allauth does it; what the officer held open elsewhere on this screen is given up too."""
    if request.method == "POST" and request.user.is_authenticated:
        actions.go_away(request.user, at=clock.now())
    response: HttpResponse = account.logout(request)
    return response


@door("GET", "POST", permission=SIGNED_IN, purpose=Purpose.NO_PATIENT)
def unlock(request: DeskRequest) -> HttpResponse:
    back = _back(request)
    form = forms.Unlock(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # Through authenticate(), so that guessing here locks out like guessing at the front door.
        password = form.cleaned_data["password"]
        if authenticate(request, username=request.user.username, password=password):
            request.session["locked"] = False
            return redirect(back)
        form.add_error("password", _("That is not this officer's password."))
    status = 422 if form.errors else 200
    return render(request, "access/unlock.html", {"form": form, "next": back}, status=status)


@door("GET", "POST", permission=SIGNED_IN, purpose=Purpose.NO_PATIENT)
def unsent(request: DeskRequest) -> HttpResponse:
    """What this officer sent when their session was over: to be sent now, or left."""
    kept = actions.unsent_of(request.session, request.user, at=clock.now())
    if request.method == "POST" or not kept:
        actions.forget_unsent(request.session)
        return redirect(_back(request))
    return render(request, "access/unsent.html", {"kept": kept, "next": _back(request)})


@door("POST", permission=SIGNED_IN, purpose=Purpose.OPERATIONS)
def palette(request: DeskRequest) -> HttpResponse:
    """What Ctrl-K finds. Patients among the hits count as seen, like any search result.

    A POST, so that names stay out of addresses and of the logs that keep them.
    """
    typed = request.POST.get("q", "")[:100].strip()
    groups = shell.found(request, typed)
    return render(request, "ground/_palette.html", {"groups": groups, "typed": typed})


@door("POST", permission=SIGNED_IN, purpose=Purpose.NO_PATIENT)
def prefer(request: DeskRequest) -> HttpResponse:
    """Keep how the officer likes the screen: light or dark, single-letter keys or none."""
    response = redirect(_back(request))
    for name, choices in (("theme", ("", *shell.THEMES)), ("keys", ("on", "off"))):
        choice = request.POST.get(name)
        if choice is not None and choice in choices:
            response.set_cookie(
                name,
                choice,
                max_age=_YEAR,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure(),
            )
    return response


def _back(request: DeskRequest) -> str:
    """Where to go on: an address of ours that the form names, or the first page."""
    back = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return back if ours else "/"
