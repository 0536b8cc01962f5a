"""What happens around a call: consent, a booking, a reminder, and what the carrier tells."""

from datetime import date, timedelta

from almoner.ground import events, outbox
from almoner.ground.models import Event
from almoner.relations import actions
from almoner.relations.tests.make import CYS, NOON

MINUTE = timedelta(minutes=1)
BORN = date(1984, 4, 27)


def agree(officer, cy, *, given=True, purpose="care", at=NOON):
    return actions.record_consent(
        officer=officer, patient_id=cy.pk, channel="voice", address=CYS, purpose=purpose,
        given=given, words="Please call me", at=at,
    )  # fmt: skip


def booked(clinic, cy, *, at=NOON, kind="scheduling.booked", **facts):
    known = {
        "clinician": "Linh Ng, MD", "clinician_id": 1, "location": "Lakeside", "when": "soon",
        "local_day": "2026-12-01", "local_time": "14:20", "starts_at": "2026-12-01T20:20:00+00:00",
    }  # fmt: skip
    return events.record(kind, at=at, by=None, about=clinic, patient_id=cy.pk, **(known | facts))


def remind(clinic, cy, *, at=NOON, event=None, key="reminder-1"):
    return actions.remind_of_visit(
        event=event or booked(clinic, cy), key=key, confirmed=False, check_in=False, at=at
    )


def ringing(message, *, at=NOON):
    outbox.try_delivery(message.outgoing_id, at=at)
    message.refresh_from_db()
    message.outgoing.refresh_from_db()
    return message


def answer(message, *, by="human", sid=None, at=NOON):
    item = message.outgoing
    sid = sid or item.partner_reference
    return actions.answer_call(outgoing=item, carrier_id=sid, by=by, at=at)


def press(message, turn, keys, *, at=NOON):
    item = message.outgoing
    return actions.press(
        outgoing=item, carrier_id=item.partner_reference, turn=turn, keys=keys, at=at
    )


def report(message, status, *, at=NOON, item=None):
    item = item or message.outgoing
    return actions.record_call(
        outgoing=item, carrier_id=item.partner_reference, status=status, at=at
    )


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))
