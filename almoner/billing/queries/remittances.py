"""Reads of remittances: what became of a file, of a payment, of one answered claim."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, Sum, When
from django.http import Http404

from almoner.access.queries import Reading, WorkItem
from almoner.billing.models import Claim, Mailbox, ReceivedFile, Remittance, RemittedClaim
from almoner.billing.queries.matching import DONE, WAITING
from almoner.billing.rules.excerpts import excerpt
from almoner.edges.x12.syntax import X12SyntaxError, segments
from almoner.ground.models import Outgoing
from almoner.ground.money import dollars
from almoner.ground.words import together

_ANSWERS_COME_WITHIN = timedelta(minutes=5)


def just_sent(at: datetime) -> bool:
    """Whether claims left so lately that somebody may be waiting for the answer to the file."""
    since = at - _ANSWERS_COME_WITHIN
    return Outgoing.objects.filter(channel="claims", settled_at__gte=since).exists()


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """What became of one payment of a file. Amounts in cents; see `Remittance.State`."""

    remittance_id: int
    state: str
    paid_cents: int
    claims: int
    posted: int
    unmatched: int
    denials: int
    refusal: tuple[str, ...]


def payment_results(received_id: int) -> list[PaymentResult]:
    """The payments of a file in its order. One query."""
    rows = (
        Remittance.objects.filter(received_id=received_id)
        .annotate(
            posted=Count("claims", filter=Q(claims__state__in=DONE), distinct=True),
            unmatched=Count("claims", filter=Q(claims__state="unmatched"), distinct=True),
            denials=Count("claims__denials", distinct=True),
        )
        .order_by("position")
    )
    return [
        PaymentResult(
            row.pk,
            row.state,
            row.paid_cents,
            row.claim_count,
            row.posted,
            row.unmatched,
            row.denials,
            tuple(f"{each['place']}: {each['message']}" for each in refused_at(row)),
        )
        for row in rows
    ]


def refused_at(row: Remittance) -> list[dict[str, Any]]:
    """The errors a remittance was refused for, the first in the file first."""
    faults = row.refusal["faults"] if row.refusal else []
    return [
        fault | {"message": together(fault["message"], fault)}
        for fault in faults
        if fault["severity"] == "error"
    ]


PAGE = 50


@dataclass(frozen=True, slots=True)
class RemittanceLine:
    """One payment in the list; cents. ``reason`` says why it was refused."""

    id: int
    payer: str
    trace_number: str
    payment_date: date | None
    paid_cents: int
    claims: int
    posted: int
    unmatched: int
    state: str
    read_at: datetime
    handled: bool
    reason: str


def remittance_page(state: str, *, number: int) -> Page[Any]:
    """One page of payments, the latest first; no patient is named. Two queries."""
    rows = Remittance.objects.annotate(
        posted=Count("claims", filter=Q(claims__state__in=DONE)),
        unmatched=Count("claims", filter=Q(claims__state__in=WAITING)),
    ).order_by("-read_at", "-pk")
    if state in Remittance.State.values:
        rows = rows.filter(state=state)
    elif state == "work":
        rows = rows.filter(
            # Not by a second join: that would count each answer as often as another is unmatched.
            Q(state="refused", handled_at__isnull=True)
            | Exists(RemittedClaim.objects.filter(remittance=OuterRef("pk"), state__in=WAITING))
        )
    page: Page[Any] = Paginator(rows, PAGE).get_page(number)
    page.object_list = [_line(row) for row in page.object_list]
    return page


def _line(row: Any) -> RemittanceLine:
    refused = refused_at(row)
    return RemittanceLine(
        id=row.pk,
        payer=row.payer_name,
        trace_number=row.trace_number,
        payment_date=row.payment_date,
        paid_cents=row.paid_cents,
        claims=row.claim_count,
        posted=row.posted,
        unmatched=row.unmatched,
        state=row.state,
        read_at=row.read_at,
        handled=row.handled_at is not None,
        reason=refused[0]["message"] if refused else "",
    )


def remittance(remittance_id: int) -> Remittance:
    """One payment. Raises Http404."""
    row = (
        Remittance.objects.select_related("payer", "received", "same_as")
        .defer("received__content")
        .filter(pk=remittance_id)
        .first()
    )
    if row is None:
        raise Http404
    return row


def answered_page(row: Remittance, *, number: int, reading: Reading) -> Page[Any]:
    """The claims of one payment, those that wait for a person first. Two queries."""
    rows = (
        RemittedClaim.objects.filter(remittance=row)
        .select_related("claim__patient")
        .order_by(Case(When(state__in=[*WAITING, "waiting"], then=0), default=1), "position")
    )
    page = Paginator(rows, PAGE).get_page(number)
    page.object_list = list(page.object_list)
    reading.saw(one.claim.patient_id for one in page.object_list if one.claim)
    if not all(one.claim for one in page.object_list):
        reading.saw_strangers(WorkItem("remittance", row.pk))
    return page


def sums_of(row: Remittance) -> dict[str, int]:
    """Cents a payment's claims pay by what became of them; with its PLB they are the payment."""
    summed = row.claims.values_list("state").annotate(Sum("paid_cents")).order_by()
    return {state: cents or 0 for state, cents in summed}


@dataclass(frozen=True, slots=True)
class Place:
    """A segment at fault with those around it, as they stand in the file."""

    before: list[str]
    at: str
    after: list[str]


_AROUND = 3
_MOST_IN_A_LETTER = 10


def places_of(
    row: Remittance, faults: list[dict[str, Any]], *, reading: Reading
) -> list[Place | None]:
    """The segment each fault points at, with its neighbours; None where it points at none.

    Names, ids and birth dates are shown to who posts payments only. Whose claims the segments
    belong to counts as seen; where such a claim is none of ours, the remittance was looked at.
    Two queries.
    """
    content = ReceivedFile.objects.values_list("content", flat=True).get(pk=row.received_id)
    whole = reading.officer.may("billing.post")
    numbers: set[str] = set()
    places = _places(bytes(content), faults, whole=whole, numbers=numbers)
    ours = Claim.objects.filter(number__in=numbers).values_list("number", "pk", "patient_id")
    known = {number: (claim_id, patient_id) for number, claim_id, patient_id in ours}
    for claim_id, patient_id in known.values():
        reading.saw_about(WorkItem("claim", claim_id), patient_id)
    if numbers - known.keys():
        reading.saw_strangers(WorkItem("remittance", row.pk))
    return places


def _places(
    content: bytes, faults: list[dict[str, Any]], *, whole: bool, numbers: set[str]
) -> list[Place | None]:
    """Each fault's place, the file read once for all of them, as far as the last.

    Adds to ``numbers`` those of the claims the segments shown belong to.
    """
    asked = [fault.get("ordinal") or 0 for fault in faults]
    wanted = {near for at in asked if at for near in range(at - _AROUND, at + _AROUND + 1)}
    found: dict[int, str] = {}
    number = ""
    try:
        for segment in segments(content):
            if segment.ordinal > max(wanted, default=0):
                break
            if segment.tag == "CLP":
                number = segment[1]
            if segment.ordinal in wanted:
                found[segment.ordinal] = excerpt(segment.elements, whole=whole)
                numbers.update(filter(None, [number]))
    except X12SyntaxError:
        pass  # what could be read up to there is shown
    return [_place(at, found) if at else None for at in asked]


def _place(at: int, found: dict[int, str]) -> Place:
    """The segment, with the neighbours of it that could be read."""
    before = range(at - _AROUND, at)
    after = range(at + 1, at + _AROUND + 1)
    return Place(
        [found[near] for near in before if near in found],
        found.get(at, ""),
        [found[near] for near in after if near in found],
    )


def corrected_by(row: Remittance) -> int | None:
    """The payment that came later under the trace number of a refused one, and was taken."""
    if row.state != Remittance.State.REFUSED or not row.trace_number:
        return None
    later = Remittance.objects.filter(
        payer_identifier=row.payer_identifier,
        trace_number=row.trace_number,
        state__in=[Remittance.State.POSTING, Remittance.State.POSTED],
        pk__gt=row.pk,
    )
    return later.values_list("pk", flat=True).first()


def letter_to_payer(row: Remittance, faults: list[dict[str, Any]]) -> str:
    """What to write to the payer of a refused payment: which segments, and why; no patient."""
    said = [f"- {fault['place']}: {fault['message']}" for fault in faults[:_MOST_IN_A_LETTER]]
    facts = [
        f"Payment {row.trace_number or '(no number)'} of {dollars(row.paid_cents)}",
        f"dated {row.payment_date:%m/%d/%Y}" if row.payment_date else "",
        f"interchange {row.received.interchange_control}",
        f"transaction set {row.set_control}" if row.set_control else "",
    ]
    return "\n".join(
        [
            f"{', '.join(filter(None, facts))}, cannot be posted as it was sent."
            " We have posted nothing of it.",
            "",
            *said,
            "",
            "Please send a corrected 835, or tell us which amounts hold.",
        ]
    )


@dataclass(frozen=True, slots=True)
class MailboxState:
    """How the clearinghouse's mailbox is doing."""

    read_at: datetime | None
    trouble: str


def mailbox_state() -> MailboxState:
    row = Mailbox.objects.filter(pk=1).first()
    return MailboxState(row.read_at, row.trouble) if row else MailboxState(None, "")
