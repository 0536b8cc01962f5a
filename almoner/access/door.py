"""The only way to make a route: every page says who may come in and for what purpose.

Whatever patient data the view's queries handed out is written down as access events before the
answer leaves; if that cannot be written, nothing is shown. What a POST does and what it showed are
one transaction; a page that is only read needs none, since reads write nothing else.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control

from almoner.access import actions
from almoner.access.models import Officer
from almoner.access.queries import Reading, WorkItem
from almoner.access.rules import EVERY_PERMISSION, Purpose
from almoner.ground import clock
from almoner.ground.back import first_to, not_a_page


class DeskRequest(HttpRequest):
    """A request that came through a door: signed in, permitted, and watched."""

    user: Officer
    reading: Reading


P = ParamSpec("P")
View = Callable[Concatenate[DeskRequest, P], HttpResponse]
Route = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Door:
    """What a route declares; the system checks refuse a route without one."""

    methods: tuple[str, ...]
    permission: str
    purpose: Purpose
    screen: str


def door(
    *methods: str, permission: str, purpose: Purpose, screen: str = "", queue: str = ""
) -> Callable[[View[P]], Route[P]]:
    """Make a view a route for these methods.

    ``screen`` names the page in the access log (the view's own name when empty). ``queue`` names
    the work list that the page *is*, when seeing the whole list is the job (the day board, the
    denials).
    """
    if permission not in EVERY_PERMISSION:
        raise ValueError(permission)

    def make(view: View[P]) -> Route[P]:
        duty = view.__module__.split(".")[1]
        sign = Door(methods, permission, purpose, screen or f"{duty}.{view.__name__}")

        # HEAD is asked without the token of a form: only what may be read answers it.
        allowed = (*methods, "HEAD") if "GET" in methods else methods

        def route(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in allowed:
                return not_a_page(request, methods)
            if not request.user.is_authenticated:
                return first_to("account_login", request)
            return _through(request, sign, queue, view, *args, **kwargs)

        update_wrapper(route, view)
        route.door = sign  # type: ignore[attr-defined]  # read by the system check
        return route

    return make


def _through(
    request: HttpRequest,
    sign: Door,
    queue: str,
    view: View[P],
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponse:
    desk = cast("DeskRequest", request)  # it becomes one here
    if not desk.user.may(sign.permission):
        raise PermissionDenied(sign.permission)
    desk.reading = Reading(
        officer=desk.user,
        screen=sign.screen,
        purpose=sign.purpose,
        at=clock.now(),
        work_item=WorkItem.parse(request.POST.get("for", "") or request.GET.get("for", "")),
        queue=queue,
        live="X-Live" in request.headers,
        address=request.META.get("REMOTE_ADDR") or None,
    )
    if any("\0" in value for _, values in request.POST.lists() for value in values):
        raise BadRequest("A field holds a NUL, which no text has.")
    try:
        # A transaction is two more ways to the database and back: a tenth of a page that is read.
        with transaction.atomic() if request.method == "POST" else nullcontext():
            response = view(desk, *args, **kwargs)
            if desk.reading.patient_ids or desk.reading.strangers:
                actions.record_access(desk.reading)
    except ObjectDoesNotExist as gone:
        # The address named a row that is not there, or is somebody else's: never told apart.
        raise Http404 from gone
    patch_cache_control(response, no_store=True, private=True)
    return response
