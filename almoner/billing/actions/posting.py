"""What one answered claim changes: journal, claim, denials, step and event, all or nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction

from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.models import Denial, Remittance, RemittedClaim
from almoner.billing.queries.answers import Batch, OurClaim
from almoner.billing.rules import denials, posting
from almoner.billing.rules.claims import State, may_become
from almoner.billing.rules.matching import Match
from almoner.coverage.models import Payer
from almoner.ground import events
from almoner.ledger import actions as ledger
from almoner.ledger import rules as shapes

SOURCE = "billing.remitted"

HOLD = """
    SELECT claim.state
      FROM billing_remittedclaim remitted
      JOIN billing_claim claim ON claim.id = %(claim)s
     WHERE remitted.id = %(remitted)s AND remitted.state = %(awaited)s
       FOR UPDATE
"""

WRITE = """
    WITH posted AS (
        UPDATE billing_remittedclaim
           SET state = 'posted', claim_id = %(claim)s, matched_by = %(how)s, posted_at = %(at)s,
               journal_id = %(journal)s, needs_review = %(review)s
         WHERE id = %(remitted)s
    ), moved AS (
        UPDATE billing_claim
           SET state = %(state)s, state_since = %(at)s, desk = %(desk)s,
               payer_claim_number = CASE WHEN %(payer_number)s = '' THEN payer_claim_number
                                         ELSE %(payer_number)s END
         WHERE id = %(claim)s
    )
    INSERT INTO billing_claimstep (claim_id, state, at, by_id, what, note, received_id)
    VALUES (%(claim)s, %(state)s, %(at)s, %(by)s, %(what)s, %(review)s, %(received)s)
"""


@dataclass(slots=True)
class Poster:
    """Posts claims of one remittance; holds what they have in common."""

    remittance: Remittance
    at: datetime
    officer: Officer | None = None
    terms: dict[int, denials.Terms] = field(default_factory=dict)

    def post(self, remitted: RemittedClaim, batch: Batch) -> int:
        """Post one waiting claim; 0 when another worker has it, or nothing names it."""
        match = batch.matches[remitted.pk]
        if match.claim_id is None:
            RemittedClaim.objects.filter(pk=remitted.pk, state="waiting").update(
                state=RemittedClaim.State.UNMATCHED, matched_by=match.how
            )
            return 0
        with transaction.atomic(durable=True):
            return self.post_to(remitted, match, batch.ours[match.claim_id], batch)

    def post_to(
        self,
        remitted: RemittedClaim,
        match: Match,
        ours: OurClaim,
        batch: Batch,
        awaited: RemittedClaim.State = RemittedClaim.State.WAITING,
    ) -> int:
        """Journal, claim, denials, step, event: all of one answered claim, or nothing of it.

        Part of the caller's transaction; 0 when the answer is not in the awaited state any more.
        """
        old = self._hold(remitted.pk, ours.id, awaited)
        if old is None:
            return 0
        found = posting.outcome(
            batch.answered[remitted.pk],
            batch.billed[ours.id],
            posting.Whose(ours.patient_id, ours.visit_id, ours.payer_id),
        )
        journal_id = self._journal(remitted, found, ours)
        if old not in _FIRST_ANSWER:
            _answer_anew(ours.id, at=self.at)
        self._deny(remitted, found, ours)
        self._write(remitted, match, old, found, journal_id)
        self._tell(remitted, ours, found)
        return 1

    def _hold(self, remitted_id: int, claim_id: int, awaited: RemittedClaim.State) -> State | None:
        with connection.cursor() as cursor:
            cursor.execute(
                HOLD, {"claim": claim_id, "remitted": remitted_id, "awaited": awaited.value}
            )
            row = cursor.fetchone()
        return State(row[0]) if row else None

    def _journal(
        self, remitted: RemittedClaim, found: posting.Outcome, ours: OurClaim
    ) -> int | None:
        lines = [line for line in found.lines if line.cents]
        if not lines:
            return None
        posted = ledger.post(
            kind=shapes.Kind.REMITTANCE,
            source=SOURCE,
            external_id=str(remitted.pk),
            lines=lines,
            effective_date=self.day,
            at=self.at,
            memo=f"{self.remittance.payer_name} {self.remittance.trace_number}".strip(),
        )
        if found.patient_cents > 0:
            ledger.apply_credit(
                patient_id=ours.patient_id,
                source="billing.credit",
                external_id=f"remitted-{remitted.pk}",
                effective_date=self.day,
                at=self.at,
            )
        return posted.journal_id

    @property
    def day(self) -> date:
        return self.remittance.payment_date or queries.local_day(self.at)

    def _deny(self, remitted: RemittedClaim, found: posting.Outcome, ours: OurClaim) -> None:
        for refused in found.refused:
            denial = Denial.objects.create(
                remitted=remitted,
                claim_id=ours.id,
                patient_id=ours.patient_id,
                payer_id=ours.payer_id,
                group=refused.group,
                category=refused.category,
                reasons=list(refused.reasons),
                line_numbers=list(refused.line_numbers),
                unprocessable=found.unprocessable,
                cents=refused.cents,
                desk=refused.desk,
                act_by=denials.act_by(
                    refused.category,
                    self._terms(ours.payer_id),
                    service_date=remitted.service_date or self.day,
                    answered=self.day,
                    unprocessable=found.unprocessable,
                ),
                opened_at=self.at,
            )
            events.record(
                "billing.denied",
                at=self.at,
                by=self.officer,
                about=denial,
                patient_id=ours.patient_id,
                claim_id=ours.id,
                number=ours.number,
                cents=refused.cents,
                category=str(refused.category),
                desk=str(refused.desk),
            )

    def _terms(self, payer_id: int) -> denials.Terms:
        if payer_id not in self.terms:
            self.terms[payer_id] = queries.terms_of(Payer.objects.get(pk=payer_id), self.day)
        return self.terms[payer_id]

    def _write(
        self,
        remitted: RemittedClaim,
        match: Match,
        old: State,
        found: posting.Outcome,
        journal_id: int | None,
    ) -> None:
        moves = old == found.state or may_become(old, found.state)
        review = found.review
        if not moves:
            review = f"{review} The claim was {old} when this answer came.".strip()
        with connection.cursor() as cursor:
            cursor.execute(
                WRITE,
                {
                    "remitted": remitted.pk,
                    "claim": match.claim_id,
                    "how": match.how,
                    "at": self.at,
                    "journal": journal_id,
                    "review": review,
                    "state": found.state if moves else old,
                    "desk": found.refused[0].desk if found.refused else "",
                    "payer_number": remitted.payer_claim_number,
                    "by": self.officer.pk if self.officer else None,
                    "what": _SAID.get(found.state, "answered by the payer"),
                    "received": self.remittance.received_id,
                },
            )

    def _tell(self, remitted: RemittedClaim, ours: OurClaim, found: posting.Outcome) -> None:
        events.record(
            "billing.remitted",
            at=self.at,
            by=self.officer,
            about=remitted,
            patient_id=ours.patient_id,
            claim_id=ours.id,
            number=ours.number,
            paid_cents=remitted.paid_cents,
            patient_cents=found.patient_cents,
            state=str(found.state),
            payer=self.remittance.payer_name,
        )


_FIRST_ANSWER = frozenset({State.QUEUED, State.SENT, State.ACCEPTED, State.REJECTED})
_SAID = {
    State.PAID: "paid or settled by the payer",
    State.PARTLY_PAID: "paid in part",
    State.DENIED: "denied",
    State.UNPROCESSABLE: "handed back as unprocessable",
    State.PENDING: "the payer took its answer back",
}


def _answer_anew(claim_id: int, *, at: datetime) -> None:
    """A later answer takes the place of what an earlier one refused."""
    Denial.objects.filter(claim_id=claim_id).exclude(state=Denial.State.SETTLED).update(
        state=Denial.State.SETTLED,
        resolution=denials.Resolution.ANSWERED_ANEW,
        settled_at=at,
    )
