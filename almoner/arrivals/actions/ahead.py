"""What a patient says ahead of a visit by its link. Nothing of it changes the record."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from almoner.access.models import Officer
from almoner.arrivals import queries
from almoner.arrivals.actions.arriving import NotExpected, today_at
from almoner.arrivals.models import CardTaken, EarlyCheckIn, Encounter, Said
from almoner.arrivals.rules import ahead
from almoner.arrivals.rules.ahead import Thing, Value, Verdict
from almoner.coverage import queries as cover
from almoner.coverage.models import Policy
from almoner.ground import events
from almoner.ground.pictures import encoded_anew
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment


class NotOpen(Exception):
    """This visit cannot be prepared now: too early, checked in, cancelled, or over."""


class ChangedMeanwhile(Exception):
    """What is kept is not what the patient was shown any more."""


@transaction.atomic
def say(
    *,
    appointment_id: int,
    thing: Thing,
    verdict: Verdict,
    words: Value,
    seen: str,
    days: int,
    at: datetime,
    policy_id: int | None = None,
    heard_by: Officer | None = None,
) -> Said:
    """Keep what a patient says of one thing; what was said of it before and is open, no more.

    ``seen`` is the `queries.fingerprint` of the value that the page showed, ``days`` how long
    before its day a visit can be prepared. ``heard_by`` asked it at the desk. Raises NotOpen,
    ChangedMeanwhile, or Policy.DoesNotExist for one that is not the patient's on that day; then
    nothing was written.
    """
    visit = _open(appointment_id, days=days, at=at)
    policy = _policy(visit, policy_id)
    was = queries.kept(visit.patient_id, thing, policy)
    shown = queries.fingerprint(visit.patient_id, thing, was)
    if thing not in ahead.OWN_WORDS and shown != seen:
        raise ChangedMeanwhile
    said, _new = Said.objects.update_or_create(
        appointment=visit,
        thing=thing,
        policy=policy,
        outcome="",
        defaults={
            "patient_id": visit.patient_id,
            "verdict": verdict,
            "was": dict(was),
            "words": dict(words),
            "said_at": at,
            "heard_by_id": heard_by.pk if heard_by else None,
        },
    )
    early = _begun(visit, at=at)
    kind = "said_right" if verdict == Verdict.RIGHT else "said_ahead"
    heard = {"heard_by": heard_by.name} if heard_by else {}
    _record(kind, visit, said, at=at, thing=thing.value, **heard)
    _finish(early, visit, at=at)
    return said


@transaction.atomic
def say_tested(*, appointment_id: int, days: int, at: datetime) -> None:
    """The test of camera and sound was done, whatever came of it. Raises NotOpen."""
    visit = _open(appointment_id, days=days, at=at)
    say(
        appointment_id=appointment_id,
        thing=Thing.DEVICES,
        verdict=Verdict.TOLD,
        words={"text": "tested"},
        seen=queries.fingerprint(visit.patient_id, Thing.DEVICES, {}),
        days=days,
        at=at,
    )


@transaction.atomic
def take_cards(
    *,
    appointment_id: int,
    policy_id: int | None,
    uploads: Mapping[str, bytes],
    days: int,
    at: datetime,
) -> None:
    """Keep photographs of a card, by side, until the desk has looked; a newer one replaces it.

    Raises NotAPicture, NotOpen, or Policy.DoesNotExist; then nothing was written.
    """
    drawn = {side: encoded_anew(upload).jpeg for side, upload in uploads.items()}
    visit = _open(appointment_id, days=days, at=at)
    policy = _policy(visit, policy_id)
    for side, jpeg in drawn.items():
        taken, _new = CardTaken.objects.update_or_create(
            appointment=visit,
            policy=policy,
            side=side,
            defaults={"patient_id": visit.patient_id, "jpeg": jpeg, "taken_at": at},
        )
        _record("card_taken", visit, taken, at=at, side=side)
    _begun(visit, at=at)


@transaction.atomic
def set_out(*, appointment_id: int, at: datetime) -> None:
    """The patient is on the way; said twice, the first stands. Raises NotExpected."""
    visit = _near(appointment_id, at=at)
    early = _begun(visit, at=at)
    if early.coming_at is None:
        early.coming_at = at
        early.save(update_fields=["coming_at"])
        _record("set_out", visit, early, at=at)


def _near(appointment_id: int, *, at: datetime) -> Appointment:
    visit = _locked(appointment_id)
    if visit is None or visit.status != Appointment.Status.BOOKED:
        raise NotExpected
    if not ahead.may_come(starts_at=visit.starts_at, at=at):
        raise NotExpected
    return visit


def _locked(appointment_id: int) -> Appointment | None:
    rows = Appointment.objects.select_for_update(of=("self",), no_key=True)
    return rows.filter(pk=appointment_id).first()


def _open(appointment_id: int, *, days: int, at: datetime) -> Appointment:
    """The visit, locked, so that nothing is said while it is checked in."""
    visit = _locked(appointment_id)
    if visit is None:
        raise NotOpen
    rows = Encounter.objects.select_for_update(of=("self",), no_key=True)
    states = rows.filter(appointment=visit).values_list("state", flat=True)
    if not ahead.is_open(
        status=visit.status,
        state=states.first(),
        day=visit.local_day,
        today=today_at(visit, at=at),
        days=days,
    ):
        raise NotOpen
    return visit


def _policy(visit: Appointment, policy_id: int | None) -> Policy | None:
    """One of the patient's own that holds on the day of the visit."""
    if policy_id is None:
        return None
    return cover.in_force(visit.patient_id, on=visit.local_day).get(pk=policy_id)


def _begun(visit: Appointment, *, at: datetime) -> EarlyCheckIn:
    early, _new = EarlyCheckIn.objects.get_or_create(
        appointment=visit, defaults={"patient_id": visit.patient_id, "begun_at": at}
    )
    return early


def _finish(early: EarlyCheckIn, visit: Appointment, *, at: datetime) -> None:
    """With the last thing said it is finished; whoever prepared a visit comes to it."""
    held = cover.in_force(visit.patient_id, on=visit.local_day).values_list("pk", flat=True)
    by_video = visit.visit_type.by_video
    if early.finished_at is not None or queries.left(visit.pk, list(held), by_video=by_video):
        return
    early.finished_at = at
    early.save(update_fields=["finished_at"])
    _record("prepared", visit, early, at=at)
    if visit.status == Appointment.Status.BOOKED:
        scheduling.confirm(appointment=visit, at=at)


def _record(
    kind: str,
    visit: Appointment,
    about: Said | CardTaken | EarlyCheckIn,
    *,
    at: datetime,
    **facts: str,
) -> None:
    data: Mapping[str, str | int | bool] = {"visit_id": visit.pk, "by_patient": True, **facts}
    events.record(
        f"arrivals.{kind}",
        at=at,
        by=None,
        about=about,
        patient_id=visit.patient_id,
        location_id=visit.location_id,
        **data,
    )
