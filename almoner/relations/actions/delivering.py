"""What the carrier reports of the texts it took, and when it refuses for the patient's sake."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from almoner.ground import events
from almoner.ground.models import Outgoing
from almoner.relations import queries, rules
from almoner.relations.actions.consenting import one_at_a_time, say
from almoner.relations.models import Landline, Message
from almoner.relations.rules import Report
from almoner.relations.rules.phoning import LANDLINE

# One statement, so that of two reports at once neither undoes the other.
_FORWARD = """
    INSERT INTO relations_delivery AS known (outgoing_id, carrier_id, state, code, status, at)
    VALUES (%(outgoing)s, %(carrier_id)s, %(state)s, %(code)s, %(status)s, %(at)s)
    ON CONFLICT (outgoing_id) DO UPDATE
       SET state = excluded.state, code = excluded.code, status = excluded.status, at = excluded.at
     WHERE known.carrier_id = excluded.carrier_id AND known.state = ANY(%(before)s::text[])
    RETURNING id
"""
_ENDS = {
    Report.DELIVERED: "relations.delivered",
    Report.UNDELIVERED: "relations.not_delivered",
    Report.FAILED: "relations.not_delivered",
}


@transaction.atomic
def record_report(
    *,
    outgoing: Outgoing,
    carrier_id: str,
    report: Report,
    code: int | None,
    at: datetime,
    status: str = "",
) -> bool:
    """Keep how far a text or an e-mail has come; False when that, or something later, was known.

    The first end stays. One that did not arrive is work, as one that was refused; when the carrier
    says that they opted out, no text goes to that number any more.
    """
    if not forward(outgoing, carrier_id, report, code=code, status=status, at=at):
        return False
    if report in _ENDS:
        tell_end(outgoing, report, queries.why_not(outgoing.channel, code, status), at=at)
    if report in rules.NOT_ARRIVED:
        record_refusal(outgoing=outgoing, code=code, at=at)
    return True


def forward(
    outgoing: Outgoing,
    carrier_id: str,
    report: Report,
    *,
    code: int | None,
    status: str,
    at: datetime,
) -> bool:
    """Keep how far it has come; False when that, or something later, was known."""
    facts: dict[str, Any] = {
        "outgoing": outgoing.pk, "carrier_id": carrier_id, "state": report.value, "code": code,
        "status": status, "at": at, "before": [each.value for each in rules.may_follow(report)],
    }  # fmt: skip
    with connection.cursor() as sql:
        sql.execute(_FORWARD, facts)
        return sql.fetchone() is not None


@transaction.atomic
def record_refusal(*, outgoing: Outgoing, code: int | None, at: datetime) -> None:
    """The carrier lets nothing through to a number that texted it STOP: neither do we.

    What they said to us after the text was tried counts more than that. A number that it calls a
    landline is texted no more.
    """
    if code in LANDLINE:
        facts = {"code": code, "outgoing": outgoing, "at": at}
        Landline.objects.get_or_create(number=outgoing.payload["to"], defaults=facts)
    if code != rules.OPTED_OUT:
        return
    number = outgoing.payload["to"]
    one_at_a_time(number)
    last = queries.newest(number, "care")
    if last and (not last.given or last.at >= (outgoing.tried_at or outgoing.created_at)):
        return
    evidence = rules.trouble(code)
    say(number, rules.PURPOSES, given=False, how="carrier", evidence=evidence, at=at)
    events.record("relations.refused_by_carrier", at=at, by=None, about=outgoing)


def tell_end(outgoing: Outgoing, report: Report, why: str, *, at: datetime) -> None:
    """Write down that it arrived, or why it did not."""
    message = Message.objects.filter(outgoing=outgoing).first()
    if message is None:
        return  # an answer that was given by itself
    more: dict[str, Any] = {} if report == Report.DELIVERED else {"trouble": why}
    events.record(
        _ENDS[report], at=at, by=None, about=message, patient_id=message.patient_id,
        channel=message.channel, subject=queries.title(message), **more,
    )  # fmt: skip
