"""Which live topics a session may watch."""

from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie
from django.utils.module_loading import import_string

from almoner.access.middleware import over
from almoner.access.models import Officer
from almoner.access.rules import EVERY_PERMISSION
from almoner.ground import clock

VIEWS = frozenset(name for name in EVERY_PERMISSION if name.endswith(".view"))
TOPICS = frozenset(name.removesuffix(".view") for name in VIEWS)


def permit(cookie: str, wanted: frozenset[str]) -> frozenset[str] | None:
    """Those of the wanted topics (all when none is named) that this officer may see now.

    None when nobody is signed in, the session is over or locked, or a one-time password opened it.
    A topic is a duty; to watch it takes that duty's ``view`` permission. Watching is not activity:
    it keeps nobody signed in.
    """
    close_old_connections()
    try:
        officer = _officer(cookie)
        if officer is None:
            return None
        return frozenset(
            topic for topic in (wanted or TOPICS) & TOPICS if officer.may(f"{topic}.view")
        )
    finally:
        close_old_connections()


def _officer(cookie: str) -> Officer | None:
    request = HttpRequest()
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    request.session = store(parse_cookie(cookie).get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not isinstance(user, Officer) or not user.is_active or user.password_given_at:
        return None
    return None if over(request, clock.now()) or request.session.get("locked") else user
