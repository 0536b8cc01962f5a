"""Telling both sides what becomes of a right to act: the patient, and who acts for them."""

from datetime import date, datetime

from django.db import transaction

from almoner.ground import events
from almoner.ground.turns import in_turn
from almoner.portal import queries, rules
from almoner.portal.models import Acting, ActingTold
from almoner.portal.rules.people import Change
from almoner.portal.rules.people_words import ACTS, BEGAN, ENDED, NARROWS
from almoner.relations import actions as relations
from almoner.relations.rules import TextKind

_TO_PATIENT = {Change.BEGAN: BEGAN, Change.ENDED: ENDED, Change.NARROWS: NARROWS}


def tell_both(row: Acting, change: Change, *, at: datetime, day: date | None = None) -> None:
    """Tell the patient, and the accounts it concerns that have a way of their own, once each.

    ``day`` is from when it holds, when that is not today. Names stand in no text: what is sent may
    be read by others, and a name of an account is what somebody typed. The accounts say it all.
    """
    whom = queries.whom_to_tell(row, on=day or queries.local_day(at))
    step = f"acting-{row.pk}-{change}-{day or ''}"
    if whom.patient:
        _tell(row.patient_id, _TO_PATIENT[change], step, at=at, day=day)
    if change is not Change.BEGAN and whom.actor:
        _tell(whom.actor, ACTS, step, at=at)
    for other in whom.others:
        _tell(other, ACTS, f"{step}-{other}", at=at)


def _tell(
    patient_id: int, text: TextKind, step: str, *, at: datetime, day: date | None = None
) -> None:
    relations.tell(
        patient_id=patient_id,
        text=text.code,
        facts=lambda language: {"day": rules.date_text(day, language)} if day else {},
        step=f"{step}-{text.code}",
        at=at,
        asked_for=True,
    )


def tell_of_the_calendar(*, at: datetime) -> int:
    """Tell of the rights that are over, or narrow with a child's age; how many there were.

    Each is a transaction of its own; what fails is tried again by the next call. Raises an
    ExceptionGroup of what failed once all have had their turn.
    """
    return in_turn(
        queries.acting_that_changes(at=at), lambda one: _turn(*one, at=at), named="right"
    )


@transaction.atomic
def _turn(acting_id: int, change: Change, day: date, *, at: datetime) -> int:
    rows = Acting.objects.select_for_update(of=("self",)).select_related("account", "patient")
    row = rows.filter(pk=acting_id, ended_at__isnull=True).first()
    if row is None:
        return 0
    _row, first = ActingTold.objects.get_or_create(
        acting=row, change=change.value, day=day, defaults={"made_at": at}
    )
    if not first:
        return 0
    tell_both(row, change, at=at, day=day)
    kind = "portal.acting_narrows" if change is Change.NARROWS else "portal.acting_over"
    events.record(
        kind, at=at, by=None, about=row, patient_id=row.patient_id, name=row.account.name,
        day=f"{day:%m/%d/%Y}",
    )  # fmt: skip
    return 1
