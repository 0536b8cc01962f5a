"""Claims leave: queued in one file, handed over once, and what became of the handing over."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing.actions.steps import move, tell
from almoner.billing.models import Claim, Submission, SubmittedClaim
from almoner.billing.rules.claims import State
from almoner.ground import events, outbox
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop

_QUEUED = gettext_noop("queued")

CHANNEL = "claims"
CLAIMS_IN_A_SET = 5_000


class NothingToSend(Exception):
    """None of these claims is ready; each says on its page what is to be mended."""


class NotUncertain(Exception):
    """It is known what became of this sending; it is not sent again."""


def next_control_number() -> int:
    """The next interchange number (ISA13); never given out twice before 999,999,999 others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('billing_interchange_number')")
        return int(cursor.fetchone()[0])


def ready_claims(claim_ids: Sequence[int]) -> list[Claim]:
    """Those of these claims that may leave, held until the transaction ends, in id order."""
    return list(
        Claim.objects.select_for_update(of=("self",))
        .select_related("payer", "policy", "patient", "slip__clinician", "slip__location")
        .filter(pk__in=claim_ids, state=State.READY)
        .order_by("pk")
    )


@transaction.atomic
def queue_claims(
    *,
    officer: Officer | None,
    claims: Sequence[Claim],
    content: bytes,
    control_number: int,
    at: datetime,
) -> Submission:
    """Keep the finished file for ever, mark its claims as queued, and put it into the outbox.

    The claims are those of `ready_claims`, in the order they stand in the file. The file leaves by
    a job, under an idempotency key that never changes. Raises NothingToSend or PermissionDenied.
    """
    if officer:
        require(officer, "billing.claim")
    if not claims:
        raise NothingToSend
    submission = Submission.objects.create(
        control_number=control_number,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=at,
        created_by_id=officer.pk if officer else None,
    )
    SubmittedClaim.objects.bulk_create(
        SubmittedClaim(
            submission=submission, claim=claim, set_control=f"{place // CLAIMS_IN_A_SET + 1:04d}"
        )
        for place, claim in enumerate(claims)
    )
    submission.outgoing = outbox.put(
        channel=CHANNEL,
        key=f"837P-{control_number:09d}",
        payload={"submission": submission.pk},
        about=submission,
        at=at,
    )
    submission.save(update_fields=["outgoing"])
    for claim in claims:
        move(claim, State.QUEUED, at=at, by=officer, what=_QUEUED, submission=submission)
        tell("billing.claim_queued", claim, at=at, by=officer, control=control_number)
    return submission


@transaction.atomic
def mark_sent(*, submission_id: int, receipt: str, at: datetime) -> None:
    """The clearinghouse has the file; safe to say twice."""
    submission = Submission.objects.get(pk=submission_id)
    for claim in _queued(submission):
        if claim.first_sent_at is None:
            claim.first_sent_at = at
            claim.save(update_fields=["first_sent_at"])
        what = gettext_noop("sent to the clearinghouse")
        move(claim, State.SENT, at=at, by=None, what=what, note=receipt, submission=submission)
        tell("billing.claim_sent", claim, at=at, by=None, payer=claim.payer.name)


@transaction.atomic
def mark_refused(*, submission_id: int, said: str, at: datetime) -> None:
    """The clearinghouse would not take the file at all: its claims are ready to be sent again."""
    submission = Submission.objects.get(pk=submission_id)
    for claim in _queued(submission):
        what = gettext_noop("the clearinghouse would not take the file")
        move(claim, State.READY, at=at, by=None, what=what, note=said, submission=submission)
        tell("billing.claim_not_taken", claim, at=at, by=None)


def _queued(submission: Submission) -> list[Claim]:
    return list(
        Claim.objects.select_for_update(of=("self",))
        .select_related("payer")
        .filter(sendings__submission=submission, state=State.QUEUED)
        .order_by("pk")
    )


@transaction.atomic
def send_again(*, officer: Officer, submission_id: int, at: datetime) -> None:
    """Hand the same file over again, under the same key, where nobody knows what became of it.

    The clearinghouse answers the key with its first receipt if it has the file, so this can double
    nothing. Raises NotUncertain or PermissionDenied.
    """
    require(officer, "billing.claim")
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    changed = Outgoing.objects.filter(
        pk=submission.outgoing_id or 0, state__in=[Outgoing.State.UNKNOWN, Outgoing.State.FAILED]
    ).update(state=Outgoing.State.WAITING, attempts=0, trouble="")
    if not changed:
        raise NotUncertain
    app.configure_task("ground.deliver", queue="outbox").defer(item_id=submission.outgoing_id)
    events.record("billing.sent_again", at=at, by=officer, about=submission)


def content_of(submission_id: int) -> bytes:
    """The file of a submission as it was built."""
    content = Submission.objects.values_list("content", flat=True).get(pk=submission_id)
    return bytes(content)
