"""Claims for tests: synthetic people, invented procedure codes."""

from datetime import UTC, date, datetime

from almoner.edges.x12.claim import (
    Address,
    Adjustment,
    Claim,
    Judgement,
    Line,
    Name,
    Patient,
    Payer,
    PriorPayer,
    Provider,
    Submission,
    Subscriber,
)
from almoner.edges.x12.writer import Envelope

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
SERVED = date(2026, 11, 20)


def npi(digits: str = "123456789") -> str:
    """A well-formed NPI from nine digits."""
    total = 24
    for place, mark in enumerate(reversed(digits)):
        doubled = int(mark) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


ENVELOPE = Envelope(sender="ELMCLINIC", receiver="BLUEHARBOR", control=7, sent_at=NOW)
SUBMISSION = Submission(
    submitter="ELM STREET CLINIC",
    submitter_id="ELM01",
    contact="ANA ORTIZ",
    phone="5555550100",
    receiver="BLUE HARBOR",
    receiver_id="BH001",
    reference="BATCH7",
    written_at=NOW,
)
CLINIC_ADDRESS = Address("1 ELM STREET", "SPRINGFIELD", "IL", "627010001")
HOME = Address("22 OAK AVENUE", "SPRINGFIELD", "IL", "62702")
CLINIC = Provider(
    Name("ELM STREET CLINIC", is_person=False),
    npi=npi(),
    taxonomy="207R00000X",
    tax_id="123456789",
    address=CLINIC_ADDRESS,
)
DR_NG = Provider(Name("NG", "AN"), npi=npi("198765432"), taxonomy="207R00000X")
BLUE_HARBOR = Payer("BLUE HARBOR", "BH001")
CY = Subscriber(
    Name("YOUNG", "CY"),
    member_id="W00000001",
    group_number="G100",
    born_on=date(1980, 2, 29),
    sex="M",
    address=HOME,
)


def line(**facts) -> Line:
    return Line(
        **{"procedure": "X0001", "charge": 10_000, "pointers": (1,), "served_from": SERVED} | facts
    )


def claim(**facts) -> Claim:
    return Claim(
        **{
            "number": "C0001",
            "billing": CLINIC,
            "subscriber": CY,
            "payer": BLUE_HARBOR,
            "diagnoses": ("J069", "I10"),
            "lines": (line(control="L1"), line(procedure="X0002", charge=5_050, pointers=(2, 1))),
            "rendering": DR_NG,
        }
        | facts
    )


def dependant() -> Patient:
    return Patient(Name("YOUNG", "KIT"), date(2015, 5, 5), "U", HOME, relation="19")


def secondary_claim() -> Claim:
    """Billed to the second payer, with what the first one decided."""
    judged = Judgement(
        "FIRST",
        paid=6_000,
        decided_on=date(2026, 11, 22),
        adjustments=(Adjustment("CO", "45", 3_000), Adjustment("PR", "2", 1_000)),
        procedure="X0001",
    )
    first = PriorPayer(
        rank="P",
        payer=Payer("FIRST HEALTH", "FIRST"),
        subscriber=Name("YOUNG", "CY"),
        member_id="F1",
        paid=6_000,
        liability_left=1_000,
        decided_on=date(2026, 11, 22),
    )
    return claim(
        subscriber=Subscriber(
            Name("YOUNG", "CY"),
            member_id="W00000001",
            rank="S",
            born_on=date(1980, 2, 29),
            sex="M",
            address=HOME,
        ),
        lines=(line(judgements=(judged,)),),
        prior_payers=(first,),
    )


def rich_claim() -> Claim:
    return claim(
        number="C0002",
        patient=dependant(),
        pay_to=Address("PO BOX 9", "SPRINGFIELD", "IL", "627010009"),
        frequency="7",
        payer_claim_number="ICN123",
        authorization="AUTH1",
        trace="TR1",
        patient_paid=2_000,
        cause="AA",
        accident_on=date(2026, 11, 1),
        accident_state="IL",
        note="SEEN WITH HER MOTHER",
        referring=Provider(Name("OSEI", "ABENA"), npi=npi("111111111")),
        facility=Provider(
            Name("ELM ANNEX", is_person=False), npi=npi("222222222"), address=CLINIC_ADDRESS
        ),
    )
