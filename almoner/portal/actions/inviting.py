"""The desk gives somebody a way in, and takes it away."""

import secrets
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.patients.models import Patient
from almoner.patients.rules.details import age
from almoner.portal import queries
from almoner.portal.actions.proving import require_proof
from almoner.portal.actions.telling import tell_both
from almoner.portal.models import Acting, Entrance, Invitation
from almoner.portal.rules import accounts
from almoner.portal.rules.accounts import Kind
from almoner.portal.rules.people import Change, may_end

_OWN = gettext_noop("ended by the patient")


class NotInvited(Exception):
    """Nobody was invited; ``why`` is one of `queries.wording.NOT_INVITED`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def invite(
    *,
    officer: Officer,
    patient: Patient,
    kind: Kind,
    parts: Collection[str],
    until: date | None,
    proof: str,
    at: datetime,
) -> tuple[Invitation, str]:
    """An invitation and its code, which is kept nowhere else: say it, print it, or send it.

    ``proof`` is what showed the officer that another may act for the patient. An older code for the
    same is withdrawn. Raises NotInvited or PermissionDenied.
    """
    require(officer, "portal.invite")
    if patient.birth_date is None:
        raise NotInvited("no_birth_date")
    if patient.deceased and kind is Kind.SELF:
        raise NotInvited("deceased")
    if kind is not Kind.SELF and not proof.strip():
        raise NotInvited("no_proof")
    on = queries.local_day(at)
    if until is not None and until < on:
        raise NotInvited("over_already")
    if kind in accounts.OF_A_MINOR and age(patient.birth_date, on=on) >= accounts.ADULT:
        raise NotInvited("of_age")
    granted = accounts.EVERYTHING if kind is Kind.SELF else accounts.EVERYTHING & set(parts)
    if not granted:
        raise NotInvited("nothing_to_see")
    Invitation.objects.filter(
        patient=patient, kind=kind, used_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=at)
    code = accounts.code_of(secrets.choice)
    made = Invitation.objects.create(
        digest=queries.digest_of(accounts.normal(code)),
        patient=patient,
        kind=kind,
        parts=sorted(granted),
        until=until,
        proof=proof.strip(),
        made_at=at,
        made_by_id=officer.pk,
        expires_at=at + accounts.INVITATION_LASTS,
    )
    events.record(
        "portal.invited", at=at, by=officer, about=made, patient_id=patient.pk, role=kind.value
    )
    return made, code


@transaction.atomic
def withdraw(*, officer: Officer, patient: Patient, invitation_id: int, at: datetime) -> None:
    """The code opens nothing any more. Raises Invitation.DoesNotExist or PermissionDenied."""
    require(officer, "portal.invite")
    row = Invitation.objects.select_for_update().get(
        pk=invitation_id, patient=patient, used_at__isnull=True, withdrawn_at__isnull=True
    )
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    events.record(
        "portal.invitation_withdrawn", at=at, by=officer, about=row, patient_id=row.patient_id
    )


@transaction.atomic
def end_acting(
    *, officer: Officer, patient: Patient, acting_id: int, because: str, at: datetime
) -> Acting:
    """Somebody may not act for the patient any more, from this moment.

    Every browser of theirs is signed out. Raises Acting.DoesNotExist or PermissionDenied.
    """
    require(officer, "portal.invite")
    row = Acting.objects.select_for_update().get(
        pk=acting_id, patient=patient, ended_at__isnull=True
    )
    _end(row, officer, because, at=at)
    return row


@transaction.atomic
def end_own(*, way: Entrance, patient_id: int, acting_id: int, at: datetime) -> Acting:
    """A patient ends what they had granted, in their own account.

    Raises NotLetIn without a fresh proof, and Acting.DoesNotExist for what is not theirs to end:
    what a law or a court gives (`rules.people.may_end`) is ended at the desk.
    """
    require_proof(way, at=at)
    rows = Acting.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.get(pk=acting_id, patient_id=patient_id, ended_at__isnull=True)
    if not may_end(row.kind):
        raise Acting.DoesNotExist
    _end(row, None, _OWN, at=at)
    return row


def _end(row: Acting, officer: Officer | None, because: str, *, at: datetime) -> None:
    row.ended_at, row.ended_because = at, because
    row.ended_by_id = officer.pk if officer else None
    row.save(update_fields=["ended_at", "ended_by_id", "ended_because"])
    Entrance.objects.filter(account_id=row.account_id).delete()
    if row.kind != Kind.SELF:
        tell_both(row, Change.ENDED, at=at)
    events.record(
        "portal.acting_ended", at=at, by=officer, about=row, patient_id=row.patient_id,
        by_patient=officer is None, name=row.account.name, reason=because,
    )  # fmt: skip
