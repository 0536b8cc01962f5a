"""Who may act for a patient: for the patient's page, the first pages, and what is sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from almoner.patients.queries import open_contact
from almoner.portal import rules
from almoner.portal.models import Acting, ActingTold
from almoner.portal.queries.accounts import ActsFor, local_day, seen_parts
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.laws import Laws, laws, minor_terms
from almoner.portal.rules import accounts, people
from almoner.portal.rules.accounts import Kind, Part, Terms
from almoner.portal.rules.people import Change, Narrowing

MOST = 50
"""Of one patient on a page; nobody has so many."""
ENDS_SOON = timedelta(days=30)
_LATE = timedelta(days=7)
"""How long after its last day a right that was over is still told of, when the job was not run."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is told: whether the patient is, the actor's own record, those of other guardians."""

    patient: bool
    actor: int | None
    others: tuple[int, ...]


def whom_to_tell(row: Acting, *, on: date) -> Whom:
    """Whom a change of a right concerns on a day. Of who has died nobody is told."""
    if row.patient.deceased:
        return Whom(patient=False, actor=None, others=())
    own = _own_records([row.account_id]).first()
    if _is_told(row.patient_id, row.patient.birth_date, on=on):
        return Whom(patient=True, actor=own, others=())
    beside = Acting.objects.filter(
        _open(on), patient_id=row.patient_id, kind__in=accounts.OF_A_MINOR
    ).exclude(account_id=row.account_id)
    others = _own_records(beside.values("account_id"))
    return Whom(patient=False, actor=own, others=tuple(others[:MOST]))


def _own_records(account_ids: list[int] | QuerySet[Any, Any]) -> QuerySet[Acting, int]:
    """The records of those people who are patients with an account of their own."""
    own = Acting.objects.filter(
        account_id__in=account_ids, kind=Kind.SELF, ended_at=None, account__ended_at=None
    )
    return own.order_by("pk").values_list("patient_id", flat=True)


def _open(on: date) -> Q:
    return Q(ended_at=None) & (Q(until=None) | Q(until__gte=on))


def _is_told(patient_id: int, born: date | None, *, on: date) -> bool:
    has_account = Acting.objects.filter(
        patient_id=patient_id, kind=Kind.SELF, ended_at=None, account__ended_at=None
    )
    return people.is_told(
        born=born,
        has_way=has_account.exists() or open_contact(patient_id) is not None,
        on=on,
        **laws([patient_id], on=on).of(patient_id),
    )


def acting_that_changes(*, at: datetime) -> Iterator[tuple[int, Change, date]]:
    """Rights that the calendar ended or will narrow, of which nobody was told yet. 8 queries."""
    on = local_day(at)
    rows = Acting.objects.filter(ended_at=None, account__ended_at=None).exclude(kind=Kind.SELF)
    over = rows.filter(_untold(Change.ENDED), until__lt=on, until__gte=on - _LATE)
    for id_, until in list(over.order_by("pk").values_list("pk", "until")):
        if until is not None:
            yield id_, Change.ENDED, until
    soon = rows.filter(
        _untold(Change.NARROWS, day__gt=on), _open(on), _has_birthday(on, minor_terms()),
        kind__in=accounts.OF_A_MINOR,
    )  # fmt: skip
    children = list(soon.select_related("patient").order_by("pk"))
    law = laws([row.patient_id for row in children], on=on)
    for row in children:
        if narrowing := _narrows(row, law, on=on):
            yield row.pk, Change.NARROWS, narrowing.day


def _untold(change: Change, **of: object) -> Q:
    told = ActingTold.objects.filter(acting=OuterRef("pk"), change=change.value, **of)
    return ~Q(Exists(told))


def _has_birthday(on: date, terms: list[Terms]) -> Q:
    """Of whom something may change soon: who turns an age of the terms, or all when these do."""
    last = on + people.TOLD_BEFORE
    if any(on < one.starts <= last for one in terms):
        return Q()
    found = Q(pk__in=[])
    for years in {accounts.ADULT, *(one.age for one in terms)}:
        since, until = (people.birthday(each, -years) for each in (on, last))
        found |= Q(patient__birth_date__range=(since - timedelta(days=1), until))
    return found


def _narrows(row: Acting, law: Laws, *, on: date) -> Narrowing | None:
    """When a right narrows, while it lasts; of a parent's or guardian's alone."""
    if row.kind not in accounts.OF_A_MINOR:
        return None
    born, of_child = row.patient.birth_date, law.of(row.patient_id)
    found = people.narrows(row.kind, row.parts, born=born, on=on, **of_child)
    over = found is not None and row.until is not None and row.until < found.day
    return None if over else found


def sees_people(acting: ActsFor, *, at: datetime) -> bool:
    """Whether who acts sees who else may."""
    if acting.kind not in accounts.OF_A_MINOR:
        return people.sees_people(acting.kind, told=True)
    with as_the_desk():
        row = Acting.objects.select_related("patient").get(pk=acting.id)
        told = _is_told(row.patient_id, row.patient.birth_date, on=local_day(at))
    return people.sees_people(acting.kind, told=told)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act for a patient, in words."""

    id: int
    name: str
    kind: str
    parts: str
    lasts: str
    narrows: str
    may_end: bool


def who_acts(patient_id: int, *, language: str, own: bool, at: datetime) -> list[Person]:
    """Who may act for a patient today and sees anything, the newest first; as the desk.

    ``own``: the patient asks, who may end what they granted. Two queries; of a child at most six.
    """
    on = local_day(at)
    rows = list(
        Acting.objects.filter(_open(on), patient_id=patient_id, account__ended_at=None)
        .exclude(kind=Kind.SELF)
        .select_related("account", "patient")
        .order_by("-pk")[:MOST]
    )
    law = _law_of(rows, on=on)
    found = []
    for row in rows:
        sees = seen_parts(row, row.patient, law, on=on)
        if sees:
            narrowing = _narrows(row, law, on=on)
            found.append(
                Person(
                    row.pk, row.account.name, rules.said(language, f"people_{row.kind}"),
                    parts_text(sees, language), _lasts(row, language),
                    _from_then(narrowing, language), own and people.may_end(row.kind),
                )
            )  # fmt: skip
    return found


def _law_of(rows: Iterable[Acting], *, on: date) -> Laws:
    """The law for the children among them."""
    return laws([row.patient_id for row in rows if row.kind in accounts.OF_A_MINOR], on=on)


def parts_text(parts: frozenset[str], language: str) -> str:
    """What may be seen and done, in words."""
    named = [rules.said(language, f"part_{part}") for part in Part if part in parts]
    return ", ".join(named) or rules.said(language, "people_nothing")


def _lasts(row: Acting, language: str) -> str:
    since = rules.said(language, "people_since", day=rules.date_text(row.since, language))
    if row.until is None:
        return since
    return f"{since}, " + rules.said(
        language, "people_until", day=rules.date_text(row.until, language)
    )


def _from_then(narrowing: Narrowing | None, language: str) -> str:
    if narrowing is None:
        return ""
    day = rules.date_text(narrowing.day, language)
    left = parts_text(narrowing.left, language)
    return rules.said(language, "people_narrows", day=day, parts=left)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the first page says of who may act for whom, and where more is said."""

    text: str
    url: str = ""


def notices(acting: ActsFor, account_id: int, language: str, *, at: datetime) -> list[Notice]:
    """What began, ended or changes soon of who acts for whom: for whoever it concerns."""
    on = local_day(at)
    with as_the_desk():
        recent = Q(ended_at=None) | Q(ended_at__gt=at - people.NEWS_LASTS)
        rows = list(
            Acting.objects.filter(
                recent, Q(patient_id=acting.patient_id) | Q(account_id=account_id)
            )
            .exclude(kind=Kind.SELF)
            .select_related("account", "patient")
            .order_by("-pk")[:MOST]
        )
        law = _law_of(rows, on=on)
    if not rows:
        return []
    shown = sees_people(acting, at=at)
    mine = [row for row in rows if row.account_id == account_id]
    open_of_own = {row.patient_id for row in mine if not _over(row, on)}
    found: list[Notice] = []
    for row in rows:
        if row.account_id == account_id:
            again = row.patient_id in open_of_own
            found += _of_mine(row, acting, law, language, again=again, on=on)
        elif shown:
            found += _of_others(row, acting, law, language, on=on)
    return found


def _over(row: Acting, on: date) -> date | None:
    """The day on which a right ended, if it has."""
    if row.ended_at is not None:
        return local_day(row.ended_at)
    return row.until if row.until is not None and row.until < on else None


def _of_mine(
    row: Acting, acting: ActsFor, law: Laws, language: str, *, again: bool, on: date,
) -> list[Notice]:  # fmt: skip
    """Of what the account itself may do for somebody."""
    patient = row.patient
    name = patient.name_used or patient.given or patient.family
    if over := _over(row, on):
        if again or over <= on - people.NEWS_LASTS:
            return []
        return [_notice(language, "news_ended_you", over, name=name)]
    if row.pk != acting.id:
        return []
    found = []
    if row.until is not None and row.until <= on + ENDS_SOON:
        found.append(_notice(language, "todo_ends", row.until, name=name))
    if narrowing := _narrows(row, law, on=on):
        left = parts_text(narrowing.left, language)
        found.append(_notice(language, "news_narrows_you", narrowing.day, name=name, parts=left))
    return found


def _of_others(row: Acting, acting: ActsFor, law: Laws, language: str, *, on: date) -> list[Notice]:
    """Of what others may do for whom the account is in for."""
    own = acting.kind == Kind.SELF
    who, name, ending = row.account.name, acting.name, "" if own else "_for"
    if over := _over(row, on):
        if over <= on - people.NEWS_LASTS or row.ended_because == people.GIVEN_ANEW:
            return []
        return [_notice(language, f"news_ended{ending}", over, who=who, name=name)]
    found = []
    if row.since > on - people.NEWS_LASTS:
        url = reverse("my_people")
        found.append(_notice(language, f"news_began{ending}", row.since, url, who=who, name=name))
    if own and (narrowing := _narrows(row, law, on=on)):
        found.append(_notice(language, "news_narrows", narrowing.day, who=who))
    return found


def _notice(language: str, word: str, day: date, url: str = "", /, **facts: str) -> Notice:
    return Notice(rules.said(language, word, day=rules.date_text(day, language), **facts), url)
