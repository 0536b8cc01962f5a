"""From pieces to values: payments and claims, one at a time."""

from collections.abc import Callable, Iterator
from datetime import date

from almoner.edges.x12.amounts import Cents, NotAnAmount, cents, day
from almoner.edges.x12.remittance.pieces import Piece
from almoner.edges.x12.remittance.scan import Step, Tally, walk
from almoner.edges.x12.remittance.values import (
    Adjustment,
    Claim,
    Closed,
    Line,
    Party,
    Payment,
    Person,
    Procedure,
    ProviderAdjustment,
    Reference,
    Refused,
)
from almoner.edges.x12.syntax import Severity, Source, X12SyntaxError, readable

Read = Payment | Claim | Refused | Closed


def read_835(source: Source) -> Iterator[Read]:
    """A file's payments in order: a Payment, its claims as they balance, then its Closed.

    A claim that does not balance comes as Refused, in its place among the others; whether the
    payment as a whole balances is known only at its Closed, so ask `balance` before posting.
    Raises X12SyntaxError at the first fault of the envelope, and where reading cannot go on.
    """
    names = _Names()
    taken: list[ProviderAdjustment] = []
    for step in walk(source):
        if step.tally is None:
            names.note(step)
        elif step.piece.tag == "CLP":
            yield _refused(step) if step.refused else _Builder(step.piece).claim()
        elif step.piece.tag == "PLB":
            taken += _provider_adjustments(step.piece)
        elif step.piece.tag == "SE" or _broken_off(step):
            yield _closed(step.tally, taken)
        elif step.piece.tag == "ST":
            taken = []
            yield _payment(step.piece, step.tally, names)


def _broken_off(step: Step) -> bool:
    return any(fault.code == "se-missing" for fault in step.faults)


class _Names:
    """Who sent what to whom: the numbers by which a payment sent again is known."""

    def __init__(self) -> None:
        self.sender = self.receiver = self.interchange = self.group = ""

    def note(self, step: Step) -> None:
        """Remember the numbers; raises X12SyntaxError when the envelope is at fault."""
        for fault in step.faults:
            if fault.severity is Severity.ERROR:
                raise X12SyntaxError(fault)
        elements = step.piece.elements()
        if step.piece.tag == "ISA":
            self.sender, self.receiver = elements[6].strip(), elements[8].strip()
            self.interchange = elements[13]
        elif step.piece.tag == "GS":
            self.group = _at(elements, 6)


def _at(elements: list[str], index: int) -> str:
    return elements[index] if index < len(elements) else ""


def _closed(tally: Tally, taken: list[ProviderAdjustment]) -> Closed:
    whole = tuple(fault for fault in tally.faults if fault.tag not in {"CLP", "SVC", "CAS"})
    return Closed(tuple(taken), tally.claims, tally.paid, whole)


def _refused(step: Step) -> Refused:
    piece = step.piece
    elements = piece.elements()
    try:
        paid = cents(_at(elements, 4))
    except NotAnAmount:
        paid = None
    said = _legible(piece) if paid is not None else None
    return Refused(_at(elements, 1), paid, step.faults, piece.ordinal, piece.offset(), said)


def _legible(piece: Piece) -> Claim | None:
    """A claim at fault as far as it can be read whole: it may be its sums alone that are wrong."""
    try:
        return _Builder(piece).claim()
    except (NotAnAmount, IndexError, ValueError):
        return None


def _provider_adjustments(piece: Piece) -> Iterator[ProviderAdjustment]:
    elements = piece.elements()
    separator = piece.block.delimiters.component
    for at in range(3, len(elements) - 1, 2):
        reason, _, reference = elements[at].partition(separator)
        try:
            amount = cents(elements[at + 1])
        except NotAnAmount:
            continue  # the walk has reported it, and the payment is refused
        yield ProviderAdjustment(
            provider=_at(elements, 1),
            fiscal_date=day(_at(elements, 2)),
            reason=reason,
            cents=amount,
            reference=reference,
        )


def _payment(piece: Piece, tally: Tally, names: _Names) -> Payment:
    bpr: list[str] = []
    trace: list[str] = []
    produced_on = None
    for text in piece.texts:
        elements = text.split(piece.separator)
        if elements[0] == "BPR":
            bpr = elements
        elif elements[0] == "TRN" and not trace:
            trace = elements
        elif elements[0] == "DTM" and _at(elements, 1) == "405":
            produced_on = day(_at(elements, 2))
    return Payment(
        cents=tally.amount or 0,
        method=_at(bpr, 4),
        handling=_at(bpr, 1),
        paid_on=day(_at(bpr, 16)),
        trace=_at(trace, 2),
        origin=_at(trace, 3),
        produced_on=produced_on,
        payer=_party(piece, "PR"),
        payee=_party(piece, "PE"),
        sender=names.sender,
        receiver=names.receiver,
        interchange=names.interchange,
        group=names.group,
        set=tally.control,
        offset=piece.offset(),
    )


def _party(piece: Piece, role: str) -> Party:
    """The N1 loop of this role: its N1 and what follows up to the next N1."""
    loops: list[list[list[str]]] = []
    for text in piece.texts:
        elements = text.split(piece.separator)
        if elements[0] == "N1":
            loops.append([])
        if loops:
            loops[-1].append(elements)
    loop = next((loop for loop in loops if _at(loop[0], 1) == role), [])
    first = {elements[0]: elements for elements in reversed(loop)}
    n1, n3, n4 = first.get("N1", []), first.get("N3", []), first.get("N4", [])
    return Party(
        name=readable(_at(n1, 2)),
        id_qualifier=_at(n1, 3),
        id=_at(n1, 4),
        address=tuple(readable(line) for line in n3[1:] if line),
        city=readable(_at(n4, 1)),
        state=_at(n4, 2),
        zip_code=_at(n4, 3),
        references=tuple(
            Reference(_at(each, 1), _at(each, 2)) for each in loop if each[0] == "REF"
        ),
    )


class _Part:
    """What claims and lines have in common while they are being read."""

    def __init__(self, elements: list[str], at: int) -> None:
        self.elements = elements
        self.at = at
        self.adjustments: list[Adjustment] = []
        self.references: list[Reference] = []
        self.remarks: list[str] = []
        self.dates: dict[str, date | None] = {}
        self.amounts: dict[str, str] = {}


_AMOUNTS = Cents()


class _Builder:
    """Builds one claim that is known to balance."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.people: list[Person] = []
        self.parts: list[_Part] = []

    def claim(self) -> Claim:
        separator = self.piece.separator
        for at, text in enumerate(self.piece.texts):
            elements = text.split(separator)
            tag = elements[0]
            if tag in {"CLP", "SVC"}:
                self.parts.append(_Part(elements, at))
            elif handler := _HANDLERS.get(tag):
                handler(self, self.parts[-1], elements)
        return self.assembled()

    def assembled(self) -> Claim:
        own, *lines = self.parts
        elements, dates = own.elements, own.dates
        return Claim(
            account=elements[1],
            status=elements[2],
            charged=_AMOUNTS[elements[3]],
            paid=_AMOUNTS[elements[4]],
            patient_share=_AMOUNTS[_at(elements, 5) or "0"],
            filing=_at(elements, 6),
            payer_claim_number=_at(elements, 7),
            place_of_service=_at(elements, 8),
            frequency=_at(elements, 9),
            adjustments=tuple(own.adjustments),
            lines=tuple(map(self.line, lines)),
            people=tuple(self.people),
            references=tuple(own.references),
            remarks=tuple(own.remarks),
            received=dates.get("050"),
            statement_from=dates.get("232"),
            statement_until=dates.get("233") or dates.get("232"),
            coverage_expired=dates.get("036"),
            allowed=_allowed(own, "AU"),
            ordinal=self.piece.ordinal,
            offset=self.piece.offset(),
        )

    def line(self, part: _Part) -> Line:
        elements, dates = part.elements, part.dates
        from_day = dates.get("472") or dates.get("150")
        return Line(
            procedure=self.procedure(elements[1]) or Procedure("", ""),
            charged=_AMOUNTS[elements[2]],
            paid=_AMOUNTS[elements[3]],
            adjustments=tuple(part.adjustments),
            revenue_code=_at(elements, 4),
            units=_at(elements, 5),
            submitted=self.procedure(_at(elements, 6)),
            submitted_units=_at(elements, 7),
            service_from=from_day,
            service_until=dates.get("151") or from_day,
            control=next((each.value for each in part.references if each.qualifier == "6R"), ""),
            references=tuple(part.references),
            remarks=tuple(part.remarks),
            allowed=_allowed(part, "B6"),
            ordinal=self.piece.ordinal + part.at,
            offset=self.piece.offset(part.at),
        )

    def procedure(self, composite: str) -> Procedure | None:
        if not composite:
            return None
        qualifier, _, rest = composite.partition(self.piece.block.delimiters.component)
        code, *others = rest.split(self.piece.block.delimiters.component)
        return Procedure(qualifier, code, tuple(mark for mark in others[:4] if mark))

    def adjust(self, part: _Part, elements: list[str]) -> None:
        for at in range(2, len(elements) - 1, 3):
            if elements[at]:
                amount = _AMOUNTS[elements[at + 1]]
                part.adjustments.append(
                    Adjustment(elements[1], elements[at], amount, _at(elements, at + 2))
                )

    def person(self, _: _Part, elements: list[str]) -> None:
        kind, family, given, middle = (readable(_at(elements, at)) for at in range(2, 6))
        self.people.append(
            Person(
                role=_at(elements, 1),
                family=family,
                given=given,
                middle=middle,
                suffix=_at(elements, 7),
                id_qualifier=_at(elements, 8),
                id=_at(elements, 9).strip(),
                kind=kind,
            )
        )

    def refer(self, part: _Part, elements: list[str]) -> None:
        part.references.append(Reference(_at(elements, 1), readable(_at(elements, 2))))

    def mark_day(self, part: _Part, elements: list[str]) -> None:
        part.dates[_at(elements, 1)] = day(_at(elements, 2))

    def inform(self, part: _Part, elements: list[str]) -> None:
        part.amounts[_at(elements, 1)] = _at(elements, 2)

    def remark(self, part: _Part, elements: list[str]) -> None:
        if _at(elements, 1) == "HE" and _at(elements, 2):
            part.remarks.append(elements[2])

    def inpatient(self, part: _Part, elements: list[str]) -> None:
        found = [_at(elements, at) for at in (5, 20, 21, 22, 23)]
        part.remarks += [code for code in found if code]

    def outpatient(self, part: _Part, elements: list[str]) -> None:
        part.remarks += [code for code in elements[3:8] if code]


def _allowed(part: _Part, qualifier: str) -> int | None:
    try:
        return cents(part.amounts.get(qualifier, ""))
    except NotAnAmount:
        return None


_HANDLERS: dict[str, Callable[[_Builder, _Part, list[str]], None]] = {
    "CAS": _Builder.adjust,
    "NM1": _Builder.person,
    "REF": _Builder.refer,
    "DTM": _Builder.mark_day,
    "AMT": _Builder.inform,
    "LQ": _Builder.remark,
    "MIA": _Builder.inpatient,
    "MOA": _Builder.outpatient,
}
