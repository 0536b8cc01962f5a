"""Campaigns: how each stands, who is in it, and what it did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q

from almoner.access.queries import Evidence, Reading
from almoner.outreach import rules
from almoner.outreach.models import Campaign, Enrolment
from almoner.outreach.queries.standing import Terms
from almoner.outreach.rules import ACTIVE, Arm, Effect, Standing, State
from almoner.patients.rules.details import listed_name

SIZE = 25
SHOWN: dict[str, Q] = {
    "active": Q(state__in=[State.WAITING, State.REACHED]),
    "calling": Q(state=State.CALLING),
    "booked": Q(stopped_why="booked"),
    "stopped": Q(state=State.STOPPED) & ~Q(stopped_why="booked"),
    "over": Q(state=State.OVER),
    "held_out": Q(state=State.HELD_OUT),
}
"""Whom of a campaign a list shows, by its name in an address."""


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign in the list, with how many are in it, were reached, are to be called, booked."""

    id: int
    name: str
    segment: str
    state: str
    started_at: datetime | None
    people: int
    reached: int
    calling: int
    booked: int


def campaigns() -> list[CampaignLine]:
    """The latest hundred, what runs first. One query."""
    rows = Campaign.objects.select_related("version__segment").annotate(
        people=Count("enrolments", filter=Q(enrolments__held_out=False)),
        reached=Count("enrolments", filter=Q(enrolments__steps__gt=0)),
        calling=Count("enrolments", filter=Q(enrolments__state=State.CALLING)),
        booked=Count("enrolments", filter=Q(enrolments__stopped_why="booked")),
    )
    order = {each.value: place for place, each in enumerate(_IN_LIST)}
    lines = [
        CampaignLine(
            row.pk, row.name, row.version.segment.name, row.state, row.started_at,
            row.people, row.reached, row.calling, row.booked,
        )
        for row in rows.order_by("-id")[:100]
    ]  # fmt: skip
    return sorted(lines, key=lambda line: order[line.state])


_IN_LIST = (Standing.RUNNING, Standing.PAUSED, Standing.DRAFT, Standing.FINISHED)


def campaign(campaign_id: int) -> Campaign:
    """Raises Campaign.DoesNotExist. One query."""
    return Campaign.objects.select_related("version__segment", "visit_type").get(pk=campaign_id)


def terms_of(row: Campaign) -> Terms:
    """What a campaign asks of whoever it writes to."""
    return Terms(
        purpose=row.purpose,
        channels=tuple(row.channels),
        visit_type_id=row.visit_type_id,
        rest_days=row.rest_days,
        campaign_id=row.pk,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How the people of a campaign stand, and why those left alone are."""

    held_out: int
    waiting: int
    calling: int
    left: Mapping[str, int]
    written_to: int

    @property
    def booked(self) -> int:
        return self.left.get("booked", 0)

    @property
    def others(self) -> dict[str, int]:
        return {why: n for why, n in self.left.items() if why != "booked"}


def figures(campaign_id: int) -> Figures:
    """One query."""
    rows = Enrolment.objects.filter(campaign=campaign_id).values("state", "stopped_why")
    states: dict[str, int] = {}
    left: dict[str, int] = {}
    written_to = 0
    counted = rows.annotate(n=Count("id"), begun=Count("id", filter=Q(steps__gt=0)))
    for row in counted.order_by("-n", "state", "stopped_why"):
        states[row["state"]] = states.get(row["state"], 0) + row["n"]
        written_to += row["begun"]
        if row["stopped_why"]:
            left[row["stopped_why"]] = row["n"]
    return Figures(
        held_out=states.get("held_out", 0),
        waiting=states.get("waiting", 0),
        calling=states.get("calling", 0),
        left=left,
        written_to=written_to,
    )


# Both groups alike, those whose time is over apart from those who still have some: from the day of
# their place on, whoever had not booked before it. A booking that was cancelled again is none.
_ARMS = """
    SELECT e.closed, e.held_out, count(*),
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM scheduling_appointment a
                WHERE a.patient_id = e.patient_id AND a.status <> 'cancelled'
                  AND a.booked_at >= e.starts_at AND a.booked_at < e.starts_at + c.counted
                  AND a.visit_type_id = coalesce(c.visit_type_id, a.visit_type_id)))
      FROM (SELECT id, visit_type_id, started_at, finished_at,
                   window_days * interval '1 day' AS counted
              FROM outreach_campaign WHERE id = %(campaign)s) c
      CROSS JOIN LATERAL (
           SELECT patient_id, held_out, starts_at,
                  starts_at + c.counted <= %(at)s::timestamptz AS closed
             FROM outreach_enrolment WHERE campaign_id = c.id AND starts_at <= %(at)s::timestamptz
              AND starts_at <= coalesce(c.finished_at, 'infinity')) e
     WHERE NOT EXISTS (
           SELECT FROM scheduling_appointment a
            WHERE a.patient_id = e.patient_id AND a.status <> 'cancelled'
              AND a.booked_at >= c.started_at AND a.booked_at < e.starts_at
              AND a.visit_type_id = coalesce(c.visit_type_id, a.visit_type_id))
     GROUP BY e.closed, e.held_out
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a campaign did, of those whose time is over; how many still have time."""

    written_to: Arm
    held_out: Arm
    effect: Effect
    still_open: int

    @property
    def written_percent(self) -> float:
        return round(100 * self.written_to.share, 1)

    @property
    def held_percent(self) -> float:
        return round(100 * self.held_out.share, 1)


def found(row: Campaign, *, at: datetime) -> Found:
    """One query."""
    with connection.cursor() as sql:
        sql.execute(_ARMS, {"campaign": row.pk, "at": at})
        arms = {(closed, out): Arm(*counted) for closed, out, *counted in sql.fetchall()}
    written_to, held_out = (arms.get((True, out), Arm(0, 0)) for out in (False, True))
    still_open = sum(arm.people for (closed, _out), arm in arms.items() if not closed)
    return Found(written_to, held_out, rules.effect(written_to, held_out), still_open)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in a campaign."""

    id: int
    patient_id: int
    name: str
    mrn: str
    state: str
    stopped_why: str
    stopped_at: datetime | None
    booked_id: int | None
    steps: int
    next_at: datetime | None


def people(campaign_id: int, *, show: str, number: int, reading: Reading) -> Page[Any]:
    """One page of whom a campaign has, by name; everybody on it is noted as seen. Two queries.

    ``show`` is a key of `SHOWN`.
    """
    rows = Enrolment.objects.filter(SHOWN[show], campaign=campaign_id).select_related("patient")
    rows = rows.order_by("patient__sort_name", "id")
    page: Page[Any] = Paginator(rows, SIZE).get_page(number)
    page.object_list = [
        PersonLine(
            row.pk, row.patient_id,
            listed_name(family=row.patient.family, given=row.patient.given), row.patient.mrn,
            row.state, row.stopped_why, row.stopped_at, row.booked_id, row.steps, row.next_at,
        )
        for row in page.object_list
    ]  # fmt: skip
    reading.saw(line.patient_id for line in page.object_list)
    return page


def due(*, at: datetime, most: int) -> list[int]:
    """Who is to be written to now, by enrolment, of each running campaign no more than its pace.

    The longest due first. Reminders do not count against the pace. One query.
    """
    with connection.cursor() as sql:
        sql.execute(_DUE, {"at": at, "most": most})
        return [row[0] for row in sql.fetchall()]


_DUE = """
    SELECT ranked.id FROM (
        SELECT e.id, e.next_at, e.state = 'reached' AS again, c.pace, today.begun,
               row_number() OVER (PARTITION BY c.id, e.state ORDER BY e.next_at, e.id) AS place
          FROM outreach_campaign c
          JOIN outreach_enrolment e ON e.campaign_id = c.id
          CROSS JOIN LATERAL (
               SELECT count(*) AS begun FROM outreach_step s
                 JOIN outreach_enrolment o ON o.id = s.enrolment_id
                WHERE o.campaign_id = c.id AND s.number = 1
                  AND s.at > %(at)s::timestamptz - interval '23 hours') today
         WHERE c.state = 'running' AND e.state IN ('waiting', 'reached')
           AND e.next_at <= %(at)s::timestamptz
    ) ranked
     WHERE again OR place <= pace - begun
     ORDER BY next_at, id LIMIT %(most)s::bigint
"""


def evidence(item_id: int) -> Evidence | None:
    """What a place in a campaign proves: somebody is to be called. Made by who started it."""
    row = Enrolment.objects.select_related("campaign").filter(pk=item_id).first()
    if row is None or row.held_out or row.campaign.state != Standing.RUNNING:
        return None
    if row.state not in ACTIVE and row.stopped_why != "booked":
        return None
    return Evidence(frozenset([row.patient_id]), row.campaign.started_by_id, corroborated=True)
