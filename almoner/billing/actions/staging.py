"""Reading an 835 into rows, before any of it touches the ledger."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import connection, transaction

from almoner.billing.models import (
    ProviderAdjustment,
    ReceivedFile,
    Remittance,
    RemittedAdjustment,
    RemittedClaim,
    RemittedLine,
)
from almoner.coverage.models import Payer
from almoner.edges.x12 import remittance as x12
from almoner.edges.x12.syntax import Fault, Severity
from almoner.ground import events
from almoner.ground.words import apart, gettext_noop

_USED_BEFORE = gettext_noop(
    "The payment number was used before, for a payment that says something else. Ask the payer "
    "which of the two holds"
)

CHUNK = 2_000
MOST_FAULTS_KEPT = 100

CLAIM_COLUMNS = (
    "id", "remittance_id", "position", "number", "status", "charge_cents", "paid_cents",
    "patient_cents", "payer_claim_number", "patient_family", "patient_given", "member_id",
    "service_date", "remarks", "segment", "state", "matched_by", "needs_review",
)  # fmt: skip
LINE_COLUMNS = (
    "claim_id", "number", "procedure", "modifiers", "charge_cents", "paid_cents", "line_control",
    "remarks",
)  # fmt: skip
ADJUSTMENT_COLUMNS = ("claim_id", "line_number", "position", '"group"', "reason", "cents")


@transaction.atomic(durable=True)
def stage(received_id: int, *, at: datetime) -> list[Remittance]:
    """Read a kept 835: what balances becomes rows waiting to be posted, the rest is refused.

    A payment is refused with the segment and the sums; nothing of it is kept but the refusal, and
    the file itself. Done once; asked again it answers what is there.
    """
    received = ReceivedFile.objects.select_for_update().get(pk=received_id)
    if received.state == ReceivedFile.State.STORED:
        content = bytes(received.content)
        report = x12.balance(content)
        if _errors(report.faults):
            _refuse_file(received, report, at=at)
        else:
            _take(received, content, report, at=at)
        received.state = ReceivedFile.State.DONE
        received.save(update_fields=["state"])
    return list(received.remittances.order_by("position"))


def _errors(faults: tuple[Fault, ...]) -> list[Fault]:
    return [fault for fault in faults if fault.severity is Severity.ERROR]


def _refuse_file(received: ReceivedFile, report: x12.Report, *, at: datetime) -> None:
    """The envelope is at fault: what is inside cannot be trusted to be whole."""
    refusal = {"faults": _told(report.faults), "amount": None, "paid": None, "adjusted": None,
               "claims": report.claims, "refused": 0}  # fmt: skip
    row = Remittance.objects.create(
        received=received, position=1, state=Remittance.State.REFUSED, read_at=at, refusal=refusal
    )
    events.record("billing.remittance_refused", at=at, by=None, about=row)


def _told(faults: tuple[Fault, ...]) -> list[dict[str, Any]]:
    """Faults as they are kept: the errors first, without the text found (it may name a patient)."""
    ordered = sorted(faults, key=lambda fault: fault.severity is not Severity.ERROR)
    return [
        {name: value for name, value in asdict(fault).items() if name != "value"}
        | {"severity": str(fault.severity), "place": fault.place, **apart(fault.message)}
        for fault in ordered[:MOST_FAULTS_KEPT]
    ]


def _take(received: ReceivedFile, content: bytes, report: x12.Report, *, at: datetime) -> None:
    judged = iter(report.sets)
    payment: x12.Payment | None = None
    for read in _by_payment(content):
        payment = read.payment
        verdict = next(judged)
        row = _heading(received, payment, position=_position(report, verdict), at=at)
        if verdict.balances:
            _keep(row, read, at=at)
        else:
            for _claim in read.claims:
                pass  # a refused payment is read past, not kept
            _refuse(row, _told(verdict.faults), verdict, at=at)


def _position(report: x12.Report, verdict: x12.SetReport) -> int:
    return next(at for at, each in enumerate(report.sets, 1) if each is verdict)


@dataclass(slots=True)
class _Payment:
    """One payment of a file being read; ``closed`` is known once its claims were all taken."""

    payment: x12.Payment
    claims: Iterator[x12.Claim]
    closed: list[x12.Closed] = field(default_factory=list)


def _by_payment(content: bytes) -> Iterator[_Payment]:
    stream = x12.read_835(content)

    def claims(into: list[x12.Closed]) -> Iterator[x12.Claim]:
        for each in stream:
            if isinstance(each, x12.Closed):
                into.append(each)
                return
            if isinstance(each, x12.Claim):
                yield each

    for first in stream:
        if isinstance(first, x12.Payment):
            one = _Payment(first, iter(()))
            one.claims = claims(one.closed)
            yield one


def _heading(
    received: ReceivedFile, payment: x12.Payment, *, position: int, at: datetime
) -> Remittance:
    return Remittance(
        received=received,
        position=position,
        set_control=payment.set[:9],
        payer=Payer.objects.filter(payer_id__in=_payer_names(payment)).first(),
        payer_name=payment.payer.name,
        payer_identifier=payment.origin or payment.payer.id,
        trace_number=payment.trace,
        method=payment.method[:3],
        paid_cents=payment.cents,
        payment_date=payment.paid_on,
        read_at=at,
    )


def _payer_names(payment: x12.Payment) -> list[str]:
    """What the payer may be known by here: its identifier, and other numbers it gives (REF*2U)."""
    numbers = [payment.payer.id, *(each.value for each in payment.payer.references)]
    return [number for number in numbers if number]


def _refuse(
    row: Remittance, faults: list[dict[str, Any]], verdict: x12.SetReport, *, at: datetime
) -> None:
    row.state = Remittance.State.REFUSED
    row.claim_count = verdict.claims
    row.refusal = {
        "faults": faults,
        "amount": verdict.amount,
        "paid": verdict.paid,
        "adjusted": verdict.provider_adjustments,
        "claims": verdict.claims,
        "refused": verdict.refused,
    }
    row.save()
    events.record("billing.remittance_refused", at=at, by=None, about=row)


def _keep(row: Remittance, read: _Payment, *, at: datetime) -> None:
    """Keep a balanced payment, unless it was sent before under another envelope."""
    first = next(read.claims, None)
    claims = chain([first] if first else [], read.claims)
    row.state = Remittance.State.POSTING
    earlier = _earlier(row)
    if earlier:
        _repeat(row, earlier, claims, read, at=at)
        return
    row.save()
    digest = hashlib.sha256(heading_text(row))
    count = 0
    for chunk in chunks(claims):
        copy_claims(row.pk, chunk, first=count + 1)
        count += len(chunk)
        for claim in chunk:
            digest.update(claim_text(claim))
    keep_provider_adjustments(row, read.closed)
    row.claim_count, row.digest = count, digest.hexdigest()
    row.save(update_fields=["claim_count", "digest"])


def _earlier(row: Remittance) -> Remittance | None:
    if not row.trace_number:
        return None
    return Remittance.objects.filter(
        payer_identifier=row.payer_identifier,
        trace_number=row.trace_number,
        state__in=[Remittance.State.POSTING, Remittance.State.POSTED],
    ).first()


def _repeat(
    row: Remittance,
    earlier: Remittance,
    claims: Iterator[x12.Claim],
    read: _Payment,
    *,
    at: datetime,
) -> None:
    digest = hashlib.sha256(heading_text(row))
    for claim in claims:
        row.claim_count += 1
        digest.update(claim_text(claim))
    row.digest, row.same_as = digest.hexdigest(), earlier
    if row.digest == earlier.digest:
        row.state = Remittance.State.DUPLICATE
        row.save()
        return
    row.state = Remittance.State.REFUSED
    row.refusal = {
        "faults": [
            {
                "code": "trace-used-before",
                "message": f"{_USED_BEFORE}: {row.trace_number}",
                "severity": "error", "tag": "TRN", "ordinal": 0, "position": 0, "element": 2,
                "component": 0, "offset": read.payment.offset, "loop": "", "place": "TRN",
            }
        ],
        "amount": row.paid_cents, "paid": None, "adjusted": None, "claims": row.claim_count,
        "refused": 0,
    }  # fmt: skip
    row.save()
    events.record("billing.remittance_refused", at=at, by=None, about=row)


def heading_text(row: Remittance) -> bytes:
    return f"{row.paid_cents} {row.payment_date} {row.method}".encode()


def claim_text(claim: x12.Claim) -> bytes:
    """What a claim says, without where it stands."""
    return repr(
        (
            claim.account, claim.status, claim.charged, claim.paid, claim.payer_claim_number,
            claim.adjustments,
            [(line.procedure, line.charged, line.paid, line.adjustments) for line in claim.lines],
        )
    ).encode()  # fmt: skip


def chunks(claims: Iterator[x12.Claim]) -> Iterator[list[x12.Claim]]:
    chunk: list[x12.Claim] = []
    for claim in claims:
        chunk.append(claim)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def copy_claims(remittance_id: int, claims: list[x12.Claim], *, first: int) -> list[int]:
    """Keep answered claims that wait to be posted; their ids in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('billing_remittedclaim', 'id'))"
            " FROM generate_series(1, %s)",
            [len(claims)],
        )
        ids = [int(row[0]) for row in cursor.fetchall()]
    numbered = list(zip(ids, claims, strict=True))
    _write(
        RemittedClaim._meta.db_table,
        CLAIM_COLUMNS,
        (
            _claim_row(remittance_id, id_, position, claim)
            for position, (id_, claim) in enumerate(numbered, first)
        ),
    )
    _write(
        RemittedLine._meta.db_table,
        LINE_COLUMNS,
        (_line_row(id_, n, line) for id_, one in numbered for n, line in enumerate(one.lines, 1)),
    )
    _write(
        RemittedAdjustment._meta.db_table,
        ADJUSTMENT_COLUMNS,
        (row for id_, claim in numbered for row in _adjustment_rows(id_, claim)),
    )
    return ids


def _write(table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _claim_row(remittance_id: int, id_: int, position: int, claim: x12.Claim) -> tuple[Any, ...]:
    patient, member = claim.person("QC"), claim.person("IL")
    number = (member and member.id) or (patient and patient.id) or ""
    days = [line.service_from for line in claim.lines if line.service_from]
    return (
        id_, remittance_id, position, claim.account, claim.status[:2], claim.charged, claim.paid,
        claim.patient_share, claim.payer_claim_number, patient.family if patient else "",
        patient.given if patient else "", number, claim.statement_from or min(days, default=None),
        list(claim.remarks), claim.ordinal, "waiting", "", "",
    )  # fmt: skip


def _line_row(id_: int, number: int, line: x12.Line) -> tuple[Any, ...]:
    billed = line.submitted or line.procedure
    return (
        id_, number, billed.code, list(billed.modifiers), line.charged, line.paid, line.control,
        list(line.remarks),
    )  # fmt: skip


def _adjustment_rows(id_: int, claim: x12.Claim) -> Iterator[tuple[Any, ...]]:
    parts = [(0, claim.adjustments), *((n, x.adjustments) for n, x in enumerate(claim.lines, 1))]
    for line_number, adjustments in parts:
        for position, one in enumerate(adjustments, 1):
            yield (id_, line_number, position, one.group, one.reason, one.cents)


def keep_provider_adjustments(row: Remittance, closed: Iterable[x12.Closed]) -> None:
    ProviderAdjustment.objects.bulk_create(
        ProviderAdjustment(
            remittance=row,
            position=position,
            reason=one.reason[:2],
            reference=one.reference,
            cents=one.cents,
        )
        for end in closed
        for position, one in enumerate(end.adjustments, 1)
    )
