"""A call of ours, from who answers to what it came to: each key takes effect as it is pressed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction

from almoner.ground import events, outbox
from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop
from almoner.relations import queries, rules
from almoner.relations.actions.consenting import one_at_a_time, say
from almoner.relations.actions.delivering import forward, tell_end
from almoner.relations.actions.opening import CaseRefused, New, begin
from almoner.relations.actions.settling import is_true
from almoner.relations.models import Counted, Delivery, Message, Spoken
from almoner.relations.rules import Report, phoning
from almoner.relations.rules.days import full_day
from almoner.relations.rules.phoning import VOICE, Act, Came, Part, Stage, Standing, Step
from almoner.relations.rules.spoken import PRESS_NINE

ASKED = gettext_noop("Asked in a call of ours to be called back")
Confirm = Callable[[int, datetime, datetime], bool]
_ways: list[Confirm] = []


def confirmed_by(way: Confirm) -> None:
    """Register how a patient confirms a visit by a key.

    Called with the appointment, when the words said that it begins, and the time; answers whether
    it is confirmed, which it is not once it was moved or cancelled.
    """
    _ways.append(way)


class NotOurCall(Exception):
    """The carrier speaks of a call that is over, too old, or not the one that we placed."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said now, in which language; ``digits`` are waited for, of this ``turn``."""

    language: str
    words: tuple[str, ...]
    digits: int
    turn: int


@transaction.atomic
def answer_call(*, outgoing: Outgoing, carrier_id: str, by: str, at: datetime) -> Saying:
    """Somebody or something answers (``by``, the carrier's word for it): what is said first.

    Asked again, it says the same. Raises NotOurCall.
    """
    row, message = _heard(outgoing, carrier_id, at=at)
    if not row.stage:
        _take(row, phoning.answered(by, true=is_true(message, at=at)))
    return _saying(row, message)


@transaction.atomic
def press(*, outgoing: Outgoing, carrier_id: str, turn: int, keys: str, at: datetime) -> Saying:
    """Whoever listens pressed these keys, or none: do it at once, and say what follows.

    ``9`` ends calls to that number for every purpose, in this transaction, as STOP ends texts. A
    key counts once: asked again for an earlier turn, what is said now is said again. Who hangs up
    after ``9`` has pressed it, though we hear of the end first: then nothing is said.
    Raises NotOurCall.
    """
    if phoning.ends_calls(keys) and (row := _ended(outgoing, carrier_id, turn, at=at)):
        return _refused_late(row, outgoing, at=at)
    row, message = _heard(outgoing, carrier_id, at=at)
    if turn > row.turn or not row.stage:
        raise NotOurCall
    if turn < row.turn or row.stage == Stage.ENDED:
        return _saying(row, message)
    standing = _standing(row, message, at=at)
    row.course.append(f"key:{_kept(standing, keys)}")
    step = phoning.pressed(standing, keys)
    _take(row, _done(step, message, outgoing, at=at))
    return _saying(row, message)


@transaction.atomic
def record_call(*, outgoing: Outgoing, carrier_id: str, status: str, at: datetime) -> bool:
    """Keep how far a call has come; False when that, or something later, was known.

    One that nobody took is tried again some time later, as often as the plan says; then it is work
    as a text that did not arrive. Raises NotOurCall for another call's report.
    """
    one_at_a_time(outgoing.payload["to"])
    report = phoning.CALL_REPORTS[status]
    row = Spoken.objects.filter(outgoing=outgoing).first()
    known = row.carrier_id if row else outgoing.partner_reference
    if known and known != carrier_id:
        raise NotOurCall
    if report is Report.DELIVERED and (row is None or row.came in ("", Came.NOT_HEARD)):
        report, status = Report.FAILED, phoning.NOT_HEARD
    if not forward(outgoing, carrier_id, report, code=None, status=status, at=at):
        return False
    if report in (Report.DELIVERED, *rules.NOT_ARRIVED):
        message = queries.said_by(outgoing)
        _over(row, message, outgoing, carrier_id, status, at=at)
        _told(message, outgoing, report, status, at=at)
    return True


def _ended(outgoing: Outgoing, carrier_id: str, turn: int, *, at: datetime) -> Spoken | None:
    """The call, its number locked, when it has ended in this very turn."""
    one_at_a_time(outgoing.payload["to"])
    placed_at = outgoing.tried_at
    if not turn or placed_at is None or at - placed_at > phoning.LONGEST:
        return None
    rows = Spoken.objects.filter(outgoing=outgoing, carrier_id=carrier_id, turn=turn)
    return rows.filter(stage=Stage.ENDED).first()


def _refused_late(row: Spoken, outgoing: Outgoing, *, at: datetime) -> Saying:
    """They want no more calls; to a line that is dead nothing is said."""
    row.course.append(f"key:{phoning.NO_MORE}")
    _take(row, Step(Stage.ENDED, (), came=Came.NO_MORE))
    _no_more(row.message, outgoing, at=at)
    return Saying(row.message.language, (), 0, row.turn)


def _heard(outgoing: Outgoing, carrier_id: str, *, at: datetime) -> tuple[Spoken, Message]:
    """The call as it stands, its number locked, and what it says. Raises NotOurCall."""
    one_at_a_time(outgoing.payload["to"])
    placed_at = outgoing.tried_at
    over = Delivery.objects.filter(
        outgoing=outgoing, state__in=[Report.DELIVERED, *rules.NOT_ARRIVED]
    )
    if placed_at is None or at - placed_at > phoning.LONGEST or over.exists():
        raise NotOurCall
    message = queries.said_by(outgoing)
    known = outgoing.partner_reference or carrier_id  # we are asked before it is written down
    row, _made = Spoken.objects.get_or_create(
        outgoing=outgoing,
        defaults={
            "message": message, "tries": outgoing.payload.get("try", 1), "carrier_id": known,
            "at": at,
        },
    )  # fmt: skip
    if row.carrier_id != carrier_id:
        raise NotOurCall
    return row, message


def _standing(row: Spoken, message: Message, *, at: datetime) -> Standing:
    assert message.wording is not None and message.patient_id is not None  # noqa: S101, PT018 (nobody types a call)
    return Standing(
        stage=Stage(row.stage),
        misses=row.misses,
        readings=row.readings,
        sensitive=phoning.is_sensitive(rules.facts_named(message.wording.body)),
        born=queries.born(message.patient_id),
        true=is_true(message, at=at),
        open=bool(_ways) and not queries.is_confirmed(message),
    )


def _kept(standing: Standing, keys: str) -> str:
    """What is kept of keys: never a birth date, only whether it was theirs."""
    if standing.stage is Stage.ASKED and keys and not phoning.ends_calls(keys):
        right = standing.born is not None and keys == f"{standing.born:%m%d%Y}"
        return "right" if right else "wrong"
    return keys[:1]


def _take(row: Spoken, step: Step) -> None:
    """The call stands where the step leads; what is said is said in the turn that follows."""
    row.stage, row.misses, row.readings = step.stage, step.misses, step.readings
    row.turn += 1
    row.says = [each.value for each in step.says]
    row.course = [*row.course, *(f"says:{each.value}" for each in step.says)]
    row.came = step.came or row.came
    row.save()


def _done(step: Step, message: Message, outgoing: Outgoing, *, at: datetime) -> Step:
    """Do what a key asks for; what follows when it cannot be done."""
    if step.act is Act.NO_MORE:
        _no_more(message, outgoing, at=at)
    elif step.act is Act.CONFIRM and not _confirmed(message, at=at):
        return phoning.instead(Act.CONFIRM)
    elif step.act is Act.CALL_BACK and not _asked_back(message, at=at):
        return phoning.instead(Act.CALL_BACK)
    return step


def _no_more(message: Message, outgoing: Outgoing, *, at: datetime) -> None:
    """No call of any purpose goes to that number; what waits for it is refused when it is tried."""
    say(outgoing.payload["to"], rules.PURPOSES, given=False, how="key", evidence=phoning.NO_MORE,
        at=at, channel=VOICE, patient_id=message.patient_id)  # fmt: skip
    events.record(
        "relations.calls_ended", at=at, by=None, about=message, patient_id=message.patient_id
    )


def _confirmed(message: Message, *, at: datetime) -> bool:
    event = message.event
    assert event is not None and event.about_id is not None  # noqa: S101, PT018 (a reminder is of a visit)
    begins = datetime.fromisoformat(event.data["starts_at"])
    return any(way(event.about_id, begins, at) for way in _ways)


def _asked_back(message: Message, *, at: datetime) -> bool:
    """False while nobody leads the desk: then the call says where to call."""
    new = New(
        kind=rules.Kind.CALL_BACK,
        subject=ASKED,
        patient_id=message.patient_id,
        things=(("message", message.pk),),
    )
    try:
        with transaction.atomic():
            begin(new, by=None, at=at)
    except CaseRefused:
        return False
    return True


def _over(
    row: Spoken | None,
    message: Message,
    outgoing: Outgoing,
    carrier_id: str,
    status: str,
    *,
    at: datetime,
) -> None:
    """The call has ended; one that nobody took is kept as a try, too."""
    known = row or Spoken(
        outgoing=outgoing, message=message, tries=outgoing.payload.get("try", 1),
        carrier_id=carrier_id, at=at,
    )  # fmt: skip
    known.stage, known.status = Stage.ENDED, status
    known.save()


def _told(
    message: Message, outgoing: Outgoing, report: Report, status: str, *, at: datetime
) -> None:
    """Write down what became of it, and put the next try on its way when there is one."""
    if report is Report.DELIVERED:
        came = Spoken.objects.values_list("came", flat=True).get(outgoing=outgoing)
        events.record(
            "relations.phoned", at=at, by=None, about=message, patient_id=message.patient_id,
            subject=message.subject, came=came,
        )  # fmt: skip
        return
    when = _next_try(message, outgoing, status, at=at)
    if when is None:
        tell_end(outgoing, report, phoning.call_trouble(status), at=at)
        return
    _again(message, outgoing, status, when=when, at=at)


def _next_try(
    message: Message, outgoing: Outgoing, status: str, *, at: datetime
) -> datetime | None:
    """When it is tried again; never when somebody has seen to it (locked after its number)."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.handled_at or status not in phoning.TRIED_AGAIN or not is_true(row, at=at):
        return None
    return phoning.again_at(
        outgoing.payload.get("try", 1),
        plan=settings.CALL_AGAIN,
        at=at,
        over=queries.promised_for(outgoing),
    )


def _again(
    message: Message, outgoing: Outgoing, status: str, *, when: datetime, at: datetime
) -> None:
    """The next try: a row of its own, in the one place its number has for it in a day."""
    tries = outgoing.payload.get("try", 1) + 1
    first = outgoing.payload.get("first", outgoing.key)
    item = outbox.put(
        channel=VOICE,
        key=f"{first} try {tries}",
        payload={
            **outgoing.payload, "try": tries, "first": first, "not_before": when.isoformat(),
        },
        about=message,
        patient_id=message.patient_id,
        at=at,
    )  # fmt: skip
    Counted.objects.filter(outgoing=outgoing).update(outgoing=item)
    message.outgoing, message.held_until = item, when
    message.held_why = phoning.call_trouble(status)
    message.save(update_fields=["outgoing", "held_until", "held_why"])
    events.record(
        "relations.call_again", at=at, by=None, about=message, patient_id=message.patient_id,
        why=message.held_why, subject=message.subject,
    )  # fmt: skip


def _saying(row: Spoken, message: Message) -> Saying:
    """What the call says now, in the wordings that were reviewed when it was put on its way."""
    texts = queries.parts(message)
    facts = _facts(message)
    words = tuple(
        message.body if part == Part.MESSAGE else rules.fill(texts[part].body, facts)
        for part in row.says
    )
    step = Step(Stage(row.stage), ())
    return Saying(message.language, words, step.digits, row.turn)


def _facts(message: Message) -> dict[str, str]:
    """What the words around a message may name."""
    assert message.patient_id is not None  # noqa: S101 (who is called is somebody)
    event, language = message.event, message.language
    us = queries.sender(event.location_id if event else None)
    facts = {
        "clinic": us.clinic,
        "phone": phoning.phone_aloud(us.phone),
        "name": queries.called_as(message.patient_id),
        rules.OPT_OUT: PRESS_NINE[language],
    }
    if event:
        facts["day"] = full_day(date.fromisoformat(event.data["local_day"]), language)
        facts["time"] = rules.time_text(time.fromisoformat(event.data["local_time"]), language)
    return facts
