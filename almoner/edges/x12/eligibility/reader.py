"""Reading 270 and 271: one small message, segment by segment."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from almoner.edges.x12.amounts import day
from almoner.edges.x12.eligibility.elements import basis_points, entity, money, period
from almoner.edges.x12.eligibility.values import (
    BENEFIT,
    DEPENDENT,
    PAYER,
    PROVIDER,
    SUBSCRIBER,
    Answer,
    Benefit,
    Delivery,
    Entity,
    Inquiry,
    Member,
    Period,
    Reference,
    Rejection,
)
from almoner.edges.x12.syntax import (
    Block,
    Fault,
    Segment,
    Severity,
    Source,
    X12SyntaxError,
    blocks,
    readable,
)
from almoner.ground.words import gettext_noop, saying

GUIDE = "005010X279"
LEVELS = {"20": PAYER, "21": PROVIDER, "22": SUBSCRIBER, "23": DEPENDENT}
MOST_SEGMENTS = 20_000


def read_271(source: Source) -> Answer:
    """The answer in a file: the first 271, whole from ISA to IEA.

    Raises X12SyntaxError when it is no whole 271; a 999 or TA1 instead of an answer has the fault
    code ``set-other``, its kind in ``value``.
    """
    return _read(source, "271").answer()


def read_270(source: Source) -> Inquiry:
    """The question in a file: the first 270.

    Raises X12SyntaxError when there is none, or it lacks its subscriber or date of service.
    """
    return _read(source, "270").inquiry()


def _read(source: Source, kind: str) -> "_Reader":
    reader = _Reader(kind)
    last: Segment | None = None
    for block in blocks(source):
        for segment in _split(block):
            last = segment
            reader.take(segment, block)
            if segment.ordinal > MOST_SEGMENTS:
                raise _stop(
                    segment,
                    "too-long",
                    gettext_noop("An eligibility message this long is not one."),
                )
    if last is None or last.tag != "IEA":
        fault = Fault("iea-missing", gettext_noop("The message breaks off; it has no IEA."))
        raise X12SyntaxError(fault)
    if not reader.began:
        raise _stop(
            last,
            "set-missing",
            saying(gettext_noop("There is no %(kind)s in this message."), kind=kind),
        )
    return reader


def _split(block: Block) -> list[Segment]:
    mark = block.delimiters.element
    located = zip(block.segments, block.offsets(), strict=True)
    return [
        Segment(text.split(mark), ordinal, offset)
        for ordinal, (text, offset) in enumerate(located, block.first)
    ]


def _stop(segment: Segment, code: str, message: str, *, value: str = "") -> X12SyntaxError:
    fault = Fault(
        code,
        message,
        tag=segment.tag,
        ordinal=segment.ordinal,
        offset=segment.offset,
        value=value,
    )
    return X12SyntaxError(fault)


class _Reader:
    """Takes one segment after the other; knows whose loop it is in."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.began = 0  # ordinal of our ST
        self.control = ""
        self.ended = False
        self.level = ""
        self.patients = 0
        self.repetition = self.component = ""
        self.header: dict[str, str] = {"trace": "", "origin": "", "reference": ""}
        self.entities = {PAYER: Entity("PR"), PROVIDER: Entity("1P")}
        self.members: dict[str, Member] = {}
        self.member_periods: list[Period] = []
        self.rejections: list[Rejection] = []
        self.benefits: list[Benefit] = []
        self.in_benefit = self.in_related = False
        self.questions: list[str] = []
        self.faults: list[Fault] = []
        self.first = True

    def take(self, segment: Segment, block: Block) -> None:
        if self.ended:
            return
        if self.began:
            if segment.tag == "SE":
                self.end(segment)
            elif segment.tag in {"ST", "GE", "IEA", "ISA"}:
                raise _stop(
                    segment, "se-missing", gettext_noop("The message breaks off; it has no SE.")
                )
            elif handler := _HANDLERS.get(segment.tag):
                handler(self, segment)
        elif segment.tag in {"ST", "TA1"}:
            self.begin(segment, block)

    def begin(self, segment: Segment, block: Block) -> None:
        kind = segment[1] if segment.tag == "ST" else "TA1"
        if kind != self.kind:
            raise _stop(
                segment,
                "set-other",
                saying(
                    gettext_noop("This is a %(kind)s, not a %(kind_too)s."),
                    kind=kind,
                    kind_too=self.kind,
                ),
                value=kind,
            )
        self.began, self.control = segment.ordinal, segment[2]
        self.repetition = block.delimiters.repetition
        self.component = block.delimiters.component

    def end(self, segment: Segment) -> None:
        self.ended = True
        counted = segment.ordinal - self.began + 1
        if segment[1] != str(counted):
            self.odd(
                segment,
                "se-count",
                saying(
                    gettext_noop("SE counts %(value)s segments, not %(counted)s."),
                    value=segment[1],
                    counted=counted,
                ),
                1,
            )
        if segment[2] != self.control:
            self.odd(
                segment,
                "se-control",
                gettext_noop("The control number of SE is not that of its ST."),
                2,
            )

    def odd(self, segment: Segment, code: str, message: str, element: int) -> None:
        self.faults.append(
            Fault(
                code,
                message,
                Severity.WARNING,
                tag=segment.tag,
                ordinal=segment.ordinal,
                position=segment.ordinal - self.began + 1,
                element=element,
                offset=segment.offset,
                value=segment[element],
            )
        )

    # Headings and people

    def heading(self, segment: Segment) -> None:
        self.header["reference"] = segment[3]

    def descend(self, segment: Segment) -> None:
        self.level = LEVELS.get(segment[3], "")
        self.in_benefit = self.in_related = False
        if self.level == SUBSCRIBER and self.members:
            self.first = False  # a second subscriber: another patient's answer
        if self.level == DEPENDENT and DEPENDENT in self.members:
            self.first = False
        if self.level == DEPENDENT or (self.level == SUBSCRIBER and segment[4] != "1"):
            self.patients += 1
        if self.first and self.level in {SUBSCRIBER, DEPENDENT}:
            self.members[self.level] = Member()

    def name(self, segment: Segment) -> None:
        if self.in_benefit:
            if self.first:
                self.grow(entities=(entity(segment),))
        elif self.level in {PAYER, PROVIDER}:
            self.entities[self.level] = entity(segment)
        elif self.first and self.level:
            family, given, middle = (readable(segment[at]) for at in (3, 4, 5))
            self.member(family=family, given=given, middle=middle, suffix=segment[7],
                        member_id=segment[9] if segment[8] == "MI" else "")  # fmt: skip

    def member(self, **changed: Any) -> None:
        if self.first and self.level in self.members and not self.in_benefit:
            self.members[self.level] = replace(self.members[self.level], **changed)

    def birth(self, segment: Segment) -> None:
        self.member(birth_date=day(segment[2]), sex=segment[3])

    def street(self, segment: Segment) -> None:
        self.member(address=tuple(readable(line) for line in (segment[1], segment[2]) if line))

    def town(self, segment: Segment) -> None:
        self.member(city=readable(segment[1]), state=segment[2], zip_code=segment[3])

    def relate(self, segment: Segment) -> None:
        self.member(relation=segment[2])

    def trace(self, segment: Segment) -> None:
        # TRN01 2 is our own trace come back; 1 is the sender's, which a 270 carries.
        if self.first and not self.header["trace"]:
            self.header["trace"], self.header["origin"] = segment[2], segment[3]

    def refer(self, segment: Segment) -> None:
        found = Reference(segment[1], readable(segment[2]), readable(segment[3]))
        if self.in_benefit and not self.in_related:
            self.grow(references=(found,))
        elif self.level in self.members and not self.in_benefit:
            self.member(references=(*self.members[self.level].references, found))

    def contact(self, segment: Segment) -> None:
        if not (self.first and self.benefits and self.in_benefit):
            return
        last = self.benefits[-1]
        if last.entities:
            *before, open_one = last.entities
            numbers = tuple(segment[at] for at in (4, 6, 8) if segment[at])
            grown = replace(open_one, contacts=open_one.contacts + numbers)
            self.benefits[-1] = replace(last, entities=(*before, grown))

    # Refusals, benefits

    def reject(self, segment: Segment) -> None:
        if self.first:
            level = BENEFIT if self.in_benefit else self.level
            self.rejections.append(
                Rejection(level, segment[3], segment[4], segment.ordinal, segment.offset)
            )

    def ask(self, segment: Segment) -> None:
        self.questions += [code for code in self.repeated(segment[1]) if code]

    def benefit(self, segment: Segment) -> None:
        self.in_benefit, self.in_related = True, False
        if not self.first:
            return
        unread: list[str] = []
        self.benefits.append(
            Benefit(
                kind=segment[1],
                level=segment[2],
                service_types=tuple(code for code in self.repeated(segment[3]) if code),
                insurance_type=segment[4],
                plan=readable(segment[5]),
                period=segment[6],
                cents=money(segment[7], unread),
                basis_points=basis_points(segment[8], unread),
                quantity_qualifier=segment[9],
                quantity=segment[10],
                authorisation=segment[11],
                network=segment[12],
                procedure=segment[13],
                unread=tuple(unread),
                ordinal=segment.ordinal,
                offset=segment.offset,
            )
        )
        if unread:
            self.odd(
                segment,
                "benefit-unread",
                saying(gettext_noop("%(unread)s cannot be read."), unread=" and ".join(unread)),
                0,
            )

    def grow(self, **added: tuple[Any, ...]) -> None:
        """Hang something more on the open benefit."""
        if self.first and self.benefits:
            last = self.benefits[-1]
            self.benefits[-1] = replace(
                last, **{name: getattr(last, name) + more for name, more in added.items()}
            )

    def message(self, segment: Segment) -> None:
        if self.in_benefit:
            self.grow(messages=(readable(segment[1]),))

    def when(self, segment: Segment) -> None:
        found = period(segment)
        if found is None:
            self.odd(segment, "date-unread", gettext_noop("A date cannot be read."), 3)
        elif self.in_benefit:
            self.grow(periods=(found,))
        elif self.first:
            self.member_periods.append(found)

    def deliver(self, segment: Segment) -> None:
        if self.in_benefit:
            self.grow(deliveries=(Delivery(*(segment[at] for at in range(1, 9))),))

    def inform(self, segment: Segment) -> None:
        if not self.in_benefit:
            return
        if segment[1] == "ZZ":
            self.grow(places=(segment[2],))
        if segment[4]:
            self.grow(notes=(readable(segment[4]),))

    def open_related(self, _: Segment) -> None:
        self.in_related = True

    def close_related(self, _: Segment) -> None:
        self.in_related = False

    def repeated(self, value: str) -> list[str]:
        return value.split(self.repetition) if self.repetition else [value]

    # Results

    def answer(self) -> Answer:
        return Answer(
            payer=self.entities[PAYER],
            provider=self.entities[PROVIDER],
            subscriber=self.members.get(SUBSCRIBER),
            dependent=self.members.get(DEPENDENT),
            benefits=tuple(self.benefits),
            rejections=tuple(self.rejections),
            periods=tuple(self.member_periods),
            trace=self.header["trace"],
            origin=self.header["origin"],
            reference=self.header["reference"],
            patients=self.patients,
            faults=tuple(self.faults),
        )

    def inquiry(self) -> Inquiry:
        when = next((each for each in self.member_periods if each.qualifier == "291"), None)
        if SUBSCRIBER not in self.members or when is None:
            missing = (
                gettext_noop("subscriber")
                if SUBSCRIBER not in self.members
                else gettext_noop("date of service")
            )
            raise X12SyntaxError(
                Fault(
                    "inquiry-incomplete",
                    saying(gettext_noop("The question has no %(missing)s."), missing=missing),
                )
            )
        return Inquiry(
            payer=self.entities[PAYER],
            provider=self.entities[PROVIDER],
            subscriber=self.members[SUBSCRIBER],
            dependent=self.members.get(DEPENDENT),
            service_date=when.since,
            service_types=tuple(self.questions),
            trace=self.header["trace"],
            origin=self.header["origin"],
            reference=self.header["reference"],
        )


_HANDLERS: dict[str, Callable[[_Reader, Segment], None]] = {
    "BHT": _Reader.heading,
    "HL": _Reader.descend,
    "NM1": _Reader.name,
    "DMG": _Reader.birth,
    "N3": _Reader.street,
    "N4": _Reader.town,
    "INS": _Reader.relate,
    "TRN": _Reader.trace,
    "REF": _Reader.refer,
    "PER": _Reader.contact,
    "AAA": _Reader.reject,
    "EQ": _Reader.ask,
    "EB": _Reader.benefit,
    "MSG": _Reader.message,
    "DTP": _Reader.when,
    "HSD": _Reader.deliver,
    "III": _Reader.inform,
    "LS": _Reader.open_related,
    "LE": _Reader.close_related,
}
