"""Visits, charges and claims for tests. Cy is the patient, seen by Dr Ng for Harbor Health."""

from datetime import UTC, date, datetime, time
from itertools import count

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.arrivals.actions import move
from almoner.arrivals.models import Encounter
from almoner.arrivals.rules import State
from almoner.arrivals.tests import make as arrivals
from almoner.billing import actions
from almoner.billing.models import (
    ChargeItem,
    ChargeSlip,
    Claim,
    CodeRelease,
    DiagnosisCode,
    FilingTerms,
)
from almoner.coverage.models import Payer, Plan, Policy
from almoner.edges.x12 import remittance as x12
from almoner.edges.x12.writer import Envelope
from almoner.facility.models import Clinician, Location, Organisation, VisitType
from almoner.facility.tests import make as facility
from almoner.patients.models import Patient
from almoner.patients.tests import make as patients
from almoner.scheduling.models import Appointment

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)
LATER = datetime(2026, 3, 9, 18, tzinfo=UTC)
_numbers = count(1)


def biller(username: str = "bill") -> Officer:
    found = Officer.objects.filter(username=username).first()
    return found or access.officer(username, roles=("biller",))


def organisation() -> Organisation:
    return Organisation.objects.get_or_create(
        id=1,
        defaults={
            "name": "Blue Harbor Clinic",
            "npi": "1234567893",
            "tax_id": "391234567",
            "taxonomy": "261QP2300X",
            "address_line": "1 Harbor Way",
            "city": "Springfield",
            "state": "IL",
            "zip_code": "627010001",
            "phone": "+12175550100",
        },
    )[0]


def location() -> Location:
    return Location.objects.get_or_create(
        short_name="BILL",
        defaults={
            "name": "Harbor main clinic",
            "address_line": "1 Harbor Way",
            "city": "Springfield",
            "state": "IL",
            "zip_code": "627010001",
            "phone": "+12175550100",
        },
    )[0]


def clinician() -> Clinician:
    return Clinician.objects.get_or_create(
        npi="1992711105",
        defaults={
            "family": "Ng",
            "given": "Ada",
            "credentials": "MD",
            "specialty": "internal medicine",
            "taxonomy": "207R00000X",
        },
    )[0]


def visit_type() -> VisitType:
    return VisitType.objects.get_or_create(
        code="billed", defaults={"name": "Office visit", "minutes": 30}
    )[0]


def payer(payer_id: str = "HARBR") -> Payer:
    return Payer.objects.get_or_create(
        payer_id=payer_id,
        defaults={"name": "Harbor Health", "kind": "ppo", "claim_filing": "CI"},
    )[0]


def policy(patient: Patient, **facts) -> Policy:
    plan = Plan.objects.get_or_create(payer=facts.pop("payer", None) or payer(), name="Gold")[0]
    facts = {"member_id": f"H{next(_numbers):08d}", "valid_from": date(2026, 1, 1)} | facts
    return Policy.objects.create(patient=patient, plan=plan, **facts)


def plain_patient(family: str, given: str, born: date, sex: str) -> Patient:
    """A person under exactly this name, however odd."""
    row = Patient.objects.create(
        mrn=f"B{next(_numbers):07d}", family=family, given=given, birth_date=born, sex=sex,
        registered_at=NOON,
    )  # fmt: skip
    row.addresses.create(line="12 Main St", city="Springfield", state="IL", zip_code="62701")
    return row


def encounter(patient: Patient | None = None, *, day: date = DAY) -> Encounter:
    """A visit that has begun, at 9 o'clock of a day."""
    organisation()
    patient = patient or patients.patient()
    starts = datetime.combine(day, time(15), tzinfo=UTC)
    appointment = Appointment.objects.create(
        patient=patient,
        visit_type=visit_type(),
        clinician=clinician(),
        location=location(),
        starts_at=starts,
        ends_at=starts.replace(minute=30),
        local_day=day,
        local_time=time(9),
        time_zone="America/Chicago",
        status=Appointment.Status.ARRIVED,
        booked_at=starts,
    )
    return Encounter.objects.create(
        appointment=appointment,
        patient=patient,
        clinician=clinician(),
        location=location(),
        service_date=day,
        state_since=starts,
        arrived_at=starts,
    )


def seen() -> Encounter:
    """A visit the clinician is done with, brought there by the desk's own steps."""
    visit = arrivals.encounter()
    room = facility.room(visit.location)
    officer = Officer.objects.get(username="ana")
    for state in (State.ROOMED, State.WITH_CLINICIAN, State.DONE):
        move(officer=officer, encounter_id=visit.pk, to=state, room_id=room.pk, at=visit.arrived_at)
    visit.refresh_from_db()
    return visit


def release(
    *wanted: tuple[str, str, bool], starts: date = date(2025, 10, 1), ends: date = date(2026, 10, 1)
) -> CodeRelease:
    """A small release of diagnosis codes."""
    row = CodeRelease.objects.create(
        system="icd10cm", name=f"ICD-10-CM {starts:%B %Y}", starts=starts, ends=ends,
        codes=len(wanted), loaded_at=NOON,
    )  # fmt: skip
    DiagnosisCode.objects.bulk_create(
        DiagnosisCode(release=row, code=code, description=text, billable=billable)
        for code, text, billable in wanted or CODES
    )
    return row


CODES = (
    ("E11", "Type 2 diabetes mellitus", False),
    ("E119", "Type 2 diabetes mellitus without complications", True),
    ("E1165", "Type 2 diabetes mellitus with hyperglycemia", True),
    ("I10", "Essential (primary) hypertension", True),
    ("J069", "Acute upper respiratory infection, unspecified", True),
    ("Z0000", "Encounter for general adult medical examination without abnormal findings", True),
)


def items() -> None:
    """A charge master of invented codes."""
    for code, text, fee in (
        ("ZZ101", "Office visit, short", 12_000),
        ("ZZ102", "Office visit, long", 21_000),
        ("ZZ201", "Blood sugar test", 3_500),
    ):
        ChargeItem.objects.get_or_create(
            code=code, starts=date(2025, 1, 1), defaults={"description": text, "fee_cents": fee}
        )


def filing_terms(**facts) -> FilingTerms:
    return FilingTerms.objects.create(
        **{"starts": date(2020, 1, 1), "initial_days": 180, "corrected_days": 120,
           "appeal_days": 90} | facts
    )  # fmt: skip


LINES = (
    actions.LineEntered("ZZ101", (1,)),
    actions.LineEntered("ZZ201", (1, 2), modifiers=("25",)),
)


def saved(visit: Encounter | None = None, *, lines=LINES, diagnoses=("E119", "I10")) -> ChargeSlip:
    """Charges of a visit written down, not yet posted."""
    if not CodeRelease.objects.exists():
        release()
    items()
    return actions.save_charges(
        officer=biller(), encounter=visit or encounter(), diagnoses=diagnoses, lines=lines,
        version=0, at=NOON,
    )  # fmt: skip


def posted(visit: Encounter | None = None, **facts) -> ChargeSlip:
    slip = saved(visit, **facts)
    return actions.post_charges(officer=biller(), slip=slip, version=slip.version, at=NOON)


def claim(patient: Patient | None = None, **facts) -> Claim:
    """A claim of 155.00 to Harbor Health, drafted and checked."""
    patient = patient or patients.patient()
    if not patient.policies.exists():
        policy(patient)
    return posted(encounter(patient), **facts).claims.get()


def sent(patient: Patient | None = None, **facts) -> Claim:
    """A claim the payer has; how it came there is another test's matter."""
    made = claim(patient, **facts)
    Claim.objects.filter(pk=made.pk).update(state="queued")
    Claim.objects.filter(pk=made.pk).update(state="sent", first_sent_at=NOON)
    made.refresh_from_db()
    return made


def answer(
    claim: Claim, *per_line: tuple, status: str = "1", control: str = "", **facts
) -> x12.Claim:
    """What a payer answers to a claim: for each line its adjustments, as (group, reason, cents).

    What is not adjusted is paid.
    """
    lines = []
    for row, adjusted in zip(claim.slip.lines.order_by("number"), per_line, strict=True):
        adjustments = tuple(x12.Adjustment(*one) for one in adjusted)
        lines.append(
            x12.Line(
                procedure=x12.Procedure("HC", row.procedure, tuple(row.modifiers)),
                charged=row.charge_cents,
                paid=row.charge_cents - sum(one.cents for one in adjustments),
                adjustments=adjustments,
                service_from=claim.service_date,
                references=(x12.Reference("6R", control or f"L{row.pk}"),),
            )
        )
    shares = [one for line in lines for one in line.adjustments if one.group == "PR"]
    return x12.Claim(
        **{
            "account": claim.number,
            "status": status,
            "charged": sum(line.charged for line in lines),
            "paid": sum(line.paid for line in lines),
            "patient_share": sum(one.cents for one in shares),
            "payer_claim_number": f"P{claim.pk}",
            "lines": tuple(lines),
            "people": (x12.Person("QC", claim.patient.family, claim.patient.given),),
        }
        | facts
    )


PAID = ((("CO", "45", 2_000),), ())
"""Line 1 paid less the contract, line 2 in full."""


def era(*claims: x12.Claim, takes: tuple = (), envelope: int = 1, **facts) -> bytes:
    """An 835 by which Harbor Health pays these claims; ``takes`` are (reason, cents) of a PLB."""
    adjustments = tuple(
        x12.ProviderAdjustment("1234567893", date(2026, 12, 31), reason, cents, "REF1")
        for reason, cents in takes
    )
    total = sum(one.paid for one in claims) - sum(one.cents for one in adjustments)
    facts = {"cents": total, "trace": "EFT0001", "paid_on": date(2026, 3, 9)} | facts
    payment = x12.Payment(
        origin="1999999999",
        payer=x12.Party("Harbor Health", references=(x12.Reference("2U", "HARBR"),)),
        payee=x12.Party("Blue Harbor Clinic", "XX", "1234567893"),
        **facts,
    )
    return x12.write_835(
        [x12.Remittance(payment, claims, adjustments)],
        Envelope(sender="HARBR", receiver="ALMONER", control=envelope, sent_at=LATER),
    )


def post(content: bytes, at: datetime = LATER) -> actions.FileResult:
    return actions.post_remittance(content=content, name="era.835", officer=None, at=at)
