"""E-mails that come back, are reported as unwanted, or are ended by whoever gets them."""

from datetime import datetime

from django.db import connection, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.relations import queries, rules
from almoner.relations.actions.consenting import one_at_a_time, say
from almoner.relations.actions.delivering import record_report
from almoner.relations.actions.settling import MessageRefused, Refusal
from almoner.relations.models import ClosedAddress, Consent
from almoner.relations.rules import Report
from almoner.relations.rules.phoning import VOICE

BY_PROGRAM = gettext_noop("Ended by the button of their e-mail program")
BY_PAGE = gettext_noop("Ended on the page that the link in the e-mail leads to")
REPORTED = gettext_noop("Reported as unwanted to their mail server")

# One statement, so that of two reports at once one closes the address.
_CLOSE = """
    INSERT INTO relations_closedaddress
        (address, why, status, outgoing_id, at, opened_why)
    VALUES (%(address)s, %(why)s, %(status)s, %(outgoing)s, %(at)s, '')
    ON CONFLICT DO NOTHING RETURNING id
"""


@transaction.atomic
def record_bounce(*, outgoing: Outgoing, status: str, at: datetime) -> None:
    """An e-mail came back: it is work, as one that was refused.

    When it says that the address takes none at all, nothing is sent there until somebody looks.
    """
    record_report(
        outgoing=outgoing, carrier_id=f"mail {outgoing.pk}", report=Report.UNDELIVERED, code=None,
        status=status, at=at,
    )  # fmt: skip
    if rules.is_hard(status):
        close_address(outgoing=outgoing, why=rules.BOUNCED, status=status, at=at)


@transaction.atomic
def record_complaint(*, outgoing: Outgoing, at: datetime) -> None:
    """Whoever got an e-mail reported it as unwanted: nothing is sent there until somebody looks.

    Nothing that is not care or a bill is sent there after that either, before they ask for it.
    """
    address = outgoing.payload["to"].lower()
    close_address(outgoing=outgoing, why=rules.COMPLAINED, status="", at=at)
    left_at = outgoing.tried_at or outgoing.created_at
    last = {each: queries.newest(address, each, channel="email") for each in rules.ENDED}
    ended = [each for each, row in last.items() if not row or (row.given and row.at <= left_at)]
    say(address, tuple(ended), given=False, how="complaint", evidence=REPORTED, at=at,
        channel="email", patient_id=outgoing.patient_id)  # fmt: skip


@transaction.atomic
def close_address(*, outgoing: Outgoing, why: str, status: str, at: datetime) -> bool:
    """Write to an address no more; False when it is closed, or was looked at since that left."""
    address = outgoing.payload["to"].lower()
    one_at_a_time(address)
    seen = queries.last_opened(address)
    if seen and seen >= (outgoing.tried_at or outgoing.created_at):
        return False
    facts = {
        "address": address, "why": why, "status": status, "outgoing": outgoing.pk, "at": at,
    }  # fmt: skip
    with connection.cursor() as sql:
        sql.execute(_CLOSE, facts)
        if (made := sql.fetchone()) is None:
            return False
    events.record(
        "relations.address_closed", at=at, by=None, about=ClosedAddress(pk=made[0]),
        patient_id=outgoing.patient_id, why=rules.CLOSED[why],
    )  # fmt: skip
    return True


@transaction.atomic
def open_address(*, officer: Officer, row: ClosedAddress, why: str, at: datetime) -> ClosedAddress:
    """Somebody has looked: the address is written to again; the reason is kept.

    Raises PermissionDenied; MessageRefused without a reason, or when somebody has opened it.
    """
    access.require(officer, "relations.send")
    one_at_a_time(row.address)
    kept = ClosedAddress.objects.select_for_update().get(pk=row.pk)
    if kept.opened_at:
        raise MessageRefused(Refusal.NOT_OPEN)
    if not why.strip():
        raise MessageRefused(Refusal.NO_REASON)
    kept.opened_at, kept.opened_by_id, kept.opened_why = at, officer.pk, why.strip()
    kept.save(update_fields=["opened_at", "opened_by_id", "opened_why"])
    events.record(
        "relations.address_opened", at=at, by=officer, about=kept,
        patient_id=kept.outgoing.patient_id, why=kept.opened_why,
    )  # fmt: skip
    return kept


@transaction.atomic
def end_mails(*, message_id: int | None, by_program: bool, at: datetime) -> bool:
    """Whoever got an e-mail wants no more like it; False when there is no such e-mail.

    Once said it holds, however often it is pressed. Care goes on.
    """
    message = queries.mailed_by(message_id)
    item = message.outgoing if message else None
    purpose = item.payload.get("purpose", rules.CARE) if item else rules.CARE
    if message is None or purpose == rules.CARE or purpose not in rules.PURPOSES:
        return False
    address = message.address.lower()
    one_at_a_time(address)
    last = queries.newest(address, purpose, channel="email")
    if last and not last.given:
        return True
    say(address, (purpose,), given=False, how="link",
        evidence=BY_PROGRAM if by_program else BY_PAGE, at=at, channel="email")  # fmt: skip
    events.record(
        "relations.mails_ended", at=at, by=None, about=message, patient_id=message.patient_id,
        purpose=purpose,
    )  # fmt: skip
    return True


@transaction.atomic
def record_consent(
    *,
    officer: Officer,
    patient_id: int,
    channel: str,
    address: str,
    purpose: str,
    given: bool,
    words: str,
    at: datetime,
) -> Consent:
    """Keep what a patient said to an officer of one purpose at one of their addresses.

    Texts of care or bills are given back by the patient's own START, not by word of mouth; an
    e-mail address has no such word. Calls that advertise want more than a spoken yes.
    Raises PermissionDenied; MessageRefused without their words, at an address that is not theirs,
    or for a purpose that cannot be given so.
    """
    access.require(officer, "relations.send")
    if not words.strip():
        raise MessageRefused(Refusal.NO_WORDS)
    if not queries.holders(channel, address).filter(pk=patient_id).exists():
        raise MessageRefused(Refusal.NOT_THEIRS)
    by_start = channel == "sms" and purpose not in rules.ENDED
    in_writing = channel == VOICE and purpose == rules.ADVERTISING
    if purpose not in rules.PURPOSES or (given and (by_start or in_writing)):
        raise MessageRefused(Refusal.NO_REASON)
    one_at_a_time(address)
    say(address, (purpose,), given=given, how="told", evidence=words.strip(), at=at, by=officer,
        channel=channel, patient_id=patient_id)  # fmt: skip
    row = queries.newest(address, purpose, channel=channel)
    assert row is not None  # noqa: S101 (it was just written)
    events.record(
        "relations.consented" if given else "relations.declined", at=at, by=officer, about=row,
        patient_id=patient_id, purpose=purpose, channel=channel,
    )  # fmt: skip
    return row
