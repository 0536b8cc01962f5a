"""Writing to those whose step is due: one person, one transaction, asked anew before each."""

from datetime import datetime, timedelta

from django.db import transaction

from almoner.ground import events
from almoner.ground.language import language_for
from almoner.ground.turns import in_turn
from almoner.outreach import queries
from almoner.outreach.models import Campaign, Enrolment, Step
from almoner.outreach.rules import Left, Standing, State
from almoner.patients.models import Patient
from almoner.relations import actions as relations
from almoner.relations.models import Message

MOST = 200
"""People one run writes to; the next minute's takes the next."""
_PUT_OFF = timedelta(hours=1)
"""How much later a step that failed is due again: those behind it have the pace meanwhile."""


def send_due(*, at: datetime) -> int:
    """Write to everybody who is due now, within each campaign's pace; how many there were.

    Run by two workers at once it does everything once: each person's place is locked, and looked at
    again under the lock. Raises an ExceptionGroup of what failed once all have had their turn.
    """
    over_after_time(at=at)
    due = queries.due(at=at, most=MOST)
    return in_turn(due, lambda id_: _in_its_turn(id_, at), named="enrolment")


def _in_its_turn(enrolment_id: int, at: datetime) -> bool:
    try:
        return write_to(enrolment_id=enrolment_id, at=at)
    except Exception:
        Enrolment.objects.filter(pk=enrolment_id, next_at__lte=at).update(next_at=at + _PUT_OFF)
        raise


@transaction.atomic
def write_to(*, enrolment_id: int, at: datetime) -> bool:
    """Take the step that is due; False when there is none any more.

    Whoever has booked meanwhile, opened a case, died or said no is left alone, for that reason.
    """
    found = Enrolment.objects.select_related("campaign").get(pk=enrolment_id)
    campaign = found.campaign
    stands = queries.standing([found.patient_id], queries.terms_of(campaign), at=at)
    now = stands[found.patient_id]
    # Where it goes before whose place it is: an answer that comes in takes them in that order.
    to = relations.take_way(patient_id=found.patient_id, channel=now.channel, at=at) \
        if now.channel in ("sms", "email") else None  # fmt: skip
    row = _due(enrolment_id, at)
    if row is None:
        return False
    if now.left or (to is None and now.channel != "call"):
        stop(row, now.left or Left.NO_WAY, at=at)
        return True
    if to is None:
        call(row, at=at)
        return True
    language = language_for(
        Patient.objects.values_list("language", flat=True).get(pk=row.patient_id)
    )
    said = _said(campaign, now.channel, language)
    message = relations.reach_out(to, said, key=f"outreach-{row.pk}-{row.steps + 1}", at=at)
    _written(row, message, to.address, campaign, at=at)
    return True


def _due(enrolment_id: int, at: datetime) -> Enrolment | None:
    """The place, locked, when its step is still due and its campaign runs."""
    row = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    runs = Campaign.objects.filter(pk=row.campaign_id, state=Standing.RUNNING).exists()
    due = row.state in (State.WAITING, State.REACHED) and row.next_at and row.next_at <= at
    return row if runs and due else None


def _said(campaign: Campaign, channel: str, language: str) -> relations.Said:
    subject, body = queries.composed(campaign, channel, language)
    return relations.Said(language, subject, body, campaign.purpose)


def _written(
    row: Enrolment, message: Message, address: str, campaign: Campaign, *, at: datetime
) -> None:
    row.steps += 1
    again = campaign.remind_after_days if row.steps == 1 else None
    row.next_at = at + timedelta(days=again) if again else None
    row.state = State.REACHED.value
    row.save(update_fields=["steps", "next_at", "state"])
    Step.objects.create(
        enrolment=row, number=row.steps, message=message, address=address.lower(), at=at
    )


def call(row: Enrolment, *, at: datetime) -> None:
    """Nobody can write to them: they stand on the call list from now on."""
    row.state, row.next_at = State.CALLING.value, at
    row.save(update_fields=["state", "next_at"])
    events.record("outreach.to_call", at=at, by=None, about=row, patient_id=row.patient_id)


def stop(row: Enrolment, why: Left, *, at: datetime) -> None:
    """Leave somebody alone from now on; the row is the caller's, locked."""
    row.state, row.stopped_at, row.stopped_why = State.STOPPED.value, at, why.value
    row.save(update_fields=["state", "stopped_at", "stopped_why"])
    events.record(
        "outreach.stopped", at=at, by=None, about=row, patient_id=row.patient_id, cause=why.value
    )


@transaction.atomic
def go_on_otherwise(*, message_id: int, at: datetime) -> bool:
    """A campaign's message did not arrive: they are called, if it calls; else it ends there.

    False for any other message, and for somebody who is left alone already.
    """
    step = Step.objects.filter(message=message_id).first()
    if step is None:
        return False
    row = Enrolment.objects.select_for_update().get(pk=step.enrolment_id)
    if row.state != State.REACHED or step.number != row.steps:
        return False
    terms = queries.terms_of(row.campaign)
    stands = queries.standing([row.patient_id], terms, at=at)[row.patient_id]
    calls = "call" in terms.channels and row.campaign.purpose == "care"
    if stands.left:
        stop(row, stands.left, at=at)
    elif calls and row.patient.reached_phones.exists():
        call(row, at=at)
    else:
        stop(row, Left.NO_WAY, at=at)
    return True


@transaction.atomic
def over_after_time(*, at: datetime) -> int:
    """Whoever was written to, and whose time to book is over, is let be; how many there were."""
    ended = 0
    for campaign in Campaign.objects.filter(state__in=[Standing.RUNNING, Standing.PAUSED]):
        since = at - timedelta(days=campaign.window_days)
        rows = Enrolment.objects.filter(
            campaign=campaign, state=State.REACHED, starts_at__lte=since
        ).select_for_update(skip_locked=True)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        ended += Enrolment.objects.filter(pk__in=ids).update(state=State.OVER, next_at=None)
    return ended
