"""From claims to the bytes of an 837P."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from almoner.edges.x12.amounts import decimal
from almoner.edges.x12.claim.values import (
    Address,
    Adjustment,
    Claim,
    Judgement,
    Line,
    Name,
    PriorPayer,
    Provider,
    Submission,
)
from almoner.edges.x12.writer import Envelope, Writer, plain
from almoner.ground.words import gettext_noop

GUIDE = "005010X222A1"
CLAIMS_IN_A_SET = 5_000


def write_837p(envelope: Envelope, submission: Submission, claims: Sequence[Claim]) -> bytes:
    """One interchange of claims, in transaction sets of at most 5,000.

    Claims keep their order; neighbours with the same billing provider share its loop. Raises
    ValueError when there is no claim, and Unwritable when an id or code cannot be written.
    """
    if not claims:
        message = gettext_noop("A claim file needs at least one claim.")
        raise ValueError(message)
    writer = Writer(envelope)
    # The group carries the file's own number, so that a 999, which names only the group, finds it.
    writer.begin_group("HC", GUIDE, control=envelope.control)
    for first in range(0, len(claims), CLAIMS_IN_A_SET):
        _Set(writer).write(submission, claims[first : first + CLAIMS_IN_A_SET])
    writer.end_group()
    return writer.finish()


class _Set:
    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._put = writer.segment
        self._levels = 0

    def write(self, submission: Submission, claims: Iterable[Claim]) -> None:
        self._writer.begin_set("837", GUIDE)
        self._header(submission)
        for (billing, pay_to), group in groupby(claims, lambda one: (one.billing, one.pay_to)):
            level = self._level("", "20", has_children=True)
            self._billing(billing, pay_to)
            for claim in group:
                self._subscriber(claim, level)
        self._writer.end_set()

    def _header(self, submission: Submission) -> None:
        at = submission.written_at
        self._put("BHT", "0019", "00", submission.reference, f"{at:%Y%m%d}", f"{at:%H%M}", "CH")
        submitter, receiver = plain(submission.submitter), plain(submission.receiver)
        self._put("NM1", "41", "2", submitter, "", "", "", "", "46", submission.submitter_id)
        self._put("PER", "IC", plain(submission.contact), "TE", submission.phone)
        self._put("NM1", "40", "2", receiver, "", "", "", "", "46", submission.receiver_id)

    def _level(self, parent: str, kind: str, *, has_children: bool) -> str:
        self._levels += 1
        self._put("HL", str(self._levels), parent, kind, "1" if has_children else "0")
        return str(self._levels)

    def _billing(self, billing: Provider, pay_to: Address | None) -> None:
        if billing.taxonomy:
            self._put("PRV", "BI", "PXC", billing.taxonomy)
        self._name("85", billing.name, "XX", billing.npi)
        self._address(billing.address)
        self._put("REF", "EI", billing.tax_id)
        if pay_to:
            self._put("NM1", "87", "1" if billing.name.is_person else "2")
            self._address(pay_to)

    def _subscriber(self, claim: Claim, parent: str) -> None:
        one, patient = claim.subscriber, claim.patient
        level = self._level(parent, "22", has_children=patient is not None)
        self._put(
            "SBR",
            one.rank,
            "" if patient else "18",
            one.group_number,
            plain(one.group_name),
            one.secondary_reason,
            "",
            "",
            "",
            one.filing,
        )
        self._name("IL", one.name, "MI", one.member_id)
        self._address(one.address)
        if one.born_on:
            self._put("DMG", "D8", _day(one.born_on), one.sex or "U")
        if one.casualty_number and not patient:
            self._put("REF", "Y4", one.casualty_number)
        self._put("NM1", "PR", "2", plain(claim.payer.name), *_GAP, "PI", claim.payer.identifier)
        self._address(claim.payer.address)
        if patient:
            self._level(level, "23", has_children=False)
            self._put("PAT", patient.relation)
            self._name("QC", patient.name)
            self._address(patient.address)
            self._put("DMG", "D8", _day(patient.born_on), patient.sex or "U")
            if one.casualty_number:
                self._put("REF", "Y4", one.casualty_number)
        self._claim(claim)

    def _claim(self, claim: Claim) -> None:
        cause = (claim.cause, "", "", claim.accident_state) if claim.cause else None
        self._put(
            "CLM",
            claim.number,
            decimal(claim.charge),
            "",
            "",
            (claim.place, "B", claim.frequency),
            "Y",
            "A" if claim.accepts_assignment else "C",
            "Y",
            "Y",
            "",
            cause,
        )
        if claim.accident_on:
            self._put("DTP", "439", "D8", _day(claim.accident_on))
        if claim.patient_paid is not None:
            self._put("AMT", "F5", decimal(claim.patient_paid))
        for qualifier, value in (
            ("G1", claim.authorization),
            ("F8", claim.payer_claim_number),
            ("D9", claim.trace),
        ):
            if value:
                self._put("REF", qualifier, value)
        if claim.note:
            self._put("NTE", "ADD", plain(claim.note))
        kinds = ["ABK"] + ["ABF"] * (len(claim.diagnoses) - 1)
        self._put("HI", *zip(kinds, claim.diagnoses, strict=True))
        self._providers(claim)
        for prior in claim.prior_payers:
            self._prior_payer(prior)
        for number, line in enumerate(claim.lines, 1):
            self._line(number, line)

    def _providers(self, claim: Claim) -> None:
        if claim.referring:
            self._name("DN", claim.referring.name, "XX", claim.referring.npi)
        if claim.rendering:
            self._name("82", claim.rendering.name, "XX", claim.rendering.npi)
            if claim.rendering.taxonomy:
                self._put("PRV", "PE", "PXC", claim.rendering.taxonomy)
        if claim.facility:
            self._name("77", claim.facility.name, "XX", claim.facility.npi)
            self._address(claim.facility.address)

    def _prior_payer(self, prior: PriorPayer) -> None:
        group, filing = prior.group_number, prior.filing
        self._put("SBR", prior.rank, prior.relation, group, *_GAP, "", filing)
        self._adjustments(prior.adjustments)
        if prior.paid is not None:
            self._put("AMT", "D", decimal(prior.paid))
        if prior.liability_left is not None:
            self._put("AMT", "EAF", decimal(prior.liability_left))
        self._put("OI", "", "", "Y", "", "", "Y")
        self._name("IL", prior.subscriber, "MI", prior.member_id)
        self._put("NM1", "PR", "2", plain(prior.payer.name), *_GAP, "PI", prior.payer.identifier)
        self._address(prior.payer.address)
        if prior.decided_on:
            self._put("DTP", "573", "D8", _day(prior.decided_on))
        if prior.claim_number:
            self._put("REF", "F8", prior.claim_number)

    def _line(self, number: int, line: Line) -> None:
        pointers = tuple(str(pointer) for pointer in line.pointers)
        self._put("LX", str(number))
        self._put(
            "SV1",
            ("HC", line.procedure, *line.modifiers),
            decimal(line.charge),
            "UN",
            line.units,
            line.place,
            "",
            pointers,
        )
        if line.served_to and line.served_to != line.served_from:
            span = f"{_day(line.served_from)}-{_day(line.served_to)}"
            self._put("DTP", "472", "RD8", span)
        else:
            self._put("DTP", "472", "D8", _day(line.served_from))
        if line.control:
            self._put("REF", "6R", line.control)
        for judgement in line.judgements:
            self._judgement(line, judgement)

    def _judgement(self, line: Line, judgement: Judgement) -> None:
        code = judgement.procedure or line.procedure
        service = ("HC", code, *judgement.modifiers)
        paid = decimal(judgement.paid)
        self._put("SVD", judgement.payer_identifier, paid, service, "", judgement.units)
        self._adjustments(judgement.adjustments)
        self._put("DTP", "573", "D8", _day(judgement.decided_on))

    def _adjustments(self, adjustments: tuple[Adjustment, ...]) -> None:
        """One CAS holds up to six adjustments of one group; neighbours of a group share it."""
        for group, several in groupby(adjustments, lambda one: one.group):
            rows = list(several)
            for first in range(0, len(rows), 6):
                parts: list[str] = []
                for row in rows[first : first + 6]:
                    parts += [row.reason, decimal(row.amount), ""]
                self._put("CAS", group, *parts)

    def _name(self, role: str, name: Name, kind: str = "", identifier: str = "") -> None:
        self._put(
            "NM1",
            role,
            "1" if name.is_person else "2",
            plain(name.last, longest=60),
            plain(name.first, longest=35),
            plain(name.middle, longest=25),
            "",
            plain(name.suffix, longest=10),
            kind if identifier else "",
            identifier,
        )

    def _address(self, address: Address | None) -> None:
        if address:
            line, second = plain(address.line, longest=55), plain(address.line_2, longest=55)
            self._put("N3", line, second)
            self._put("N4", plain(address.city, longest=30), address.state, address.zip_code)


_GAP = ("", "", "", "")


def _day(value: date) -> str:
    # Not strftime: it leaves out the leading zeros of years before 1000.
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"
