"""Which forms are due at a visit: rules of the clinic, and what was settled before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where one patient's form stands. Everything but ``open`` is final."""

    OPEN = "open"
    SIGNED = "signed"
    ON_PAPER = "on_paper"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is asked for a form, and how often; what is empty or None limits nothing.

    Ages are whole years, both included. ``holds_days`` None: once. ``when_replaced``: a newer
    version is asked for anew. ``decline_stands``: who declined is not asked at the next visit, as
    with the notice of privacy practices, for which the effort counts (45 CFR 164.520(c)(2)(ii)).
    """

    form_id: int
    visit_type_id: int | None = None
    age_from: int | None = None
    age_to: int | None = None
    payer_kind: str = ""
    plan_id: int | None = None
    holds_days: int | None = None
    when_replaced: bool = True
    decline_stands: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """Who comes, for what, and who pays on that day."""

    on: date
    visit_type_id: int | None
    age: int | None
    payer_kinds: frozenset[str] = frozenset()
    plan_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """The latest time a form was settled: how, by which version, on which day.

    ``by_patient``: by link, where nobody of the clinic was asked. ``with_visit``: with the very
    visit that is asked about, on whatever day.
    """

    state: State
    number: int
    on: date
    by_patient: bool = False
    with_visit: bool = False


def applies(rule: Rule, situation: Situation) -> bool:
    """Whether the rule is about this visit. Of an unknown age no rule about ages speaks."""
    return (
        rule.visit_type_id in {None, situation.visit_type_id}
        and _of_that_age(rule, situation.age)
        and (not rule.payer_kind or rule.payer_kind in situation.payer_kinds)
        and (rule.plan_id is None or rule.plan_id in situation.plan_ids)
    )


def _of_that_age(rule: Rule, age: int | None) -> bool:
    if rule.age_from is None and rule.age_to is None:
        return True
    if age is None:
        return False
    return (rule.age_from or 0) <= age and (rule.age_to is None or age <= rule.age_to)


def holds(rule: Rule, latest: Settled | None, *, number: int, on: date) -> bool:
    """Whether what was settled is enough; ``number`` is the version that is in use."""
    if latest is None:
        return False
    if latest.state == State.DECLINED and not rule.decline_stands:
        # What a patient declines on a phone, somebody at the desk still asks about.
        return latest.on == on and not latest.by_patient
    if latest.with_visit:
        return True
    if rule.when_replaced and latest.number != number and latest.on != on:
        return False  # on the day itself the version that was begun is the one
    return rule.holds_days is None or on - latest.on <= timedelta(days=rule.holds_days)


def due(
    rules: Iterable[Rule],
    situation: Situation,
    *,
    numbers: Mapping[int, int],
    settled: Mapping[int, Settled],
) -> frozenset[int]:
    """The ids of the forms that are due; ``numbers`` are the versions in use of those in use."""
    return frozenset(
        rule.form_id
        for rule in rules
        if rule.form_id in numbers
        and applies(rule, situation)
        and not holds(
            rule, settled.get(rule.form_id), number=numbers[rule.form_id], on=situation.on
        )
    )
