"""What somebody who is in can do next, the most pressing first."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from almoner.ground.money import dollars
from almoner.portal import rules
from almoner.portal.models import Account
from almoner.portal.queries.accounts import ActsFor
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.early import early
from almoner.portal.queries.home import Bill
from almoner.portal.queries.messages import newest_draft, unread_count
from almoner.portal.queries.results import unread_results, wish_of
from almoner.portal.queries.rights import notices
from almoner.portal.queries.visits import Visit, appointment
from almoner.portal.rules.accounts import Part
from almoner.records import queries as records

_LOOKED_AT = 3
"""Visits of which it is asked what is left to do: the next ones."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: its words, and where; ``visit_id`` when that is a visit's own page."""

    text: str
    url: str = ""
    visit_id: int | None = None


def todos(
    acting: ActsFor, account: Account, *, visits: list[tuple[int, Visit]], bills: list[Bill],
    language: str, days: int, at: datetime,
) -> list[Todo]:  # fmt: skip
    """What is to do for whom one acts for; only of parts that may be seen."""
    found = [
        Todo(rules.said(language, "todo_video", time=visit.time), visit_id=id_)
        for id_, visit in visits
        if visit.room_is_open
    ]
    if Part.MESSAGES in acting.parts:
        found += _messages(acting, account.pk, language)
    if Part.RESULTS in acting.parts:
        found += _results(acting, account, language)
    for id_, visit in visits[:_LOOKED_AT]:
        found += _visit(acting, id_, visit, language=language, days=days, at=at)
    found += [
        Todo(
            rules.said(language, "todo_bill", amount=dollars(bill.cents), of=bill.of),
            reverse("my_bill", args=[bill.number]),
        )
        for bill in bills
    ]
    found += [Todo(one.text, one.url) for one in notices(acting, account.pk, language, at=at)]
    return found


def _messages(acting: ActsFor, account_id: int, language: str) -> list[Todo]:
    found = []
    if count := unread_count(acting.patient_id, account_id):
        word = "todo_messages" if count > 1 else "todo_message"
        found.append(Todo(rules.said(language, word, count=count), reverse("my_messages")))
    if newest_draft(account_id, acting.patient_id):
        found.append(Todo(rules.WORDS[language]["todo_draft"], reverse("my_messages")))
    return found


def _results(acting: ActsFor, account: Account, language: str) -> list[Todo]:
    wish = wish_of(acting.patient_id)
    count = unread_results(acting.patient_id, account, wish=wish)
    if not count:
        return []
    word = "todo_results" if count > 1 else "todo_result"
    return [Todo(rules.said(language, word, count=count), reverse("my_results"))]


def _visit(
    acting: ActsFor, id_: int, visit: Visit, *, language: str, days: int, at: datetime
) -> list[Todo]:
    """Check-in ahead that is open and not finished, else forms that wait."""
    if Part.FORMS not in acting.parts:
        return []
    begun = early(id_, days=days, at=at)
    if not begun.is_open:
        return []
    if not begun.finished:
        word = "todo_go_on" if begun.begun else "todo_check_in"
        return [Todo(rules.said(language, word, day=visit.day), visit_id=id_)]
    row = appointment(id_)
    with as_the_desk():
        due = records.due_of(
            row.patient_id, visit_type_id=row.visit_type_id, on=row.local_day, visit_id=id_
        )
    if any(not form.declined for form in due):
        return [Todo(rules.said(language, "todo_form", day=visit.day), visit_id=id_)]
    return []
