"""The doors themselves: locking the screen and opening it again."""

from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from almoner.access import forms
from almoner.access.door import DeskRequest, door
from almoner.access.rules import SIGNED_IN, Purpose


@door("POST", permission=SIGNED_IN, purpose=Purpose.NO_PATIENT)
def lock(request: DeskRequest) -> HttpResponse:
    """Hide the screen at once; the session stays and asks for the password."""
    request.session["locked"] = True
    return redirect("unlock")


@door("GET", "POST", permission=SIGNED_IN, purpose=Purpose.NO_PATIENT)
def unlock(request: DeskRequest) -> HttpResponse:
    back = request.POST.get("next") or request.GET.get("next") or "/"
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
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
