"""Payers, plans, and who in the demo is covered by what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from almoner.billing.models import FilingTerms
from almoner.coverage.models import Payer, Plan, Policy
from almoner.demo.payer.plans import PLANS
from almoner.demo.people import Home
from almoner.patients.actions.keys import found_by
from almoner.patients.models import ExtraKey, Patient
from almoner.patients.rules.details import Details
from almoner.patients.rules.details import age as age_on
from almoner.patients.rules.person import facts

MEDICARE_AGE = 65
SUPPLEMENTED = 0.3
SENT_ON = 0.3
"""Of those with a second policy: for how many the first payer sends claims on to the second."""
SHARES = [("BLUEH", 42), ("LAKES", 28), ("STFAM", 20), ("", 8), ("INJRY", 2)]
"""Of homes younger than Medicare: which payer, and how many of a hundred."""

ODD_ANSWERS = ("L0", "C0", "N0", "T0", "I0", "A0", "M0", "E0", "R0", "U0")
"""Member ids that make the payer behave badly; three homes each, so that the desk can be tried."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a home, with the id of his row."""

    id: int
    details: Details


def build(homes: Sequence[tuple[Home, list[int]]], *, seed: int, today: date) -> dict[int, Policy]:
    """Payers and plans, and one policy for each insured person; the policies by patient id."""
    plans = _payers(today)
    random = Random(seed)
    odd = list(ODD_ANSWERS) * 3
    rows: list[Policy] = []
    for number, (home, ids) in enumerate(homes):
        members = [Member(*pair) for pair in zip(ids, home.members, strict=True)]
        payer = random.choices([name for name, _ in SHARES], [share for _, share in SHARES])[0]
        odd_one = payer == "BLUEH" and len(members) > 1 and _is_young(members[0], today)
        ending = odd.pop() if odd and odd_one else ""
        rows += _policies(members, plans, payer, number=number, ending=ending, today=today)
    made = Policy.objects.bulk_create(rows)
    people = {
        row: details for home, ids in homes for row, details in zip(ids, home.members, strict=True)
    }
    _found_by_member_id(made, people)
    return {policy.patient_id: policy for policy in made if policy.rank == 1}


def _payers(today: date) -> dict[str, Plan]:
    plans = {}
    for plan in PLANS:
        payer = Payer.objects.create(
            name=plan.payer,
            payer_id=plan.payer_id,
            kind=plan.kind,
            claim_filing=plan.filing,
            initial_filing_days=plan.filing_days,
            answers_eligibility=plan.answers_eligibility,
            phone="+16085550190",
        )
        plans[plan.payer_id] = Plan.objects.create(
            payer=payer, name=plan.plan, network=plan.network
        )
        FilingTerms.objects.create(
            payer=payer,
            starts=date(today.year - 5, 1, 1),
            initial_days=plan.filing_days,
            corrected_days=plan.filing_days,
            appeal_days=60,
        )
    return plans


def _policies(
    members: Sequence[Member],
    plans: dict[str, Plan],
    payer: str,
    *,
    number: int,
    ending: str,
    today: date,
) -> Iterable[Policy]:
    """Whoever is old enough has Medicare, some with a second policy behind it.

    The others share the policy of the first adult.
    """
    began = date(today.year, 1, 1)
    subscriber: Member | None = None
    random = Random(f"{number}-{ending}")
    for place, member in enumerate(members):
        if not _is_young(member, today):
            supplemented = random.random() < SUPPLEMENTED
            sent_on = supplemented and random.random() < SENT_ON
            yield Policy(
                patient_id=member.id,
                plan=plans["FSENR"],
                member_id=f"1DM{number:05d}{place}{'V0' if sent_on else '4'}",
                valid_from=began,
            )
            if supplemented:
                yield Policy(
                    patient_id=member.id,
                    plan=plans["BLUEH"],
                    member_id=f"BS{number:05d}{place}6",
                    rank=2,
                    valid_from=began,
                )
        elif payer and (payer != "INJRY" or place == 0):
            subscriber = subscriber or member
            yield _shared(member, subscriber, plans[payer], f"{number:06d}1{ending}", began)


def _is_young(member: Member, today: date) -> bool:
    born = member.details.birth_date
    return born is None or age_on(born, on=today) < MEDICARE_AGE


def _shared(member: Member, subscriber: Member, plan: Plan, member_id: str, began: date) -> Policy:
    policy = Policy(
        patient_id=member.id,
        plan=plan,
        member_id=f"{plan.payer.payer_id[0]}{member_id}",
        group_number=f"G{plan.pk:03d}7",
        valid_from=began,
    )
    if member is not subscriber:
        child = "guardian" in {contact.kind for contact in member.details.contacts}
        policy.relation = Policy.Relation.CHILD if child else Policy.Relation.SPOUSE
        policy.subscriber_family = subscriber.details.family
        policy.subscriber_given = subscriber.details.given
        policy.subscriber_birth_date = subscriber.details.birth_date
        policy.subscriber_sex = subscriber.details.sex
    return policy


def _found_by_member_id(policies: Sequence[Policy], people: dict[int, Details]) -> None:
    """In bulk what `set_extra_keys` does for one patient."""
    ExtraKey.objects.bulk_create(
        ExtraKey(patient_id=policy.patient_id, source="coverage", value=policy.member_id)
        for policy in policies
    )
    rows = Patient.objects.in_bulk([policy.patient_id for policy in policies])
    numbers: dict[int, list[str]] = {}
    for policy in policies:
        numbers.setdefault(policy.patient_id, []).append(policy.member_id)
    for patient_id, theirs in numbers.items():
        row = rows[patient_id]
        someone = facts(people[row.pk], members=theirs)
        for name, value in found_by(someone, mrn=row.mrn, name=row.sort_name).items():
            setattr(row, name, value)
    Patient.objects.bulk_update(rows.values(), ["keys", "likeness"], batch_size=500)
