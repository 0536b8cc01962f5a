"""The one way money is written down: `post`, and its undoing, `reverse`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ledger import queries, rules
from almoner.ledger.models import Journal
from almoner.ledger.rules import Kind, Line


@dataclass(frozen=True, slots=True)
class Posted:
    """The journal that now stands. ``new`` is False when it stood already, from an earlier try."""

    journal_id: int
    new: bool


class PostedDifferently(Exception):
    """The same source and external id were posted before, with another body. Nothing is changed."""

    def __init__(self, source: str, external_id: str, journal_id: int) -> None:
        super().__init__(
            f"{source} {external_id} is already posted as journal {journal_id}, differently"
        )
        self.journal_id = journal_id


class AlreadyReversed(Exception):
    """Another journal reverses this one already."""


POST = """
    WITH journal AS (
        INSERT INTO ledger_journal (kind, source, external_id, digest, effective_date,
                                    recorded_at, recorded_by_id, memo, reverses_id)
        VALUES (%(kind)s, %(source)s, %(external_id)s, %(digest)s, %(effective_date)s,
                %(at)s, %(by)s, %(memo)s, %(reverses)s)
        ON CONFLICT (source, external_id) DO NOTHING
        RETURNING id
    ), entries AS (
        INSERT INTO ledger_entry (journal_id, account, cents, patient_id, payer_id, visit_id,
                                  line_id, drawer_id)
        SELECT journal.id, line.*
          FROM journal, unnest(%(accounts)s::text[], %(cents)s::bigint[], %(patients)s::bigint[],
                               %(payers)s::bigint[], %(visits)s::bigint[], %(lines)s::bigint[],
                               %(drawers)s::bigint[]) AS line
    )
    SELECT id FROM journal
"""


def post(
    *,
    kind: Kind,
    source: str,
    external_id: str,
    lines: Sequence[Line],
    effective_date: date,
    at: datetime,
    by: Officer | None = None,
    memo: str = "",
    reverses_id: int | None = None,
) -> Posted:
    """Write one balanced journal, once.

    ``lines`` are built by the shapes in `ledger.rules` and may be joined freely: a claim's
    remittance is one journal of payment, contractual adjustment, denial and patient share. Lines of
    the same account and owner are merged.

    ====================  =============================  ========================
    What happened         debit                          credit
    ====================  =============================  ========================
    charge                insurance or patient A/R       revenue
    insurance_payment     remittance (payer)             insurance A/R (payer)
    contractual           contractual                    insurance A/R
    denial_write_off      denial write-off               insurance A/R
    to_patient            patient A/R                    insurance A/R
    to_payer              insurance A/R (next payer)     insurance A/R (first payer)
    provider_level (PLB)  recoupment (payer), by reason  remittance (payer)
    deposit               bank                           remittance (payer)
    patient_payment       cash drawer, card, checks      patient A/R, rest unapplied
    credit_applied        unapplied                      patient A/R
    refund_owed           unapplied, rest patient A/R    refund liability
    refund_paid           refund liability               cash drawer, card, checks
    given_up              bad debt or charity            patient A/R
    fee                   patient A/R                    fees
    overdrawn             patient A/R                    unapplied
    returned_by_bank      checks                         bank
    never_in_drawer       cash drawer                    over and short
    banked                bank                           safe, checks
    reversal              every line of the first journal with its sign turned
    ====================  =============================  ========================

    ``source`` names where the fact comes from (``"billing.charge"``, ``"835"``), ``external_id``
    its name there: the same pair with the same body answers the first journal (``new`` False);
    with another body it raises PostedDifferently. Raises Unbalanced for lines that are no journal.
    It asks for no permission and records no event: it is part of the caller's own action, which
    does both. Call `apply_credit` afterwards, in the same transaction, when a patient came to owe.
    """
    body = rules.checked(lines)
    digest = rules.digest(kind, effective_date, body)
    with connection.cursor() as cursor:
        cursor.execute(
            POST,
            {
                "kind": kind.value,
                "source": source,
                "external_id": external_id,
                "digest": digest,
                "effective_date": effective_date,
                "at": at,
                "by": by.pk if by else None,
                "memo": memo,
                "reverses": reverses_id,
                "accounts": [line.account.value for line in body],
                "cents": [line.cents for line in body],
                "patients": [line.patient_id for line in body],
                "payers": [line.payer_id for line in body],
                "visits": [line.visit_id for line in body],
                "lines": [line.line_id for line in body],
                "drawers": [line.drawer_id for line in body],
            },
        )
        written = cursor.fetchone()
    if written:
        return Posted(written[0], new=True)
    first = Journal.objects.get(source=source, external_id=external_id)
    if first.digest != digest:
        raise PostedDifferently(source, external_id, first.pk)
    return Posted(first.pk, new=False)


@transaction.atomic
def reverse(
    *,
    journal_id: int,
    source: str,
    external_id: str,
    reason: str,
    effective_date: date,
    at: datetime,
    by: Officer | None,
) -> Posted:
    """Undo a journal by its mirror image; the reason stands in the memo.

    An officer needs ``ledger.adjust``; a partner's answer (``by`` None) needs nothing. Raises
    AlreadyReversed, Journal.DoesNotExist, PostedDifferently or PermissionDenied.
    """
    if by:
        require(by, "ledger.adjust")
    posted = mirror(
        journal_id=journal_id,
        source=source,
        external_id=external_id,
        reason=reason,
        effective_date=effective_date,
        at=at,
        by=by,
    )
    if posted.new:
        lines = queries.lines_of(journal_id)
        patients = {line.patient_id for line in lines if line.patient_id}
        events.record(
            "ledger.reversed",
            at=at,
            by=by,
            about=Journal.objects.get(pk=journal_id),
            patient_id=min(patients) if len(patients) == 1 else None,
            reason=reason,
        )
    return posted


def mirror(
    *,
    journal_id: int,
    source: str,
    external_id: str,
    reason: str,
    effective_date: date,
    at: datetime,
    by: Officer | None,
) -> Posted:
    """The mirror image of a journal, once, as a part of the caller's own action.

    Like `post` it asks for no permission and records no event. Raises AlreadyReversed,
    Journal.DoesNotExist or PostedDifferently.
    """
    journal = Journal.objects.select_for_update().get(pk=journal_id)
    standing = journal.reversed_by.first()
    if standing and (standing.source, standing.external_id) != (source, external_id):
        raise AlreadyReversed(journal_id)
    return post(
        kind=Kind.REVERSAL,
        source=source,
        external_id=external_id,
        lines=rules.reversal(queries.lines_of(journal_id)),
        effective_date=effective_date,
        at=at,
        by=by,
        memo=reason,
        reverses_id=journal_id,
    )


def apply_credit(
    *, patient_id: int, source: str, external_id: str, effective_date: date, at: datetime
) -> Posted | None:
    """Use what the patient paid ahead for what the patient now owes; None when there is nothing.

    A visit's credit (a co-pay taken at the desk) pays that visit; loose credit pays the oldest
    debt that does not stand apart. Locks the patient's money against a payment at the same moment.
    """
    with transaction.atomic():
        queries.lock_patient(patient_id)
        lines = rules.credit_applied(
            patient_id=patient_id,
            credits_=queries.credits_of(patient_id),
            debts=queries.debts_of(patient_id),
            apart=queries.apart_of(patient_id),
        )
        if not lines:
            return None
        return post(
            kind=Kind.CREDIT_APPLIED,
            source=source,
            external_id=external_id,
            lines=lines,
            effective_date=effective_date,
            at=at,
        )
