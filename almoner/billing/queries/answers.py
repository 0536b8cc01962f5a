"""What posting needs to know of many answered claims at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from almoner.billing.models import (
    ChargeLine,
    Claim,
    RemittedAdjustment,
    RemittedClaim,
    RemittedLine,
)
from almoner.billing.rules import claims, coordination, denials, matching, posting
from almoner.coverage.models import Policy


@dataclass(frozen=True, slots=True)
class OurClaim:
    """A claim of ours as posting sees it."""

    id: int
    number: str
    slip_id: int
    visit_id: int
    patient_id: int
    payer_id: int
    payer_claim_number: str
    gone: bool
    rank: int
    left_cents: int | None
    forwarded: bool

    @property
    def known(self) -> matching.Known:
        return matching.Known(
            self.id,
            self.slip_id,
            live=not self.gone,
            payer_id=self.payer_id,
            rank=self.rank,
            forwarded=self.forwarded,
        )


@dataclass(slots=True)
class Batch:
    """Some waiting claims of one remittance, with everything needed to match and post them.

    ``shared`` are the claims for which another payer may be asked: few, and looked at one by one.
    """

    remitted: list[RemittedClaim]
    answered: dict[int, posting.Answered] = field(default_factory=dict)
    matches: dict[int, matching.Match] = field(default_factory=dict)
    ours: dict[int, OurClaim] = field(default_factory=dict)
    billed: dict[int, list[posting.BilledLine]] = field(default_factory=dict)
    shared: set[int] = field(default_factory=set)


_COLUMNS = (
    "id", "number", "slip_id", "slip__encounter__appointment_id", "patient_id", "payer_id",
    "payer_claim_number", "state", "rank", "left_cents", "forwarded",
)  # fmt: skip


def waiting(remittance_id: int, *, after: int, most: int) -> list[RemittedClaim]:
    """Claims of a remittance not posted yet, in the order of the file."""
    return list(
        RemittedClaim.objects.filter(
            remittance_id=remittance_id, state=RemittedClaim.State.WAITING, position__gt=after
        ).order_by("position")[:most]
    )


def batch(remitted: list[RemittedClaim], *, payer_id: int | None = None) -> Batch:
    """Read what is needed to post these. Eight queries, however many they are.

    ``payer_id`` is who answers, where the file says so.
    """
    found = Batch(remitted)
    ids = [one.pk for one in remitted]
    lines: dict[int, list[RemittedLine]] = defaultdict(list)
    for line in RemittedLine.objects.filter(claim_id__in=ids).order_by("claim_id", "number"):
        lines[line.claim_id].append(line)
    adjusted: dict[int, list[denials.Adjusted]] = defaultdict(list)
    for row in RemittedAdjustment.objects.filter(claim_id__in=ids).order_by("claim_id", "id"):
        adjusted[row.claim_id].append(
            denials.Adjusted(row.line_number, row.group, row.reason, row.cents)
        )
    for one in remitted:
        found.answered[one.pk] = _answered(one, lines[one.pk], adjusted[one.pk])
    _match(found, lines, payer_id)
    return found


def _answered(
    one: RemittedClaim, lines: Sequence[RemittedLine], adjusted: Sequence[denials.Adjusted]
) -> posting.Answered:
    return posting.Answered(
        status=one.status,
        charge_cents=one.charge_cents,
        paid_cents=one.paid_cents,
        patient_cents=one.patient_cents,
        lines=tuple(
            posting.AnsweredLine(
                line.number,
                line.line_control,
                line.procedure,
                tuple(line.modifiers),
                line.charge_cents,
                line.paid_cents,
            )
            for line in lines
        ),
        adjusted=tuple(adjusted),
        remarks=(*one.remarks, *(mark for line in lines for mark in line.remarks)),
    )


def _match(found: Batch, lines: dict[int, list[RemittedLine]], payer_id: int | None) -> None:
    controls = {
        int(line.line_control[1:])
        for each in lines.values()
        for line in each
        if posting.is_line_control(line.line_control)
    }
    slip_of = dict(ChargeLine.objects.filter(pk__in=controls).values_list("pk", "slip_id"))
    numbers = [one.number for one in found.remitted if claims.is_claim_number(one.number)]
    theirs = [one.payer_claim_number for one in found.remitted if one.payer_claim_number]
    by_number = {one.number: one for one in _ours(number__in=numbers)}
    by_slip: dict[int, list[OurClaim]] = defaultdict(list)
    slips = {*slip_of.values(), *(one.slip_id for one in by_number.values())}
    for one in _ours(slip_id__in=slips):
        by_slip[one.slip_id].append(one)
    by_payer: dict[str, list[OurClaim]] = defaultdict(list)
    for one in _ours(payer_claim_number__in=theirs):
        by_payer[one.payer_claim_number].append(one)
    for each in [by_number.values(), *by_slip.values(), *by_payer.values()]:
        found.ours.update({one.id: one for one in each})
    known = {slip: [one.known for one in each] for slip, each in by_slip.items()}
    for remitted in found.remitted:
        mine = by_number.get(remitted.number)
        found.matches[remitted.pk] = matching.match(
            slip_ids=_slips(lines[remitted.pk], slip_of),
            by_number=mine.known if mine else None,
            by_slip=known,
            by_payer_number=[one.known for one in by_payer[remitted.payer_claim_number]]
            if remitted.payer_claim_number
            else [],
            payer_id=payer_id,
            status=remitted.status,
        )
    bill(found)


def bill(found: Batch) -> None:
    """The charge lines of the claims a batch speaks of, and which of them others may owe too."""
    slips = {one.slip_id for one in found.ours.values()}
    by_slip: dict[int, list[posting.BilledLine]] = defaultdict(list)
    for line in ChargeLine.objects.filter(slip_id__in=slips).order_by("slip_id", "number"):
        by_slip[line.slip_id].append(
            posting.BilledLine(
                line.pk, line.number, line.procedure, tuple(line.modifiers), line.charge_cents
            )
        )
    found.billed = {one.id: by_slip[one.slip_id] for one in found.ours.values()}
    found.shared = _shared(found)


def _shared(found: Batch) -> set[int]:
    """Claims with another coverage, another claim of their visit, or sent on by their payer."""
    ours = found.ours.values()
    insured_twice = set(
        Policy.objects.filter(
            patient_id__in={one.patient_id for one in ours}, rank__gt=1, retired_at__isnull=True
        ).values_list("patient_id", flat=True)
    )
    asked_twice = set(
        Claim.objects.filter(slip_id__in={one.slip_id for one in ours}, rank__gt=1).values_list(
            "slip_id", flat=True
        )
    )
    sent_on = {
        found.matches[one.pk].claim_id
        for one in found.remitted
        if one.status in coordination.FORWARDED and one.pk in found.matches
    }
    return {
        one.id
        for one in ours
        if one.patient_id in insured_twice or one.slip_id in asked_twice or one.id in sent_on
    }


def _slips(lines: Iterable[RemittedLine], slip_of: dict[int, int]) -> set[int]:
    return {
        slip_of[int(line.line_control[1:])]
        for line in lines
        if posting.is_line_control(line.line_control) and int(line.line_control[1:]) in slip_of
    }


def _ours(**which: object) -> list[OurClaim]:
    rows = Claim.objects.filter(**which).values_list(*_COLUMNS)
    return [
        OurClaim(pk, number, slip, visit, patient, payer, theirs, state in claims.GONE, *order)
        for pk, number, slip, visit, patient, payer, theirs, state, *order in rows
    ]


def our_claim(claim_id: int) -> OurClaim:
    """One claim as posting sees it. Raises Claim.DoesNotExist."""
    found = _ours(pk=claim_id)
    if not found:
        raise Claim.DoesNotExist
    return found[0]
