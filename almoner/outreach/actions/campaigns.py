"""Drafting, starting, pausing and ending campaigns."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.ground import events, outbox
from almoner.outreach import queries, rules
from almoner.outreach.actions.refused import OutreachRefused, Refusal
from almoner.outreach.models import Campaign, Enrolment, SegmentVersion, Step
from almoner.outreach.rules import ACTIVE, Left, Place, Standing, State
from almoner.relations.rules import tells_of_health

MORNING = time(9, 30)
"""When a later day's people are due, on the clinic's clock; hours of theirs are kept as well."""
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is decided of a campaign before it starts; see `Campaign`."""

    name: str
    purpose: str
    channels: tuple[str, ...]
    subject_english: str
    english: str
    subject_spanish: str
    spanish: str
    visit_type_id: int | None
    window_days: int
    remind_after_days: int | None
    held_out_percent: int
    pace: int
    rest_days: int

    def facts(self) -> dict[str, object]:
        whose = "shipped" if rules.shipped(*self.said) else "own"
        return asdict(self) | {"channels": list(self.channels), "words": whose}

    @property
    def said(self) -> tuple[str, ...]:
        """All its words, in the order of `Campaign.said`."""
        return (self.subject_english, self.english, self.subject_spanish, self.spanish)


@transaction.atomic
def draft_campaign(
    *, officer: Officer, version: SegmentVersion, plan: Plan, at: datetime
) -> Campaign:
    """Write down what a campaign is to be; nobody is in it before it starts.

    Raises PermissionDenied; OutreachRefused for words that cannot be filled in or tell of health.
    """
    access.require(officer, "outreach.manage")
    _sayable(plan)
    row = Campaign.objects.create(
        version=version, made_at=at, made_by_id=officer.pk, authors=[officer.pk], **plan.facts()
    )
    _record("drafted", row, officer, at)
    return row


@transaction.atomic
def change_campaign(*, officer: Officer, campaign: Campaign, plan: Plan, at: datetime) -> Campaign:
    """Decide otherwise of a draft, and take its segment as it asks now.

    Whoever changes its words has written in them, and they are to be read again. Raises
    PermissionDenied; OutreachRefused when it has started, or for words that cannot be filled in or
    tell of health.
    """
    access.require(officer, "outreach.manage")
    row = _locked(campaign, Standing.DRAFT)
    _sayable(plan)
    if row.said != plan.said:
        row.authors = sorted({*row.authors, officer.pk})
        row.reviewed_at = row.reviewed_by_id = None
    for name, value in plan.facts().items():
        setattr(row, name, value)
    row.version = queries.segment(row.version.segment_id)
    row.save()
    _record("changed", row, officer, at)
    return row


@transaction.atomic
def approve_words(
    *, officer: Officer, campaign: Campaign, read: Sequence[str], at: datetime
) -> Campaign:
    """Somebody who did not write in them has read the words, in English and in Spanish.

    ``read`` are the words that were on their page. Raises PermissionDenied; OutreachRefused when it
    has started, to who wrote in them, or when they were changed meanwhile.
    """
    access.require(officer, "relations.texts")
    row = _locked(campaign, Standing.DRAFT)
    if officer.pk in row.authors:
        raise OutreachRefused(Refusal.OWN_WORDS)
    if tuple(read) != row.said:
        raise OutreachRefused(Refusal.CHANGED)
    row.reviewed_at, row.reviewed_by_id = at, officer.pk
    row.save(update_fields=["reviewed_at", "reviewed_by_id"])
    _record("reviewed", row, officer, at)
    return row


@transaction.atomic
def start(*, officer: Officer, campaign: Campaign, at: datetime) -> Campaign:
    """Take in everybody of the segment who may be written to now, and begin.

    Who is held out, and each one's day, is drawn here and kept. Raises PermissionDenied;
    OutreachRefused when it has started, when there is nobody, or when its words are our own and
    nobody else has read them.
    """
    access.require(officer, "outreach.manage")
    row = _locked(campaign, Standing.DRAFT)
    if row.words == "own" and not row.reviewed_at:
        raise OutreachRefused(Refusal.NOT_REVIEWED)
    ids = queries.open_to(row.version.conditions, queries.terms_of(row), at=at)
    if not ids:
        raise OutreachRefused(Refusal.NOBODY)
    row.state, row.started_at, row.started_by_id = Standing.RUNNING.value, at, officer.pk
    row.save()
    places = rules.draw(row.pk, ids, percent=row.held_out_percent, pace=row.pace)
    zone = ZoneInfo(facility.organisation().time_zone)
    Enrolment.objects.bulk_create(
        (_enrolment(row, place, _starts(place.day, at, zone)) for place in places),
        batch_size=_AT_ONCE,
    )
    _record("started", row, officer, at, people=len(places))
    return row


def _starts(day: int, at: datetime, zone: ZoneInfo) -> datetime:
    if not day:
        return at
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=day), MORNING, zone)


def _enrolment(row: Campaign, place: Place, starts_at: datetime) -> Enrolment:
    return Enrolment(
        campaign=row,
        patient_id=place.patient_id,
        held_out=place.held_out,
        state=(State.HELD_OUT if place.held_out else State.WAITING).value,
        starts_at=starts_at,
        next_at=None if place.held_out else starts_at,
    )


@transaction.atomic
def pause(*, officer: Officer, campaign: Campaign, at: datetime) -> Campaign:
    """Write to nobody more until it goes on; what is on its way already leaves.

    Raises PermissionDenied, or OutreachRefused unless it runs.
    """
    access.require(officer, "outreach.manage")
    row = _locked(campaign, Standing.RUNNING)
    row.state, row.paused_at = Standing.PAUSED.value, at
    row.save(update_fields=["state", "paused_at"])
    _record("paused", row, officer, at)
    return row


@transaction.atomic
def resume(*, officer: Officer, campaign: Campaign, at: datetime) -> Campaign:
    """Go on where it was; whoever's day had not come, held out or not, has it so much later.

    Raises PermissionDenied, or OutreachRefused unless it is paused.
    """
    access.require(officer, "outreach.manage")
    row = _locked(campaign, Standing.PAUSED)
    paused_at = row.paused_at or at
    later = at - paused_at
    rows = Enrolment.objects.filter(campaign=row)
    rows.filter(starts_at__gt=paused_at).update(starts_at=F("starts_at") + later)
    rows.filter(next_at__gt=paused_at).update(next_at=F("next_at") + later)
    row.state, row.paused_at = Standing.RUNNING.value, None
    row.save(update_fields=["state", "paused_at"])
    _record("resumed", row, officer, at)
    return row


@transaction.atomic
def finish(*, officer: Officer, campaign: Campaign, at: datetime) -> Campaign:
    """End it for good: nobody is written to or called any more; what it did is still counted.

    Raises PermissionDenied, or OutreachRefused unless it runs or is paused.
    """
    access.require(officer, "outreach.manage")
    row = _locked(campaign, Standing.RUNNING, Standing.PAUSED)
    row.state, row.finished_at, row.paused_at = Standing.FINISHED.value, at, None
    row.save(update_fields=["state", "finished_at", "paused_at"])
    active = Enrolment.objects.filter(campaign=row, state__in=[each.value for each in ACTIVE])
    ids = list(active.select_for_update().order_by("pk").values_list("pk", flat=True))
    waiting = Step.objects.filter(enrolment__in=ids, message__outgoing__state="waiting")
    outbox.withdraw(list(waiting.values_list("message__outgoing", flat=True)), at=at)
    stopped = {"stopped_at": at, "stopped_why": Left.FINISHED.value}
    Enrolment.objects.filter(pk__in=ids).update(state=State.STOPPED.value, **stopped)
    _record("finished", row, officer, at)
    return row


def _locked(campaign: Campaign, *standings: Standing) -> Campaign:
    """The row as it is now, locked. Raises OutreachRefused unless it is so."""
    row = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if row.state not in standings:
        raise OutreachRefused(Refusal.STATE)
    return row


def _sayable(plan: Plan) -> None:
    if any(not words.strip() or rules.faults(words) for words in plan.said):
        raise OutreachRefused(Refusal.WORDS)
    if any(tells_of_health(words) for words in plan.said):
        raise OutreachRefused(Refusal.HEALTH)


def _record(verb: str, row: Campaign, officer: Officer, at: datetime, **facts: int) -> None:
    events.record(f"outreach.{verb}", at=at, by=officer, about=row, name=row.name, **facts)
