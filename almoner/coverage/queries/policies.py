"""Policies and their cards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404

from almoner.access.queries import Reading
from almoner.coverage.models import CardImage, Payer, Plan, Policy

MOST_POLICIES = 50


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy as lists show it. ``current`` says whether it holds on the day asked about."""

    id: int
    rank: int
    payer: str
    plan: str
    kind: str
    member_id: str
    group_number: str
    relation: str
    subscriber: str
    valid_from: date | None
    valid_until: date | None
    current: bool
    asks: bool
    has_front: bool
    has_back: bool


POLICIES = f"""
    SELECT policy.id, policy.rank, payer.name, plan.name, payer.kind, policy.member_id,
           policy.group_number, policy.relation,
           trim(policy.subscriber_given || ' ' || policy.subscriber_family),
           policy.valid_from, policy.valid_until,
           coalesce(policy.valid_from <= %(on)s, true)
               AND coalesce(policy.valid_until > %(on)s, true) AS current,
           payer.answers_eligibility,
           EXISTS (SELECT FROM coverage_cardimage WHERE policy_id = policy.id
                      AND side = 'front' AND replaced_at IS NULL),
           EXISTS (SELECT FROM coverage_cardimage WHERE policy_id = policy.id
                      AND side = 'back' AND replaced_at IS NULL)
      FROM coverage_policy policy
      JOIN coverage_plan plan ON plan.id = policy.plan_id
      JOIN coverage_payer payer ON payer.id = plan.payer_id
     WHERE policy.patient_id = %(patient)s AND policy.retired_at IS NULL
     ORDER BY current DESC, policy.rank, policy.valid_from DESC NULLS LAST, policy.id
     LIMIT {MOST_POLICIES}
"""  # noqa: S608 (a constant)
_KINDS = dict(Payer.Kind.choices)
_RELATIONS = dict(Policy.Relation.choices)


def policies_of(patient_id: int, *, on: date, reading: Reading) -> list[PolicyLine]:
    """A patient's policies, those in force first, each group by rank. One query."""
    reading.saw([patient_id])
    with connection.cursor() as cursor:
        cursor.execute(POLICIES, {"patient": patient_id, "on": on})
        return [
            PolicyLine(id_, rank, payer, plan, str(_KINDS.get(kind, kind)), member_id, group,
                       str(_RELATIONS.get(relation, relation)), *rest)
            for id_, rank, payer, plan, kind, member_id, group, relation, *rest in cursor
        ]  # fmt: skip


def in_force(patient_id: int, *, on: date) -> QuerySet[Policy]:
    """The policies that hold on a day, by rank. For actions; hands nothing to a reader."""
    return (
        Policy.objects.filter(patient_id=patient_id, retired_at__isnull=True)
        .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on))
        .select_related("plan__payer")
        .order_by("rank", "id")
    )


def policy(policy_id: int, *, reading: Reading) -> Policy:
    """The policy with plan, payer and patient. Raises Http404 when there is none."""
    row = (
        Policy.objects.filter(pk=policy_id, retired_at__isnull=True)
        .select_related("plan__payer", "patient")
        .first()
    )
    if row is None:
        raise Http404
    reading.saw([row.patient_id])
    return row


def card(policy_id: int, side: str, *, reading: Reading) -> bytes:
    """The current image of one side of a card, JPEG. Raises Http404 when there is none."""
    image = (
        CardImage.objects.filter(policy_id=policy_id, side=side, replaced_at__isnull=True)
        .select_related("policy")
        .first()
    )
    if image is None:
        raise Http404
    reading.saw([image.policy.patient_id])
    return bytes(image.jpeg)


def payer_names(payer_ids: Iterable[int]) -> dict[int, str]:
    """What payers are called, by id. One query."""
    return dict(Payer.objects.filter(pk__in=list(payer_ids)).values_list("pk", "name"))


def plans() -> QuerySet[Plan]:
    """Every plan with its payer, in order of their names."""
    return Plan.objects.select_related("payer").order_by("payer__name", "name", "id")
