"""Whether a number may be texted, for what, and where it is day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from almoner.facility.models import Location, Organisation
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.patients.models import Address, Phone, ReachedPhone
from almoner.patients.rules.details import readable
from almoner.relations import rules
from almoner.relations.models import Consent, Counted, Landline, Message
from almoner.relations.queries.kept import kept_back
from almoner.relations.rules.deliveries import MAY_BE_LANDLINE
from almoner.relations.rules.phoning import VOICE, Word, may_be_called

_AS_THE_PHONE_SAYS = ("care", "billing")
_STOPPED = ("text", "carrier")
_NEVER_LEFT = (Outgoing.State.FAILED, Outgoing.State.WITHDRAWN)


def newest(address: str, purpose: str, *, channel: str = "sms") -> Consent | None:
    """What was last said of one purpose at a number, or an address in small letters. One query."""
    rows = Consent.objects.filter(channel=channel, address=address, purpose=purpose)
    return rows.order_by("-id").first()


def silenced(address: str) -> Consent | None:
    """The revocation that holds for a number, by a text or told; None when it may be texted."""
    last = newest(address, "care")
    return last if last and not last.given else None


def agreed(address: str, purpose: str) -> bool:
    """Whether a number agreed to texts that need a word of their own. One query."""
    last = newest(address, purpose) if address else None
    return last is not None and last.given


@dataclass(frozen=True, slots=True)
class Line:
    """The phone a patient is reached by: a landline takes no texts, whatever the record says."""

    number: str
    may_text: bool
    is_landline: bool


def line_of(patient_id: int) -> Line | None:
    """The first of a patient's phones that they are reached by. One query."""
    phones = ReachedPhone.objects.filter(patient_id=patient_id).order_by("rank")
    told = Exists(Landline.objects.filter(number=OuterRef("number")))
    row = phones.annotate(told=told).values_list("number", "may_text", "told").first()
    if row is None:
        return None
    number, may_text, is_landline = row
    return Line(number, may_text and not is_landline, is_landline)


def survey_consent(patient_id: int) -> tuple[str, Consent | None] | None:
    """The number a patient could be asked at after visits, and what was last said of that.

    None when no number of theirs takes texts; the page has noted who saw it. Three queries.
    """
    phone = line_of(patient_id)
    if phone is None or not phone.may_text or silenced(phone.number):
        return None
    return readable(phone.number), newest(phone.number, rules.SURVEY)


def held_back(item: Outgoing) -> str:
    """Why a text or a call may not leave, in words for a list; empty when it may.

    Asked when it is sent and not when it is queued: what was said last counts.
    """
    address, purpose = item.payload["to"], item.payload.get("purpose", rules.CARE)
    if why := kept_back(item):
        return why
    if item.channel == VOICE:
        return (
            "" if may_call(address, purpose) else gettext_noop("No calls to this number any more")
        )
    if Landline.objects.filter(number=address).exists():
        return MAY_BE_LANDLINE
    last = newest(address, purpose)
    if last:
        return "" if last.given else _since(last)
    if purpose not in _AS_THE_PHONE_SAYS:
        return gettext_noop("Nobody has agreed to such texts at this number")
    refuses = Phone.objects.filter(patient=item.patient_id, number=address, may_text=False)
    takes = ReachedPhone.objects.filter(patient=item.patient_id, number=address, may_text=True)
    held = refuses.exists() and not takes.exists()
    return gettext_noop("The phone does not take texts") if held else ""


def may_call(number: str, purpose: str) -> bool:
    """Whether a number may be called by a machine now. Three queries."""
    return may_call_for(number, {purpose: newest(number, purpose, channel=VOICE)})[purpose]


def may_call_for(number: str, last: Mapping[str, Consent | None]) -> dict[str, bool]:
    """The same for some purposes, of each of which this was said last. Two queries.

    STOP ends calls too, as it came or as the carrier knows of it; "no texts", told to somebody, is
    a word of texts.
    """
    landline = Landline.objects.filter(number=number).exists()
    stops = Consent.objects.filter(channel="sms", address=number, purpose=rules.CARE, given=False)
    stops = stops.filter(how__in=_STOPPED)
    stop = stops.order_by("-id").values_list("at", flat=True).first()
    return {
        purpose: may_be_called(
            Word(said.given, said.at) if said else None,
            stopped_at=stop,
            landline=landline,
            care=purpose == rules.CARE,
        )
        for purpose, said in last.items()
    }


def _since(last: Consent) -> str:
    local = last.at.astimezone(ZoneInfo(Organisation.objects.get().time_zone))
    words = f", “{last.evidence}”" if last.how == "text" else ""
    return f"{gettext_noop('No texts to this number any more')}: {local:%m/%d/%Y}{words}"


def zones(item: Outgoing) -> tuple[str, ...]:
    """The time zones its recipient may be in: the state's they live in, else the clinic's."""
    told = Message.objects.filter(outgoing=item).values_list("event__location_id", flat=True)
    return zones_of(item.patient_id, told.first())


def zones_of(patient_id: int | None, location_id: int | None) -> tuple[str, ...]:
    """The time zones a patient may be in, when what is said to them is about a location."""
    home = Address.objects.filter(patient=patient_id).exclude(use="old").order_by("rank")
    where = home.first() if patient_id else None
    if where and where.country == "US" and (known := rules.zones_of(where.state)):
        return known
    location = Location.objects.filter(pk=location_id).first() if location_id else None
    return ((location or Organisation.objects.get()).time_zone,)


def counted(item: Outgoing, *, at: datetime) -> list[datetime]:
    """When the number of a text got others of its purpose in the week before, the first first.

    What was refused or taken back does not count. One query.
    """
    rows = _counted(item.payload["to"], item.payload.get("purpose", rules.CARE), at=at)
    return list(rows.exclude(outgoing=item).values_list("at", flat=True))


def counted_at(number: str, purpose: str, *, at: datetime) -> list[datetime]:
    """When a number got texts of a purpose in the week before, the first first. One query."""
    return list(_counted(number, purpose, at=at).values_list("at", flat=True))


def _counted(number: str, purpose: str, *, at: datetime) -> QuerySet[Counted]:
    rows = Counted.objects.filter(address=number, purpose=purpose, at__gt=at - rules.WEEK)
    return rows.exclude(outgoing__state__in=_NEVER_LEFT).order_by("at")


def promised_for(item: Outgoing) -> datetime | None:
    """When what a message tells of is over: a visit begins, an offer ends; None without either."""
    data = Message.objects.filter(outgoing=item).values_list("event__data", flat=True).first()
    over = (data or {}).get("expires_at") or (data or {}).get("starts_at")
    return datetime.fromisoformat(over) if over else None


@dataclass(frozen=True, slots=True)
class Silence:
    """That somebody's number takes no more texts: since when, and by which words.

    ``words`` is empty for what another person of the house wrote: it may say more than that.
    """

    number: str
    since: datetime
    words: str
    how: str


def silence_of(patient_id: int) -> Silence | None:
    """Whether the number this patient is texted at is silenced; the page has noted who saw it."""
    phones = ReachedPhone.objects.filter(patient_id=patient_id).order_by("rank")
    number = phones.values_list("number", flat=True).first()
    last = silenced(number) if number else None
    if last is None:
        return None
    theirs = last.how == "text" or (last.how == "told" and last.patient_id == patient_id)
    words = last.evidence if theirs else ""
    return Silence(readable(last.address), last.at, words, last.how)
