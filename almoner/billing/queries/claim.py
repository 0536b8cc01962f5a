"""One claim with everything that happened to it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from almoner.access.models import Officer
from almoner.access.queries import Reading
from almoner.billing.models import (
    Acknowledgement,
    ChargeLine,
    ChargeSlip,
    Claim,
    ClaimNote,
    ClaimStep,
    Denial,
    RemittedAdjustment,
    RemittedClaim,
    SubmittedClaim,
)
from almoner.billing.queries.codes import diagnoses, release_on, wordings
from almoner.billing.queries.onward import Waiting, waiting_for
from almoner.billing.rules import codes, denials
from almoner.billing.rules.claims import GONE
from almoner.billing.rules.denials import Bearing
from almoner.edges.x12.syntax import Segment, segments
from almoner.ledger.models import Entry


@dataclass(frozen=True, slots=True)
class Answer:
    """What a remittance said of the claim, with every reason in words."""

    remitted: RemittedClaim
    reasons: list["Reason"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One adjustment: on which line (0: the claim), group, code, cents, words."""

    line_number: int
    group: str
    code: str
    cents: int
    wording: str
    bearing: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """All a claim's page shows. ``entries`` are the ledger's, of its visit."""

    claim: Claim
    slip: ChargeSlip
    successor: Claim | None
    diagnoses: list[tuple[str, str]]
    lines: list[ChargeLine]
    steps: list[ClaimStep]
    findings: list[Any]
    notes: list[ClaimNote]
    sendings: list[SubmittedClaim]
    answers: list[Acknowledgement]
    remitted: list[Answer]
    denials: list[Denial]
    entries: list[Entry]
    names: dict[int, str]
    owed_cents: int
    others: list[Claim]
    waits: list[Waiting]


def claim_view(claim_id: int, *, reading: Reading) -> ClaimView:
    """One claim with everything that happened to it. Raises Http404."""
    claim = (
        Claim.objects.select_related(
            "patient", "payer", "policy__plan", "slip__clinician", "slip__location",
            "slip__encounter", "replaces",
        ).filter(pk=claim_id).first()
    )  # fmt: skip
    if claim is None:
        raise Http404
    reading.saw([claim.patient_id])
    steps = list(claim.steps.select_related("received").order_by("-id"))
    notes = list(claim.notes.order_by("-id"))
    entries = list(
        Entry.objects.filter(visit_id=claim.slip.encounter.appointment_id)
        .select_related("journal")
        .order_by("journal_id", "id")
    )
    people = {one.by_id for one in steps if one.by_id} | {one.by_id for one in notes}
    return ClaimView(
        claim=claim,
        slip=claim.slip,
        successor=Claim.objects.filter(replaces=claim).first(),
        diagnoses=_diagnoses(claim.slip),
        lines=list(claim.slip.lines.order_by("number")),
        steps=steps,
        findings=list(claim.findings.order_by("-blocking", "field")),
        notes=notes,
        sendings=list(claim.sendings.select_related("submission__outgoing").order_by("-id")),
        answers=list(claim.answers.select_related("received").order_by("-id")),
        remitted=_remitted(claim),
        denials=list(claim.denials.order_by("-id")),
        entries=entries,
        names=dict(Officer.objects.filter(pk__in=people).values_list("pk", "name")),
        owed_cents=sum(
            one.cents
            for one in entries
            if one.account == "insurance_ar" and one.payer_id == claim.payer_id
        ),
        others=list(
            Claim.objects.filter(slip=claim.slip)
            .exclude(rank=claim.rank)
            .exclude(state__in=GONE)
            .select_related("payer")
            .order_by("rank")
        ),
        waits=[one for one in waiting_for(claim.slip_id) if one.claim_id != claim.pk],
    )


def _diagnoses(slip: ChargeSlip) -> list[tuple[str, str]]:
    release = release_on(slip.service_date)
    known = diagnoses(slip.diagnoses, release_id=release.id) if release else {}
    return [
        (codes.dotted(code), known[code].description if code in known else "")
        for code in slip.diagnoses
    ]


def _remitted(claim: Claim) -> list[Answer]:
    rows = list(claim.remitted.select_related("remittance").order_by("-id"))
    adjusted = list(
        RemittedAdjustment.objects.filter(claim__in=rows).order_by("claim_id", "line_number", "id")
    )
    said = wordings(sorted({one.reason for one in adjusted}))
    return [
        Answer(row, [_reason(one, said, row) for one in adjusted if one.claim_id == row.pk])
        for row in rows
    ]


def _reason(one: RemittedAdjustment, said: dict[str, str], answer: RemittedClaim) -> Reason:
    bears = denials.bearing(one.group, one.reason)
    if one.reason == denials.EARLIER_PAYER and answer.left_cents is not None:
        bears = Bearing.EARLIER
    elif bears is Bearing.PATIENT and answer.share_to_id:
        bears = Bearing.NEXT
    return Reason(
        one.line_number, one.group, one.reason, one.cents, said.get(one.reason, ""), bears.value
    )  # fmt: skip


def sent_segments(claim_id: int, submission_id: int, *, reading: Reading) -> list[str]:
    """This claim's own segments of a sent file: never its neighbours'. Raises Http404."""
    found = (
        SubmittedClaim.objects.select_related("submission", "claim")
        .filter(claim_id=claim_id, submission_id=submission_id)
        .first()
    )
    if found is None:
        raise Http404
    reading.saw([found.claim.patient_id])
    return _own_segments(bytes(found.submission.content), found.claim.number)


_SUBSCRIBER = "22"
_PARENTS = frozenset({"20", _SUBSCRIBER})


def _own_segments(content: bytes, number: str) -> list[str]:
    """From the subscriber's level above the claim up to the next subscriber or provider."""
    own: list[Segment] = []
    mine = False
    for segment in segments(content):
        begins = segment.tag == "HL" and segment[3] in _PARENTS
        if begins or segment.tag == "SE":
            if mine:
                break
            own = []
        own.append(segment)
        mine = mine or (segment.tag == "CLM" and segment[1] == number)
    return ["*".join(segment.elements) + "~" for segment in own] if mine else []
