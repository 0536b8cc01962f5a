"""From the bytes of an 837P to claims, one at a time.

The guide's own structure says in which loop each segment stands; this reader only takes values
out. It does not judge: ``check`` does.
"""

from collections.abc import Iterator

from almoner.edges.x12.amounts import NotAnAmount, cents
from almoner.edges.x12.amounts import day as calendar_date
from almoner.edges.x12.claim.loops import Loop
from almoner.edges.x12.claim.values import (
    Address,
    Adjustment,
    Claim,
    Judgement,
    Line,
    Name,
    Patient,
    Payer,
    PriorPayer,
    Provider,
    Subscriber,
)
from almoner.edges.x12.claim.write import GUIDE
from almoner.edges.x12.guides import guide_of, structure_of
from almoner.edges.x12.structure import Structure
from almoner.edges.x12.syntax import (
    Delimiters,
    Fault,
    Segment,
    Source,
    blocks,
)

_LEVELS = {
    "20": ("billing", "2000A"),
    "22": ("subscriber", "2000B"),
    "23": ("patient", "2000C"),
}
_ENDS_CLAIM = frozenset({"HL", "CLM", "SE"})


def read_837p(source: Source) -> Iterator[Claim]:
    """The claims of every professional transaction set, in order; other sets are passed over.

    Raises X12SyntaxError where bytes cannot be read or a claim lacks what makes it one; then the
    claims before it have been given.
    """
    reader: _SetReader | None = None
    for block in blocks(source):
        separator = block.delimiters.element
        located = zip(block.segments, block.offsets(), strict=True)
        for ordinal, (text, offset) in enumerate(located, block.first):
            segment = Segment(text.split(separator), ordinal, offset)
            if segment.tag == "ST":
                wanted = segment[1] == "837" and segment[3] in ("", GUIDE)
                reader = _SetReader(block.delimiters) if wanted else None
            elif reader:
                yield from reader.take(segment)


class _SetReader:
    def __init__(self, delimiters: Delimiters) -> None:
        guide = guide_of("837", GUIDE)
        self._structure = Structure(structure_of(guide), delimiters, _unheard)
        self._component = delimiters.component
        self._levels: dict[str, Loop] = {}
        self._claim: Loop | None = None
        self._open: Loop | None = None
        self._path: list[tuple[str, Loop]] = []

    def take(self, segment: Segment) -> Iterator[Claim]:
        if segment.tag in _ENDS_CLAIM and self._claim:
            yield self._built(self._claim)
            self._claim = None
        if segment.tag == "SE":
            return
        name = self._structure.take(segment, 0)
        if name is None:
            return
        if segment.tag == "HL":
            self._begin_level(segment)
        elif segment.tag == "CLM":
            self._claim = Loop(segment, self._component)
            self._path = [(name, self._claim)]
        elif self._path:
            self._descend(name, segment)
        if self._path:
            self._path[-1][1].add(segment)

    def _begin_level(self, segment: Segment) -> None:
        level = Loop(segment, self._component)
        kind, name = _LEVELS.get(segment[3], ("", ""))
        self._levels[kind] = level
        if kind == "subscriber":
            self._levels.pop("patient", None)
        self._path = [(name, level)]

    def _descend(self, name: str, segment: Segment) -> None:
        """Go to the loop ``name``: one already open, or a new one below the nearest parent."""
        opens = segment.tag in _OPENERS.get(name, ("NM1",))
        while len(self._path) > 1 and not self._is_within(name, opens=opens):
            self._path.pop()
        if self._path[-1][0] != name:
            child = Loop(segment, self._component)
            self._path[-1][1].loops.setdefault(name, []).append(child)
            self._path.append((name, child))

    def _is_within(self, name: str, *, opens: bool) -> bool:
        current = self._path[-1][0]
        if current == name:
            return not opens
        return _PARENT.get(name) == current

    def _built(self, claim: Loop) -> Claim:
        levels = self._levels
        if "billing" not in levels or "subscriber" not in levels:
            raise claim.lacks("a billing provider or subscriber")
        return _claim(claim, levels["billing"], levels["subscriber"], levels.get("patient"))


_OPENERS = {"2320": ("SBR",), "2400": ("LX",), "2430": ("SVD",), "2410": ("LIN",), "2440": ("LQ",)}
_PARENT = {"2010AA": "2000A", "2010AB": "2000A", "2010AC": "2000A", "2010BA": "2000B"}
_PARENT |= {"2010BB": "2000B", "2010CA": "2000C", "2320": "2300", "2400": "2300"}
_PARENT |= {f"2310{letter}": "2300" for letter in "ABCDEF"}
_PARENT |= {f"2330{letter}": "2320" for letter in "ABCDEFG"}
_PARENT |= {f"2420{letter}": "2400" for letter in "ABCDEFGH"}
_PARENT |= {"2410": "2400", "2430": "2400", "2440": "2400"}


def _unheard(fault: Fault) -> None:
    """A reader does not judge; ``check`` says what is wrong."""
    del fault


def _claim(claim: Loop, billing: Loop, subscriber: Loop, patient: Loop | None) -> Claim:
    place = [*claim.parts("CLM", 5), "", "", ""]
    cause = [*claim.parts("CLM", 11), "", "", "", ""]
    provider = billing.need_inner("2010AA")
    pay_to = billing.inner("2010AB")
    casualty = patient.inner("2010CA") if patient else subscriber.inner("2010BA")
    return Claim(
        number=claim.need("CLM", 1),
        billing=_provider(provider, billing.text("PRV", 3)),
        pay_to=_address(pay_to) if pay_to else None,
        subscriber=_subscriber(subscriber, casualty),
        payer=_payer(subscriber.need_inner("2010BB")),
        patient=_patient(patient) if patient else None,
        diagnoses=_diagnoses(claim),
        lines=tuple(_line(line) for line in claim.loops.get("2400", ())),
        place=place[0],
        frequency=place[2],
        payer_claim_number=claim.text("REF", 2, "F8"),
        authorization=claim.text("REF", 2, "G1"),
        trace=claim.text("REF", 2, "D9"),
        patient_paid=claim.amount("AMT", 2, "F5"),
        accepts_assignment=claim.text("CLM", 7) == "A",
        cause=cause[0],
        accident_on=claim.day("DTP", 3, "439"),
        accident_state=cause[3],
        note=claim.text("NTE", 2, "ADD"),
        rendering=_optional_provider(claim.inner("2310B")),
        referring=_optional_provider(claim.inner("2310A")),
        facility=_optional_provider(claim.inner("2310C")),
        prior_payers=tuple(_prior_payer(prior) for prior in claim.loops.get("2320", ())),
    )


def _diagnoses(claim: Loop) -> tuple[str, ...]:
    found = []
    for segment in claim.all("HI"):
        for value in segment.elements[1:]:
            kind, _, code = value.partition(claim.component)
            if kind in ("ABK", "ABF", "BK", "BF"):
                found.append(code.split(claim.component)[0])
    return tuple(found)


def _subscriber(level: Loop, casualty: Loop | None) -> Subscriber:
    person = level.need_inner("2010BA")
    return Subscriber(
        name=_name(person),
        member_id=person.text("NM1", 9),
        rank=level.text("SBR", 1),
        filing=level.text("SBR", 9),
        group_number=level.text("SBR", 3),
        group_name=level.text("SBR", 4),
        secondary_reason=level.text("SBR", 5),
        born_on=person.day("DMG", 2),
        sex=person.text("DMG", 3),
        address=_address(person),
        casualty_number=casualty.text("REF", 2, "Y4") if casualty else "",
    )


def _patient(level: Loop) -> Patient:
    person = level.need_inner("2010CA")
    address = _address(person)
    if address is None:
        raise person.lacks("an address")
    return Patient(
        name=_name(person),
        born_on=person.need_day("DMG", 2),
        sex=person.text("DMG", 3),
        address=address,
        relation=level.text("PAT", 1),
    )


def _name(loop: Loop) -> Name:
    return Name(
        last=loop.text("NM1", 3),
        first=loop.text("NM1", 4),
        middle=loop.text("NM1", 5),
        suffix=loop.text("NM1", 7),
        is_person=loop.text("NM1", 2) == "1",
    )


def _optional_provider(loop: Loop | None) -> Provider | None:
    return _provider(loop, loop.text("PRV", 3)) if loop else None


def _provider(loop: Loop, taxonomy: str) -> Provider:
    return Provider(
        name=_name(loop),
        npi=loop.text("NM1", 9) if loop.text("NM1", 8) == "XX" else "",
        taxonomy=taxonomy,
        tax_id=loop.text("REF", 2, "EI") or loop.text("REF", 2, "SY"),
        address=_address(loop),
    )


def _payer(loop: Loop) -> Payer:
    return Payer(loop.text("NM1", 3), loop.text("NM1", 9), _address(loop))


def _address(loop: Loop) -> Address | None:
    if not loop.all("N4"):
        return None
    return Address(
        line=loop.text("N3", 1),
        line_2=loop.text("N3", 2),
        city=loop.text("N4", 1),
        state=loop.text("N4", 2),
        zip_code=loop.text("N4", 3),
    )


def _prior_payer(loop: Loop) -> PriorPayer:
    payer, person = loop.need_inner("2330B"), loop.need_inner("2330A")
    return PriorPayer(
        rank=loop.text("SBR", 1),
        relation=loop.text("SBR", 2),
        group_number=loop.text("SBR", 3),
        filing=loop.text("SBR", 9),
        payer=_payer(payer),
        subscriber=_name(person),
        member_id=person.text("NM1", 9),
        paid=loop.amount("AMT", 2, "D"),
        liability_left=loop.amount("AMT", 2, "EAF"),
        adjustments=_adjustments(loop),
        claim_number=payer.text("REF", 2, "F8"),
        decided_on=payer.day("DTP", 3, "573"),
    )


def _line(loop: Loop) -> Line:
    service = loop.parts("SV1", 1)
    if len(service) < 2:
        raise loop.lacks("a procedure in SV1 element 1")
    days = loop.need("DTP", 3, "472").split("-")
    first, last = calendar_date(days[0]), calendar_date(days[-1])
    if first is None:
        raise loop.lacks("a day of service")
    return Line(
        procedure=service[1],
        modifiers=tuple(service[2:6]),
        charge=loop.need_amount("SV1", 2),
        units=_units(loop.text("SV1", 4)),
        place=loop.text("SV1", 5),
        pointers=tuple(int(one) for one in loop.parts("SV1", 7) if one.isdecimal()),
        served_from=first,
        served_to=last if last != first else None,
        control=loop.text("REF", 2, "6R"),
        judgements=tuple(_judgement(inner) for inner in loop.loops.get("2430", ())),
    )


def _judgement(loop: Loop) -> Judgement:
    service = [*loop.parts("SVD", 3), "", ""]
    return Judgement(
        payer_identifier=loop.text("SVD", 1),
        paid=loop.need_amount("SVD", 2),
        decided_on=loop.need_day("DTP", 3, "573"),
        adjustments=_adjustments(loop),
        procedure=service[1],
        modifiers=tuple(one for one in service[2:6] if one),
        units=_units(loop.text("SVD", 5)),
    )


def _adjustments(loop: Loop) -> tuple[Adjustment, ...]:
    found = []
    for segment in loop.all("CAS"):
        for at in range(2, len(segment), 3):
            try:
                found.append(Adjustment(segment[1], segment[at], cents(segment[at + 1])))
            except NotAnAmount:
                msg = f"an amount in CAS element {at + 1}"
                raise loop.lacks(msg) from None
    return tuple(found)


def _units(text: str) -> int:
    whole = text.split(".", maxsplit=1)[0]
    return int(whole) if whole.isdecimal() and len(whole) < 10 else 0
