"""Writing 270 and 271."""

from datetime import date

from almoner.edges.x12.amounts import decimal
from almoner.edges.x12.eligibility.values import (
    BENEFIT,
    DEPENDENT,
    PAYER,
    PROVIDER,
    SUBSCRIBER,
    Answer,
    Benefit,
    Entity,
    Inquiry,
    Member,
    Period,
)
from almoner.edges.x12.writer import Element, Envelope, Writer, plain

GUIDE = "005010X279A1"
_LONGEST_FAMILY, _LONGEST_GIVEN = 60, 35


def write_270(inquiry: Inquiry, envelope: Envelope) -> bytes:
    """One interchange with one question. Names are made plain ASCII; ids are sent as they are.

    Only what a payer needs to find the member is sent: id, name, birth date. A sex or address that
    differs from the payer's record would only make it refuse. Raises Unwritable.
    """
    writer = Writer(envelope)
    writer.begin_group("HS", GUIDE)
    writer.begin_set("270", GUIDE)
    sent_at = envelope.sent_at
    writer.segment("BHT", "0022", "13", inquiry.reference, f"{sent_at:%Y%m%d}", f"{sent_at:%H%M}")
    writer.segment("HL", "1", "", "20", "1")
    _entity(writer, inquiry.payer)
    writer.segment("HL", "2", "1", "21", "1")
    _entity(writer, inquiry.provider)
    writer.segment("HL", "3", "2", "22", "1" if inquiry.dependent else "0")
    if inquiry.dependent:
        _member(writer, "IL", inquiry.subscriber, asked=True)
        writer.segment("HL", "4", "3", "23", "0")
    writer.segment("TRN", "1", inquiry.trace, inquiry.origin)
    _member(writer, "03" if inquiry.dependent else "IL", inquiry.patient, asked=True)
    writer.segment("DTP", "291", "D8", f"{inquiry.service_date:%Y%m%d}")
    for code in inquiry.service_types:
        writer.segment("EQ", code)
    writer.end_set()
    writer.end_group()
    return writer.finish()


def write_271(answer: Answer, envelope: Envelope) -> bytes:
    """One interchange with one answer. Rejections stand in the loops their level names."""
    writer = Writer(envelope)
    writer.begin_group("HB", GUIDE)
    writer.begin_set("271", GUIDE)
    sent_at = envelope.sent_at
    writer.segment("BHT", "0022", "11", answer.reference, f"{sent_at:%Y%m%d}", f"{sent_at:%H%M}")
    deeper = [answer.subscriber is not None, answer.dependent is not None]
    writer.segment("HL", "1", "", "20", "0" if _refused(answer, PAYER) else "1")
    _entity(writer, answer.payer)
    _rejections(writer, answer, PAYER)
    if not _refused(answer, PAYER):
        writer.segment("HL", "2", "1", "21", "1" if deeper[0] else "0")
        _entity(writer, answer.provider)
        _rejections(writer, answer, PROVIDER)
        if answer.subscriber:
            _patients(writer, answer, answer.subscriber)
    writer.end_set()
    writer.end_group()
    return writer.finish()


def _refused(answer: Answer, level: str) -> bool:
    return any(each.level == level for each in answer.rejections)


def _patients(writer: Writer, answer: Answer, subscriber: Member) -> None:
    writer.segment("HL", "3", "2", "22", "1" if answer.dependent else "0")
    if not answer.dependent:
        writer.segment("TRN", "2", answer.trace, answer.origin)
    _member(writer, "IL", subscriber)
    _rejections(writer, answer, SUBSCRIBER)
    if not answer.dependent:
        _known(writer, subscriber)
    else:
        _birth(writer, subscriber)
        writer.segment("HL", "4", "3", "23", "0")
        writer.segment("TRN", "2", answer.trace, answer.origin)
        _member(writer, "03", answer.dependent)
        _rejections(writer, answer, DEPENDENT)
        _known(writer, answer.dependent)
    _periods(writer, answer.periods)
    for benefit in answer.benefits:
        _benefit(writer, benefit)
    _rejections(writer, answer, BENEFIT)


def _known(writer: Writer, member: Member) -> None:
    _birth(writer, member)
    if member.relation:
        writer.segment("INS", "Y" if member.relation == "18" else "N", member.relation)


def _birth(writer: Writer, member: Member) -> None:
    if member.birth_date:
        writer.segment("DMG", "D8", _day(member.birth_date), member.sex)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _entity(writer: Writer, entity: Entity) -> None:
    writer.segment(
        "NM1",
        entity.role,
        entity.kind,
        plain(entity.name, longest=_LONGEST_FAMILY),
        plain(entity.given, longest=_LONGEST_GIVEN),
        "",
        "",
        "",
        entity.id_qualifier,
        entity.id,
    )
    for contact in entity.contacts:
        writer.segment("PER", "IC", "", "TE", contact)


def _member(writer: Writer, role: str, member: Member, *, asked: bool = False) -> None:
    writer.segment(
        "NM1",
        role,
        "1",
        plain(member.family, longest=_LONGEST_FAMILY),
        plain(member.given, longest=_LONGEST_GIVEN),
        "" if asked else plain(member.middle, longest=25),
        "",
        plain(member.suffix, longest=10),
        "MI" if member.member_id else "",
        member.member_id,
    )
    if asked:
        if member.birth_date:
            writer.segment("DMG", "D8", _day(member.birth_date))
        return
    for reference in member.references:
        writer.segment("REF", reference.qualifier, reference.value, reference.description)
    if member.address:
        writer.segment("N3", *(plain(line, longest=55) for line in member.address))
    if member.city:
        writer.segment("N4", plain(member.city, longest=30), member.state, member.zip_code)


def _rejections(writer: Writer, answer: Answer, level: str) -> None:
    for rejection in answer.rejections:
        if rejection.level == level:
            # AAA01 Y: the request was valid but could not be answered; N: it was not valid.
            writer.segment("AAA", "N", "", rejection.code, rejection.follow_up)


def _periods(writer: Writer, periods: tuple[Period, ...]) -> None:
    for period in periods:
        if period.since == period.until:
            writer.segment("DTP", period.qualifier, "D8", _day(period.since))
        else:
            both = f"{_day(period.since)}-{_day(period.until)}"
            writer.segment("DTP", period.qualifier, "RD8", both)


def _benefit(writer: Writer, benefit: Benefit) -> None:
    writer.segment(
        "EB",
        benefit.kind,
        benefit.level,
        writer.repeated(*benefit.service_types),
        benefit.insurance_type,
        benefit.plan,
        benefit.period,
        decimal(benefit.cents) if benefit.cents is not None else "",
        _fraction(benefit.basis_points),
        benefit.quantity_qualifier,
        benefit.quantity,
        benefit.authorisation,
        benefit.network,
        benefit.procedure,
    )
    for delivery in benefit.deliveries:
        elements: list[Element] = [
            delivery.quantity_qualifier, delivery.quantity, delivery.measure, delivery.per,
            delivery.period, delivery.period_count, delivery.pattern, delivery.time,
        ]  # fmt: skip
        writer.segment("HSD", *elements)
    for reference in benefit.references:
        writer.segment("REF", reference.qualifier, reference.value, reference.description)
    _periods(writer, benefit.periods)
    for message in benefit.messages:
        writer.segment("MSG", plain(message, longest=264))
    for place in benefit.places:
        writer.segment("III", "ZZ", place)
    if benefit.entities:
        writer.segment("LS", "2120")
        for entity in benefit.entities:
            _entity(writer, entity)
        writer.segment("LE", "2120")


def _fraction(points: int | None) -> str:
    """2000 basis points as 0.2: a fraction of one."""
    if points is None:
        return ""
    whole, part = divmod(points, 10_000)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".")
