"""Visits of the next days that their patients have begun or finished to prepare by link."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from almoner.arrivals import actions, queries
from almoner.arrivals.rules.ahead import DETAILS, OWN_WORDS, Thing, Verdict
from almoner.coverage.models import Policy
from almoner.coverage.queries import in_force
from almoner.demo.setup import ZONE
from almoner.scheduling.models import Appointment

DAYS = 3
NEAR = timedelta(days=2)
MANY = 12
EVERY = 3
"""Of three, one has finished, with none or some things changed, and two have only begun."""
BEGUN = 4  # answers of one who has stopped
BEFORE = timedelta(hours=2)

WORDS: dict[Thing, dict[str, Any]] = {
    Thing.PHONE: {"number": "+16085550177", "may_text": True},
    Thing.EMAIL: {"address": "new.address@people.example"},
    Thing.ADDRESS: {
        "line": "31 Juniper Ln", "line_2": "", "city": "Madison", "state": "WI",
        "zip_code": "53704",
    },
}  # fmt: skip
OWN = {
    Thing.COMPANY: "my daughter",
    Thing.REASON: "the cough is back",
    Thing.NEEDS: "a wheelchair from the car park",
}


def build(*, now: datetime) -> None:
    """Said by the same actions that the patients' page calls."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    visits = Appointment.objects.filter(
        status="booked", starts_at__gt=now, local_day__lte=today + NEAR
    ).order_by("starts_at", "id")
    for number, visit in enumerate(visits[:MANY]):
        answers = _answers(visit, number)
        for thing, verdict, words, policy in islice(answers, BEGUN if number % EVERY else None):
            _say(visit, thing, verdict, words, policy, at=now - BEFORE)


_Answer = tuple[Thing, Verdict, dict[str, Any], Policy | None]


def _answers(visit: Appointment, number: int) -> Iterator[_Answer]:
    changed = list(WORDS)[: number // EVERY % (len(WORDS) + 1)] if number % EVERY == 0 else []
    for thing in DETAILS:
        verdict = Verdict.CHANGED if thing in changed else Verdict.RIGHT
        yield thing, verdict, WORDS[thing] if thing in changed else {}, None
    for policy in in_force(visit.patient_id, on=visit.local_day):
        yield Thing.POLICY, Verdict.RIGHT, {}, policy
    yield Thing.NEW_POLICY, Verdict.RIGHT, {}, None
    for thing in OWN_WORDS[: number % (len(OWN_WORDS) + 1)]:
        yield thing, Verdict.TOLD, {"text": OWN[thing]}, None


def _say(
    visit: Appointment,
    thing: Thing,
    verdict: Verdict,
    words: dict[str, Any],
    policy: Policy | None,
    *,
    at: datetime,
) -> None:
    now = queries.kept(visit.patient_id, thing, policy)
    actions.say(
        appointment_id=visit.pk,
        thing=thing,
        verdict=verdict,
        words=words,
        seen=queries.fingerprint(visit.patient_id, thing, now),
        policy_id=policy.pk if policy else None,
        days=DAYS,
        at=at,
    )
