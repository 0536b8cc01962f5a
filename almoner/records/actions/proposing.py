"""Answers that speak about the registration: proposed when a form is signed, decided one by one."""

from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.patients import actions as patients
from almoner.patients import queries as patient_reads
from almoner.records.models import Filling, Proposal
from almoner.records.rules import Answers, Definition
from almoner.records.rules.proposing import applied, proposed


class Decided(Exception):
    """Somebody has decided about it already; nothing was changed."""


def propose(filling: Filling, definition: Definition, answers: Answers) -> None:
    """Keep what the answers propose, in the transaction that signs them."""
    Proposal.objects.bulk_create(
        Proposal(patient_id=filling.patient_id, filling=filling, subject=subject, values=parts)
        for subject, parts in proposed(definition, answers).items()
    )


@transaction.atomic
def accept(*, officer: Officer, proposal_id: int, version: int, at: datetime) -> None:
    """Write it into the registration, by the action that changes every registration.

    ``version`` is that of the registration the officer saw it beside. Raises PermissionDenied,
    Decided, or patients' ChangedMeanwhile; then nothing was written.
    """
    access.require(officer, "patients.edit")
    row = _undecided(proposal_id)
    _version, kept = patient_reads.kept(row.patient_id)
    details = applied(kept, row.subject, row.values)
    if details != kept:
        patients.change(
            officer=officer,
            patient_id=row.patient_id,
            version=version,
            details=details,
            at=at,
            how="form",
        )
    _decide(row, Proposal.State.ACCEPTED, officer, at)


@transaction.atomic
def refuse(*, officer: Officer, proposal_id: int, at: datetime) -> None:
    """Leave the registration as it is. Raises PermissionDenied or Decided."""
    access.require(officer, "patients.edit")
    _decide(_undecided(proposal_id), Proposal.State.REFUSED, officer, at)


def _undecided(proposal_id: int) -> Proposal:
    row = Proposal.objects.select_for_update().get(pk=proposal_id)
    if row.state != Proposal.State.OPEN:
        raise Decided
    return row


def _decide(row: Proposal, state: Proposal.State, officer: Officer, at: datetime) -> None:
    row.state, row.decided_at, row.decided_by_id = state, at, officer.pk
    row.save(update_fields=["state", "decided_at", "decided_by_id"])
    events.record(
        f"records.proposal_{state.value}",
        at=at,
        by=officer,
        about=row,
        patient_id=row.patient_id,
        part=row.subject.partition("@")[0],
    )
