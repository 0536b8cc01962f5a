"""All that was said of where a patient may be written to and called, and how it was said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet, TextField, Value

from almoner.access.models import Officer
from almoner.patients.rules.details import readable
from almoner.relations import rules
from almoner.relations.models import Consent, PhoneConsent
from almoner.relations.queries import wording

SIZE = 25
BY_THE_PHONE = tuple(each for each in rules.PURPOSES if each not in rules.ENDED)
"""What may be texted as the record's own "may be texted" says, without a word of the number's."""


def words_of_phones(patient_id: int) -> dict[str, PhoneConsent]:
    """What a patient said last of being texted at each number of theirs. One query."""
    rows = PhoneConsent.objects.filter(patient_id=patient_id).order_by("number", "-id")
    return {row.number: row for row in rows.distinct("number")}


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """One grant or withdrawal: of what, where, when, how, and to which officer if to any.

    ``evidence`` is empty for what another person of the house said: it may say more than that.
    """

    at: datetime
    where: str
    purposes: tuple[str, ...]
    given: bool
    how: str
    evidence: str
    by: str


def said_of(patient_id: int, keys: Iterable[tuple[str, str]], *, number: int) -> Page[Any]:
    """One page of all that was said of these channels and addresses, the newest first.

    Of numbers that are theirs no more, what they said themselves. Three queries.
    """
    theirs = Q()
    for channel, address in keys:
        theirs |= Q(channel=channel, address=address)
    heard = Consent.objects.filter(theirs) if theirs else Consent.objects.none()
    both = _columns(heard, way=F("channel"), place=F("address"), purpose_=F("purpose")).union(
        _columns(
            PhoneConsent.objects.filter(patient_id=patient_id),
            way=Value("sms", TextField()),
            place=F("number"),
            purpose_=Value("", TextField()),
        ),
        all=True,
    )
    page: Page[Any] = Paginator(both.order_by("-at", "-id"), SIZE).get_page(number)
    rows = list(page.object_list)
    names = Officer.objects.in_bulk({row["by_id"] for row in rows if row["by_id"]})
    page.object_list = [_once(row, patient_id, names) for row in rows]
    return page


def _columns(rows: QuerySet[Any], **named: Any) -> QuerySet[Any]:
    return rows.order_by().values(
        "at", "id", "given", "how", "evidence", "by_id", who=F("patient_id"), **named
    )


def _once(row: dict[str, Any], patient_id: int, names: dict[int, Officer]) -> SaidOnce:
    shown = row["place"] if row["way"] == "email" else readable(row["place"])
    way = wording.REACHED.get(row["way"])
    theirs = row["how"] == "text" or row["who"] == patient_id
    officer = names.get(row["by_id"] or 0)
    return SaidOnce(
        at=row["at"],
        where=f"{shown}, {way}" if way else shown,
        purposes=(row["purpose_"],) if row["purpose_"] else BY_THE_PHONE,
        given=row["given"],
        how=row["how"],
        evidence=row["evidence"] if theirs else "",
        by=officer.name if officer else "",
    )
