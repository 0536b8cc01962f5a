"""The arithmetic of a claim in an 835, exact to the cent.

Line: SVC02 - sum(CAS behind it) = SVC03. Claim: CLP03 - sum(all CAS, its own and its lines') =
CLP04. A positive adjustment lowers the payment. Adjustments on the claim stay on the claim: they
may stand beside adjustments on its lines (X12 RFI 1053). AMT amounts are information and take no
part (RFI 2601). Sum(SVC03) need not be CLP04. CLP05 should be the sum of the PR adjustments;
where it is not, that is said and nothing is refused.
"""

from dataclasses import dataclass, field
from typing import Protocol

from almoner.edges.x12.amounts import Cents, NotAnAmount, decimal
from almoner.edges.x12.remittance.pieces import Piece
from almoner.edges.x12.syntax import Fault, Severity
from almoner.ground.words import gettext_noop, saying

GROUPS = frozenset({"CO", "PR", "OA", "PI"})
"""Claim adjustment group codes. CR (correction) was withdrawn with 005010."""


def balanced(piece: Piece, cents: Cents) -> tuple[int, int] | None:
    """Cents paid and the number of lines of a claim that balances in every way; else None.

    This is the fast path: it says that all is well, `examine` says what is not.
    """
    separator = piece.separator
    texts = piece.texts
    lines = line_due = 0
    try:
        paid, due, share = _claimed(texts[0].split(separator), cents)
        for text in texts:
            tag = text[:3]
            if tag == "CAS":
                elements = text.split(separator)
                amount = _adjusted(elements, cents)
                due -= amount
                line_due -= amount
                if elements[1] == "PR":
                    share -= amount
            elif tag == "SVC":
                if lines and line_due:
                    return None
                lines += 1
                elements = text.split(separator)
                line_due = cents[elements[2]] - cents[elements[3]]
    except (NotAnAmount, IndexError):
        return None
    return None if due or share or (lines and line_due) else (paid, lines)


def _claimed(elements: list[str], cents: Cents) -> tuple[int, int, int]:
    """Cents paid, cents charged but not paid, and cents said to be the patient's."""
    if not elements[1] or not elements[2]:
        raise IndexError
    paid = cents[elements[4]]
    share = cents[elements[5]] if len(elements) > 5 and elements[5] else 0
    return paid, cents[elements[3]] - paid, share


def _adjusted(elements: list[str], cents: Cents) -> int:
    """Cents of all adjustments in one CAS."""
    if elements[1] not in GROUPS or not all(elements[2::3]):
        raise IndexError
    if len(elements) == 4:
        return cents[elements[3]]
    return sum([cents[amount] for amount in elements[3::3]])


class Gathered(Protocol):
    """The segments of one claim, however they were come by; the first is its CLP."""

    texts: list[str]

    def elements(self, at: int = 0) -> list[str]: ...

    def fault(
        self,
        code: str,
        message: str,
        *,
        at: int = 0,
        element: int = 0,
        loop: str = "",
        severity: Severity = Severity.ERROR,
        began: int = 0,
    ) -> Fault: ...


@dataclass(slots=True)
class Examined:
    """A claim looked at closely: what could be read, and everything wrong with it."""

    charged: int = 0
    paid: int | None = None
    lines: int = 0
    patient_share: int | None = None
    adjusted: int = 0
    patient_adjusted: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(fault.severity is Severity.ERROR for fault in self.faults)


def examine(piece: Gathered, cents: Cents, *, began: int) -> Examined:
    """Everything wrong with one claim, each at its segment. Slow, and rarely needed."""
    return _Examiner(piece, cents, began).run()


_CLAIM_NEEDS = ((1, gettext_noop("our claim number")), (2, gettext_noop("a status")))


class _Examiner:
    def __init__(self, piece: Gathered, cents: Cents, began: int) -> None:
        self.piece = piece
        self.cents = cents
        self.began = began
        self.found = Examined()
        self.line: int | None = None  # index of the open line's SVC
        self.line_charged = self.line_paid = self.line_adjusted = 0
        self.unread = self.line_unread = False

    def run(self) -> Examined:
        self.claim()
        for at, text in enumerate(self.piece.texts):
            if text[:3] == "SVC":
                self.close_line()
                self.open_line(at)
            elif text[:3] == "CAS":
                self.adjust(at)
        self.close_line()
        self.close_claim()
        return self.found

    def claim(self) -> None:
        elements = self.piece.elements()
        for element, name in _CLAIM_NEEDS:
            if len(elements) <= element or not elements[element]:
                self.say(
                    "claim-incomplete",
                    saying(gettext_noop("The claim has no %(name)s."), name=name),
                    element=element,
                )
        charged, paid = self.amount(elements, 3, at=0), self.amount(elements, 4, at=0)
        self.unread = charged is None or paid is None
        self.found.charged, self.found.paid = charged or 0, paid
        if len(elements) > 5 and elements[5]:
            self.found.patient_share = self.amount(elements, 5, at=0)

    def open_line(self, at: int) -> None:
        elements = self.piece.elements(at)
        charged, paid = self.amount(elements, 2, at=at), self.amount(elements, 3, at=at)
        self.line, self.line_adjusted = at, 0
        self.line_unread = charged is None or paid is None
        self.line_charged, self.line_paid = charged or 0, paid or 0
        self.found.lines += 1

    def adjust(self, at: int) -> None:
        elements = self.piece.elements(at)
        group = elements[1] if len(elements) > 1 else ""
        if group not in GROUPS:
            wrong = saying(gettext_noop("%(group)s is no adjustment group."), group=group or "“”")
            self.say("adjustment-group", wrong, at=at, element=1)
        for reason in range(2, max(len(elements), 4), 3):  # its amount is the next element
            triplet = elements[reason : reason + 3]
            if not any(triplet):
                continue
            if not triplet[0]:
                self.say("adjustment-reason", gettext_noop("An adjustment has no reason."),
                         at=at, element=reason)  # fmt: skip
            amount = self.amount(elements, reason + 1, at=at)
            if amount is None:
                self.unread = self.line_unread = True
                continue
            self.found.adjusted += amount
            self.line_adjusted += amount
            if group == "PR":
                self.found.patient_adjusted += amount

    def close_line(self) -> None:
        if self.line is None or self.line_unread:
            return
        left = self.line_charged - self.line_adjusted
        if left != self.line_paid:
            self.say(
                "line-unbalanced",
                saying(
                    gettext_noop(
                        "The line charges %(line_charged)s and is adjusted by "
                        "%(line_adjusted)s, which leaves %(left)s; it says %(line_paid)s "
                        "was paid."
                    ),
                    line_charged=decimal(self.line_charged),
                    line_adjusted=decimal(self.line_adjusted),
                    left=decimal(left),
                    line_paid=decimal(self.line_paid),
                ),
                at=self.line,
                element=3,
            )

    def close_claim(self) -> None:
        found = self.found
        if found.paid is None or self.unread:
            return
        left = found.charged - found.adjusted
        if left != found.paid:
            self.say(
                "claim-unbalanced",
                saying(
                    gettext_noop(
                        "The claim charges %(charged)s and is adjusted by %(adjusted)s, "
                        "which leaves %(left)s; it says %(paid)s was paid."
                    ),
                    charged=decimal(found.charged),
                    adjusted=decimal(found.adjusted),
                    left=decimal(left),
                    paid=decimal(found.paid),
                ),
                element=4,
            )
        if (found.patient_share or 0) != found.patient_adjusted:
            self.say(
                "patient-share-differs",
                saying(
                    gettext_noop(
                        "The claim says the patient owes %(patient_share)s; its PR "
                        "adjustments come to %(patient_adjusted)s."
                    ),
                    patient_share=decimal(found.patient_share or 0),
                    patient_adjusted=decimal(found.patient_adjusted),
                ),
                element=5,
                severity=Severity.WARNING,
            )

    def amount(self, elements: list[str], element: int, *, at: int) -> int | None:
        text = elements[element] if len(elements) > element else ""
        try:
            return self.cents[text]
        except NotAnAmount:
            said = (
                saying(gettext_noop("“%(value)s” is not an amount of money."), value=text[:20])
                if text
                else gettext_noop("An amount is missing.")
            )
            self.say("amount-unreadable", said, at=at, element=element)
            return None

    def say(
        self,
        code: str,
        message: str,
        *,
        at: int = 0,
        element: int = 0,
        severity: Severity = Severity.ERROR,
    ) -> None:
        loop = "2100" if self.line is None or at == 0 else "2110"
        self.found.faults.append(
            self.piece.fault(
                code,
                message,
                at=at,
                element=element,
                loop=loop,
                severity=severity,
                began=self.began,
            )
        )
