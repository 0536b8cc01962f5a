"""Whom to ask after a visit, and whom to remind."""

from datetime import datetime, timedelta

from almoner.arrivals.models import Encounter
from almoner.arrivals.rules import State
from almoner.ground.models import Event, Outgoing
from almoner.surveys import rules
from almoner.surveys.models import Rule, Survey, Version
from almoner.surveys.rules import Way

MOST = 500
"""Surveys of one run; the next goes on."""


def is_over(encounter: Encounter) -> bool:
    """Whether somebody was seen: not who left before."""
    return encounter.state in (State.DONE, State.LEFT) and not encounter.left_early


def applying(visit: Encounter) -> Rule | None:
    """The rule for a visit that is over, if there is one. One query."""
    rows = {row.pk: row for row in Rule.objects.filter(ended_at=None)}
    found = rules.applying(
        [_rule(row) for row in rows.values()],
        visit_type_id=visit.appointment.visit_type_id,
        location_id=visit.location_id,
        day=visit.service_date,
    )
    return rows[found.id] if found else None


def _rule(row: Rule) -> rules.Rule:
    return rules.Rule(
        id=row.pk,
        visit_type_id=row.visit_type_id,
        location_id=row.location_id,
        after=timedelta(minutes=row.after_minutes),
        share=row.share,
        pause=timedelta(days=row.pause_days),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def in_use(questionnaire_id: int) -> Version | None:
    """The version that is asked now. One query."""
    rows = Version.objects.filter(questionnaire_id=questionnaire_id, published_at__isnull=False)
    return rows.order_by("-number").first()


def are_sent() -> bool:
    """Whether the clinic asks after any visit. One query."""
    return Rule.objects.filter(ended_at=None).exists()


def way_of(visit: Encounter) -> Way:
    """How a visit was held in the end: by phone, when it went on so. At most one query."""
    if not visit.by_video:
        return Way.IN_PERSON
    said = Event.objects.filter(
        kind__in=["telehealth.by_phone", "telehealth.phone_taken_back"],
        patient_id=visit.patient_id,
        data__visit_id=visit.appointment_id,
    )
    newest = said.order_by("-id").values_list("kind", flat=True).first()
    return Way.PHONE if newest == "telehealth.by_phone" else Way.VIDEO


def to_ask(*, at: datetime) -> list[int]:
    """Who was chosen and is asked now, who has waited longest first. One query."""
    rows = Survey.objects.filter(message=None, dropped="", ask_at__lte=at)
    return list(rows.order_by("ask_at", "id").values_list("pk", flat=True)[:MOST])


def to_remind(*, at: datetime) -> list[int]:
    """Whom the text reached the carrier for, and who has not finished. One query."""
    rows = Survey.objects.filter(
        reminder=None,
        finished_at=None,
        dropped="",
        remind_at__lte=at,
        closes_at__gt=at,
        message__outgoing__state=Outgoing.State.SENT,
    )
    return list(rows.order_by("remind_at", "id").values_list("pk", flat=True)[:MOST])


def without_case() -> list[int]:
    """Low answers for which no case could be opened yet. One query."""
    rows = Survey.objects.filter(case=None, low_at__isnull=False)
    return list(rows.order_by("low_at", "id").values_list("pk", flat=True)[:MOST])
