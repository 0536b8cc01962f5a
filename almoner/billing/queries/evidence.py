"""Why somebody looked: claims, denials, remittances and statements explain a look."""

from almoner.access.queries import Evidence
from almoner.billing.models import ChargeSlip, Claim, Denial, RemittedClaim, Statement
from almoner.billing.queries.statements import people_of


def evidence_of_claim(item_id: int) -> Evidence | None:
    """A claim explains looks at its patient; who charged the visit made it."""
    rows = Claim.objects.filter(pk=item_id)
    return _of_visit(
        rows.values_list("patient_id", "created_by_id", "slip__encounter__confirmed_by").first()
    )


def evidence_of_charges(item_id: int) -> Evidence | None:
    """A visit's charges explain looks at its patient."""
    rows = ChargeSlip.objects.filter(pk=item_id)
    return _of_visit(
        rows.values_list("patient_id", "saved_by_id", "encounter__confirmed_by").first()
    )


def evidence_of_denial(item_id: int) -> Evidence | None:
    """A denial explains looks at its patient: the payer made it."""
    rows = Denial.objects.filter(pk=item_id)
    row = rows.values_list("patient_id", "claim__slip__encounter__confirmed_by").first()
    return _of_visit((row[0], None, row[1])) if row else None


def _of_visit(row: tuple[int, int | None, list[str]] | None) -> Evidence | None:
    """The patient was known by what was compared when that visit was checked in."""
    if row is None:
        return None
    patient_id, made_by_id, confirmed_by = row
    return Evidence(
        frozenset({patient_id}), made_by_id, corroborated=True, confirmed_by=tuple(confirmed_by)
    )


MOST_EXPLAINED = 20_000


def evidence_of_remittance(item_id: int) -> Evidence | None:
    """A remittance explains looks at the patients it pays for: the payer made it."""
    rows = RemittedClaim.objects.filter(remittance_id=item_id, claim__isnull=False)
    patients = rows.values_list("claim__patient_id", flat=True)[:MOST_EXPLAINED]
    return Evidence(frozenset(patients), None)


def evidence_of_statement(item_id: int) -> Evidence | None:
    """A statement explains looks at everybody it names; who issued it made it."""
    row = Statement.objects.filter(pk=item_id).only("guarantor_id", "issued_by_id", "lines").first()
    return Evidence(frozenset(people_of(row)), row.issued_by_id, corroborated=True) if row else None
