"""What came in: what waits for somebody, and who may have written it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet, Window
from django.db.models.functions import Lower, RowNumber

from almoner.access.queries import Evidence, Reading
from almoner.patients.models import ConfidentialContact, Contact, Email, Patient, Phone
from almoner.patients.queries.wording import whose, whose_phone
from almoner.relations.models import Received
from almoner.relations.rules.phoning import VOICE

_ASKED = ConfidentialContact.objects.filter(ended_at=None)
MOST = 5  # people one number may be
_OPEN = Q(work=True, handled_at=None)
STILL = timedelta(minutes=15)
"""How long a look at somebody is explained by their words after they were seen to."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has that phone or address, by what tells two of one house apart."""

    id: int
    name: str
    born: str
    mrn: str


def received(received_id: int, *, reading: Reading) -> Received:
    """One text; whose it is, is noted as seen. Raises Received.DoesNotExist."""
    row = Received.objects.get(pk=received_id)
    if row.patient_id:
        reading.saw([row.patient_id])
    return row


def text_that_came(received_id: int) -> Received | None:
    """A text that came in, for a duty that acts on its words; shows it to nobody."""
    return Received.objects.filter(pk=received_id, channel="sms").first()


def holders(channel: str, address: str) -> QuerySet[Patient]:
    """Everybody who is reached at this number or e-mail address."""
    if channel in ("sms", VOICE):
        phones = Phone.objects.filter(number=address).exclude(use="old")
        asked = _ASKED.filter(phone=address)
        return _who(phones, asked)
    return _who(Email.objects.filter(address__iexact=address), _ASKED.filter(email__iexact=address))


def is_anothers(channel: str, address: str) -> bool:
    """Whether it stands in a record as somebody's who is not the patient: it is shared then."""
    if channel in ("sms", VOICE):
        rows: QuerySet[Any] = Phone.objects.filter(number=address).exclude(use="old")
    else:
        rows = Email.objects.filter(address__iexact=address)
    return rows.exclude(whose="").exists()


def whose_is(number: str) -> dict[int, str]:
    """Whose a number is that is not the patient's own, by patient, in words. One query."""
    rows = Phone.objects.filter(number=number).exclude(whose="").exclude(use="old")
    found = rows.order_by("-rank").values_list("patient_id", "whose", "whose_name")
    return {patient_id: whose_phone(relation, name) for patient_id, relation, name in found}


def whose_are(patient_id: int) -> dict[str, str]:
    """Whose a patient's numbers and e-mails (in small letters) are, where not their own, in words.

    What stands in the record twice is their own when it is so once. One query.
    """
    phones = Phone.objects.filter(patient_id=patient_id).exclude(use="old")
    mails = Email.objects.filter(patient_id=patient_id)
    rows = phones.values_list("number", "whose", "whose_name").union(
        mails.values_list(Lower("address"), "whose", "whose_name")
    )
    known = list(rows)
    own = {address for address, relation, _name in known if not relation}
    return {address: whose(relation, name) for address, relation, name in known
            if address not in own}  # fmt: skip


def standing_by(number: str) -> QuerySet[Contact]:
    """Who has this number and stands by a patient, and need not be one.

    Never of a patient who asked to be reached in another way alone.
    """
    rows = Contact.objects.filter(phone=number).exclude(patient__in=_ASKED.values("patient_id"))
    return rows.select_related("patient").order_by("name", "patient_id", "id")


def _who(kept: QuerySet[Any], asked: QuerySet[Any]) -> QuerySet[Patient]:
    """Whoever has it in the record, and whoever asked to be reached there alone."""
    ids = kept.values("patient_id").union(asked.values("patient_id"))
    return Patient.objects.filter(pk__in=ids)


def evidence_of_text(item_id: int) -> Evidence | None:
    """What a text that waits proves: somebody must find out whose it is, and see to them.

    A little longer too, so that whoever has answered sees that it went.
    """
    row = Received.objects.filter(pk=item_id, work=True).first()
    if row is None:
        return None
    may_be = (
        [row.patient_id]
        if row.patient_id
        else holders(row.channel, row.sender).values_list("pk", flat=True)
    )
    until = row.handled_at + STILL if row.handled_at else None
    return Evidence(frozenset(may_be), None, until=until)


def who_may_be(addresses: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[Person, ...]]:
    """Whoever is reached at each of these numbers and e-mail addresses; a few of each."""
    found: dict[tuple[str, str], tuple[Person, ...]] = {}
    numbers = [address for channel, address in addresses if channel == "sms"]
    mails = [address for channel, address in addresses if channel == "email"]
    if numbers:
        phones = Phone.objects.filter(number__in=numbers).exclude(use="old")
        asked = _few(_ASKED.filter(phone__in=numbers), "phone")
        kept = _few(phones, "number")
        found |= {("sms", each): _both(kept, asked, each) for each in {*kept, *asked}}
    if mails:
        lower = {each.lower() for each in mails}
        named = Email.objects.annotate(folded=Lower("address")).filter(folded__in=lower)
        only = _ASKED.annotate(folded=Lower("email")).filter(folded__in=lower)
        theirs, asked = _few(named, "folded"), _few(only, "folded")
        found |= {("email", each): _both(theirs, asked, each.lower()) for each in mails}
    return found


def _both(
    kept: Mapping[str, tuple[Person, ...]], asked: Mapping[str, tuple[Person, ...]], at: str
) -> tuple[Person, ...]:
    return tuple(dict.fromkeys((*kept.get(at, ()), *asked.get(at, ()))))[:MOST]


def _few(rows: QuerySet[Any], by: str) -> dict[str, tuple[Person, ...]]:
    place = Window(RowNumber(), partition_by=by, order_by="patient_id")
    rows = rows.select_related("patient").annotate(place=place).filter(place__lte=MOST)
    found: dict[str, dict[Person, None]] = {}
    for row in rows.order_by(by, "patient_id"):
        found.setdefault(getattr(row, by), {})[person(row.patient)] = None
    return {each: tuple(people) for each, people in found.items()}


def person(row: Patient) -> Person:
    born = f"{row.birth_date:%m/%d/%Y}" if row.birth_date else ""
    name = ", ".join(filter(None, (row.family, row.name_used or row.given)))
    return Person(row.pk, name, born, row.mrn)
