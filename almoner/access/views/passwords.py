"""A password of one's own."""

from django.contrib.auth import authenticate, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from almoner.access import actions, forms
from almoner.access.door import DeskRequest, door
from almoner.access.rules import SIGNED_IN, Purpose
from almoner.ground import shell


@door("GET", "POST", permission=SIGNED_IN, purpose=Purpose.NO_PATIENT)
def change_password(request: DeskRequest) -> HttpResponse:
    """For everybody; the only page that a one-time password opens."""
    form = forms.NewPassword(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        shell.say(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("home")
    given = request.user.password_given_at
    frame = "access/entrance.html" if given else "ground/page.html"
    context = {"form": form, "given": given, "frame": frame}
    return render(request, "access/password.html", context, status=422 if form.errors else 200)


def _changed(request: DeskRequest, form: forms.NewPassword) -> bool:
    typed = form.cleaned_data
    # Through authenticate(), so that guessing here locks out like guessing at the front door.
    if not authenticate(request, username=request.user.username, password=typed["old"]):
        form.add_error("old", _("That is not the password you have now."))
        return False
    try:
        actions.change_password(
            request.user,
            password=typed["new"],
            at=request.reading.at,
            keep=request.session.session_key,
        )
    except actions.SamePassword:
        form.add_error("new", _("That is the password you have now. Choose another."))
    except ValidationError as weak:
        form.add_error("new", weak)
    else:
        update_session_auth_hash(request, request.user)
        return True
    return False
