"""277CA (005010X214): what became of each claim before it entered adjudication."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from almoner.edges.x12.amounts import day as calendar_date
from almoner.edges.x12.amounts import decimal, perhaps_cents
from almoner.edges.x12.claim.values import Name
from almoner.edges.x12.syntax import Segment, Source, blocks, readable
from almoner.edges.x12.writer import Envelope, Writer, plain

GUIDE = "005010X214"
# Categories of STC01-1, by what they mean for the claim.
ACCEPTED_CATEGORIES = frozenset({"A1", "A2"})
REJECTED_CATEGORIES = frozenset({"A3", "A6", "A7", "A8"})


class Outcome(StrEnum):
    """REJECTED never entered adjudication: fix and send again, the filing clock still runs."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Status:
    """One STC: category (A2…), status code, and the entity it speaks of; ``charge`` in cents."""

    category: str
    code: str
    entity: str = ""
    on: date | None = None
    charge: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """``control`` is the line number we sent (REF*6R), given back as REF*FJ."""

    procedure: str
    charge: int
    statuses: tuple[Status, ...]
    control: str = ""


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """``number`` is CLM01; ``payer_claim_number`` REF*1K; ``trace`` REF*D9."""

    number: str
    patient: Name
    member_id: str
    statuses: tuple[Status, ...]
    served_from: date
    served_to: date | None = None
    payer_claim_number: str = ""
    trace: str = ""
    lines: tuple[LineAnswer, ...] = ()

    @property
    def outcome(self) -> Outcome:
        categories = {status.category for status in self.statuses}
        if categories & REJECTED_CATEGORIES:
            return Outcome.REJECTED
        return Outcome.ACCEPTED if categories & ACCEPTED_CATEGORIES else Outcome.UNDECIDED


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """The claims of one billing provider, and what is said of all of them."""

    name: Name
    npi: str
    statuses: tuple[Status, ...]
    claims: tuple[ClaimAnswer, ...]


@dataclass(frozen=True, slots=True)
class ClaimAcknowledgement:
    """Who answers (``source``) whom; ``batch`` is the BHT03 of the claims answered."""

    source: str
    source_id: str
    receiver: str
    receiver_id: str
    batch: str
    received_on: date
    processed_on: date
    statuses: tuple[Status, ...]
    providers: tuple[ProviderAnswer, ...]
    source_is_payer: bool = True

    @property
    def claims(self) -> Iterator[ClaimAnswer]:
        for provider in self.providers:
            yield from provider.claims


def write_277ca(
    envelope: Envelope, answer: ClaimAcknowledgement, *, reference: str, written_at: datetime
) -> bytes:
    """One interchange with one 277CA. ``reference`` names the answer itself (BHT03)."""
    writer = Writer(envelope)
    writer.begin_group("HN", GUIDE)
    writer.begin_set("277", GUIDE)
    day, time = f"{written_at:%Y%m%d}", f"{written_at:%H%M}"
    writer.segment("BHT", "0085", "08", reference, day, time, "TH")
    _Acknowledgement(writer, answer).write()
    writer.end_set()
    writer.end_group()
    return writer.finish()


def read_277ca(source: Source) -> Iterator[ClaimAcknowledgement]:
    """The answer of each 277CA of a file. Raises X12SyntaxError where bytes cannot be read."""
    reader: _Reader | None = None
    for block in blocks(source):
        separator, component = block.delimiters.element, block.delimiters.component
        for text in block.segments:
            segment = Segment(text.split(separator), 0, 0)
            if segment.tag == "ST":
                reader = _Reader(component) if segment[1] == "277" else None
            elif segment.tag == "BHT" and segment[1] != "0085":
                reader = None  # a 277 that answers a status request
            elif reader and segment.tag == "SE":
                yield reader.answer()
                reader = None
            elif reader:
                reader.take(segment)


class _Acknowledgement:
    def __init__(self, writer: Writer, answer: ClaimAcknowledgement) -> None:
        self._put = writer.segment
        self._answer = answer
        self._levels = 0

    def write(self) -> None:
        answer = self._answer
        self._level("", "20", "1")
        role, kind = ("PR", "PI") if answer.source_is_payer else ("AY", "46")
        self._put("NM1", role, "2", plain(answer.source), "", "", "", "", kind, answer.source_id)
        self._put("TRN", "1", answer.batch)
        self._put("DTP", "050", "D8", _day(answer.received_on))
        self._put("DTP", "009", "D8", _day(answer.processed_on))
        self._level("1", "21", "1" if answer.providers else "0")
        self._put(
            "NM1", "41", "2", plain(answer.receiver), "", "", "", "", "46", answer.receiver_id
        )
        self._put("TRN", "2", answer.batch)
        self._statuses(answer.statuses)
        self._totals(("90", "AA"), tuple(answer.claims))
        for provider in answer.providers:
            self._provider(provider)

    def _level(self, parent: str, kind: str, child: str) -> str:
        self._levels += 1
        self._put("HL", str(self._levels), parent, kind, child)
        return str(self._levels)

    def _provider(self, provider: ProviderAnswer) -> None:
        level = self._level("2", "19", "1")
        self._put("NM1", "85", *_name(provider.name), "XX", provider.npi)
        if provider.statuses:
            self._put("TRN", "1", "0")
            self._statuses(provider.statuses, dated=False)
            self._totals(("QA", "QC"), provider.claims)
        for claim in provider.claims:
            self._level(level, "PT", "")
            self._claim(claim)

    def _totals(self, qualifiers: tuple[str, str], claims: tuple[ClaimAnswer, ...]) -> None:
        for place, outcome in enumerate((Outcome.ACCEPTED, Outcome.REJECTED)):
            some = [claim for claim in claims if claim.outcome is outcome]
            if some:
                self._put("QTY", qualifiers[place], len(some))
        for kind, outcome in (("YU", Outcome.ACCEPTED), ("YY", Outcome.REJECTED)):
            some = [claim for claim in claims if claim.outcome is outcome]
            if some:
                total = sum(claim.statuses[0].charge or 0 for claim in some)
                self._put("AMT", kind, decimal(total))

    def _claim(self, claim: ClaimAnswer) -> None:
        self._put("NM1", "QC", *_name(claim.patient), "MI", claim.member_id)
        self._put("TRN", "2", claim.number)
        self._statuses(claim.statuses)
        for qualifier, value in (("1K", claim.payer_claim_number), ("D9", claim.trace)):
            if value:
                self._put("REF", qualifier, value)
        if claim.served_to:
            span = f"{_day(claim.served_from)}-{_day(claim.served_to)}"
            self._put("DTP", "472", "RD8", span)
        else:
            self._put("DTP", "472", "D8", _day(claim.served_from))
        for line in claim.lines:
            self._put("SVC", ("HC", line.procedure), decimal(line.charge))
            for status in line.statuses:
                reason = (status.category, status.code, status.entity)
                self._put("STC", reason, _day(status.on or self._answer.processed_on), "U")
            if line.control:
                self._put("REF", "FJ", line.control)

    def _statuses(self, statuses: tuple[Status, ...], *, dated: bool = True) -> None:
        for status in statuses:
            self._put(
                "STC",
                (status.category, status.code, status.entity),
                _day(status.on or self._answer.processed_on) if dated else "",
                "U" if status.category in REJECTED_CATEGORIES else "WQ",
                decimal(status.charge or 0),
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                plain(status.message, longest=264),
            )


def _name(name: Name) -> tuple[str, ...]:
    kind = "1" if name.is_person else "2"
    return kind, plain(name.last), plain(name.first), plain(name.middle), "", plain(name.suffix)


def _day(value: date) -> str:
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


@dataclass(slots=True)
class _Claim:
    name: Segment
    number: str = ""
    statuses: list[Status] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    days: list[date | None] = field(default_factory=list)
    lines: list[LineAnswer] = field(default_factory=list)


@dataclass(slots=True)
class _Provider:
    name: Segment
    statuses: list[Status] = field(default_factory=list)
    claims: list[_Claim] = field(default_factory=list)


class _Reader:
    """Follows the levels (HL03) of one 277CA: source, receiver, providers, patients."""

    def __init__(self, component: str) -> None:
        self._component = component
        self._level = ""
        self._names: dict[str, Segment] = {}
        self._traces: dict[str, str] = {}
        self._days: dict[str, date] = {}
        self._statuses: list[Status] = []
        self._providers: list[_Provider] = []

    def take(self, segment: Segment) -> None:
        tag = segment.tag
        if tag == "HL":
            self._level = segment[3]
        elif tag == "NM1":
            self._name(segment)
        elif self._level == "PT" and self._claims:
            self._in_claim(self._claims[-1], segment)
        elif tag == "STC":
            inside = self._providers[-1].statuses if self._level == "19" else self._statuses
            inside.append(self._status(segment))
        elif tag == "TRN":
            self._traces[self._level] = readable(segment[2])
        elif tag == "DTP" and self._level == "20":
            day = calendar_date(segment[3])
            if day:
                self._days[segment[1]] = day

    @property
    def _claims(self) -> list[_Claim]:
        return self._providers[-1].claims if self._providers else []

    def _name(self, segment: Segment) -> None:
        if self._level == "19":
            self._providers.append(_Provider(segment))
        elif self._level == "PT" and self._providers:
            self._providers[-1].claims.append(_Claim(segment))
        else:
            self._names[self._level] = segment

    def _in_claim(self, claim: _Claim, segment: Segment) -> None:
        tag = segment.tag
        if tag == "TRN":
            claim.number = readable(segment[2])
        elif tag == "STC":
            self._add_status(claim, self._status(segment))
        elif tag == "REF" and claim.lines:
            if segment[1] == "FJ":
                claim.lines[-1] = replace(claim.lines[-1], control=readable(segment[2]))
        elif tag == "REF":
            claim.references[segment[1]] = readable(segment[2])
        elif tag == "DTP" and not claim.lines:
            claim.days = [calendar_date(day) for day in segment[3].split("-")]
        elif tag == "SVC":
            code = [*segment[1].split(self._component), ""][1]
            claim.lines.append(LineAnswer(code, perhaps_cents(segment[2]) or 0, ()))

    def _add_status(self, claim: _Claim, status: Status) -> None:
        if claim.lines:
            last = claim.lines[-1]
            claim.lines[-1] = replace(last, statuses=(*last.statuses, status))
        else:
            claim.statuses.append(status)

    def _status(self, segment: Segment) -> Status:
        parts = [*segment[1].split(self._component), "", "", ""]
        return Status(
            category=parts[0],
            code=parts[1],
            entity=parts[2],
            on=calendar_date(segment[2]),
            charge=perhaps_cents(segment[4]),
            message=readable(segment[12]),
        )

    def answer(self) -> ClaimAcknowledgement:
        nobody = Segment(["NM1"], 0, 0)
        source, receiver = self._names.get("20", nobody), self._names.get("21", nobody)
        processed = self._days.get("009") or self._days.get("050") or date.min
        return ClaimAcknowledgement(
            source=readable(source[3]),
            source_id=source[9],
            source_is_payer=source[1] != "AY",
            receiver=readable(receiver[3]),
            receiver_id=receiver[9],
            batch=self._traces.get("21", ""),
            received_on=self._days.get("050", processed),
            processed_on=processed,
            statuses=tuple(self._statuses),
            providers=tuple(_provider(one) for one in self._providers),
        )


def _provider(one: _Provider) -> ProviderAnswer:
    claims = tuple(_claim(claim) for claim in one.claims)
    return ProviderAnswer(_read_name(one.name), one.name[9], tuple(one.statuses), claims)


def _claim(one: _Claim) -> ClaimAnswer:
    days = one.days or [None]
    first, last = days[0] or date.min, days[-1]
    return ClaimAnswer(
        number=one.number,
        patient=_read_name(one.name),
        member_id=readable(one.name[9]),
        statuses=tuple(one.statuses),
        served_from=first,
        served_to=last if last != first and len(days) > 1 else None,
        payer_claim_number=one.references.get("1K", ""),
        trace=one.references.get("D9", ""),
        lines=tuple(one.lines),
    )


def _read_name(segment: Segment) -> Name:
    last, first, middle, suffix = (readable(segment[at]) for at in (3, 4, 5, 7))
    return Name(last, first, middle, suffix, is_person=segment[2] == "1")
