"""The e-mail addresses that are written to no more, and what may be sent where."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from almoner.access.queries import Evidence, Reading
from almoner.facility.models import Organisation
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.patients.models import Email, ProvenAddress, ReachedEmail, ReachedPhone
from almoner.patients.rules.details import readable
from almoner.relations import rules
from almoner.relations.models import (
    AddressCode,
    ClosedAddress,
    Consent,
    Landline,
    Message,
    PhoneConsent,
)
from almoner.relations.queries import wording
from almoner.relations.queries.consents import may_call_for, newest, silenced
from almoner.relations.queries.kept import kept_back
from almoner.relations.queries.proving import codes_open, proofs_of
from almoner.relations.queries.received import Person, holders, who_may_be, whose_are
from almoner.relations.queries.said import BY_THE_PHONE, words_of_phones
from almoner.relations.rules.phoning import VOICE

SIZE = 25


def closed(address: str) -> ClosedAddress | None:
    """Why an e-mail address is written to no more; None when it is."""
    return ClosedAddress.objects.filter(address=address.lower(), opened_at=None).first()


def mail_held_back(item: Outgoing) -> str:
    """Why an e-mail may not leave, in words for the list of what did not; empty when it may.

    Asked when it is sent and not when it is queued.
    """
    address, purpose = item.payload["to"], item.payload.get("purpose", rules.CARE)
    if why := kept_back(item):
        return why
    if shut := closed(address):
        return f"{rules.CLOSED[shut.why]}: {_day(shut.at)}"
    last = newest(address.lower(), purpose, channel="email")
    if last is None and purpose in rules.ENDED:
        return gettext_noop("Nobody has agreed to such e-mails at this address")
    if last and not last.given:
        return f"{gettext_noop('No such e-mails to this address any more')}: {_day(last.at)}"
    return ""


def mailable(patient_id: int, purpose: str) -> str:
    """The address at which a patient takes e-mails of a purpose; empty without one."""
    row = open_emails(patient_id).first()
    if row is None:
        return ""
    last = newest(row.address.lower(), purpose, channel="email")
    may = last.given if last else purpose not in rules.ENDED
    return row.address if may else ""


def open_emails(patient_id: int) -> QuerySet[ReachedEmail]:
    """Where a patient may be written to and no address is closed, the first first."""
    return ReachedEmail.objects.filter(~_is_closed(), patient_id=patient_id).order_by("rank")


def _is_closed() -> Exists:
    return Exists(ClosedAddress.objects.filter(address=Lower(OuterRef("address")), opened_at=None))


def _day(at: datetime) -> str:
    zone = ZoneInfo(Organisation.objects.get().time_zone)
    return f"{at.astimezone(zone):%m/%d/%Y}"


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """A closed address that somebody still has: why, since when, and whose it is."""

    id: int
    address: str
    why: str
    trouble: str
    at: datetime
    people: tuple[Person, ...]


def closed_addresses(*, number: int, reading: Reading) -> Page[Any]:
    """One page of them, the oldest first; whoever has one is noted as seen. At most three queries.

    What nobody is reached at any more is nobody's work, and stays closed.
    """
    page: Page[Any] = Paginator(_work(), SIZE).get_page(number)
    page.object_list = _lines(page.object_list)
    reading.saw(each.id for line in page.object_list for each in line.people)
    return page


def closed_waiting() -> tuple[int, datetime | None]:
    """How many addresses wait for somebody to look, and since when the oldest does. One query."""
    rows = list(_work().values_list("at", flat=True))
    return len(rows), rows[0] if rows else None


def closed_row(closed_id: int, *, reading: Reading) -> ClosedAddress:
    """One that is still closed; whoever has it is noted. Raises ClosedAddress.DoesNotExist."""
    row = _work().get(pk=closed_id)
    reading.saw(holders("email", row.address).values_list("pk", flat=True))
    return row


def evidence_of_closed(item_id: int) -> Evidence | None:
    """What a closed address proves: somebody must ask whoever has it for another."""
    row = _work().filter(pk=item_id).first()
    if row is None:
        return None
    whose = holders("email", row.address).values_list("pk", flat=True)
    return Evidence(frozenset(whose), None)


def last_opened(address: str) -> datetime | None:
    """When somebody looked at an address last and opened it again."""
    rows = ClosedAddress.objects.filter(address=address.lower(), opened_at__isnull=False)
    return rows.order_by("-opened_at").values_list("opened_at", flat=True).first()


def mailed_as(outgoing_id: int) -> Outgoing | None:
    """The e-mail that a report is about; None when there is none."""
    return Outgoing.objects.filter(pk=outgoing_id, channel="email").first()


def mailed_by(message_id: int | None) -> Message | None:
    """An e-mail of ours by its own number, and what it was for."""
    rows = Message.objects.filter(pk=message_id or 0, channel="email")
    return rows.select_related("outgoing").first()


def _work() -> QuerySet[ClosedAddress]:
    had = Email.objects.annotate(small=Lower("address")).filter(small=OuterRef("address"))
    return ClosedAddress.objects.filter(Exists(had), opened_at=None).order_by("at", "id")


def _lines(rows: Iterable[ClosedAddress]) -> list[ClosedLine]:
    rows = list(rows)
    whose = who_may_be({("email", row.address) for row in rows})
    return [
        ClosedLine(
            id=row.pk,
            address=row.address,
            why=rules.CLOSED[row.why],
            trouble=rules.mail_trouble(row.status) if row.status else "",
            at=row.at,
            people=whose.get(("email", row.address), ()),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whether one purpose may be sent to one address: as it was said last, or as without a word.

    What the number itself said stands above what the patient said of their phone.
    """

    purpose: str
    may: bool
    said: Consent | PhoneConsent | None


@dataclass(frozen=True, slots=True)
class Place:
    """One phone or e-mail address of a patient, and what may be sent there.

    ``proof`` says that it was shown to be theirs; ``code`` is on its way, to be read back, and
    where there can be ``no_code``, none is sent. ``whose``: of what is not the patient's own.
    """

    channel: str
    address: str
    shown: str
    closed: ClosedAddress | None
    purposes: tuple[Allowed, ...]
    proof: ProvenAddress | None = None
    code: AddressCode | None = None
    no_code: bool = True
    whose: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.channel, self.address

    @property
    def where(self) -> str:
        """How a form names it."""
        return f"{self.channel}:{self.address}"

    @property
    def label(self) -> str:
        """The address, and of a phone whether texts or calls are meant."""
        way = wording.REACHED.get(self.channel)
        return f"{self.shown}, {way}" if way else self.shown


def takes_no_code(channel: str, address: str) -> str:
    """Why no code can go there, as a reason of `actions.Refusal`; empty when it can."""
    if channel == "sms":
        stopped = silenced(address) or Landline.objects.filter(number=address).exists()
        return "silenced" if stopped else ""
    return "no_way" if closed(address) else ""


def places(patient_id: int, *, at: datetime) -> list[Place]:
    """Where a patient is reached, and what for; the page has noted who is seen."""
    phones = list(ReachedPhone.objects.filter(patient_id=patient_id).order_by("rank"))
    told = Landline.objects.filter(number__in=[each.number for each in phones])
    landlines = set(told.values_list("number", flat=True))
    mails = ReachedEmail.objects.filter(patient_id=patient_id).order_by("rank")
    own = words_of_phones(patient_id)
    found = []
    for each in phones:
        shown = readable(each.number)
        may_text = each.may_text and each.number not in landlines
        found.append(_place("sms", each.number, shown, may=may_text, own=own.get(each.number)))
        found.append(_place(VOICE, each.number, shown, may=False))
    found += [_place("email", each.address.lower(), each.address, may=True) for each in mails]
    proofs, codes = proofs_of(patient_id), codes_open(patient_id, at=at)
    whose = whose_are(patient_id)
    return [
        replace(
            each,
            proof=proofs.get(each.key),
            code=codes.get(each.key),
            no_code=_no_code(each),
            whose=whose.get(each.address, ""),
        )
        for each in found
    ]


def _no_code(place: Place) -> bool:
    return place.channel == VOICE or bool(takes_no_code(place.channel, place.address))


def _place(
    channel: str, address: str, shown: str, *, may: bool, own: PhoneConsent | None = None
) -> Place:
    rows = Consent.objects.filter(channel=channel, address=address).order_by("purpose", "-id")
    last = {row.purpose: row for row in rows.distinct("purpose")}
    said = {each: last.get(each) for each in rules.PURPOSES}
    if channel == VOICE:
        allowed = may_call_for(address, said)
    else:
        allowed = {
            each: row.given if row else may and each not in rules.ENDED
            for each, row in said.items()
        }
    purposes = tuple(
        Allowed(each, allowed[each], said[each] or (own if each in BY_THE_PHONE else None))
        for each in rules.PURPOSES
    )
    return Place(channel, address, shown, closed(address) if channel == "email" else None, purposes)
