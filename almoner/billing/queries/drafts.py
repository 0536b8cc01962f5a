"""Everything a claim would say, gathered from the rows it comes from."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from almoner.arrivals.models import Encounter
from almoner.billing.models import ChargeLine, ChargeSlip, Claim, FilingTerms
from almoner.billing.queries.codes import diagnoses, release_on
from almoner.billing.queries.onward import earlier_answered
from almoner.billing.queries.private import is_kept_from_plan
from almoner.billing.rules import claims, denials, edits
from almoner.coverage.models import Payer, Policy
from almoner.facility.models import Organisation
from almoner.patients.models import Patient

APPEAL_DAYS = 60
CORRECTED_DAYS = 90
"""What is counted on where nobody wrote a payer's terms down: short, so as not to be late."""


def local_day(at: datetime) -> date:
    """The clinic's calendar day at an instant."""
    return timezone.localtime(at).date()


def terms_of(payer: Payer, day: date) -> denials.Terms:
    """The payer's filing terms in force on a day: its own, else everyone's, else cautious ones."""
    rows = FilingTerms.objects.filter(starts__lte=day)
    row = (
        rows.filter(payer=payer).order_by("-starts").first()
        or rows.filter(payer__isnull=True).order_by("-starts").first()
    )
    if row is None:
        return denials.Terms(payer.initial_filing_days, CORRECTED_DAYS, APPEAL_DAYS)
    return denials.Terms(row.initial_days, row.corrected_days, row.appeal_days)


def policy_of_visit(visit: Encounter) -> Policy | None:
    """Whose claim a visit's charges are; None when the patient pays, or the plan is not told."""
    if is_kept_from_plan(visit.appointment_id):
        return None
    return policy_on(visit.patient_id, visit.service_date)


def policy_on(patient_id: int, day: date) -> Policy | None:
    """The first-ranked coverage in force on a day; None when the patient pays."""
    policies = (
        Policy.objects.filter(patient_id=patient_id, retired_at__isnull=True)
        .select_related("plan__payer")
        .order_by("rank")
    )
    for policy in policies:
        begun = policy.valid_from is None or policy.valid_from <= day
        if begun and (policy.valid_until is None or day < policy.valid_until):
            return None if policy.plan.payer.kind == "self_pay" else policy
    return None


def unsent_claims(patient_id: int) -> list[int]:
    """Claims of a patient that have not left yet."""
    found = Claim.objects.filter(patient_id=patient_id, state__in=claims.UNSENT)
    return list(found.order_by("pk").values_list("pk", flat=True))


def coding(codes: Iterable[str], lines: Iterable[ChargeLine], day: date) -> edits.Coding:
    """Diagnoses and services as the edits see them, the codes looked up for the day of service."""
    wanted = list(codes)
    release = release_on(day)
    known = diagnoses(wanted, release_id=release.id) if release else {}
    return edits.Coding(
        diagnoses=tuple(
            edits.Diagnosis(
                code,
                known=code in known if release else None,
                billable=code in known and known[code].billable,
            )
            for code in wanted
        ),
        services=tuple(
            edits.Service(
                line.number,
                line.procedure,
                tuple(line.modifiers),
                line.units,
                line.charge_cents,
                tuple(line.pointers),
                line.place_of_service,
            )
            for line in lines
        ),
        codes_stale=release is not None and release.stale,
    )


def coding_of(slip: ChargeSlip) -> edits.Coding:
    return coding(slip.diagnoses, slip.lines.order_by("number"), slip.service_date)


def draft_of(claim: Claim, *, today: date) -> edits.Draft:
    """The claim as it would be sent today."""
    slip = claim.slip
    organisation = Organisation.objects.get(pk=1)
    coded = coding_of(slip)
    patient = person_of(claim.patient)
    return edits.Draft(
        payer_identifier=claim.payer.payer_id,
        member_id=claim.policy.member_id,
        relation=claim.policy.relation,
        coverage_from=claim.policy.valid_from,
        coverage_until=claim.policy.valid_until,
        patient=patient,
        subscriber=subscriber_of(claim.policy, patient),
        billing=edits.Provider(organisation.name, organisation.npi, organisation.taxonomy),
        tax_id=organisation.tax_id,
        rendering=edits.Provider(str(slip.clinician), slip.clinician.npi, slip.clinician.taxonomy),
        service_date=slip.service_date,
        place_of_service=slip.place_of_service,
        diagnoses=coded.diagnoses,
        services=coded.services,
        codes_stale=coded.codes_stale,
        file_by=claim.file_by,
        today=today,
        replaces_payer_number=claim.payer_claim_number if claim.replaces_id else None,
        earlier_answered=earlier_answered(claim),
    )


def person_of(patient: Patient) -> edits.Person:
    """The patient under the legal name, at the address to use."""
    address = patient.addresses.order_by("rank").first()
    return edits.Person(
        family=patient.family,
        given=patient.given,
        birth_date=patient.birth_date,
        sex=patient.sex,
        address_line=address.line if address else "",
        city=address.city if address else "",
        state=address.state if address else "",
        zip_code=address.zip_code.replace("-", "") if address else "",
    )


def subscriber_of(policy: Policy, patient: edits.Person) -> edits.Person:
    """Whose policy it is; we keep no other address for a subscriber than the patient's."""
    if policy.relation == edits.SELF:
        return patient
    return edits.Person(
        family=policy.subscriber_family,
        given=policy.subscriber_given,
        birth_date=policy.subscriber_birth_date,
        sex=policy.subscriber_sex,
        address_line=patient.address_line,
        city=patient.city,
        state=patient.state,
        zip_code=patient.zip_code,
    )
