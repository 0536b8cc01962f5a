"""Writing down what a patient is covered by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.coverage import queries
from almoner.coverage.models import Plan, Policy
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.patients.actions import set_extra_keys
from almoner.patients.models import Patient


class RankTaken(Exception):
    """Another policy has that rank at that time."""


class Stale(Exception):
    """Somebody else changed the policy meanwhile."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a card says. Days are [valid_from, valid_until); the subscriber is empty for "self"."""

    plan: Plan
    member_id: str
    group_number: str = ""
    relation: str = "18"
    rank: int = 1
    subscriber_family: str = ""
    subscriber_given: str = ""
    subscriber_birth_date: date | None = None
    subscriber_sex: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@transaction.atomic
def add_policy(*, officer: Officer, patient: Patient, details: Details, at: datetime) -> Policy:
    """Add a policy. Raises PermissionDenied or RankTaken; then nothing was written."""
    require(officer, "coverage.edit")
    with _ranks_checked():
        policy = Policy.objects.create(patient=patient, **_row(details))
    _became("coverage.added", policy, officer=officer, at=at)
    return policy


@transaction.atomic
def change_policy(
    *, officer: Officer, policy_id: int, version: int, details: Details, at: datetime
) -> Policy:
    """Correct a policy read at ``version``. Raises PermissionDenied, Stale or RankTaken."""
    require(officer, "coverage.edit")
    policy = _locked(policy_id)
    if policy.version != version:
        raise Stale
    for name, value in _row(details).items():
        setattr(policy, name, value)
    policy.version += 1
    with _ranks_checked():
        policy.save()
    _became("coverage.changed", policy, officer=officer, at=at)
    return policy


@transaction.atomic
def end_policy(
    *, officer: Officer, policy_id: int, last_day: date, reason: str, at: datetime
) -> Policy:
    """Let a policy end with a day; it keeps counting for visits up to it.

    Raises PermissionDenied, and ValueError when that day is before its first.
    """
    require(officer, "coverage.edit")
    policy = _locked(policy_id)
    ends = date.fromordinal(last_day.toordinal() + 1)
    if policy.valid_from and ends <= policy.valid_from:
        raise ValueError(last_day)
    policy.valid_until = ends
    policy.version += 1
    policy.save(update_fields=["valid_until", "version"])
    _became("coverage.ended", policy, officer=officer, at=at, reason=reason)
    return policy


@transaction.atomic
def retire_policy(*, officer: Officer, policy_id: int, reason: str, at: datetime) -> Policy:
    """Take back a policy that never held. Raises PermissionDenied."""
    require(officer, "coverage.edit")
    policy = _locked(policy_id)
    policy.retired_at = at
    policy.version += 1
    policy.save(update_fields=["retired_at", "version"])
    _became("coverage.retired", policy, officer=officer, at=at, reason=reason)
    return policy


@transaction.atomic
def put_first(*, officer: Officer, policy_id: int, on: date, at: datetime) -> Policy:
    """Make a policy primary; those in force on that day move down in their order.

    Raises PermissionDenied, or RankTaken when a policy of another time stands in the way.
    """
    require(officer, "coverage.edit")
    policy = _locked(policy_id)
    others = [each for each in queries.in_force(policy.patient_id, on=on) if each.pk != policy.pk]
    with _ranks_checked():
        for rank, each in enumerate([policy, *others], 1):
            Policy.objects.filter(pk=each.pk).update(rank=rank, version=each.version + 1)
    policy.refresh_from_db()
    _became("coverage.ranked", policy, officer=officer, at=at)
    return policy


@contextmanager
def _ranks_checked() -> Iterator[None]:
    """Check the deferred rank constraint when the block ends, and name its breach."""
    try:
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS policy_rank_once IMMEDIATE")
                cursor.execute("SET CONSTRAINTS policy_rank_once DEFERRED")
    except IntegrityError as error:
        if violated(error, "policy_rank_once"):
            raise RankTaken from error
        raise


def _row(details: Details) -> dict[str, object]:
    row = {name: getattr(details, name) for name in asdict(details) if name != "plan"}
    row["plan"] = details.plan
    row["member_id"] = details.member_id.strip().upper()
    if details.relation == Policy.Relation.SELF:
        row |= {"subscriber_family": "", "subscriber_given": "", "subscriber_birth_date": None,
                "subscriber_sex": ""}  # fmt: skip
    return row


def _locked(policy_id: int) -> Policy:
    return (
        Policy.objects.select_for_update(of=("self",))
        .select_related("plan__payer", "patient")
        .get(pk=policy_id, retired_at__isnull=True)
    )


def _became(kind: str, policy: Policy, *, officer: Officer, at: datetime, reason: str = "") -> None:
    held = Policy.objects.filter(patient_id=policy.patient_id, retired_at__isnull=True)
    set_extra_keys(
        patient_id=policy.patient_id,
        source="coverage",
        values=held.values_list("member_id", flat=True),
    )
    events.record(
        kind,
        at=at,
        by=officer,
        about=policy,
        patient_id=policy.patient_id,
        payer=policy.plan.payer.name,
        plan=policy.plan.name,
        reason=reason,
    )
