"""What waits to be read: how much of it, whose, and what waits too long."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from almoner.access.models import Officer
from almoner.relations.models import Received

_AT_ONCE = 500  # told of in one minute
_OPEN = Q(work=True, handled_at=None)


@dataclass(frozen=True, slots=True)
class Unread:
    """How many messages wait for somebody, by when the first is due, and how many are too late.

    ``mine`` are those that the officer who asks has taken, or was given.
    """

    count: int
    due_at: datetime | None
    late: int
    mine: int


def waiting(officer: Officer, at: datetime) -> Unread:
    """What waits to be read, as this officer sees it. One query."""
    found = Received.objects.filter(_OPEN).aggregate(
        count=Count("pk"),
        due_at=Min("answer_by"),
        late=Count("pk", filter=Q(answer_by__lt=at)),
        mine=Count("pk", filter=Q(owner=officer)),
    )
    return Unread(**found)


def to_tell(at: datetime) -> list[int]:
    """Texts, e-mails and letters that wait longer than they may, and nobody was told. One query."""
    rows = Received.objects.filter(_OPEN, answer_by__lte=at, late_at=None)
    rows = rows.filter(channel__in=["sms", "email", "letter"]).order_by("answer_by", "id")
    return list(rows.values_list("pk", flat=True)[:_AT_ONCE])


def answers(officer: Officer) -> bool:
    """Whether somebody is here and answers messages."""
    return officer.left_at is None and officer.may("relations.send")


def who_answers() -> list[Officer]:
    """Whoever may be given messages to answer, by name. One query."""
    here = Officer.objects.filter(left_at=None).order_by("name", "id")
    return [each for each in here if answers(each)]
