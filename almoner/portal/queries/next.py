"""What somebody who is in can do next, the most pressing first."""

from datetime import UTC, datetime, time, timedelta

from django.urls import reverse

from almoner.ground.money import dollars
from almoner.portal import rules
from almoner.portal.models import Account
from almoner.portal.queries.accounts import ActsFor, local_day
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.booking import kept_places
from almoner.portal.queries.early import Early, early
from almoner.portal.queries.home import Bill
from almoner.portal.queries.messages import newest_draft, unread_count
from almoner.portal.queries.paying import copay_left
from almoner.portal.queries.results import unread_results, wish_of
from almoner.portal.queries.rights import notices
from almoner.portal.queries.visits import Visit, appointment
from almoner.portal.rules.accounts import Part
from almoner.portal.rules.home import Do, Todo, in_order
from almoner.records import queries as records

_LOOKED_AT = 3
"""Visits of which it is asked what is left to do: the next ones."""


def todos(
    acting: ActsFor, account: Account, *, visits: list[tuple[int, Visit]], bills: list[Bill],
    language: str, days: int, at: datetime,
) -> list[Todo]:  # fmt: skip
    """What is to do for whom one acts for; only of parts that may be seen."""
    found = [
        Todo(Do.VIDEO, rules.said(language, "todo_video", time=visit.time), visit.starts_at,
             visit_id=id_)
        for id_, visit in visits
        if visit.room_is_open
    ]  # fmt: skip
    if Part.VISITS in acting.parts:
        found += _places(acting, language, at=at)
    if Part.MESSAGES in acting.parts:
        found += _messages(acting, account.pk, language)
    if Part.RESULTS in acting.parts:
        found += _results(acting, account, language)
    found += _visits(acting, visits, language, days=days, at=at)
    if Part.BILLS in acting.parts:
        found += [_bill(bill, language, at=at) for bill in bills]
    found += [
        Todo(Do.NOTICE, one.text, url=one.url)
        for one in notices(acting, account.pk, language, at=at)
    ]
    return in_order(found, at=at)


def _places(acting: ActsFor, language: str, *, at: datetime) -> list[Todo]:
    """Places that are kept for somebody who waits. One query."""
    return [
        Todo(
            Do.PLACE,
            rules.said(language, "todo_place", day=one.day, time=one.time, until=one.until),
            one.expires_at,
            entry_id=one.entry_id,
        )
        for one in kept_places(acting.patient_id, language=language, at=at)
    ]


def _bill(bill: Bill, language: str, *, at: datetime) -> Todo:
    late = bill.due < local_day(at)  # its last day counts
    word = "todo_bill_late" if late else "todo_bill"
    facts = {
        "amount": dollars(bill.cents),
        "of": bill.of,
        "due": rules.date_text(bill.due, language),
    }
    return Todo(
        Do.LATE_BILL if late else Do.BILL,
        rules.said(language, word, **facts),
        datetime.combine(bill.due, time(), tzinfo=UTC),
        url=reverse("my_bill", args=[bill.number]),
    )


def _messages(acting: ActsFor, account_id: int, language: str) -> list[Todo]:
    found = []
    if count := unread_count(acting.patient_id, account_id):
        word = "todo_messages" if count > 1 else "todo_message"
        found.append(
            Todo(Do.MESSAGE, rules.said(language, word, count=count), url=reverse("my_messages"))
        )
    if newest_draft(account_id, acting.patient_id):
        found.append(
            Todo(Do.DRAFT, rules.WORDS[language]["todo_draft"], url=reverse("my_messages"))
        )
    return found


def _results(acting: ActsFor, account: Account, language: str) -> list[Todo]:
    wish = wish_of(acting.patient_id)
    count = unread_results(acting.patient_id, account, wish=wish)
    if not count:
        return []
    word = "todo_results" if count > 1 else "todo_result"
    return [Todo(Do.RESULT, rules.said(language, word, count=count), url=reverse("my_results"))]


def _visits(
    acting: ActsFor, visits: list[tuple[int, Visit]], language: str, *, days: int, at: datetime
) -> list[Todo]:
    """What the next visits ask for that can be prepared now; money of the very next alone."""
    found: list[Todo] = []
    is_next = True
    for id_, visit in visits[:_LOOKED_AT]:
        if visit.starts_at - at > timedelta(days=days + 1):
            break  # nothing of it can be prepared yet, and the next ones are later
        begun = early(id_, days=days, at=at)
        if not begun.is_open:
            continue
        if Part.FORMS in acting.parts:
            found += _papers(id_, visit, begun, language)
        if is_next and Part.BILLS in acting.parts:
            found += _copay(id_, visit, language)
        is_next = False
    return found


def _copay(id_: int, visit: Visit, language: str) -> list[Todo]:
    left = copay_left(id_)
    if not left:
        return []
    says = rules.said(language, "todo_copay", amount=dollars(left), day=visit.day)
    return [Todo(Do.COPAY, says, visit.starts_at, visit_id=id_, then="pay")]


def _papers(id_: int, visit: Visit, begun: Early, language: str) -> list[Todo]:
    """Check-in ahead that is not finished, else forms that wait."""
    if not begun.finished:
        word = "todo_go_on" if begun.begun else "todo_check_in"
        return [
            Todo(
                Do.CHECK_IN,
                rules.said(language, word, day=visit.day),
                visit.starts_at,
                visit_id=id_,
            )
        ]
    row = appointment(id_)
    with as_the_desk():
        due = records.due_of(
            row.patient_id, visit_type_id=row.visit_type_id, on=row.local_day, visit_id=id_
        )
    if any(not form.declined for form in due):
        return [
            Todo(
                Do.FORM,
                rules.said(language, "todo_form", day=visit.day),
                visit.starts_at,
                visit_id=id_,
            )
        ]
    return []
