"""Policies and their cards."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from almoner.access.queries import Reading
from almoner.coverage.models import CardImage, Plan, Policy

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


def policies_of(patient_id: int, *, on: date, reading: Reading) -> list[PolicyLine]:
    """A patient's policies, those in force first, each group by rank. One query."""
    reading.saw([patient_id])
    sides = {
        side: Exists(
            CardImage.objects.filter(policy=OuterRef("pk"), side=side, replaced_at__isnull=True)
        )
        for side in ("front", "back")
    }
    rows = (
        Policy.objects.filter(patient_id=patient_id, retired_at__isnull=True)
        .select_related("plan__payer")
        .annotate(has_front=sides["front"], has_back=sides["back"])
        .order_by("rank", F("valid_from").desc(nulls_last=True), "id")[:MOST_POLICIES]
    )
    lines = [_line(row, on) for row in rows]
    return sorted(lines, key=lambda line: not line.current)


def _line(row: Policy, on: date) -> PolicyLine:
    return PolicyLine(
        id=row.pk,
        rank=row.rank,
        payer=row.plan.payer.name,
        plan=row.plan.name,
        kind=row.plan.payer.get_kind_display(),
        member_id=row.member_id,
        group_number=row.group_number,
        relation=row.get_relation_display(),
        subscriber=f"{row.subscriber_given} {row.subscriber_family}".strip(),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        current=(row.valid_from or on) <= on and (row.valid_until is None or on < row.valid_until),
        asks=row.plan.payer.answers_eligibility,
        has_front=row.has_front,  # type: ignore[attr-defined]  # annotated by policies_of
        has_back=row.has_back,  # type: ignore[attr-defined]
    )


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


def plans() -> QuerySet[Plan]:
    """Every plan with its payer, in order of their names."""
    return Plan.objects.select_related("payer").order_by("payer__name", "name", "id")
