"""What a visit's check-in asks ahead, read as the patients' role."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model

from almoner.arrivals.models import CardTaken, EarlyCheckIn, Encounter, Said
from almoner.arrivals.queries import fingerprint, policy_value
from almoner.arrivals.rules import State, ahead
from almoner.arrivals.rules.ahead import DETAILS, OWN_WORDS, Thing, Value, Verdict
from almoner.coverage.models import Policy
from almoner.coverage.queries import in_force
from almoner.patients.models import Address, Contact, Email, Patient, Phone
from almoner.patients.rules import details as kept_as
from almoner.patients.rules.details import Details
from almoner.portal import rules
from almoner.portal.queries.visits import appointment


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing the page asks: the part of what is kept that may be shown, and what was said.

    Of ``devices`` what was said is ``tested`` or ``skipped``.

    ``verdict`` is what the desk made of it once it has, ``accepted`` or ``refused``; ``seen`` marks
    the whole value, so that an answer is to what was shown.
    """

    thing: Thing
    policy_id: int | None
    name: str
    kept: str
    seen: str
    verdict: str = ""
    said: str = ""
    sides: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.thing}-{self.policy_id}" if self.policy_id else str(self.thing)


@dataclass(frozen=True, slots=True)
class Early:
    """The check-in ahead of one visit, as far as it has come."""

    is_open: bool
    begun: bool
    finished: bool
    coming: bool
    here: bool
    may_come: bool
    details: list[Asked] = field(default_factory=list)
    coverage: list[Asked] = field(default_factory=list)
    devices: list[Asked] = field(default_factory=list)
    words: list[Asked] = field(default_factory=list)

    @property
    def wanted(self) -> list[Asked]:
        """All that must be answered until it is finished, in order."""
        return [*self.details, *self.coverage, *self.devices]

    @property
    def open_details(self) -> list[Asked]:
        return [one for one in self.details if not one.verdict]

    @property
    def goes_on_at(self) -> str:
        """The key of the first thing that is not answered; empty when none is left."""
        return next((one.key for one in self.wanted if not one.verdict), "")

    @property
    def left(self) -> int:
        return len([one for one in self.wanted if not one.verdict])


def early(appointment_id: int, *, days: int, at: datetime) -> Early:
    """How far the check-in ahead of a visit is, without what it asks. Three queries."""
    row = appointment(appointment_id)
    comes = not row.visit_type.by_video  # to the building: there is a desk to tell
    begun = EarlyCheckIn.objects.filter(appointment=appointment_id).first()
    encounters = Encounter.objects.filter(appointment=appointment_id)
    state = encounters.values_list("state", flat=True).first()
    is_open = ahead.is_open(
        status=row.status,
        state=state,
        day=row.local_day,
        today=at.astimezone(ZoneInfo(row.time_zone)).date(),
        days=days,
    )
    return Early(
        is_open=is_open,
        begun=begun is not None,
        finished=bool(begun and begun.finished_at),
        coming=bool(begun and begun.coming_at),
        here=comes and state == State.ARRIVED,
        may_come=comes
        and row.status == "booked"
        and ahead.may_come(starts_at=row.starts_at, at=at),
    )


def asked(appointment_id: int, *, days: int, at: datetime) -> Early:
    """All that a visit's check-in asks ahead. Twelve queries, however much is kept."""
    found = early(appointment_id, days=days, at=at)
    row = appointment(appointment_id)
    me = row.patient_id
    details = _details(me)
    said = {
        (Thing(one.thing), one.policy_id): one
        for one in Said.objects.filter(appointment=appointment_id)
        .only("thing", "policy_id", "verdict", "words", "outcome")
        .order_by("said_at", "id")
    }
    policies = list(
        in_force(row.patient_id, on=row.local_day).only(
            "id", "rank", "member_id", "group_number", "plan__id", "plan__payer__name"
        )
    )
    sides: dict[int | None, list[str]] = {}
    taken = CardTaken.objects.filter(appointment=appointment_id).order_by("-side")
    for policy_id, side in taken.values_list("policy_id", "side"):
        sides.setdefault(policy_id, []).append(side)
    found.details.extend(
        _one(me, thing, ahead.kept(details, thing), said.get((thing, None))) for thing in DETAILS
    )
    found.coverage.extend(_coverage(me, policies, said, sides))
    if row.visit_type.by_video:
        tested = said.get((Thing.DEVICES, None))
        found.devices.append(_one(me, Thing.DEVICES, {}, tested))
    found.words.extend(_one(me, thing, {}, said.get((thing, None))) for thing in OWN_WORDS)
    return found


def _coverage(
    patient_id: int,
    policies: Iterable[Policy],
    said: dict[tuple[Thing, int | None], Said],
    sides: dict[int | None, list[str]],
) -> Iterable[Asked]:
    for policy in policies:
        yield _one(
            patient_id,
            Thing.POLICY,
            policy_value(policy),
            said.get((Thing.POLICY, policy.pk)),
            policy=policy,
            sides=tuple(sides.get(policy.pk, ())),
        )
    yield _one(
        patient_id,
        Thing.NEW_POLICY,
        {},
        said.get((Thing.NEW_POLICY, None)),
        sides=tuple(sides.get(None, ())),
    )


def _one(
    patient_id: int,
    thing: Thing,
    value: Value,
    said: Said | None,
    *,
    policy: Policy | None = None,
    sides: tuple[str, ...] = (),
) -> Asked:
    return Asked(
        thing=thing,
        policy_id=policy.pk if policy else None,
        name=policy.plan.payer.name if policy else "",
        kept=shown(thing, value),
        seen=fingerprint(patient_id, thing, value),
        verdict=(said.outcome or said.verdict) if said else "",
        said=_words(thing, said) if said else "",
        sides=sides,
    )


def _words(thing: Thing, said: Said) -> str:
    if thing is Thing.DEVICES:
        return str(said.words["text"])
    return shown(thing, said.words) if _waits(said) else ""


def _waits(said: Said) -> bool:
    """Whether it is a change that the desk has neither accepted nor refused."""
    return said.verdict == Verdict.CHANGED and not said.outcome


def shown(thing: Thing, value: Value) -> str:
    """One value as a link and a birth date may read it."""
    if thing is Thing.LANGUAGE:
        return rules.tongue(value["language"]) if value else ""
    if thing is Thing.INTERPRETER:
        return "yes" if value.get("interpreter_needed") else "no"
    return rules.veiled(thing, value)


_OF_THE_DESK = ("whose", "whose_name")
"""What is kept of a phone or e-mail that nobody is asked about, and no link reads."""


def _details(patient_id: int) -> Details:
    """What is asked about of a person; all the rest is left empty."""
    columns = ("name_used", "pronouns", "language", "interpreter_needed")
    me = Patient.objects.filter(pk=patient_id).values(*columns).get()
    return Details(
        family="",
        given="",
        phones=tuple(kept_as.Phone(**row) for row in _rows(Phone, kept_as.Phone, patient_id)),
        addresses=tuple(
            kept_as.Address(**row) for row in _rows(Address, kept_as.Address, patient_id)
        ),
        emails=tuple(kept_as.Email(**row) for row in _rows(Email, kept_as.Email, patient_id)),
        contacts=tuple(
            kept_as.Contact(**row) for row in _rows(Contact, kept_as.Contact, patient_id)
        ),
        **me,
    )


def _rows(model: type[Model], shape: type, patient_id: int) -> Iterable[dict[str, Any]]:
    columns = [each.name for each in fields(shape) if each.name not in _OF_THE_DESK]
    order = "id" if model is Contact else "rank"
    rows = model._default_manager.filter(patient_id=patient_id).order_by(order)
    return rows.values(*columns)
