"""How long a sign-in lasts. Kept on the server; nothing in a request can stretch it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from almoner.access import actions
from almoner.access.checks import PUBLIC
from almoner.access.models import Officer
from almoner.ground import clock
from almoner.ground.back import first_to

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
_WRITE_EVERY = timedelta(seconds=60)  # the session row is not rewritten on every request

Next = Callable[[HttpRequest], HttpResponse]


class SignedIn(AuthenticationMiddleware):
    """Django's own, but the officer comes with the session instead of by a query of its own."""

    def process_request(self, request: HttpRequest) -> None:
        # At once: the deadline asks of every request, and a lazy object costs at each touch.
        request.user = _officer(request)


def _officer(request: HttpRequest) -> Officer | AnonymousUser:
    """Whom the session names, as long as the password it was opened with is still theirs."""
    session = request.session
    named = session.get(SESSION_KEY)
    officer: Officer | None = getattr(session, "officer", None)
    if officer and named == str(officer.pk) and officer.is_active:
        opened_with = session.get(HASH_SESSION_KEY, "")
        if constant_time_compare(opened_with, officer.get_session_auth_hash()):
            return officer
    found = get_user(request)  # somebody just signed in, or Django ends what is no longer good
    return found if isinstance(found, Officer) else AnonymousUser()


class Ended(HttpRequest):
    """A request of somebody whose session has just ended; ``was`` is whose page it came from."""

    was: int


class SessionDeadline:
    """Ends a session that is too old or was idle too long, and keeps a locked one out.

    Who came by a one-time password is led to the page where they take one of their own.

    A request that a live screen makes by itself says so (``X-Live``) and does not count as
    activity: an unattended board must not keep its officer signed in. Saying so falsely only
    shortens a session; it hides nobody from the access log (``actions.record_access``).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = clock.now()
            if over(request, now):
                cast("Ended", request).was = request.user.pk
                logout(request)
            else:
                _touch(request, now)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in PUBLIC or hasattr(view, "gate"):
            return None
        if request.session.get("locked"):
            return first_to("unlock", request, by_way_of=_unsent(request, view, request.user.pk))
        if (whose := getattr(request, "was", None)) and request.method == "POST":
            return first_to("account_login", request, by_way_of=_unsent(request, view, whose))
        if owes_password(request) and name not in {"change_password", "lock"}:
            return first_to("change_password", request, back=False)
        return None


def _unsent(request: HttpRequest, view: object, whose: int | None) -> str:
    """The name of the page where what was just sent waits for whoever sent it; else nothing.

    Pages of this duty are left out: passwords are typed there, and nothing else of any length.
    """
    screen = getattr(getattr(view, "door", None), "screen", "")
    if request.method != "POST" or not whose or screen.startswith("access."):
        return ""
    return "unsent" if actions.keep_unsent(request, whose=whose, at=clock.now()) else ""


def owes_password(request: HttpRequest) -> bool:
    """Whether this officer came in by a one-time password and has not taken one of their own."""
    return getattr(request.user, "password_given_at", None) is not None


def over(request: HttpRequest, now: datetime) -> bool:
    """Whether this session is too old, or was idle too long."""
    began, seen = request.session.get("began"), request.session.get("seen")
    if not began or not seen:
        return False
    return (
        now - datetime.fromisoformat(began) > ABSOLUTE or now - datetime.fromisoformat(seen) > IDLE
    )


def _touch(request: HttpRequest, now: datetime) -> None:
    seen = request.session.get("seen")
    if not seen:  # the first page after a sign-in
        actions.forget_unsent_of_others(request.session, cast("Officer", request.user))
        request.session["began"] = request.session["seen"] = now.isoformat()
    elif "X-Live" not in request.headers and now - datetime.fromisoformat(seen) > _WRITE_EVERY:
        request.session["seen"] = now.isoformat()
        actions.forget_old_unsent(request.session, at=now)
