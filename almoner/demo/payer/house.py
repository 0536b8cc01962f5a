"""The clearinghouse: takes claims, answers them, keeps the mailbox."""

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from time import time

from almoner.demo.payer import answers
from almoner.demo.payer.adjudication import SENT_ON, Adjudicator, by_payer
from almoner.demo.payer.behind import sent_on
from almoner.demo.payer.members import Members
from almoner.demo.payer.plans import BY_ID, suffix
from almoner.edges.x12.acknowledgement import (
    ClaimAcknowledgement,
    ClaimAnswer,
    ProviderAnswer,
    Status,
    answer_interchange,
    answer_report,
    write_277ca,
    write_999,
    write_ta1,
)
from almoner.edges.x12.check import check
from almoner.edges.x12.claim import Claim as Billed
from almoner.edges.x12.claim import read_837p
from almoner.edges.x12.eligibility import read_270, write_271
from almoner.edges.x12.remittance import (
    Claim,
    Party,
    Payment,
    ProviderAdjustment,
    Reference,
    Remittance,
    write_835,
)
from almoner.edges.x12.report import InterchangeReport, Report, Verdict
from almoner.edges.x12.syntax import X12SyntaxError
from almoner.edges.x12.writer import Envelope

NAME, ID = "DEMO CLEARINGHOUSE", "CLEARINGHOUSE"
TAKEBACK = 1_234
ACCEPTED, PASSED_ON, REFUSED = "A1", "A2", "A7"


class SameKey(Exception):
    """The key was used before, for other bytes."""


@dataclass(frozen=True, slots=True)
class File:
    id: int
    name: str
    body: bytes


class House:
    """Everything behind the doors; safe for several threads.

    ``settle_after`` is how many seconds the payers take over a claim; ``now`` dates their files.
    Numbers run on from the moment it opens, so that they are new after a restart too, and whoever
    plays the past with a house for each of its days gets other numbers every time.
    """

    def __init__(
        self, *, settle_after: float = 4.0, now: Callable[[], datetime] | None = None
    ) -> None:
        self.settle_after = settle_after
        self._now = now or _now
        self.members = Members()
        self.adjudicator = Adjudicator(self.members)
        self._lock = threading.Lock()
        opened = self._now().timestamp()
        # File ids go on growing after a restart, so that a reader's bookmark stays good.
        self._ids = count(int(opened * 1000))
        self._traces = count(int(opened * 1000))
        self._controls = count(int(opened))
        self._files: dict[int, File] = {}
        self._coming: list[tuple[float, str, bytes]] = []
        self._receipts: dict[str, tuple[bytes, str]] = {}

    # Questions

    def eligibility(self, body: bytes) -> bytes:
        """A 271; or a 999 when the question is no sound 270."""
        with self._lock:
            try:
                inquiry = read_270(body)
            except X12SyntaxError:
                return self._acknowledged(check(body)) or b""
            sender = inquiry.provider.id or "CLINIC"
            return write_271(
                answers.answer(inquiry, self.members), self._envelope(ID, sender, self._now())
            )

    # Claims

    def take_claims(self, body: bytes, key: str) -> str:
        """The receipt. Raises SameKey."""
        digest = hashlib.sha256(body).digest()
        with self._lock:
            if key and key in self._receipts:
                known, receipt = self._receipts[key]
                if known != digest:
                    raise SameKey
                return receipt
            receipt = f"R{next(self._ids)}"
            if key:
                self._receipts[key] = digest, receipt
            self._work(body)
        return receipt

    def _work(self, body: bytes) -> None:
        report = check(body)
        wanted = [one for one in report.interchanges if one.wants_ta1]
        if wanted:
            self._send("ta1", self._ta1(wanted), after=0)
        acknowledgement = self._acknowledged(report)
        if acknowledgement:
            self._send("999", acknowledgement, after=0)
        if report.verdict is Verdict.REFUSED:
            return
        claims = list(read_837p(body))
        if claims:
            self._judge(claims, report)

    def _judge(self, claims: list[Billed], report: Report) -> None:
        sender = report.interchanges[0].sender
        self._send("277ca", self._claims_answered(claims, sender), after=self.settle_after / 4)
        payable = [
            claim
            for claim in claims
            if not _refusable(claim) and suffix(claim.subscriber.member_id) != "Y0"
        ]
        # What does not balance is refused whole: a payment of its own, it holds up no other claim.
        odd = [claim for claim in payable if _unbalances(claim)]
        sound = [claim for claim in payable if not _unbalances(claim)]
        for paid_together in (sound, odd):
            for payer_id, theirs in by_payer(paid_together).items():
                self._pay(payer_id, theirs, sender)

    def _send_on(self, decided: list[tuple[Billed, Claim]], sender: str) -> None:
        """Hand to the next payer what the first one says it sent on; it pays in its own time."""
        onward = [
            sent_on(billed, answer, decided_on=self._now().date())
            for billed, answer in decided
            if answer.status == SENT_ON
        ]
        for payer_id, theirs in by_payer(onward).items():
            self._pay(payer_id, theirs, sender, after=2 * self.settle_after)

    def _claims_answered(self, claims: list[Billed], sender: str) -> bytes:
        now = self._now()
        first = claims[0]
        providers = tuple(
            ProviderAnswer(
                theirs[0].billing.name,
                npi,
                (Status(ACCEPTED, "19", "PR", charge=_total(theirs)),),
                tuple(map(_told, theirs)),
            )
            for npi, theirs in _by_provider(claims).items()
        )
        acknowledgement = ClaimAcknowledgement(
            source=NAME,
            source_id=ID,
            receiver=first.billing.name.last,
            receiver_id=sender,
            batch=f"B{next(self._controls)}",
            received_on=now.date(),
            processed_on=now.date(),
            statuses=(Status(ACCEPTED, "19", "PR", now.date(), _total(claims)),),
            providers=providers,
            source_is_payer=False,
        )
        envelope = self._envelope(ID, sender, now)
        reference = f"A{next(self._controls)}"
        return write_277ca(envelope, acknowledgement, reference=reference, written_at=now)

    def _pay(
        self, payer_id: str, claims: list[Billed], sender: str, *, after: float | None = None
    ) -> None:
        now = self._now()
        answers = [
            (claim, answer)
            for claim in claims
            for answer in self.adjudicator.decide(claim, received_on=now.date())
        ]
        decided = [answer for _, answer in answers]
        wishes = {suffix(claim.subscriber.member_id) for claim in claims}
        remittance = _remittance(
            payer_id, decided, claims[0], trace=next(self._traces), today=now.date(),
            takeback="W0" in wishes,
        )  # fmt: skip
        if "U0" in wishes:
            remittance = _unbalanced(remittance)
        body = write_835([remittance], self._envelope(payer_id, sender, now))
        for _ in range(2 if "Q0" in wishes else 1):
            wait = self.settle_after if after is None else after
            self._send(f"{payer_id.lower()}.835", body, after=wait)
        self._send_on(answers, sender)

    # Mailbox

    def mailbox(self, after: int) -> list[File]:
        with self._lock:
            self._deliver_due()
            return [file for file in self._files.values() if file.id > after]

    def file(self, file_id: int) -> File | None:
        with self._lock:
            return self._files.get(file_id)

    def _send(self, name: str, body: bytes, *, after: float) -> None:
        self._coming.append((time() + after, name, body))

    def _deliver_due(self) -> None:
        now = time()
        due = sorted((each for each in self._coming if each[0] <= now), key=lambda each: each[0])
        self._coming = [each for each in self._coming if each[0] > now]
        for _at, name, body in due:
            file_id = next(self._ids)
            self._files[file_id] = File(file_id, f"{file_id}.{name}", body)

    # Writing

    def _envelope(self, sender: str, receiver: str, at: datetime) -> Envelope:
        control = next(self._controls) % 999_999_999 + 1
        return Envelope(sender[:15], receiver[:15] or "CLINIC", control, at)

    def _ta1(self, interchanges: Iterable[InterchangeReport]) -> bytes:
        found = list(interchanges)
        envelope = self._envelope(ID, found[0].sender, self._now())
        return write_ta1(envelope, [answer_interchange(one) for one in found])

    def _acknowledged(self, report: Report) -> bytes:
        groups = answer_report(report)
        if not groups:
            return b""
        sender = report.interchanges[0].sender
        return write_999(self._envelope(ID, sender, self._now()), groups)


def _now() -> datetime:
    return datetime.fromtimestamp(time(), UTC)


def _refusable(claim: Billed) -> bool:
    return suffix(claim.subscriber.member_id) == "R0" or claim.payer.identifier not in BY_ID


def _unbalances(claim: Billed) -> bool:
    return suffix(claim.subscriber.member_id) == "U0"


def _told(claim: Billed) -> ClaimAnswer:
    """Accepted for adjudication, or refused: the subscriber or the payer is not known."""
    person = claim.patient or claim.subscriber
    if claim.payer.identifier not in BY_ID:
        status = Status(REFUSED, "116", "PR", charge=claim.charge)
    elif _refusable(claim):
        status = Status(REFUSED, "164", "IL", charge=claim.charge)
    else:
        status = Status(PASSED_ON, "20", "PR", charge=claim.charge)
    days = [line.served_from for line in claim.lines]
    return ClaimAnswer(
        number=claim.number,
        patient=person.name,
        member_id=claim.subscriber.member_id,
        statuses=(status,),
        served_from=min(days),
        served_to=max(days) if max(days) != min(days) else None,
        trace=claim.trace,
    )


def _by_provider(claims: Iterable[Billed]) -> dict[str, list[Billed]]:
    found: dict[str, list[Billed]] = {}
    for claim in claims:
        found.setdefault(claim.billing.npi, []).append(claim)
    return found


def _total(claims: Iterable[Billed]) -> int:
    return sum(claim.charge for claim in claims)


def _remittance(
    payer_id: str,
    decided: list[Claim],
    example: Billed,
    *,
    trace: int,
    today: date,
    takeback: bool,
) -> Remittance:
    """The payment of these claims. What is less than nothing is carried forward (PLB FB)."""
    plan = BY_ID[payer_id]
    provider = example.billing
    year_end = date(today.year, 12, 31)
    due = sum(claim.paid for claim in decided)
    taken: list[ProviderAdjustment] = []
    if takeback:
        taken.append(ProviderAdjustment(provider.npi, year_end, "WO", TAKEBACK, "OVERPAID"))
        due -= TAKEBACK
    if due < 0:
        taken.append(ProviderAdjustment(provider.npi, year_end, "FB", due, f"FWD{trace}"))
        due = 0
    tax_id = Reference("TJ", provider.tax_id or "000000000")
    payment = Payment(
        cents=due,
        method="ACH" if due else "NON",
        handling="I" if due else "H",
        paid_on=today + timedelta(days=1),
        trace=f"{plan.first_name_in_trace}{trace}",
        origin="1512345678",
        produced_on=today,
        payer=Party(
            plan.payer.upper(), "XV", payer_id, ("1 PAYER PLAZA",), "CHICAGO", "IL", "60601"
        ),
        payee=Party(provider.name.last, "XX", provider.npi, references=(tax_id,)),
        set="0001",
    )
    return Remittance(payment, tuple(decided), tuple(taken))


def _unbalanced(remittance: Remittance) -> Remittance:
    """A cent too much on the first claim: what a careless payer sends."""
    first, *others = remittance.claims
    return replace(remittance, claims=(replace(first, paid=first.paid + 1), *others))
