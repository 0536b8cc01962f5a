"""From a claim of an 837P to a claim of an 835, by the plan's rules.

Order: duplicate, what the member id asks for, filing limit, then line by line the contract,
deductible, co-pay and co-insurance; behind another payer, over what that one left. Every result
balances by construction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from almoner.demo.payer.behind import SENDS_ON, coordinated, left_on
from almoner.demo.payer.members import Members
from almoner.demo.payer.plans import BY_ID, PayerPlan, suffix
from almoner.edges.x12.claim import Claim as Billed
from almoner.edges.x12.claim import Line as BilledLine
from almoner.edges.x12.remittance import (
    Adjustment,
    Claim,
    Line,
    Person,
    Procedure,
    Reference,
)

PRIMARY, SECONDARY, TERTIARY, DENIED, SENT_ON, REVERSED = "1", "2", "3", "4", "19", "22"
_AS_WHICH = (PRIMARY, SECONDARY, TERTIARY)
OFFICE = "11"
# A claim's "commercial" is no kind of plan in a remittance: there it is a PPO.
REMITTED_AS = {"CI": "12"}


@dataclass(frozen=True, slots=True)
class Denial:
    """A group and reason code for whole lines, with the remark that goes with it."""

    group: str
    reason: str
    remark: str = ""


DENIALS = {
    "F0": Denial("CO", "29"),
    "A0": Denial("CO", "197"),
    "M0": Denial("CO", "16", "MA130"),
    "E0": Denial("CO", "27"),
}
DUPLICATE = Denial("CO", "18")
LATE = Denial("CO", "29")
NOT_COVERED = Denial("CO", "96", "N130")


class Adjudicator:
    """Decides claims and remembers them. Not thread-safe: the house holds the lock.

    ``denied_procedures`` are denied wherever they stand, as the control endpoint asked.
    """

    def __init__(self, members: Members) -> None:
        self.members = members
        self.denied_procedures: dict[str, Denial] = {}
        self._seen: set[tuple[object, ...]] = set()
        self._decided: dict[str, tuple[Claim, tuple[object, ...]]] = {}
        self._count = 0

    def decide(self, billed: Billed, *, received_on: date) -> list[Claim]:
        """What is said of one claim: a correction first takes back what it corrects."""
        answers = []
        corrects = billed.frequency in {"7", "8"}
        if corrects and (known := self._decided.pop(billed.payer_claim_number, None)):
            original, content = known
            self._seen.discard(content)
            answers.append(reversal(original))
        if billed.frequency == "8":
            return answers
        decided = self._decide(billed, received_on)
        self._decided[decided.payer_claim_number] = decided, _content(billed)
        return [*answers, decided]

    def _decide(self, billed: Billed, received_on: date) -> Claim:
        plan = BY_ID[billed.payer.identifier]
        content = _content(billed)
        again = billed.frequency == "1" and content in self._seen
        self._seen.add(content)
        wish = suffix(billed.subscriber.member_id)
        denial = DUPLICATE if again else DENIALS.get(wish) or _too_late(billed, plan, received_on)
        if denial:
            lines = tuple(_denied(line, denial) for line in billed.lines)
        else:
            lines = self._priced(billed, plan, last_denied=wish == "L0")
        return self._assembled(billed, lines, received_on)

    def _priced(self, billed: Billed, plan: PayerPlan, *, last_denied: bool) -> tuple[Line, ...]:
        copay = (plan.copay or 0) if billed.place == OFFICE else 0
        lefts = left_on(billed) if billed.prior_payers else [None] * len(billed.lines)
        decided = []
        for line, left in zip(billed.lines, lefts, strict=True):
            denial = self.denied_procedures.get(line.procedure)
            if last_denied and line is billed.lines[-1]:
                denial = NOT_COVERED
            if denial:
                decided.append(_denied(line, denial))
                continue
            priced, copay = self._line(line, billed, plan, copay, left)
            decided.append(priced)
        return tuple(decided)

    def _line(
        self, line: BilledLine, billed: Billed, plan: PayerPlan, copay: int, left: int | None
    ) -> tuple[Line, int]:
        """One line paid, and what is left of the visit's co-pay.

        ``left`` is what earlier payers left of it; None for the first.
        """
        member = billed.subscriber.member_id
        allowed = line.charge * plan.allowed_bp // 10_000
        to_meet = min(self.members.deductible_left(plan, member), allowed)
        deductible = to_meet if plan.deductible_before_copay or not copay else 0
        share = min(copay, allowed - deductible)
        rest = allowed - deductible - share
        coinsurance = 0 if plan.copay is not None else (rest * plan.coinsurance_bp + 5000) // 10_000
        paid, owed = rest - coinsurance, [("1", deductible), ("2", coinsurance), ("3", share)]
        kept = (Adjustment("CO", "45", line.charge - allowed),
                *(Adjustment("PR", reason, cents) for reason, cents in owed))  # fmt: skip
        if left is not None:
            paid, kept = coordinated(line.charge, left, alone=paid, owed=owed)
        kept = tuple(each for each in kept if each.cents)
        self.members.use(plan, member, _shared(kept, "1"))
        return _line(line, paid, kept, allowed=allowed), copay - _shared(kept, "3")

    def _assembled(self, billed: Billed, lines: tuple[Line, ...], received_on: date) -> Claim:
        self._count += 1
        denied = all(not line.paid and not _patient(line.adjustments) for line in lines)
        plan = BY_ID[billed.payer.identifier]
        person = billed.patient or billed.subscriber
        days = [line.served_from for line in billed.lines]
        return Claim(
            account=billed.number,
            status=DENIED if denied else _status(billed),
            charged=billed.charge,
            paid=sum(line.paid for line in lines),
            patient_share=sum(_patient(line.adjustments) for line in lines),
            filing=REMITTED_AS.get(plan.filing, plan.filing),
            payer_claim_number=f"{plan.payer_id}{received_on:%y%m%d}{self._count:06d}",
            place_of_service=billed.place,
            frequency=billed.frequency,
            lines=lines,
            people=(
                Person("QC", person.name.last, person.name.first, person.name.middle,
                       id_qualifier="MI", id=billed.subscriber.member_id),
            ),
            received=received_on,
            statement_from=min(days),
            statement_until=max(days),
        )  # fmt: skip


def _content(billed: Billed) -> tuple[object, ...]:
    lines = tuple((line.procedure, line.served_from, line.charge) for line in billed.lines)
    return billed.payer.identifier, billed.subscriber.member_id, lines


def _too_late(billed: Billed, plan: PayerPlan, received_on: date) -> Denial | None:
    last = max(line.served_to or line.served_from for line in billed.lines)
    return LATE if (received_on - last).days > plan.filing_days else None


def _status(billed: Billed) -> str:
    """As which payer it decided, and whether it sent the claim on."""
    if sends_on(billed):
        return SENT_ON
    return _AS_WHICH[min(len(billed.prior_payers), len(_AS_WHICH) - 1)]


def sends_on(billed: Billed) -> bool:
    """Whether the payer hands this claim to the next one itself."""
    first = billed.payer.identifier in SENDS_ON and not billed.prior_payers
    return first and suffix(billed.subscriber.member_id) == "V0"


def _shared(adjustments: Iterable[Adjustment], reason: str) -> int:
    return sum(one.cents for one in adjustments if (one.group, one.reason) == ("PR", reason))


def _patient(adjustments: Iterable[Adjustment]) -> int:
    return sum(each.cents for each in adjustments if each.group == "PR")


def _denied(line: BilledLine, denial: Denial) -> Line:
    remarks = (denial.remark,) if denial.remark else ()
    whole = Adjustment(denial.group, denial.reason, line.charge)
    return _line(line, 0, (whole,), remarks=remarks)


def _line(
    line: BilledLine,
    paid: int,
    adjustments: tuple[Adjustment, ...],
    *,
    allowed: int | None = None,
    remarks: tuple[str, ...] = (),
) -> Line:
    return Line(
        procedure=Procedure("HC", line.procedure, line.modifiers),
        charged=line.charge,
        paid=paid,
        adjustments=adjustments,
        units=str(line.units),
        service_from=line.served_from,
        service_until=line.served_to or line.served_from,
        control=line.control,
        references=(Reference("6R", line.control),) if line.control else (),
        remarks=remarks,
        allowed=allowed,
    )


def reversal(claim: Claim) -> Claim:
    """The same claim taken back: every amount with the other sign."""

    def turned(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
        return tuple(replace(each, cents=-each.cents) for each in adjustments)

    lines = tuple(
        replace(line, charged=-line.charged, paid=-line.paid,
                adjustments=turned(line.adjustments), allowed=None)
        for line in claim.lines
    )  # fmt: skip
    return replace(
        claim,
        status=REVERSED,
        charged=-claim.charged,
        paid=-claim.paid,
        patient_share=-claim.patient_share,
        adjustments=turned(claim.adjustments),
        lines=lines,
    )


def by_payer(claims: Iterable[Billed]) -> Mapping[str, list[Billed]]:
    """Claims by the payer they are for."""
    found: dict[str, list[Billed]] = {}
    for claim in claims:
        found.setdefault(claim.payer.identifier, []).append(claim)
    return found
