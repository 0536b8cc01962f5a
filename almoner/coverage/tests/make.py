"""Payers, plans, policies and answers for tests. Blue Harbor is a PPO; everybody is invented."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.coverage import actions
from almoner.coverage.models import EligibilityCheck, Payer, Plan, Policy
from almoner.edges.x12.eligibility import Answer, Benefit, Entity, Member, Rejection, write_271
from almoner.edges.x12.writer import Envelope
from almoner.facility.models import Organisation
from almoner.patients.models import Patient
from almoner.patients.tests import make as patients

NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)
DAY = date(2026, 3, 9)
ACTIVE = Benefit("1", service_types=("30",), plan="HARBOR PPO")
COPAY = Benefit("B", "IND", ("98",), period="27", cents=2500, network="Y")


def organisation() -> Organisation:
    return Organisation.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Riverbend Clinic",
            "npi": "1234567893",
            "tax_id": "512345678",
            "taxonomy": "207R00000X",
            "address_line": "1 River Rd",
            "city": "Springfield",
            "state": "IL",
            "zip_code": "627010001",
            "phone": "+13125550100",
        },
    )[0]


def payer(payer_id: str = "BLUEH", **facts) -> Payer:
    facts = {"name": "Blue Harbor Health", "kind": "ppo", "claim_filing": "CI"} | facts
    return Payer.objects.get_or_create(payer_id=payer_id, defaults=facts)[0]


def plan(name: str = "Harbor PPO 500", *, of: Payer | None = None, network: str = "in") -> Plan:
    return Plan.objects.get_or_create(
        payer=of or payer(), name=name, defaults={"network": network}
    )[0]


def clerk() -> Officer:
    return Officer.objects.filter(username="clerk").first() or access.officer("clerk")


def details(**facts) -> actions.Details:
    return actions.Details(**({"plan": plan(), "member_id": "W1234567"} | facts))


def policy(patient: Patient | None = None, *, at: datetime = NOON, **facts) -> Policy:
    """A policy in force, through the action, by the officer ``clerk``."""
    organisation()
    return actions.add_policy(
        officer=clerk(), patient=patient or patients.patient(), details=details(**facts), at=at
    )


def check(of: Policy | None = None, *, at: datetime = NOON, **facts) -> EligibilityCheck:
    """A question just asked on demand."""
    return actions.ask(
        officer=clerk(),
        policy=of or policy(),
        asked_at=at,
        **({"service_type": "98", "service_date": DAY} | facts),
    )


def answer(
    *benefits: Benefit, rejections: Sequence[str] = (), born: date | None = date(1985, 3, 4)
) -> Answer:
    """A payer's answer about Cy; ``rejections`` are AAA03 codes."""
    return Answer(
        payer=Entity("PR", "Blue Harbor Health", id_qualifier="PI", id="BLUEH"),
        provider=Entity("1P", "Riverbend Clinic", id_qualifier="XX", id="1234567893"),
        subscriber=Member("GARCIA", "CY", member_id="W1234567", birth_date=born),
        benefits=benefits,
        rejections=tuple(Rejection("subscriber", code, "C") for code in rejections),
        trace="T-1",
        origin="1512345678",
        reference="T-1",
        patients=1,
    )


def answer_bytes(*benefits: Benefit, **facts) -> bytes:
    envelope = Envelope("BLUEH", "1234567893", 5, NOON)
    return write_271(answer(*(benefits or (ACTIVE, COPAY)), **facts), envelope)
