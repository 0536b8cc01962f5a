"""Who works here, and who stands before a closed door."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Lower

from almoner.access.models import Officer, Session
from almoner.access.rules import ONE_TIME_HOURS, Role

PAGE = 50
ORDERS = {
    "name": ("name", "pk"),
    "-name": ("-name", "-pk"),
    "username": ("username", "pk"),
    "-username": ("-username", "-pk"),
    "joined": ("joined_at", "pk"),
    "-joined": ("-joined_at", "-pk"),
    "last_login": ("last_login", "pk"),
    "-last_login": ("-last_login", "-pk"),
}
SHOW = ("here", "shut_out", "left", "all")


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """One officer in the list. ``shut_out``: wrong passwords closed the door for a while."""

    id: int
    username: str
    name: str
    roles: Sequence[str]
    location: str | None
    joined_at: datetime
    last_login: datetime | None
    left_at: datetime | None
    password_given_at: datetime | None
    shut_out: bool = False


_COLUMNS = (
    "pk", "username", "name", "roles", "location__name", "joined_at", "last_login", "left_at",
    "password_given_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which officers a list shows; what is not on a list of ours narrows nothing."""

    show: str = "here"
    role: str = ""
    name: str = ""
    order: str = "name"


def officer_page(asked: Asked, *, number: int, at: datetime) -> Page[Any]:
    """One page of officers. Three queries."""
    shut = shut_out(at)
    rows = _asked(asked, shut).order_by(*ORDERS.get(asked.order, ORDERS["name"]))
    page = Paginator(rows.values_list(*_COLUMNS), PAGE).get_page(number)
    page.object_list = [_line(row, shut) for row in page.object_list]
    return page


def shut_out(at: datetime) -> frozenset[str]:
    """User names, in small letters, that wrong passwords keep out at this moment.

    As axes counts: failures of one name from one address within the cooling-off time.
    """
    since = at - (get_cool_off() or timedelta())
    failures = (
        AccessAttempt.objects.filter(attempt_time__gt=since, username__isnull=False)
        .order_by()
        .values(tried=Lower("username"), address=F("ip_address"))
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return frozenset(row["tried"] for row in failures)


_AWAY_AFTER = timedelta(minutes=15)


def at_work(at: datetime) -> list[Officer]:
    """Who has done something at a desk within a quarter of an hour, by name. One query.

    A session is written while it is used, and then ends its age later: that tells when it last was.
    """
    used = at - _AWAY_AFTER + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    sessions = Session.objects.filter(expire_date__gt=used, officer__isnull=False)
    rows = Officer.objects.filter(left_at=None, pk__in=sessions.values("officer_id"))
    return list(rows.order_by("name", "pk"))


def officer(officer_id: int) -> Officer:
    """Raises Officer.DoesNotExist."""
    return Officer.objects.select_related("clinician").get(pk=officer_id)


def officer_named(username: str) -> Officer:
    """Raises Officer.DoesNotExist."""
    return Officer.objects.select_related("clinician").get(username=username)


def password_lapsed(someone: Officer, at: datetime) -> bool:
    """Whether a one-time password was given so long ago that it is no good any more."""
    given = someone.password_given_at
    return given is not None and at - given > timedelta(hours=ONE_TIME_HOURS)


def _asked(asked: Asked, shut: frozenset[str]) -> QuerySet[Officer]:
    rows = Officer.objects.annotate(small=Lower("username"))
    if asked.show == "left":
        rows = rows.filter(left_at__isnull=False)
    elif asked.show != "all":
        rows = rows.filter(left_at__isnull=True)
    if asked.show == "shut_out":
        rows = rows.filter(small__in=shut)
    if asked.role in set(Role):
        rows = rows.filter(roles__contains=[asked.role])
    if word := asked.name.strip():
        rows = rows.filter(Q(name__icontains=word) | Q(username__istartswith=word))
    return rows


def _line(row: Sequence[Any], shut: frozenset[str]) -> OfficerLine:
    line = OfficerLine(*row)
    return replace(line, shut_out=line.username.lower() in shut)


def names_of(ids: Iterable[int]) -> str:
    """The names of officers, in order, with commas between. One query, none for nobody."""
    wanted = list(ids)
    rows = Officer.objects.filter(pk__in=wanted).order_by("name", "id") if wanted else []
    return ", ".join(row.name for row in rows)
