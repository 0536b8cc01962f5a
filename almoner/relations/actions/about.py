"""Saying which visit or bill something that came in is about."""

from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.relations import queries, rules
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.opening import attach_all, hold
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.models import Received, Thread
from almoner.relations.queries import about as subjects
from almoner.relations.queries.about import Thing

_SAID = {"appointment": "visit", "statement": "bill", "": "nothing"}


@transaction.atomic
def say_about(
    *, officer: Officer, received: Received, about: Thing | None, at: datetime
) -> Received:
    """Say what something that came in is about, or that it is about nothing of the kind.

    What is said of a message in an account is said of its thread: what is written there next is
    about it, too. The open cases that came of it are about it from here on.

    Raises PermissionDenied; MessageRefused when nobody knows whose the words are, or when that
    visit or bill is not theirs.
    """
    access.require(officer, "relations.send")
    one_at_a_time(received.sender)
    row = Received.objects.select_for_update().get(pk=received.pk)
    if about and not subjects.is_theirs(about, row.patient_id):
        raise MessageRefused(Refusal.OTHERS)
    if subjects.about_of(row) == about:
        return row
    row.about_kind, row.about_id = about or ("", None)
    row.about_at, row.about_by_id = at, officer.pk
    row.save(update_fields=["about_kind", "about_id", "about_at", "about_by_id"])
    if row.channel == rules.CHANNEL:
        threads = Thread.objects.filter(pk=rules.thread_at(row.sender))
        threads.update(about_kind=row.about_kind, about_id=row.about_id)
    for case in hold(queries.open_cases_about("received", [row.pk])):
        attach_all(case, [("received", row.pk)], by=officer, at=at)
    events.record(
        f"relations.about_{_SAID[row.about_kind]}", at=at, by=officer, about=row,
        patient_id=row.patient_id,
    )  # fmt: skip
    return row
