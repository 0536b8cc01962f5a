"""What the desk does with the changes a patient said ahead: accept them, or refuse for a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.arrivals import queries
from almoner.arrivals.models import CardTaken, Said
from almoner.arrivals.rules import ahead
from almoner.arrivals.rules.ahead import CHANGES, DETAILS, Outcome, Thing, Verdict
from almoner.coverage import actions as coverage
from almoner.coverage import queries as cover
from almoner.coverage.models import Plan, Policy
from almoner.ground import events
from almoner.patients import actions as patients
from almoner.patients import queries as records
from almoner.scheduling.models import Appointment


class Overtaken(Exception):
    """What is kept is another value than the officer saw: nothing was replaced."""


class SettledAlready(Exception):
    """A colleague has accepted or refused it meanwhile."""


class PlanNeeded(Exception):
    """A new coverage is one of a plan: the officer chooses it."""


class PolicyNeeded(Exception):
    """The photograph is of no policy that holds: the officer chooses whose card it shows."""


class NotTaken(Exception):
    """Coverage does not take it like this: it is to be changed there."""


@transaction.atomic
def accept(
    *, officer: Officer, said_id: int, seen: str, at: datetime, plan_id: int | None = None
) -> None:
    """Write a change that a patient said ahead into the record, by the duty that keeps it.

    ``seen`` is the fingerprint of the value the officer saw it replace. A member id that changed
    has its payer asked again. Raises PermissionDenied, SettledAlready, Overtaken, PlanNeeded, or
    NotTaken; then nothing was written.
    """
    access.require(officer, "arrivals.check_in")
    said = _open(said_id)
    if queries.fingerprint(said.patient_id, Thing(said.thing), _now(said)) != seen:
        raise Overtaken
    if said.thing in DETAILS:
        _change_details(said, officer=officer, at=at)
    elif said.thing == Thing.NEW_POLICY:
        _add_policy(said, plan_id, officer=officer, at=at)
    elif said.verdict == Verdict.GONE:
        _end_policy(said, officer=officer, at=at)
    else:
        _change_policy(said, officer=officer, at=at)
    _settle(said, Outcome.ACCEPTED, officer=officer, at=at)


@transaction.atomic
def accept_details(*, officer: Officer, appointment_id: int, at: datetime) -> int:
    """Accept every change of details that nobody has overtaken; how many there were.

    Raises PermissionDenied, or Overtaken when the record is changed this moment.
    """
    access.require(officer, "arrivals.check_in")
    rows = Said.objects.filter(
        appointment=appointment_id, outcome="", verdict__in=CHANGES, thing__in=DETAILS
    )
    accepted = 0
    for said in rows.order_by("said_at", "id"):
        if dict(_now(said)) == said.was:
            seen = queries.fingerprint(said.patient_id, Thing(said.thing), said.was)
            accept(officer=officer, said_id=said.pk, seen=seen, at=at)
            accepted += 1
    return accepted


@transaction.atomic
def refuse(*, officer: Officer, said_id: int, why: str, at: datetime) -> None:
    """Leave the record as it is, for a reason.

    Raises PermissionDenied, SettledAlready, or ValueError without a reason.
    """
    access.require(officer, "arrivals.check_in")
    if not why.strip():
        raise ValueError(why)
    said = _open(said_id)
    if said.thing not in DETAILS:
        CardTaken.objects.filter(appointment=said.appointment_id, policy=said.policy_id).delete()
    _settle(said, Outcome.REFUSED, officer=officer, at=at, why=why.strip())


@transaction.atomic
def keep_cards(
    *,
    officer: Officer,
    appointment_id: int,
    policy_id: int | None,
    at: datetime,
    kept_of: int | None = None,
) -> None:
    """Keep the photographs a patient sent of a card.

    ``kept_of`` says of which policy, when the one they were sent with is none, or holds no longer.
    Raises PermissionDenied, SettledAlready, or PolicyNeeded; then nothing was written.
    """
    access.require(officer, "arrivals.check_in")
    visit = Appointment.objects.get(pk=appointment_id)
    held = cover.in_force(visit.patient_id, on=visit.local_day)
    policy = held.filter(pk=kept_of or policy_id or 0).first()
    if policy is None:
        raise PolicyNeeded
    if not _cards_become(appointment_id, policy_id, policy.pk, officer=officer, at=at):
        raise SettledAlready


@transaction.atomic
def drop_cards(
    *, officer: Officer, appointment_id: int, policy_id: int | None, why: str, at: datetime
) -> None:
    """The photographs show nothing that is wanted, and go.

    Raises PermissionDenied or SettledAlready.
    """
    access.require(officer, "arrivals.check_in")
    cards = CardTaken.objects.filter(appointment=appointment_id, policy=policy_id)
    card = cards.select_related("appointment").first()
    if card is None:
        raise SettledAlready
    events.record(
        "arrivals.card_refused",
        at=at,
        by=officer,
        about=card,
        patient_id=card.patient_id,
        location_id=card.appointment.location_id,
        reason=why.strip(),
        visit_id=appointment_id,
    )
    cards.delete()


def _open(said_id: int) -> Said:
    said = (
        Said.objects.select_for_update(of=("self",))
        .select_related("appointment__visit_type", "patient")
        .filter(pk=said_id, outcome="", verdict__in=CHANGES)
        .first()
    )
    if said is None:
        raise SettledAlready
    return said


def _now(said: Said) -> ahead.Value:
    policy = Policy.objects.get(pk=said.policy_id) if said.policy_id else None
    return queries.kept(said.patient_id, Thing(said.thing), policy)


def _change_details(said: Said, *, officer: Officer, at: datetime) -> None:
    version, details = records.kept(said.patient_id)
    wanted = ahead.applied(details, Thing(said.thing), said.words)
    try:
        patients.change(
            officer=officer,
            patient_id=said.patient_id,
            version=version,
            details=wanted,
            at=at,
            how="check-in",
        )
    except patients.ChangedMeanwhile as error:
        raise Overtaken from error


def _change_policy(said: Said, *, officer: Officer, at: datetime) -> None:
    policy = _policy(said)
    details = _details(policy, **said.words)
    try:
        changed = coverage.change_policy(
            officer=officer,
            policy_id=policy.pk,
            version=policy.version,
            details=details,
            at=at,
        )
    except (coverage.Stale, Policy.DoesNotExist) as error:
        raise Overtaken from error
    _cards_become(said.appointment_id, policy.pk, policy.pk, officer=officer, at=at)
    if changed.member_id != policy.member_id:
        _ask(said, changed, officer=officer, at=at)


def _policy(said: Said) -> Policy:
    return Policy.objects.select_related("plan").get(pk=said.policy_id or 0)


def _details(policy: Policy, **words: str) -> coverage.Details:
    names = (
        "member_id", "group_number", "relation", "rank", "subscriber_family", "subscriber_given",
        "subscriber_birth_date", "subscriber_sex", "valid_from", "valid_until",
    )  # fmt: skip
    return coverage.Details(
        **{"plan": policy.plan, **{name: getattr(policy, name) for name in names}, **words}
    )


def _end_policy(said: Said, *, officer: Officer, at: datetime) -> None:
    """It holds no longer on the day of the visit; when it ended, nobody has said.

    Nobody wants the photographs of its card any more.
    """
    try:
        coverage.end_policy(
            officer=officer,
            policy_id=_policy(said).pk,
            last_day=said.appointment.local_day - timedelta(days=1),
            reason="",
            at=at,
        )
    except Policy.DoesNotExist as error:
        raise Overtaken from error
    except ValueError as error:  # it began on that day only
        raise NotTaken from error
    CardTaken.objects.filter(appointment=said.appointment_id, policy=said.policy_id).delete()


def _add_policy(said: Said, plan_id: int | None, *, officer: Officer, at: datetime) -> None:
    plan = Plan.objects.filter(pk=plan_id).first() if plan_id else None
    if plan is None:
        raise PlanNeeded
    held = cover.in_force(said.patient_id, on=said.appointment.local_day)
    rank = max((policy.rank for policy in held), default=0) + 1
    details = coverage.Details(
        plan=plan,
        member_id=said.words["member_id"],
        group_number=said.words["group_number"],
        rank=rank,
    )
    try:
        added = coverage.add_policy(officer=officer, patient=said.patient, details=details, at=at)
    except coverage.RankTaken as error:  # one that is yet to begin has that place
        raise NotTaken from error
    _cards_become(said.appointment_id, None, added.pk, officer=officer, at=at)
    _ask(said, added, officer=officer, at=at)


def _cards_become(
    appointment_id: int, policy_id: int | None, kept_of: int, *, officer: Officer, at: datetime
) -> Sequence[CardTaken]:
    cards = CardTaken.objects.select_for_update(of=("self",)).filter(
        appointment=appointment_id, policy=policy_id
    )
    found = list(cards.order_by("side"))
    for card in found:
        coverage.keep_card(
            officer=officer, policy_id=kept_of, side=card.side, upload=bytes(card.jpeg), at=at
        )
        card.delete()
    return found


def _ask(said: Said, policy: Policy, *, officer: Officer, at: datetime) -> None:
    """Another member id is another answer: the payer is asked for the day of the visit."""
    visit = said.appointment
    try:
        coverage.ask(
            officer=officer,
            policy=policy,
            service_type=visit.visit_type.service_type,
            service_date=visit.local_day,
            asked_at=at,
        )
    except (cover.NotAskable, coverage.AskedJustNow):
        return


def _settle(said: Said, outcome: Outcome, *, officer: Officer, at: datetime, why: str = "") -> None:
    said.outcome, said.why = outcome, why
    said.settled_at, said.settled_by_id = at, officer.pk
    said.save(update_fields=["outcome", "why", "settled_at", "settled_by_id"])
    events.record(
        f"arrivals.{'accepted' if outcome == Outcome.ACCEPTED else 'refused'}_ahead",
        at=at,
        by=officer,
        about=said,
        patient_id=said.patient_id,
        location_id=said.appointment.location_id,
        thing=said.thing,
        reason=why,
        visit_id=said.appointment_id,
    )
