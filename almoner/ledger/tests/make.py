"""Money for tests, made through the ledger's own actions."""

from datetime import UTC, date, datetime
from itertools import count

from almoner.facility.models import Location
from almoner.ledger import actions, rules
from almoner.ledger.rules import Kind
from almoner.patients.models import Patient

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)
_numbers = count(1)


def journal(lines, *, kind=Kind.ADJUSTMENT, external_id=None, on=DAY, **facts):
    """Post these lines under a fresh name, unless one is given."""
    return actions.post(
        kind=kind,
        source=facts.pop("source", "test"),
        external_id=external_id or f"test-{next(_numbers)}",
        lines=lines,
        effective_date=on,
        at=facts.pop("at", NOON),
        **facts,
    )


def charged(patient_id, cents=10_000, *, visit_id=1, payer_id=None, on=DAY):
    """A service charged to the payer, or to the patient when there is none."""
    lines = rules.charge(cents, patient_id=patient_id, visit_id=visit_id, payer_id=payer_id)
    return journal(lines, kind=Kind.CHARGE, on=on)


def patient(family="Reyes", given="Cy", **facts):
    """A person with money here. Only what the ledger needs of one."""
    number = next(_numbers)
    return Patient.objects.create(
        mrn=f"L{number:06d}", family=family, given=given, registered_at=NOON, **facts
    )


def location(short_name="MAIN"):
    found = Location.objects.filter(short_name=short_name).first()
    return found or Location.objects.create(
        name=f"{short_name.title()} clinic",
        short_name=short_name,
        address_line="1 Harbor Way",
        city="Blue Harbor",
        state="WI",
        zip_code="53202",
        phone="+14145550100",
    )
