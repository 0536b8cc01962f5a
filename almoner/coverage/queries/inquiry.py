"""What a payer is asked about one policy, from our rows."""

from datetime import date

from almoner.coverage.models import Policy
from almoner.coverage.rules import can_be_sent
from almoner.edges.x12.eligibility import Entity, Inquiry, Member
from almoner.facility.models import Organisation
from almoner.patients.models import Patient


class NotAskable(Exception):
    """This policy cannot be asked about; ``field`` is what is missing or cannot be sent.

    It is empty when the payer is never asked, ``set_up`` when the clinic's or the payer's own
    names and numbers are at fault.
    """

    def __init__(self, field: str = "") -> None:
        super().__init__(field)
        self.field = field


def question(
    policy: Policy, *, organisation: Organisation, service_date: date, service_type: str, trace: str
) -> Inquiry:
    """The question, with no more than a payer needs to find the member.

    Raises NotAskable when the payer answers no such questions, a birth date is missing, or the
    member id cannot be sent.
    """
    payer = policy.plan.payer
    if not payer.answers_eligibility:
        raise NotAskable
    patient = policy.patient
    dependent = None
    if policy.relation == Policy.Relation.SELF:
        subscriber = _person(patient, member_id=policy.member_id)
    else:
        dependent = _person(patient)
        subscriber = Member(
            family=policy.subscriber_family,
            given=policy.subscriber_given,
            member_id=policy.member_id,
            birth_date=policy.subscriber_birth_date,
        )
        if not subscriber.family:
            raise NotAskable("subscriber_family")
    if patient.birth_date is None:
        raise NotAskable("birth_date")
    if not can_be_sent(policy.member_id):
        raise NotAskable("member_id")
    return Inquiry(
        payer=Entity("PR", payer.name, id_qualifier="PI", id=payer.payer_id),
        provider=Entity("1P", organisation.name, id_qualifier="XX", id=organisation.npi),
        subscriber=subscriber,
        dependent=dependent,
        service_date=service_date,
        service_types=(service_type,),
        trace=trace,
        # TRN03 is ten characters; a tax id is told by a 1 before it.
        origin=f"1{organisation.tax_id}",
        reference=trace,
    )


def _person(patient: Patient, *, member_id: str = "") -> Member:
    return Member(
        family=patient.family,
        given=patient.given,
        suffix=patient.suffix,
        member_id=member_id,
        birth_date=patient.birth_date,
    )
