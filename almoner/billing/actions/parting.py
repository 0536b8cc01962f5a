"""The right claims of a refused payment are posted, the money of the others is parked."""

import hashlib
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.actions.staging import (
    chunks,
    claim_text,
    copy_claims,
    heading_text,
    keep_provider_adjustments,
)
from almoner.billing.models import Remittance, RemittedClaim
from almoner.billing.queries.parting import Parted
from almoner.billing.rules.parting import Parting, WhyNot
from almoner.edges.x12 import remittance as x12
from almoner.edges.x12.syntax import Severity
from almoner.ground import events
from almoner.ground.words import gettext_noop

_LOOSE = gettext_noop("what the payment holds beyond what its claims at fault say")


class NotDivisible(Exception):
    """Nothing of this payment can be posted; ``why`` says why."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why.value)
        self.why = why


class NoRefusedPayment(Exception):
    """There is none, or it was taken meanwhile."""


@transaction.atomic
def post_the_rest(*, officer: Officer, remittance_id: int, at: datetime) -> Parting:
    """Have a job post the claims of a refused payment that are right; park what the others pay.

    The sum stays what the bank will show. Each parked one is work until it is matched by hand or
    returned. Raises NotDivisible, NoRefusedPayment or PermissionDenied; then nothing was written.
    """
    require(officer, "billing.post")
    row = (
        Remittance.objects.select_for_update(of=("self",))
        .select_related("received")
        .filter(pk=remittance_id, state=Remittance.State.REFUSED)
        .first()
    )
    if row is None:
        raise NoRefusedPayment
    found = queries.parted(row)
    if found.parting is None:
        raise NotDivisible(WhyNot(found.why_not))
    row.state, row.parted_at, row.parted_by_id = Remittance.State.POSTING, at, officer.pk
    row.save(update_fields=["state", "parted_at", "parted_by_id"])
    _keep(row, found)
    events.record(
        "billing.remittance_parted",
        at=at,
        by=officer,
        about=row,
        cents=found.parting.posted_cents,
        parked_cents=found.parting.parked_cents,
        claims=len(found.contents.right),
        parked=len(found.contents.at_fault),
    )
    app.configure_task("billing.post_received", queue="billing", lock="billing.mailbox").defer(
        received_id=row.received_id
    )
    return found.parting


def _keep(row: Remittance, found: Parted) -> None:
    contents, digest = found.contents, hashlib.sha256(heading_text(row))
    count = 0
    for chunk in chunks(iter(contents.right)):
        copy_claims(row.pk, chunk, first=count + 1)
        count += len(chunk)
        for claim in chunk:
            digest.update(claim_text(claim))
    _park(row, found, first=count + 1)
    if contents.closed:
        keep_provider_adjustments(row, [contents.closed])
    row.claim_count, row.digest = count + len(contents.at_fault), digest.hexdigest()
    row.save(update_fields=["claim_count", "digest"])


def _park(row: Remittance, found: Parted, *, first: int) -> None:
    if found.parting is None:
        return
    parts = list(zip(found.contents.at_fault, found.parting.parked, strict=True))
    rows = [_parked(row, first + place, one, cents) for place, (one, cents) in enumerate(parts)]
    if found.parting.loose_cents:
        rows.append(
            RemittedClaim(
                remittance=row,
                position=first + len(parts),
                charge_cents=0,
                paid_cents=found.parting.loose_cents,
                state=RemittedClaim.State.PARKED,
                matched_by=_LOOSE,
            )
        )
    RemittedClaim.objects.bulk_create(rows)


def _parked(row: Remittance, position: int, one: x12.Refused, cents: int) -> RemittedClaim:
    """What can be told of a claim at fault: whose it says it is, and why it was refused."""
    claim = one.claim
    patient = claim.person("QC") if claim else None
    member = claim.person("IL") if claim else None
    days = [line.service_from for line in claim.lines if line.service_from] if claim else []
    return RemittedClaim(
        remittance=row,
        position=position,
        number=one.account,
        status=claim.status[:2] if claim else "",
        charge_cents=claim.charged if claim else 0,
        paid_cents=cents,
        patient_cents=claim.patient_share if claim else None,
        payer_claim_number=claim.payer_claim_number if claim else "",
        patient_family=patient.family if patient else "",
        patient_given=patient.given if patient else "",
        member_id=(member and member.id) or (patient and patient.id) or "",
        service_date=(claim.statement_from if claim else None) or min(days, default=None),
        segment=one.ordinal,
        state=RemittedClaim.State.PARKED,
        matched_by=_why(one),
    )


def _why(one: x12.Refused) -> str:
    errors = [fault for fault in one.faults if fault.severity is Severity.ERROR]
    return f"{errors[0].message} ({errors[0].place})" if errors else ""
