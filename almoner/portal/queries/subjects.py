"""What a message in an account may be about: visits and bills that whoever writes sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from almoner.billing.models import Statement
from almoner.portal import rules
from almoner.portal.queries.accounts import ActsFor
from almoner.portal.queries.visits import shown
from almoner.portal.rules.accounts import Part
from almoner.relations.rules import Topic, about_named
from almoner.scheduling.models import Appointment

_NEWEST = 6
VISIT, BILL = "appointment", "statement"
_TOPICS = {VISIT: Topic.VISIT, BILL: Topic.BILL}


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A visit or bill: how the form names it, and in words."""

    value: str
    text: str

    @property
    def topic(self) -> Topic:
        return _TOPICS[self.value.partition(":")[0]]


def asked_about(value: str, acting: ActsFor, *, language: str) -> AskedAbout:
    """What a form or a link names, read as the patients' role. Raises Http404. One query.

    Also where it is kept from who acts for a patient: they cannot read that there is one.
    """
    known = about_named(value)
    found = _named(known, acting, language=language) if known else []
    if not found:
        raise Http404
    return found[0]


def may_be_about(acting: ActsFor, chosen: str, *, language: str) -> list[AskedAbout]:
    """The newest visits and bills to choose from, and what is chosen already. At most 3 queries."""
    found = [*_visits(_newest_visits(acting), language), *_bills(_newest_bills(acting), language)]
    known = about_named(chosen)
    if known is None or any(each.value == chosen for each in found):
        return found
    return [*_named(known, acting, language=language), *found]


def text_about(about: tuple[str, int] | None, acting: ActsFor, *, language: str) -> str:
    """A visit or bill in words; empty for what whoever acts does not see. At most one query."""
    found = _named(about, acting, language=language) if about else []
    return found[0].text if found else ""


def subject_about(asked: AskedAbout) -> str:
    """What a message about it is about, in a few words. One query.

    Empty for what is kept from who acts for the patient: what it is about is theirs to say.
    """
    kind, item_id = asked.value.split(":")
    with connection.cursor() as sql:
        sql.execute("SELECT portal_about_is_kept(%s, %s)", [kind, int(item_id)])
        return "" if sql.fetchone()[0] else asked.text


def _named(about: tuple[str, int], acting: ActsFor, *, language: str) -> Sequence[AskedAbout]:
    kind, item_id = about
    if kind == VISIT:
        return _visits(_of_visits(acting).filter(pk=item_id), language)
    return _bills(_of_bills(acting).filter(pk=item_id), language)


def _of_visits(acting: ActsFor) -> QuerySet[Appointment]:
    rows = shown().filter(patient_id=acting.patient_id)
    return rows if Part.VISITS in acting.parts else rows.none()


def _of_bills(acting: ActsFor) -> QuerySet[Statement]:
    rows = Statement.objects.filter(guarantor_id=acting.patient_id)
    return rows if Part.BILLS in acting.parts else rows.none()


def _newest_visits(acting: ActsFor) -> QuerySet[Appointment]:
    return _of_visits(acting).order_by("-starts_at", "-id")[:_NEWEST]


def _newest_bills(acting: ActsFor) -> QuerySet[Statement]:
    return _of_bills(acting).order_by("-issued_at", "-id")[:_NEWEST]


def _visits(rows: QuerySet[Appointment], language: str) -> list[AskedAbout]:
    return [
        AskedAbout(
            f"{VISIT}:{row.pk}",
            rules.said(language, "visit_of", day=rules.date_text(row.local_day, language)),
        )
        for row in rows
    ]


def _bills(rows: QuerySet[Statement], language: str) -> list[AskedAbout]:
    return [
        AskedAbout(
            f"{BILL}:{id_}",
            rules.said(language, "bill_of", day=rules.date_text(issued, language)),
        )
        for id_, issued in rows.values_list("id", "issued_date")
    ]
