"""Doing one act to several cases: each by itself, so that what one refuses holds no other back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from almoner.access.models import Officer
from almoner.relations.actions.joining import merge
from almoner.relations.actions.opening import CaseRefusal, CaseRefused, hold
from almoner.relations.models import Case
from almoner.relations.rules import whole_of

MOST_AT_ONCE = 25
"""Cases changed by one act: a page of the list."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Which cases were changed, and which were not and why, by rising number."""

    done: tuple[Case, ...]
    refused: tuple[tuple[Case, CaseRefusal], ...]


def do_all(act: Callable[..., object], cases: Sequence[Case], **facts: object) -> Outcome:
    """Do an act to several cases, in the order of their numbers, each whole or not at all.

    What is past `MOST_AT_ONCE` is left alone. Raises PermissionDenied; nothing is refused otherwise
    but case by case.
    """
    done: list[Case] = []
    refused: list[tuple[Case, CaseRefusal]] = []
    for each in sorted(cases[:MOST_AT_ONCE], key=lambda case: case.pk):
        try:
            act(case=each, **facts)
        except CaseRefused as error:
            refused.append((each, error.reason))
        else:
            done.append(each)
    return Outcome(tuple(done), tuple(refused))


@transaction.atomic
def merge_all(
    *, officer: Officer, cases: Sequence[Case], at: datetime
) -> tuple[Case | None, Outcome]:
    """Make several cases one, and which: the first grievance among them, else the first of them.

    Each can be taken out again. All are locked by one call: two who merge never wait in a ring.
    Raises PermissionDenied.
    """
    rows = {each.pk: each for each in cases[:MOST_AT_ONCE]}
    whole_id = whole_of({pk: row.kind for pk, row in rows.items()})
    if whole_id is None:
        return None, Outcome((), tuple((each, CaseRefusal.NOT_ONE) for each in rows.values()))
    hold(rows)
    whole = rows.pop(whole_id)
    return whole, do_all(merge, list(rows.values()), officer=officer, into=whole, at=at)
