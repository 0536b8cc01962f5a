"""Coordination of benefits in a professional claim: what earlier payers paid must add up.

Per earlier payer and line: charge = paid (SVD02) + adjustments (CAS in 2430). Per earlier payer:
paid (AMT*D) = what its lines say it paid, or the claim's charge when it judged no lines, less the
claim-level adjustments (CAS in 2320). Payers have different places in the order (SBR01).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from almoner.edges.x12.amounts import perhaps_cents
from almoner.edges.x12.syntax import Segment
from almoner.ground.words import gettext_noop, saying

Place = tuple[Segment, int, str]


@dataclass(slots=True)
class _Payer:
    place: Place
    name: str = ""
    paid: int | None = None
    paid_at: Place | None = None
    adjusted: int = 0
    lines_paid: int = 0
    judged_lines: bool = False
    liability: bool = False


@dataclass(slots=True)
class _Judgement:
    """One payer's answer to one line (2430)."""

    place: Place
    paid: int
    payer: _Payer | None
    bundled: bool
    adjusted: int = 0


@dataclass(slots=True)
class _Line:
    charge: int | None = None
    judgements: list[_Judgement] = field(default_factory=list)


class Coordination:
    def __init__(
        self,
        charge: int | None,
        subscriber: tuple[Segment, int] | None,
        fault: Callable[..., None],
    ) -> None:
        self._charge = charge
        self._fault = fault
        self._payers: list[_Payer] = []
        self._line = _Line()
        self._ranks = {subscriber[0][1]} if subscriber else set()

    def other_payer(self, segment: Segment, position: int, loop: str) -> None:
        place = (segment, position, loop)
        self._payers.append(_Payer(place))
        rank = segment[1]
        if rank in self._ranks and rank != "U":
            message = gettext_noop(
                "Two payers of this claim claim the same place in the order of payment."
            )
            self._fault("payer-order-repeated", message, place, element=1)
        self._ranks.add(rank)

    def name_payer(self, segment: Segment) -> None:
        if self._payers:
            self._payers[-1].name = segment[9]

    def begin_line(self, charge: int | None) -> None:
        self._line = _Line(charge)

    def see(self, segment: Segment, position: int, loop: str) -> None:
        place = (segment, position, loop)
        if loop == "2320" and self._payers:
            self._at_claim(place, self._payers[-1])
        elif loop == "2430":
            self._at_line(place)

    def end_line(self) -> None:
        line, self._line = self._line, _Line()
        for judgement in line.judgements:
            if line.charge is None or judgement.bundled:
                continue
            difference = line.charge - judgement.paid - judgement.adjusted
            if difference:
                message = saying(
                    gettext_noop(
                        "The line's charge, less what the earlier payer paid and adjusted, "
                        "leaves %(difference)s cents."
                    ),
                    difference=difference,
                )
                self._fault("line-unbalanced", message, judgement.place, element=2)

    def finish(self) -> None:
        self.end_line()
        for payer in self._payers:
            self._check_payer(payer)

    def _at_claim(self, place: Place, payer: _Payer) -> None:
        segment = place[0]
        if segment.tag == "CAS":
            payer.adjusted += _adjustments(segment)
        elif segment.tag == "AMT" and segment[1] == "D":
            payer.paid, payer.paid_at = perhaps_cents(segment[2]), place
            if payer.paid is not None and payer.paid < 0:
                message = gettext_noop("What an earlier payer paid cannot be negative.")
                self._fault("amount-negative", message, place, element=2)
        elif segment.tag == "AMT" and segment[1] == "EAF":
            payer.liability = True

    def _at_line(self, place: Place) -> None:
        segment = place[0]
        judgements = self._line.judgements
        if segment.tag == "SVD":
            self._judge(place)
        elif judgements and segment.tag == "CAS":
            judgements[-1].adjusted += _adjustments(segment)
        elif judgements and segment[1] == "EAF":
            payer = judgements[-1].payer
            if payer and payer.liability:
                message = gettext_noop(
                    "What the patient still owes is given for the claim and for its lines."
                )
                self._fault("liability-repeated", message, place, element=1)

    def _judge(self, place: Place) -> None:
        segment = place[0]
        paid = perhaps_cents(segment[2]) or 0
        payer = next((one for one in self._payers if one.name == segment[1]), None)
        if payer is None:
            message = gettext_noop(
                "The payer of this line is none of the claim's other payers (2330B)."
            )
            self._fault("payer-unknown", message, place, element=1)
        else:
            payer.judged_lines = True
            payer.lines_paid += paid
        if paid < 0:
            message = gettext_noop("What an earlier payer paid cannot be negative.")
            self._fault("amount-negative", message, place, element=2)
        self._line.judgements.append(_Judgement(place, paid, payer, bool(segment[6])))

    def _check_payer(self, payer: _Payer) -> None:
        base = payer.lines_paid if payer.judged_lines else self._charge
        if payer.paid is None or payer.paid_at is None or base is None:
            return
        if not payer.judged_lines and not payer.adjusted:
            return  # an amount alone says what was paid, not why the rest was not
        difference = base - payer.adjusted - payer.paid
        if difference:
            message = saying(
                gettext_noop(
                    "What the earlier payer paid does not agree with its lines and "
                    "adjustments; %(difference)s cents are left."
                ),
                difference=difference,
            )
            self._fault("payer-unbalanced", message, payer.paid_at, element=2)


def _adjustments(segment: Segment) -> int:
    """The sum of the amounts of a CAS, in cents; they stand at elements 3, 6, and so on to 18."""
    return sum(perhaps_cents(segment[at]) or 0 for at in range(3, 19, 3))
