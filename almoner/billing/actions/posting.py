"""What one answered claim changes: journal, claim, denials, step and event, all or nothing."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import connection, transaction

from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions.onward import go_on
from almoner.billing.actions.steps import locked
from almoner.billing.actions.taking_back import take_back
from almoner.billing.models import Denial, Remittance, RemittedClaim
from almoner.billing.queries.answers import Batch, OurClaim
from almoner.billing.queries.onward import Onward
from almoner.billing.rules import coordination, denials, posting
from almoner.billing.rules.claims import State
from almoner.billing.rules.matching import Match
from almoner.coverage.models import Payer
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.ledger import actions as ledger
from almoner.ledger import queries as money
from almoner.ledger import rules as shapes

SOURCE = "billing.remitted"

WRITE = """
    WITH held AS (
        SELECT remitted.id, claim.id AS claim_id, claim.state
          FROM billing_remittedclaim remitted
          JOIN billing_claim claim ON claim.id = %(claim)s
         WHERE remitted.id = %(remitted)s AND remitted.state = %(awaited)s
           FOR UPDATE
    ), next AS (
        SELECT held.*,
               CASE WHEN held.state = %(state)s OR EXISTS (
                         SELECT FROM billing_claim_transition
                          WHERE before = held.state AND after = %(state)s)
                    THEN %(state)s ELSE held.state END AS becomes
          FROM held
    ), posted AS (
        UPDATE billing_remittedclaim remitted
           SET state = 'posted', claim_id = next.claim_id, matched_by = %(how)s,
               posted_at = %(at)s,
               needs_review = concat_ws(E'\n', nullif(%(review)s, ''),
                   CASE WHEN next.becomes <> %(state)s THEN %(moved_on)s || ': ' || next.state END)
          FROM next WHERE remitted.id = next.id
        RETURNING remitted.needs_review
    ), moved AS (
        UPDATE billing_claim claim
           SET state = next.becomes, state_since = %(at)s, desk = %(desk)s,
               payer_claim_number = CASE WHEN %(payer_number)s = '' THEN payer_claim_number
                                         ELSE %(payer_number)s END
          FROM next WHERE claim.id = next.claim_id
    ), stepped AS (
        INSERT INTO billing_claimstep (claim_id, state, at, by_id, what, note, received_id)
        SELECT next.claim_id, next.becomes, %(at)s, %(by)s, %(what)s, posted.needs_review,
               %(received)s
          FROM next, posted
    )
    SELECT state FROM next
"""
"""Marks the answer posted, moves the claim where it may go and adds the step; nothing when another
worker had the answer first. Answers the claim's state before."""


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
        onward = self._onward(remitted, ours, batch)
        found = posting.outcome(
            batch.answered[remitted.pk],
            batch.billed[ours.id],
            posting.Whose(
                ours.patient_id,
                ours.visit_id,
                ours.payer_id,
                next_payer_id=onward.policy.plan.payer_id if onward.policy else None,
                left_cents=onward.left_cents,
                share_held=onward.share_held,
            ),
        )
        old = self._write(remitted, match, awaited, found)
        if old is None:
            return 0
        self._journal(remitted, found, ours)
        if remitted.status == coordination.REVERSAL:
            back = take_back(ours.id, day=self.day, at=self.at)
            found = replace(found, next_cents=found.next_cents - back)
        if old not in _FIRST_ANSWER:
            _answer_anew(ours.id, at=self.at)
        self._deny(remitted, found, ours)
        self._tell(remitted, ours, found)
        if ours.id in batch.shared:
            go_on(remitted, ours, found, onward, at=self.at, day=self.day)
        return 1

    def _onward(self, remitted: RemittedClaim, ours: OurClaim, batch: Batch) -> Onward:
        """Who else may owe it; most patients have one coverage, and nothing is asked for them."""
        if ours.id not in batch.shared:
            return Onward(left_cents=ours.left_cents)
        locked(ours.id)
        return queries.onward(queries.our_claim(ours.id), status=remitted.status)

    def _write(
        self,
        remitted: RemittedClaim,
        match: Match,
        awaited: RemittedClaim.State,
        found: posting.Outcome,
    ) -> State | None:
        with connection.cursor() as cursor:
            cursor.execute(
                WRITE,
                {
                    "remitted": remitted.pk,
                    "awaited": awaited.value,
                    "claim": match.claim_id,
                    "how": match.how,
                    "at": self.at,
                    "review": found.review,
                    "moved_on": _MOVED_ON,
                    "state": found.state.value,
                    "desk": found.refused[0].desk.value if found.refused else "",
                    "payer_number": remitted.payer_claim_number,
                    "by": self.officer.pk if self.officer else None,
                    "what": _SAID.get(found.state, _ANSWERED),
                    "received": self.remittance.received_id,
                },
            )
            row = cursor.fetchone()
        return State(row[0]) if row else None

    def _journal(self, remitted: RemittedClaim, found: posting.Outcome, ours: OurClaim) -> None:
        lines = [line for line in found.lines if line.cents]
        if lines:
            ledger.post(
                kind=shapes.Kind.REMITTANCE,
                source=SOURCE,
                external_id=str(remitted.pk),
                lines=lines,
                effective_date=self.day,
                at=self.at,
                memo=f"{self.remittance.payer_name} {self.remittance.trace_number}".strip(),
            )
        if found.patient_cents > 0:
            self._use_credit(remitted, ours.patient_id)

    def _use_credit(self, remitted: RemittedClaim, patient_id: int) -> None:
        """What was paid ahead (a co-pay at the desk) pays what the patient now owes."""
        money.lock_patient(patient_id)
        if money.credits_of(patient_id):
            ledger.apply_credit(
                patient_id=patient_id,
                source="billing.credit",
                external_id=f"remitted-{remitted.pk}",
                effective_date=self.day,
                at=self.at,
            )

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
    State.PAID: gettext_noop("paid or settled by the payer"),
    State.PARTLY_PAID: gettext_noop("paid in part"),
    State.DENIED: gettext_noop("denied"),
    State.UNPROCESSABLE: gettext_noop("handed back as unprocessable"),
    State.PENDING: gettext_noop("the payer took its answer back"),
}
_ANSWERED = gettext_noop("answered by the payer")
_MOVED_ON = gettext_noop("The claim had gone on before this answer came")


def _answer_anew(claim_id: int, *, at: datetime) -> None:
    """A later answer takes the place of what an earlier one refused."""
    Denial.objects.filter(claim_id=claim_id).exclude(state=Denial.State.SETTLED).update(
        state=Denial.State.SETTLED,
        resolution=denials.Resolution.ANSWERED_ANEW,
        settled_at=at,
    )
