"""One pass over an 835: each claim and each payment balanced, nothing kept but totals."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from almoner.edges.x12.amounts import Cents, NotAnAmount, decimal
from almoner.edges.x12.remittance.arithmetic import balanced, examine
from almoner.edges.x12.remittance.pieces import Piece, pieces
from almoner.edges.x12.syntax import Fault, Severity, Source, X12SyntaxError
from almoner.ground.words import gettext_noop, saying

GUIDE = "005010X221"
MOST_FAULTS = 1_000
"""Faults kept of one payment; of a file with more, the first thousand tell enough."""


class Step(NamedTuple):
    """One piece of the file, judged. ``tally`` is the payment it belongs to, if any."""

    piece: Piece
    tally: "Tally | None"
    faults: tuple[Fault, ...] = ()

    @property
    def refused(self) -> bool:
        return any(fault.severity is Severity.ERROR for fault in self.faults)


@dataclass(frozen=True, slots=True)
class SetReport:
    """One payment of a file: its totals in cents, and every fault found in it.

    ``amount`` is BPR02 (None when unreadable); ``paid`` the sum of CLP04 of the claims that could
    be read; ``provider_adjustments`` the sum of the PLB amounts. ``refused`` counts claims.
    """

    control: str
    ordinal: int
    offset: int
    amount: int | None
    paid: int
    provider_adjustments: int
    claims: int
    lines: int
    refused: int
    faults: tuple[Fault, ...]

    @property
    def balances(self) -> bool:
        """Whether the payment as a whole, and every claim in it, may be posted."""
        return not any(fault.severity is Severity.ERROR for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole file. ``faults`` are those of its envelope; each payment carries its own."""

    sets: tuple[SetReport, ...]
    faults: tuple[Fault, ...]

    @property
    def balances(self) -> bool:
        whole = not any(fault.severity is Severity.ERROR for fault in self.faults)
        return whole and bool(self.sets) and all(each.balances for each in self.sets)

    @property
    def claims(self) -> int:
        return sum(each.claims for each in self.sets)

    @property
    def lines(self) -> int:
        return sum(each.lines for each in self.sets)

    def every_fault(self) -> list[Fault]:
        """All faults in the order of the file."""
        found = [*self.faults, *(fault for each in self.sets for fault in each.faults)]
        return sorted(found, key=lambda fault: (fault.ordinal, fault.element))


@dataclass(slots=True)
class Tally:
    """The running totals of one payment (ST to SE)."""

    heading: Piece
    began: int
    control: str
    amount: int | None = None
    amount_at: int = 0
    paid: int = 0
    provider_adjustments: int = 0
    claims: int = 0
    lines: int = 0
    refused: int = 0
    segments: int = 0
    readable: bool = True
    faults: list[Fault] = field(default_factory=list)

    def note(self, found: list[Fault]) -> tuple[Fault, ...]:
        self.faults += found[: MOST_FAULTS - len(self.faults)]
        return tuple(found)

    def report(self) -> SetReport:
        return SetReport(
            control=self.control,
            ordinal=self.began,
            offset=self.heading.offset(),
            amount=self.amount,
            paid=self.paid,
            provider_adjustments=self.provider_adjustments,
            claims=self.claims,
            lines=self.lines,
            refused=self.refused,
            faults=tuple(self.faults),
        )


def balance(source: Source) -> Report:
    """Read a whole file and say whether it may be posted, claim by claim and as a whole.

    Never raises for what the bytes are: where they cannot be read on, the report says so.
    """
    sets: list[SetReport] = []
    envelope: list[Fault] = []
    tally = None
    try:
        for step in walk(source):
            if step.tally is None:
                envelope += step.faults[: MOST_FAULTS - len(envelope)]
            elif step.tally is not tally:
                if tally is not None:
                    sets.append(tally.report())
                tally = step.tally
    except X12SyntaxError as stop:
        envelope.append(stop.fault)
    if tally is not None:
        sets.append(tally.report())
    if not sets and not envelope:
        envelope.append(Fault("no-payment", gettext_noop("There is no 835 in this file.")))
    return Report(tuple(sets), tuple(envelope))


def walk(source: Source) -> Iterator[Step]:
    """Every piece of the file with its verdict. Raises X12SyntaxError where reading stops."""
    return _Walker().steps(source)


class _Walker:
    def __init__(self) -> None:
        self.cents = Cents()
        self.tally: Tally | None = None
        self.interchange: Piece | None = None
        self.group: Piece | None = None
        self.groups = self.sets = 0
        self.ours = False

    def steps(self, source: Source) -> Iterator[Step]:
        cents = self.cents
        for piece in pieces(source):
            tally = self.tally
            if tally is not None:
                tally.segments += len(piece.texts)
                if piece.tag == "CLP":
                    tally.claims += 1
                    if verdict := balanced(piece, cents):
                        tally.paid += verdict[0]
                        tally.lines += verdict[1]
                        yield Step(piece, tally)
                    else:
                        yield self.examined(piece, tally)
                    continue
            yield from self.other(piece)
        if self.interchange is not None:
            yield from self.abandoned()
            fault = self.interchange.fault(
                "iea-missing", gettext_noop("The interchange has no IEA.")
            )
            yield Step(self.interchange, None, (fault,))

    def examined(self, piece: Piece, tally: Tally) -> Step:
        found = examine(piece, self.cents, began=tally.began)
        tally.paid += found.paid or 0
        tally.lines += found.lines
        tally.refused += found.refused
        tally.readable = tally.readable and found.paid is not None
        return Step(piece, tally, tally.note(found.faults))

    def other(self, piece: Piece) -> Iterator[Step]:
        """Whatever is not a claim. All but what stands inside a payment ends an open one."""
        if self.tally and piece.tag in _INSIDE:
            yield _INSIDE[piece.tag](self, piece, self.tally)
        elif piece.tag in _OUTSIDE:
            yield from self.abandoned()
            yield _OUTSIDE[piece.tag](self, piece)
        elif self.ours:
            fault = piece.fault(
                "segment-outside", gettext_noop("This segment stands outside any payment.")
            )
            yield Step(piece, None, (fault,))

    def begin_interchange(self, piece: Piece) -> Step:
        self.interchange, self.groups = piece, 0
        return Step(piece, None, piece.block.delimiters.faults)

    def end_group(self, piece: Piece) -> Step:
        step = self.end(piece, self.group, self.sets, gettext_noop("transaction sets"), 6)
        self.group = None
        return step

    def end_interchange(self, piece: Piece) -> Step:
        step = self.end(piece, self.interchange, self.groups, gettext_noop("groups"), 13)
        self.interchange = None
        return step

    def header(self, piece: Piece, tally: Tally) -> Step:
        return Step(piece, tally)

    def begin_group(self, piece: Piece) -> Step:
        self.group, self.sets = piece, 0
        self.groups += 1
        elements = piece.elements()
        guide = elements[8] if len(elements) > 8 else ""
        self.ours = guide.startswith(GUIDE)
        if self.ours:
            return Step(piece, None)
        said = saying(
            gettext_noop("This group is written by guide %(guide)s, not %(guide_too)sA1."),
            guide=guide or "unknown",
            guide_too=GUIDE,
        )
        return Step(piece, None, (piece.fault("guide-other", said, element=8, value=guide),))

    def begin_set(self, piece: Piece) -> Step:
        self.sets += 1
        elements = piece.elements()
        kind = elements[1] if len(elements) > 1 else ""
        if not self.ours:
            return Step(piece, None)
        if kind != "835":
            other = (
                saying(gettext_noop("This is a %(kind)s, not an 835."), kind=kind)
                if kind
                else gettext_noop("This is a nameless set, not an 835.")
            )
            fault = piece.fault("set-other", other, element=1)
            return Step(piece, None, (fault,))
        control = elements[2] if len(elements) > 2 else ""
        tally = Tally(piece, began=piece.ordinal, control=control, segments=len(piece.texts))
        self.tally = tally
        return Step(piece, tally, tally.note(self.heading(piece, tally)))

    def heading(self, piece: Piece, tally: Tally) -> list[Fault]:
        """The payment's amount. BPR02 is never negative: a payer carries a debt forward by PLB."""
        at = next((at for at, text in enumerate(piece.texts) if text[:3] == "BPR"), None)
        if at is None:
            fault = piece.fault(
                "bpr-missing", gettext_noop("The payment has no BPR segment."), began=tally.began
            )
            return [fault]
        tally.amount_at = at
        elements = piece.elements(at)
        text = elements[2] if len(elements) > 2 else ""
        try:
            tally.amount = self.cents[text]
        except NotAnAmount:
            said = (
                saying(gettext_noop("“%(value)s” is not an amount of money."), value=text[:20])
                if text
                else gettext_noop("An amount is missing.")
            )
            return [piece.fault("amount-unreadable", said, at=at, element=2, began=tally.began)]
        if tally.amount < 0:
            said = saying(gettext_noop("A payment of %(text)s is less than nothing."), text=text)
            return [piece.fault("payment-negative", said, at=at, element=2, began=tally.began)]
        return []

    def provider(self, piece: Piece, tally: Tally) -> Step:
        elements = piece.elements()
        found: list[Fault] = []
        for reason in range(3, max(len(elements), 5), 2):
            pair = elements[reason : reason + 2]
            if not any(pair):
                continue
            try:
                tally.provider_adjustments += self.cents[pair[1] if len(pair) > 1 else ""]
            except NotAnAmount:
                tally.readable = False
                said = gettext_noop("The amount of a provider adjustment cannot be read.")
                found.append(piece.fault("amount-unreadable", said, element=reason + 1,
                                         began=tally.began))  # fmt: skip
        return Step(piece, tally, tally.note(found))

    def end_set(self, piece: Piece, tally: Tally) -> Step:
        self.tally = None
        elements = piece.elements()
        found = []
        if elements[1:2] != [str(tally.segments - len(piece.texts) + 1)]:
            counted = tally.segments - len(piece.texts) + 1
            said = saying(
                gettext_noop("SE counts %(fact)s segments, not %(counted)s."),
                fact=elements[1] if len(elements) > 1 else "no",
                counted=counted,
            )
            found.append(piece.fault("se-count", said, element=1, began=tally.began))
        if elements[2:3] != [tally.control]:
            said = gettext_noop("The control number of SE is not that of its ST.")
            found.append(piece.fault("se-control", said, element=2, began=tally.began))
        if len(piece.texts) > 1:
            said = gettext_noop("This segment stands outside any payment.")
            found.append(piece.fault("segment-outside", said, at=1, began=tally.began))
        found += self.whole(tally)
        return Step(piece, tally, tally.note(found))

    def whole(self, tally: Tally) -> list[Fault]:
        """Sum(CLP04) - sum(PLB) = BPR02, where all of it could be read."""
        if tally.amount is None or not tally.readable:
            return []
        left = tally.paid - tally.provider_adjustments
        if left == tally.amount:
            return []
        said = saying(
            gettext_noop(
                "The claims pay %(paid)s and provider adjustments take "
                "%(provider_adjustments)s, which leaves %(left)s; the payment is "
                "%(amount)s."
            ),
            paid=decimal(tally.paid),
            provider_adjustments=decimal(tally.provider_adjustments),
            left=decimal(left),
            amount=decimal(tally.amount),
        )
        heading = tally.heading
        return [heading.fault("payment-unbalanced", said, at=tally.amount_at, element=2,
                              began=tally.began)]  # fmt: skip

    def end(self, piece: Piece, start: Piece | None, count: int, what: str, control: int) -> Step:
        if start is None:
            fault = piece.fault(
                "segment-outside", saying(gettext_noop("%(tag)s closes nothing."), tag=piece.tag)
            )
            return Step(piece, None, (fault,))
        elements, opened = piece.elements(), start.elements()
        found = []
        if len(elements) < 2 or not _same_number(elements[1], str(count)):
            said = saying(
                gettext_noop("%(tag)s does not count the %(count)s %(what)s that are there."),
                tag=piece.tag,
                count=count,
                what=what,
            )
            found.append(piece.fault(f"{piece.tag.lower()}-count", said, element=1))
        if elements[2:3] != opened[control : control + 1]:
            said = saying(
                gettext_noop("The control number of %(tag)s is not that of its %(tag_too)s."),
                tag=piece.tag,
                tag_too=start.tag,
            )
            found.append(piece.fault(f"{piece.tag.lower()}-control", said, element=2))
        return Step(piece, None, tuple(found))

    def abandoned(self) -> Iterator[Step]:
        """A payment that ended without its SE: the file was cut off, or spliced."""
        if self.tally is None:
            return
        tally, self.tally = self.tally, None
        said = gettext_noop("The payment breaks off; it has no SE.")
        fault = tally.heading.fault("se-missing", said, began=tally.began)
        yield Step(tally.heading, tally, tally.note([fault]))


_INSIDE = {"LX": _Walker.header, "PLB": _Walker.provider, "SE": _Walker.end_set}
_OUTSIDE = {
    "ISA": _Walker.begin_interchange,
    "GS": _Walker.begin_group,
    "ST": _Walker.begin_set,
    "GE": _Walker.end_group,
    "IEA": _Walker.end_interchange,
}


def _same_number(text: str, expected: str) -> bool:
    return text.isascii() and text.isdecimal() and text.lstrip("0") == expected.lstrip("0")
