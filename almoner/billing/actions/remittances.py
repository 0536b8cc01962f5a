"""Posting a remittance: claim by claim, each in its own transaction, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions.files import receive
from almoner.billing.actions.parking import park, unpark
from almoner.billing.actions.posting import Poster
from almoner.billing.actions.staging import stage
from almoner.billing.models import (
    Claim,
    ProviderAdjustment,
    ReceivedFile,
    Remittance,
    RemittedClaim,
)
from almoner.billing.rules.matching import Match
from almoner.coverage.models import Payer
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.ledger import actions as ledger
from almoner.ledger import rules as shapes

CHUNK = 500


class NotARemittance(Exception):
    """The file is no 835; it is kept, and nothing was posted."""


class NotUnmatched(Exception):
    """The answered claim is not waiting for a person to choose."""


class PayerKnown(Exception):
    """The payment has its payer already, or is not posted."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file. ``new`` claims were posted by this call; a file sent again has none.

    ``refused`` says for each payment that was refused where and why, as sentences.
    """

    received_id: int
    payments: tuple[queries.PaymentResult, ...]
    new: int

    @property
    def refused(self) -> tuple[str, ...]:
        return tuple(reason for payment in self.payments for reason in payment.refusal)


def post_remittance(
    *, content: bytes, name: str, officer: Officer | None, at: datetime
) -> FileResult:
    """Keep an 835, refuse or stage each payment in it, and post what balanced.

    Must not be called inside a transaction: every claim commits by itself, so that a poster that
    dies loses at most the claim it was at, and the next call, with the same bytes or by `resume`,
    goes on behind it. The same file again posts nothing. Raises NotARemittance or PermissionDenied.
    """
    if officer:
        require(officer, "billing.post")
    received = receive(content=content, name=name, at=at, by=officer)
    return post_received(received_id=received.pk, at=at)


def post_received(*, received_id: int, at: datetime) -> FileResult:
    """Post a file already kept; see `post_remittance`."""
    received = ReceivedFile.objects.defer("content").get(pk=received_id)
    if received.kind != ReceivedFile.Kind.REMITTANCE:
        raise NotARemittance(received.kind)
    new = 0
    for row in stage(received_id, at=at):
        if row.state == Remittance.State.POSTING:
            new += post_waiting(remittance_id=row.pk, at=at)
    return FileResult(received_id, tuple(queries.payment_results(received_id)), new)


def resume(*, at: datetime) -> int:
    """Go on with every remittance somebody began to post; answers how many claims were posted."""
    stored = ReceivedFile.objects.filter(
        kind=ReceivedFile.Kind.REMITTANCE, state=ReceivedFile.State.STORED
    )
    for received_id in list(stored.values_list("pk", flat=True)):
        stage(received_id, at=at)
    begun = Remittance.objects.filter(state=Remittance.State.POSTING)
    return sum(
        post_waiting(remittance_id=pk, at=at) for pk in list(begun.values_list("pk", flat=True))
    )


def post_waiting(*, remittance_id: int, at: datetime) -> int:
    """Post the claims of one staged remittance that still wait; answers how many were."""
    remittance = Remittance.objects.select_related("payer").get(pk=remittance_id)
    poster = Poster(remittance, at)
    with _unhurried_commits(), events.waking_once():
        position = count = 0
        while remitted := queries.waiting(remittance_id, after=position, most=CHUNK):
            position = remitted[-1].position
            batch = queries.batch(remitted, payer_id=remittance.payer_id)
            count += sum(poster.post(one, batch) for one in remitted)
    _finish(remittance_id, at=at)
    return count


@contextmanager
def _unhurried_commits() -> Iterator[None]:
    """Let commits return before they reach the disk.

    A machine that stops loses at most the last few claims whole: journal, state and "posted" mark
    are one transaction, so what is lost is still waiting and is posted again. `_finish` commits in
    full, and with it everything before it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")


@transaction.atomic(durable=True)
def _finish(remittance_id: int, *, at: datetime) -> None:
    """Post what moved outside any claim, and say that the remittance is done."""
    remittance = Remittance.objects.select_for_update().get(pk=remittance_id)
    still = RemittedClaim.objects.filter(remittance=remittance, state="waiting").exists()
    if still or remittance.state != Remittance.State.POSTING:
        return
    payer_id = remittance.payer_id or _payer_of_claims(remittance_id)
    day = remittance.payment_date or queries.local_day(at)
    for adjustment in remittance.adjustments.filter(journal__isnull=True):
        _post_adjustment(adjustment, payer_id, day=day, at=at)
    park(remittance, payer_id, day=day, at=at)
    _announce(remittance, payer_id, day=day, at=at)
    remittance.payer_id, remittance.state, remittance.posted_at = (
        payer_id, Remittance.State.POSTED, at,
    )  # fmt: skip
    remittance.save(update_fields=["payer", "state", "posted_at"])
    events.record(
        "billing.remittance_posted",
        at=at,
        by=None,
        about=remittance,
        cents=remittance.paid_cents,
        claims=remittance.claim_count,
    )


def _payer_of_claims(remittance_id: int) -> int | None:
    """The one payer all matched claims of a remittance belong to, if there is one."""
    payers = set(
        Claim.objects.filter(remitted__remittance_id=remittance_id).values_list(
            "payer_id", flat=True
        )[:CHUNK]
    )
    return payers.pop() if len(payers) == 1 else None


def _post_adjustment(
    adjustment: ProviderAdjustment, payer_id: int | None, *, day: date, at: datetime
) -> None:
    if not (payer_id and adjustment.cents):
        return
    lines = shapes.provider_level(adjustment.cents, reason=adjustment.reason, payer_id=payer_id)
    posted = ledger.post(
        kind=shapes.Kind.RECOUPMENT,
        source="billing.provider_adjustment",
        external_id=str(adjustment.pk),
        lines=lines,
        effective_date=day,
        at=at,
        memo=f"{adjustment.reason} {adjustment.reference}".strip(),
    )
    adjustment.journal_id = posted.journal_id
    adjustment.save(update_fields=["journal"])


@transaction.atomic
def post_unmatched(
    *, officer: Officer, remitted_id: int, claim_id: int, at: datetime
) -> RemittedClaim:
    """A person names the claim an answer belongs to; it is posted to it at once.

    Raises NotUnmatched, Remittance.DoesNotExist, Claim.DoesNotExist or PermissionDenied.
    """
    require(officer, "billing.post")
    # The payment first, as whoever parks its money does; only then is the answer as it stands.
    Remittance.objects.select_for_update(of=("self",)).get(claims=remitted_id)
    remitted = RemittedClaim.objects.select_related("remittance").get(pk=remitted_id)
    ours = queries.our_claim(claim_id)
    batch = queries.batch([remitted], payer_id=remitted.remittance.payer_id)
    batch.ours[ours.id] = ours
    queries.bill(batch)
    done = Poster(remitted.remittance, at, officer).post_to(
        remitted,
        Match(ours.id, f"{gettext_noop('named by')}: {officer}"),
        ours,
        batch,
        RemittedClaim.State.UNMATCHED,
    )
    if not done:
        raise NotUnmatched
    unpark(remitted, officer=officer, at=at)
    _settle_payer(remitted.remittance_id, ours.payer_id, at=at)
    remitted.refresh_from_db()
    return remitted


def _settle_payer(remittance_id: int, payer_id: int, *, at: datetime) -> None:
    """Whose claim was matched tells whose payment it is: what moved outside claims is posted too.

    Only where nothing told it before and no other claim of the payment is another payer's.
    """
    remittance = Remittance.objects.select_for_update().get(pk=remittance_id)
    if (
        remittance.payer_id is None
        and remittance.state == Remittance.State.POSTED
        and _payer_of_claims(remittance_id) == payer_id
    ):
        _is_of(remittance, payer_id, at=at)


def _is_of(remittance: Remittance, payer_id: int, *, at: datetime) -> None:
    remittance.payer_id = payer_id
    remittance.save(update_fields=["payer"])
    day = remittance.payment_date or queries.local_day(at)
    for adjustment in remittance.adjustments.filter(journal__isnull=True):
        _post_adjustment(adjustment, payer_id, day=day, at=at)
    park(remittance, payer_id, day=day, at=at)
    _announce(remittance, payer_id, day=day, at=at)


def _announce(remittance: Remittance, payer_id: int | None, *, day: date, at: datetime) -> None:
    """What the payer says it pays is due at the bank, under its trace number."""
    if payer_id is None:
        return
    ledger.announce(
        origin=f"remittance:{remittance.pk}",
        source=shapes.Source.PAYER,
        name=remittance.payer_name,
        reference=remittance.trace_number,
        payer_id=payer_id,
        cents=remittance.paid_cents,
        expected_on=day,
        at=at,
    )


@transaction.atomic
def name_payer(*, officer: Officer, remittance_id: int, payer_id: int, at: datetime) -> Remittance:
    """Say whose payment this is where its file does not: what moved outside claims is posted.

    Raises Payer.DoesNotExist, PayerKnown or PermissionDenied; then nothing was written.
    """
    require(officer, "billing.post")
    payer = Payer.objects.get(pk=payer_id)
    remittance = Remittance.objects.select_for_update().get(pk=remittance_id)
    if remittance.payer_id is not None or remittance.state != Remittance.State.POSTED:
        raise PayerKnown
    _is_of(remittance, payer.pk, at=at)
    events.record("billing.payer_named", at=at, by=officer, about=remittance, payer=payer.name)
    return remittance


@transaction.atomic
def set_aside(*, officer: Officer, remitted_id: int, note: str, at: datetime) -> None:
    """An answered claim is none of ours: it leaves the work list, its money stays parked.

    Raises NotUnmatched or PermissionDenied.
    """
    require(officer, "billing.post")
    remitted = RemittedClaim.objects.select_for_update().get(pk=remitted_id)
    if remitted.state != RemittedClaim.State.UNMATCHED:
        raise NotUnmatched
    remitted.state, remitted.needs_review = RemittedClaim.State.SET_ASIDE, note
    remitted.save(update_fields=["state", "needs_review"])
    events.record("billing.remitted_set_aside", at=at, by=officer, about=remitted)


@transaction.atomic
def handle_refusal(*, officer: Officer, remittance_id: int, note: str, at: datetime) -> None:
    """Somebody took a refused remittance up with the payer; it stays refused and leaves the list.

    Raises Remittance.DoesNotExist or PermissionDenied.
    """
    require(officer, "billing.post")
    row = Remittance.objects.select_for_update().get(
        pk=remittance_id, state=Remittance.State.REFUSED
    )
    row.handled_at, row.handled_by_id, row.handled_note = at, officer.pk, note
    row.save(update_fields=["handled_at", "handled_by_id", "handled_note"])
    events.record("billing.refusal_handled", at=at, by=officer, about=row)
