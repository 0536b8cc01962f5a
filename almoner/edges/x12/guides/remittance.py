"""What an 835 must add up to: each line, each claim, and the payment as a whole.

The arithmetic is the remittance reader's own (``remittance.arithmetic``), so that a check and a
posting can never disagree.
"""

from collections.abc import Callable

from almoner.edges.x12.amounts import Cents, NotAnAmount, decimal
from almoner.edges.x12.remittance.arithmetic import examine
from almoner.edges.x12.syntax import Delimiters, Fault, Segment, Severity
from almoner.ground.words import gettext_noop, saying


class _Gathered:
    """The segments of one claim, for `examine`."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.texts: list[str] = []

    def add(self, segment: Segment) -> None:
        self.segments.append(segment)
        self.texts.append(segment.tag)

    def elements(self, at: int = 0) -> list[str]:
        return self.segments[at].elements

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
    ) -> Fault:
        segment = self.segments[at]
        return Fault(
            code,
            message,
            severity,
            tag=segment.tag,
            ordinal=segment.ordinal,
            position=segment.ordinal - began + 1,
            element=element,
            offset=segment.offset,
            loop=loop,
            value=segment[element],
        )


class RemittanceRules:
    """Balance of every claim, and of the payment: sum(CLP04) - sum(PLB amounts) = BPR02."""

    def __init__(self, delimiters: Delimiters, report: Callable[[Fault], None]) -> None:
        del delimiters
        self._report = report
        self._cents = Cents()
        self._heading = _Gathered()
        self._claim: _Gathered | None = None
        self._amount: int | None = None
        self._left = 0
        self._readable = True
        self._began = 0

    def see(self, segment: Segment, position: int, loop: str) -> None:
        del loop
        self._began = segment.ordinal - position + 1
        if segment.tag == "CLP":
            self._close()
            self._claim = _Gathered()
        elif segment.tag == "BPR":
            self._heading.add(segment)
            self._amount = self._read(segment[2])
            if self._amount is not None and self._amount < 0:
                message = saying(
                    gettext_noop("A payment of %(value)s is less than nothing."), value=segment[2]
                )
                self._say("payment-negative", message)
        elif segment.tag in {"LX", "PLB"}:
            self._close()
            if segment.tag == "PLB":
                self._take_adjustments(segment)
        if self._claim:
            self._claim.add(segment)

    def finish(self, segment: Segment, position: int) -> None:
        del segment, position
        self._close()
        if self._amount is None or not self._readable or self._left == self._amount:
            return
        message = saying(
            gettext_noop(
                "Claims and provider adjustments leave %(left)s; the payment is %(amount)s."
            ),
            left=decimal(self._left),
            amount=decimal(self._amount),
        )
        self._say("payment-unbalanced", message)

    def _say(self, code: str, message: str) -> None:
        self._report(self._heading.fault(code, message, element=2, began=self._began))

    def _close(self) -> None:
        """Judge the claim that is over."""
        claim, self._claim = self._claim, None
        if claim is None:
            return
        found = examine(claim, self._cents, began=self._began)
        self._left += found.paid or 0
        self._readable = self._readable and found.paid is not None
        for fault in found.faults:
            self._report(fault)

    def _take_adjustments(self, segment: Segment) -> None:
        for reason in range(3, len(segment), 2):
            amount = self._read(segment[reason + 1]) if segment[reason] else 0
            self._readable = self._readable and amount is not None
            self._left -= amount or 0

    def _read(self, text: str) -> int | None:
        try:
            return self._cents[text]
        except NotAnAmount:
            return None
