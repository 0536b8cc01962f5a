"""What one claim of a remittance does to the ledger, to the claim and to the denial list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from almoner.billing.rules import coordination, denials
from almoner.billing.rules.claims import State
from almoner.billing.rules.denials import Adjusted, Bearing, Refused
from almoner.ground.words import gettext_noop
from almoner.ledger import rules as ledger
from almoner.ledger.rules import Line

_LONGEST_CONTROL = 19  # a bigint always fits
DENIED = "4"


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A charge line as we billed it."""

    line_id: int
    number: int
    procedure: str
    modifiers: tuple[str, ...]
    charge_cents: int


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """A service line as the payer answered it; ``control`` is our line number come back."""

    number: int
    control: str
    procedure: str
    modifiers: tuple[str, ...]
    charge_cents: int
    paid_cents: int


@dataclass(frozen=True, slots=True)
class Answered:
    """One claim of a remittance: CLP, its lines, every adjustment at either level."""

    status: str
    charge_cents: int
    paid_cents: int
    patient_cents: int | None
    lines: tuple[AnsweredLine, ...]
    adjusted: tuple[Adjusted, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """The owner of the money: patient, visit (the appointment) and payer.

    ``next_payer_id`` owes what this payer calls the patient's share, before the patient does.
    ``left_cents`` is what earlier payers left to this one; None for the first. ``share_held`` says
    that an answer now taken back left its share with this payer (it was sent on to nobody known).
    """

    patient_id: int
    visit_id: int
    payer_id: int
    next_payer_id: int | None = None
    left_cents: int | None = None
    share_held: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be written down for one answered claim.

    ``refused`` is empty for a reversal: what it takes back is settled by the answer that follows.
    ``patient_cents`` became the patient's, ``next_cents`` the next payer's to answer for.
    ``review`` says in a sentence what a person should look at; the money is posted all the same.
    """

    lines: tuple[Line, ...]
    state: State
    refused: tuple[Refused, ...]
    unprocessable: bool
    patient_cents: int
    next_cents: int
    review: str


def line_control(line_id: int) -> str:
    """What we call a charge line towards a payer (REF*6R)."""
    return f"L{line_id}"


def is_line_control(text: str) -> bool:
    """Whether this can be a line number of ours come back."""
    return text[:1] == "L" and text[1:].isdecimal() and len(text) <= _LONGEST_CONTROL


def paired(billed: Sequence[BilledLine], answered: Sequence[AnsweredLine]) -> dict[int, int]:
    """Which charge line each answered line speaks of: answered number to charge line id.

    By our own line number; else by procedure, modifiers and charge, else by procedure alone when
    exactly one such line is left. What finds no partner is not in the answer: payers split, bundle
    and leave out modifiers.
    """
    by_control = {line_control(line.line_id): line for line in billed}
    left = list(billed)
    pairs: dict[int, int] = {}
    for line in answered:
        if (known := by_control.get(line.control)) is not None:
            pairs[line.number] = known.line_id
            if known in left:
                left.remove(known)
    for exact in (True, False):
        for line in answered:
            if line.number in pairs:
                continue
            fits = [one for one in left if _fits(one, line, exact=exact)]
            if len(fits) == 1:
                pairs[line.number] = fits[0].line_id
                left.remove(fits[0])
    return pairs


def _fits(billed: BilledLine, answered: AnsweredLine, *, exact: bool) -> bool:
    if billed.procedure != answered.procedure:
        return False
    same = (billed.modifiers, billed.charge_cents) == (answered.modifiers, answered.charge_cents)
    return same or not exact


def outcome(answered: Answered, billed: Sequence[BilledLine], whose: Whose) -> Outcome:
    """Post an answered claim: payment, contract and patient share leave the payer's account.

    What was refused stays owed by the payer until a person settles the denial; it is never written
    off and never billed to the patient by itself. Claim-level adjustments stay at the claim. The
    patient's share goes to the next payer while there is one.
    """
    review = _review(answered, billed, pairs := paired(billed, answered.lines))
    handed_back = denials.unprocessable(answered.adjusted, answered.remarks)
    answered = _own(answered, whose)
    refused = denials.refusals(answered.adjusted, answered.remarks)
    shared = sum(
        one.cents
        for one in answered.adjusted
        if denials.bearing(one.group, one.reason) is Bearing.PATIENT
    )
    state = _state(answered, refused, shared=shared, unprocessable=handed_back)
    lost = coordination.sent_on_to_nobody_known(
        answered.adjusted, answered.status, has_next=whose.next_payer_id is not None
    )
    held = whose.share_held or lost is not None
    reversing = answered.status == coordination.REVERSAL
    return Outcome(
        lines=tuple(_postings(answered, pairs, whose, keeps_share=held)),
        state=state,
        refused=() if reversing else (*refused, *([lost] if lost else [])),
        unprocessable=handed_back and not reversing,
        patient_cents=0 if whose.next_payer_id or held else shared,
        next_cents=shared if whose.next_payer_id else 0,
        review=review,
    )


def _own(answered: Answered, whose: Whose) -> Answered:
    """The answer of a later payer without what earlier ones paid and adjusted."""
    if whose.left_cents is None:
        return answered
    own = coordination.own_part(
        answered.adjusted, charge_cents=answered.charge_cents, left_cents=whose.left_cents
    )
    return replace(answered, adjusted=own)


def _postings(
    answered: Answered, pairs: dict[int, int], whose: Whose, *, keeps_share: bool
) -> Iterator[Line]:
    owner = {"patient_id": whose.patient_id, "visit_id": whose.visit_id, "payer_id": whose.payer_id}
    for line in answered.lines:
        yield from ledger.insurance_payment(
            line.paid_cents, line_id=pairs.get(line.number), **owner
        )
    # CLP04 is what was paid; lines need not add up to it (claim-level adjustments, no lines).
    rest = answered.paid_cents - sum(line.paid_cents for line in answered.lines)
    yield from ledger.insurance_payment(rest, **owner)
    for one in answered.adjusted:
        kind = denials.bearing(one.group, one.reason)
        line_id = pairs.get(one.line_number)
        if kind is Bearing.CONTRACT:
            yield from ledger.contractual(one.cents, line_id=line_id, **owner)
        elif kind is Bearing.PATIENT and not keeps_share:
            yield from _share(one.cents, line_id, whose)


def _share(cents: int, line_id: int | None, whose: Whose) -> list[Line]:
    """What the payer calls the patient's share: the next payer's while there is one."""
    if whose.next_payer_id is None:
        return ledger.to_patient(
            cents,
            patient_id=whose.patient_id,
            visit_id=whose.visit_id,
            payer_id=whose.payer_id,
            line_id=line_id,
        )
    return ledger.to_payer(
        cents,
        patient_id=whose.patient_id,
        visit_id=whose.visit_id,
        from_payer_id=whose.payer_id,
        to_payer_id=whose.next_payer_id,
        line_id=line_id,
    )


def _state(
    answered: Answered, refused: Sequence[Refused], *, shared: int, unprocessable: bool
) -> State:
    if answered.status == coordination.REVERSAL:
        return State.PENDING  # the payer took its answer back; the new one is awaited
    if unprocessable:
        return State.UNPROCESSABLE
    if not refused:
        return State.PAID
    something = answered.paid_cents or shared
    return State.PARTLY_PAID if something and answered.status != DENIED else State.DENIED


def _review(answered: Answered, billed: Sequence[BilledLine], pairs: dict[int, int]) -> str:
    said = []
    if answered.lines and len(pairs) < len(answered.lines):
        said.append(
            gettext_noop("A service line came back that could not be paired with one we billed.")
        )
    if len(set(pairs.values())) < len(pairs):
        said.append(gettext_noop("The payer split a line."))
    if abs(answered.charge_cents) != sum(line.charge_cents for line in billed):
        said.append(gettext_noop("The payer answered for another amount than we billed."))
    shares = sum(one.cents for one in answered.adjusted if one.group == "PR")
    if answered.patient_cents not in (None, shares):
        said.append(
            gettext_noop("The patient's share the payer names is not the sum of its reasons.")
        )
    return "\n".join(said)
