"""Our claims as an 837P (005010X222A1): built from our rows, judged before they leave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from almoner.access.models import Officer
from almoner.billing import actions, queries
from almoner.billing.models import ChargeLine, Claim, Submission
from almoner.billing.rules import edits
from almoner.billing.rules.denials import Adjusted
from almoner.billing.rules.desks import Desk
from almoner.billing.rules.posting import line_control
from almoner.edges import clearinghouse
from almoner.edges.x12 import claim as x12
from almoner.edges.x12.check import check
from almoner.edges.x12.syntax import Fault, Severity
from almoner.edges.x12.writer import Unwritable
from almoner.facility.models import Location, Organisation
from almoner.facility.rules import numbers
from almoner.ground.words import apart, gettext_noop

_SEX = {"female": "F", "male": "M"}
_RANKS = "PSTABCDEFGH"


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of a request to send: the file, and the claims held back at the last check."""

    submission: Submission | None
    held: tuple[str, ...]


@transaction.atomic
def send_claims(*, officer: Officer, claim_ids: Sequence[int], at: datetime) -> Sending:
    """Build the ready ones of these claims as one file, check each by the guide, queue the file.

    A claim the guide's rules find fault with is held back with the fault and its desk; it never
    holds up the others. Raises NothingToSend when none was ready, or PermissionDenied.
    """
    organisation = Organisation.objects.get(pk=1)
    sound: dict[int, tuple[Claim, x12.Claim]] = {}
    held = []
    for claim in actions.ready_claims(claim_ids):
        written, found = _written(claim, organisation, at=at)
        if written and not found:
            sound[claim.pk] = (claim, written)
        else:
            actions.check_claim(claim_id=claim.pk, officer=officer, at=at, more=tuple(found))
            held.append(claim.number)
    if not sound:
        if not held:
            raise actions.NothingToSend
        return Sending(None, tuple(held))
    control = actions.next_control_number()
    submission = actions.queue_claims(
        officer=officer,
        claims=[claim for claim, _ in sound.values()],
        content=_file([value for _, value in sound.values()], organisation, control=control, at=at),
        control_number=control,
        at=at,
    )
    return Sending(submission, tuple(held))


def _written(
    claim: Claim, organisation: Organisation, *, at: datetime
) -> tuple[x12.Claim | None, list[edits.Finding]]:
    """The claim's values, and what the guide's own rules say of the file they make alone."""
    try:
        value = professional_claim(claim, organisation, today=at)
        report = check(_file([value], organisation, control=1, at=at))
    except Unwritable as error:
        return None, [edits.Finding("unwritable", Desk.BILLING, "claim", message=str(error))]
    faults = [fault for fault in report.all_faults if fault.severity is Severity.ERROR]
    return value, [_finding(fault) for fault in faults]


def _finding(fault: Fault) -> edits.Finding:
    return edits.Finding(
        rule=f"837P {fault.code}",
        desk=_desk(fault),
        field=f"{fault.loop} {fault.tag}{fault.element:02d} segment {fault.position}".strip(),
        about=_said_apart(fault),
        message=f"{fault.message} ({fault.place})",
    )


def _said_apart(fault: Fault) -> dict[str, str | int]:
    """What the finding is said from again in the reader's language."""
    kept = apart(fault.message)
    says = kept.get("says", fault.message)
    return {"says": says, "place": fault.place, **kept.get("facts", {})}


def _desk(fault: Fault) -> Desk:
    """Loops say whose facts they are: providers are set up, people are registered."""
    if fault.loop.startswith(("1000", "2000A", "2010AA", "2010AB", "2310")):
        return Desk.SETUP
    if fault.loop.startswith(("2000B", "2000C", "2010B", "2010C")):
        return Desk.FRONT
    return Desk.BILLING


def _file(
    values: Sequence[x12.Claim], organisation: Organisation, *, control: int, at: datetime
) -> bytes:
    """One interchange of these claims. Raises Unwritable naming segment and element."""
    written = timezone.localtime(at)
    envelope = clearinghouse.envelope(organisation.npi, control=control, at=written, wants_ta1=True)
    submission = x12.Submission(
        submitter=organisation.name,
        submitter_id=envelope.sender,
        contact="BILLING OFFICE",
        phone=_phone(organisation.phone),
        receiver=envelope.receiver,
        receiver_id=envelope.receiver,
        reference=f"{control:09d}",
        written_at=written,
    )
    return x12.write_837p(envelope, submission, values)


def professional_claim(claim: Claim, organisation: Organisation, *, today: datetime) -> x12.Claim:
    """One claim's rows as the values of an 837P."""
    draft = queries.draft_of(claim, today=queries.local_day(today))
    own = draft.relation == edits.SELF
    slip = claim.slip
    earlier = queries.earlier_payers(claim) if claim.rank > 1 else []
    return x12.Claim(
        number=claim.number,
        billing=_organisation(organisation),
        subscriber=_subscriber(claim, draft, own=own),
        payer=x12.Payer(claim.payer.name, claim.payer.payer_id),
        patient=None if own else _patient(draft),
        diagnoses=tuple(one.code for one in draft.diagnoses),
        lines=tuple(
            x12.Line(
                procedure=line.procedure,
                charge=line.charge_cents,
                pointers=tuple(line.pointers),
                served_from=slip.service_date,
                units=line.units,
                modifiers=tuple(line.modifiers),
                place=line.place_of_service
                if line.place_of_service != draft.place_of_service
                else "",
                control=line_control(line.pk),
                judgements=tuple(_judgements(earlier, line)),
            )
            for line in slip.lines.order_by("number")
        ),
        place=draft.place_of_service,
        frequency=claim.frequency,
        payer_claim_number=claim.payer_claim_number if claim.replaces_id else "",
        rendering=x12.Provider(
            x12.Name(slip.clinician.family, slip.clinician.given),
            npi=slip.clinician.npi,
            taxonomy=slip.clinician.taxonomy,
        ),
        facility=_facility(slip.location, organisation),
        prior_payers=tuple(_earlier(one) for one in earlier),
    )


def _earlier(one: queries.Earlier) -> x12.PriorPayer:
    """An earlier payer as loop 2320 tells it; its day stands at the lines when they were judged."""
    claim, decided = one.claim, one.decision
    person = queries.subscriber_of(claim.policy, queries.person_of(claim.patient))
    about = x12.PriorPayer(
        rank=_RANKS[claim.rank - 1],
        payer=x12.Payer(claim.payer.name, claim.payer.payer_id),
        subscriber=x12.Name(person.family, person.given),
        member_id=claim.policy.member_id,
        relation=claim.policy.relation,
        filing=claim.payer.claim_filing,
        group_number=claim.policy.group_number,
    )
    if decided is None:
        return about
    return replace(
        about,
        paid=decided.paid_cents,
        liability_left=decided.left_cents,
        adjustments=_adjustments(decided.adjusted),
        claim_number=one.payer_claim_number,
        decided_on=None if decided.lines else decided.decided_on,
    )


def _judgements(earlier: Sequence[queries.Earlier], line: ChargeLine) -> Iterator[x12.Judgement]:
    """What each earlier payer decided about one line (2430)."""
    for one in earlier:
        for said in one.decision.lines if one.decision else ():
            if one.decision and said.line_id == line.pk:
                yield x12.Judgement(
                    payer_identifier=one.claim.payer.payer_id,
                    paid=said.paid_cents,
                    decided_on=one.decision.decided_on,
                    adjustments=_adjustments(said.adjusted),
                    procedure=said.procedure,
                    modifiers=said.modifiers,
                    units=line.units,
                )


def _adjustments(adjusted: Sequence[Adjusted]) -> tuple[x12.Adjustment, ...]:
    return tuple(x12.Adjustment(one.group, one.reason, one.cents) for one in adjusted)


def _organisation(organisation: Organisation) -> x12.Provider:
    return x12.Provider(
        x12.Name(organisation.name, is_person=False),
        npi=organisation.npi,
        taxonomy=organisation.taxonomy,
        tax_id=organisation.tax_id,
        address=x12.Address(
            organisation.address_line,
            organisation.city,
            organisation.state,
            organisation.zip_code,
        ),
    )


def _facility(location: Location, organisation: Organisation) -> x12.Provider | None:
    """Where it was done, when that is another place than the organisation's own address."""
    same = (location.address_line, location.zip_code) == (
        organisation.address_line, organisation.zip_code,
    )  # fmt: skip
    if same:
        return None
    return x12.Provider(
        x12.Name(location.name, is_person=False),
        npi=location.npi if numbers.npi_checks(location.npi) else "",
        address=x12.Address(
            location.address_line, location.city, location.state, location.zip_code
        ),
    )


def _subscriber(claim: Claim, draft: edits.Draft, *, own: bool) -> x12.Subscriber:
    person = draft.subscriber
    return x12.Subscriber(
        name=x12.Name(person.family, person.given),
        member_id=draft.member_id,
        rank=_RANKS[claim.rank - 1],
        filing=claim.payer.claim_filing,
        group_number=claim.policy.group_number,
        born_on=person.birth_date if own else None,
        sex=_SEX.get(person.sex, "U") if own else "",
        address=_address(person) if own else None,
    )


def _patient(draft: edits.Draft) -> x12.Patient:
    person = draft.patient
    if person.birth_date is None:
        message = gettext_noop("The patient's birth date is missing.")
        raise Unwritable(message)
    return x12.Patient(
        name=x12.Name(person.family, person.given),
        born_on=person.birth_date,
        sex=_SEX.get(person.sex, "U"),
        address=_address(person),
        relation=draft.relation,
    )


def _address(person: edits.Person) -> x12.Address:
    return x12.Address(person.address_line, person.city, person.state, person.zip_code)


def _phone(typed: str) -> str:
    """Ten digits, as PER04 wants them."""
    return "".join(mark for mark in typed if mark.isdecimal())[-10:]
