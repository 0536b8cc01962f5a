"""Many claims at once, for what is measured and for what is killed: rows written in bulk."""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from almoner.arrivals.models import Encounter
from almoner.billing.models import ChargeLine, ChargeSlip, Claim
from almoner.billing.rules.claims import claim_number
from almoner.billing.tests import make
from almoner.coverage.models import Plan, Policy
from almoner.edges.x12 import remittance as x12
from almoner.ledger import actions as ledger
from almoner.ledger import rules as shapes
from almoner.patients.models import Patient
from almoner.scheduling.models import Appointment

Row = TypeVar("Row", bound=Model)
LINES = (("ZZ101", (), 12_000, [1]), ("ZZ201", ("25",), 3_500, [1, 2]))
CHARGE = sum(line[2] for line in LINES)


def sent_claims(count: int, *, day: date = make.DAY) -> list[Claim]:
    """So many patients with one sent claim of two lines each, their charges in the ledger."""
    make.organisation()
    serials = _serials(count)
    names = [claim_number(serial) for serial in serials]
    patients = _made(
        Patient(mrn=f"K{serial:09d}"[:12], family=f"Kaspar{serial}", given="Kim",
                birth_date=date(1980, 1, 1), sex="female", registered_at=make.NOON)
        for serial in serials
    )  # fmt: skip
    plan = Plan.objects.get_or_create(payer=make.payer(), name="Gold")[0]
    policies = _made(
        Policy(patient=patient, plan=plan, member_id=name)
        for patient, name in zip(patients, names, strict=True)
    )
    slips = _slips(patients, policies, day)
    return _made(
        Claim(id=serial, number=name, slip=slip, patient=slip.patient, policy=slip.policy,
              payer=plan.payer, state="sent", total_cents=CHARGE, service_date=day,
              file_by=date(2027, 3, 2), created_at=make.NOON, state_since=make.NOON)
        for serial, name, slip in zip(serials, names, slips, strict=True)
    )  # fmt: skip


def _made(rows: Iterable[Row]) -> list[Row]:
    """A statement takes 65,535 values at most."""
    first, *rest = rows
    return type(first)._default_manager.bulk_create([first, *rest], batch_size=1_000)


def _serials(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('billing_claim', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [row[0] for row in cursor.fetchall()]


def _slips(patients: list[Patient], policies: list[Policy], day: date) -> list[ChargeSlip]:
    starts = datetime.combine(day, time(15), tzinfo=UTC)
    place, doctor, kind = make.location(), make.clinician(), make.visit_type()
    visits = _made(
        Appointment(patient=patient, visit_type=kind, clinician=doctor, location=place,
                    starts_at=starts, ends_at=starts.replace(minute=30), local_day=day,
                    local_time=time(9), time_zone="America/Chicago", status="arrived",
                    booked_at=starts)
        for patient in patients
    )  # fmt: skip
    encounters = _made(
        Encounter(appointment=visit, patient=visit.patient, clinician=doctor, location=place,
                  service_date=day, state_since=starts, arrived_at=starts)
        for visit in visits
    )  # fmt: skip
    slips = _made(
        ChargeSlip(encounter=encounter, patient=encounter.patient, clinician=doctor,
                   location=place, policy=policy, service_date=day, place_of_service="11",
                   diagnoses=["E119", "I10"], saved_at=make.NOON)
        for encounter, policy in zip(encounters, policies, strict=True)
    )  # fmt: skip
    _made(
        ChargeLine(slip=slip, number=number, procedure=code, modifiers=list(marks), units=1,
                   fee_cents=cents, charge_cents=cents, pointers=pointers, place_of_service="11")
        for slip in slips
        for number, (code, marks, cents, pointers) in enumerate(LINES, 1)
    )  # fmt: skip
    for slip in slips:
        _charge(slip)
    ChargeSlip.objects.bulk_update(slips, ["state", "journal"], batch_size=2_000)
    return slips


def _charge(slip: ChargeSlip) -> None:
    payer_id = slip.policy.plan.payer_id if slip.policy else None
    posted = ledger.post(
        kind=shapes.Kind.CHARGE,
        source="billing.charge",
        external_id=str(slip.pk),
        lines=shapes.charge(
            CHARGE, patient_id=slip.patient_id, visit_id=slip.encounter.appointment_id,
            payer_id=payer_id,
        ),
        effective_date=slip.service_date,
        at=make.NOON,
    )  # fmt: skip
    slip.state, slip.journal_id = "posted", posted.journal_id


_KINDS = (
    ((("CO", "45", 2_000),), ()),
    ((("CO", "45", 2_000), ("PR", "3", 2_500)), ()),
    ((("CO", "45", 1_234),), (("PR", "1", 3_500),)),
    ((("CO", "45", 2_000),), (("CO", "197", 3_500),)),
    ((("CO", "50", 12_000),), (("CO", "50", 3_500),)),
)


def era(claims: list[Claim], *, seed: int = 7, trace: str = "BULK1", envelope: int = 900) -> bytes:
    """One payment for all of them: most paid, some shared with the patient, some denied."""
    dice = random.Random(seed)
    ids = dict(_line_ids([claim.slip_id for claim in claims]))
    answers = [_answer(claim, dice.choices(_KINDS, (50, 25, 10, 10, 5))[0], ids)
               for claim in claims]  # fmt: skip
    return make.era(*answers, trace=trace, envelope=envelope)


def _line_ids(slips: list[int]) -> list[tuple[tuple[int, int], int]]:
    rows = ChargeLine.objects.filter(slip_id__in=slips).values_list("slip_id", "number", "pk")
    return [((slip, number), pk) for slip, number, pk in rows]


def _answer(claim: Claim, kind: tuple, ids: dict[tuple[int, int], int]) -> x12.Claim:
    lines = []
    for number, ((code, marks, cents, _), adjusted) in enumerate(zip(LINES, kind, strict=True), 1):
        adjustments = tuple(x12.Adjustment(*one) for one in adjusted)
        lines.append(
            x12.Line(
                procedure=x12.Procedure("HC", code, marks),
                charged=cents,
                paid=cents - sum(one.cents for one in adjustments),
                adjustments=adjustments,
                service_from=claim.service_date,
                references=(x12.Reference("6R", f"L{ids[claim.slip_id, number]}"),),
            )
        )
    paid = sum(line.paid for line in lines)
    shares = [one.cents for line in lines for one in line.adjustments if one.group == "PR"]
    return x12.Claim(
        account=claim.number,
        status="4" if paid == 0 else "1",
        charged=CHARGE,
        paid=paid,
        patient_share=sum(shares),
        payer_claim_number=f"P{claim.pk}",
        lines=tuple(lines),
        people=(x12.Person("QC", "KASPAR", "KIM"),),
    )
