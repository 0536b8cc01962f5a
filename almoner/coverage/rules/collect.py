"""From a 271 to what to collect at the desk: one co-pay, or "cannot tell". Never a guess.

Payers contradict themselves: the same visit may have three co-pay rows. Rows are set aside one
reason at a time, in this order: what they are, whether they can be read, the service they are for,
procedure, place, network, period, day, whom they cover, and their message. What is left is compared
by how closely it fits (service, network, level). If then more than one amount is left, nobody can
tell, and all of them are shown.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from almoner.coverage.rules.messages import VisitKind, about, conditional
from almoner.edges.x12.eligibility import Answer, Benefit, Period

ACTIVE = frozenset("12345")
INACTIVE = frozenset("678")
PER_VISIT = frozenset({"", "27", "7"})
# Service types from narrow to broad (EB03): an office visit is also medical care, and the plan.
BROADER = {
    "98": ("1", "30"),
    "BY": ("98", "1", "30"),
    "BZ": ("98", "1", "30"),
    "A0": ("98", "1", "30"),
    "UC": ("1", "30"),
    "86": ("30",),
    "MH": ("30",),
    "PT": ("30",),
    "AL": ("30",),
    "33": ("30",),
    "1": ("30",),
}
NARROWER = {"98": frozenset({"BY", "BZ", "A0"}), "1": frozenset({"98", "BY", "BZ", "UC"})}
# DTP qualifiers that bound the cover: a span, a first day, a last day.
SPANS = frozenset({"291", "292", "307"})
FIRSTS = frozenset({"346", "356", "348"})
LASTS = frozenset({"347", "357", "349"})
SELF_LEVELS = {"IND": 2, "": 1}


class Network(StrEnum):
    """Whether this clinic belongs to the plan's network, as far as we know."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a row is not the one, or why nobody can tell."""

    # A row set aside
    OTHER_KIND = "other kind"
    UNREADABLE = "unreadable"
    NO_AMOUNT = "no amount"
    NO_SERVICE = "no service named"
    OTHER_SERVICE = "other service"
    NARROWER_SERVICE = "narrower service"
    ONE_PROCEDURE = "one procedure"
    OTHER_PLACE = "other place"
    OTHER_NETWORK = "other network"
    NOT_PER_VISIT = "not per visit"
    NOT_ON_DAY = "not on the day"
    OTHER_VISIT = "other kind of visit"
    LESS_SPECIFIC = "less specific service"
    NETWORK_NOT_TOLD = "network not told"
    OTHER_LEVEL = "other people"
    LESS_FITTING_MESSAGE = "message fits less"
    # Nobody can tell
    REJECTED = "rejected"
    SEVERAL_PATIENTS = "several patients"
    OTHER_PERSON = "other person"
    INACTIVE = "inactive"
    STATUS_CONTRADICTS = "status contradicts"
    NO_STATUS = "no status"
    NOT_COVERED = "not covered"
    OTHER_PAYER_FIRST = "other payer first"
    CONDITIONAL = "conditional"
    SEVERAL_COPAYS = "several co-pays"
    NARROWER_ONLY = "narrower only"
    NEEDS_PRICE = "needs a price"
    NOT_TOLD = "not told"


ONLY_AMOUNT_OPEN = frozenset(
    {Why.CONDITIONAL, Why.SEVERAL_COPAYS, Why.NARROWER_ONLY, Why.NEEDS_PRICE, Why.NOT_TOLD}
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that was set aside, and why."""

    row: Benefit
    why: Why


@dataclass(frozen=True, slots=True)
class Told:
    """What else the answer says that bears on money, in cents; None when not told."""

    deductible_left: int | None = None
    out_of_pocket_left: int | None = None
    coinsurance_bp: int | None = None
    authorisation: bool = False
    other_payers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collect:
    """Collect ``cents`` now, because of ``chosen``. Rows that say the same are in ``agreeing``."""

    cents: int
    chosen: Benefit
    agreeing: tuple[Benefit, ...]
    rejected: tuple[Judged, ...]
    told: Told


@dataclass(frozen=True, slots=True)
class CannotTell:
    """No amount can be named. ``candidates`` are the rows between which nothing decides."""

    why: Why
    candidates: tuple[Benefit, ...]
    rejected: tuple[Judged, ...]
    told: Told

    @property
    def covered(self) -> bool:
        """Whether the visit is covered all the same, and only the amount is open."""
        return self.why in ONLY_AMOUNT_OPEN


def what_to_collect(
    answer: Answer,
    *,
    service_type: str,
    network: Network,
    on: date,
    visit: VisitKind = VisitKind.UNKNOWN,
    place: str = "11",
    born: date | None = None,
    primary: bool = True,
) -> Collect | CannotTell:
    """The co-pay of one visit, or why it cannot be told.

    ``born`` is the patient's birth date as we know it: an answer about somebody else decides
    nothing. ``place`` is the place of service. ``primary`` says that this policy pays first.
    """
    ask = _Ask(service_type, network, on, visit, place)
    told = _told(answer, ask)
    set_aside = [Judged(row, why) for row in answer.benefits if (why := ask.against(row))]
    doubt = _doubt(answer, ask, born=born, primary=primary)
    left = [row for row in answer.benefits if ask.against(row) is None]
    if doubt:
        return CannotTell(doubt, tuple(left), tuple(set_aside), told)
    for narrow in (_by_service, _by_network, _by_level, _by_message):
        left, dropped = narrow(left, ask)
        set_aside += dropped
    rejected = tuple(sorted(set_aside, key=lambda each: (each.row.ordinal, each.row.offset)))
    if not left:
        return CannotTell(_nothing_left(answer, rejected), (), rejected, told)
    if len({row.cents for row in left}) > 1:
        return CannotTell(Why.SEVERAL_COPAYS, tuple(left), rejected, told)
    if any(conditional(row.messages, deductible_left=told.deductible_left) for row in left):
        return CannotTell(Why.CONDITIONAL, tuple(left), rejected, told)
    chosen, *agreeing = left
    return Collect(chosen.cents or 0, chosen, tuple(agreeing), rejected, told)


@dataclass(frozen=True, slots=True)
class _Ask:
    """The visit a row must fit."""

    service_type: str
    network: Network
    on: date
    visit: VisitKind
    place: str

    def against(self, row: Benefit) -> Why | None:
        """The first reason why a row cannot be this visit's co-pay."""
        if row.kind != "B":
            return Why.OTHER_KIND
        if row.unread:
            return Why.UNREADABLE
        if row.cents is None:
            return Why.NO_AMOUNT
        return self.service_against(row) or self.terms_against(row)

    def service_against(self, row: Benefit) -> Why | None:
        if not row.service_types:
            return Why.ONE_PROCEDURE if row.procedure else Why.NO_SERVICE
        if self.closeness(row):
            return Why.ONE_PROCEDURE if row.procedure else None
        narrower = NARROWER.get(self.service_type, frozenset[str]())
        return Why.NARROWER_SERVICE if narrower & {*row.service_types} else Why.OTHER_SERVICE

    def terms_against(self, row: Benefit) -> Why | None:
        tests = (
            (Why.OTHER_PLACE, bool(row.places) and self.place not in row.places),
            (Why.OTHER_NETWORK, not self.may_be_network(row)),
            (Why.NOT_PER_VISIT, row.period not in PER_VISIT),
            (Why.NOT_ON_DAY, not within(row.periods, self.on)),
            (Why.OTHER_VISIT, self.other_visit(row)),
        )
        return next((why for why, holds in tests if holds), None)

    def closeness(self, row: Benefit) -> int:
        """How closely the row names the service: higher is closer, 0 is another service."""
        wanted = (self.service_type, *BROADER.get(self.service_type, ("30",)))
        for distance, code in enumerate(wanted):
            if code in row.service_types:
                return len(wanted) - distance
        return 0

    def may_be_network(self, row: Benefit) -> bool:
        if self.network is Network.UNKNOWN:
            return True
        return row.network != ("N" if self.network is Network.IN else "Y")

    def other_visit(self, row: Benefit) -> bool:
        kinds = about(row.messages)
        return bool(kinds) and self.visit is not VisitKind.UNKNOWN and self.visit not in kinds


Narrowed = tuple[list[Benefit], list[Judged]]


def _keep(rows: list[Benefit], fit: list[int], why: Why) -> Narrowed:
    """Keep the rows that fit best."""
    best = max(fit, default=0)
    kept = [row for row, value in zip(rows, fit, strict=True) if value == best]
    dropped = [Judged(row, why) for row, value in zip(rows, fit, strict=True) if value < best]
    return kept, dropped


def _by_service(rows: list[Benefit], ask: _Ask) -> Narrowed:
    return _keep(rows, [ask.closeness(row) for row in rows], Why.LESS_SPECIFIC)


def _by_network(rows: list[Benefit], ask: _Ask) -> Narrowed:
    if ask.network is Network.UNKNOWN:
        return rows, []
    return _keep(rows, [int(row.network in {"Y", "N", "W"}) for row in rows], Why.NETWORK_NOT_TOLD)


def _by_level(rows: list[Benefit], _: _Ask) -> Narrowed:
    return _keep(rows, [SELF_LEVELS.get(row.level, 0) for row in rows], Why.OTHER_LEVEL)


def _by_message(rows: list[Benefit], ask: _Ask) -> Narrowed:
    if ask.visit is VisitKind.UNKNOWN:
        return rows, []
    fit = [int(ask.visit in about(row.messages)) for row in rows]
    return _keep(rows, fit, Why.LESS_FITTING_MESSAGE)


def within(periods: tuple[Period, ...], day: date) -> bool:
    """Whether the day lies within what the dates bound; dates of other things bound nothing."""
    return all(_holds(period, day) for period in periods)


def _holds(period: Period, day: date) -> bool:
    if period.qualifier in SPANS:
        # One day under a span's qualifier is the day the answer was made for.
        return period.since == period.until or period.since <= day <= period.until
    if period.qualifier in FIRSTS:
        return day >= period.since
    return period.qualifier not in LASTS or day <= period.until


def _doubt(answer: Answer, ask: _Ask, *, born: date | None, primary: bool) -> Why | None:
    """Whatever makes the whole answer unfit to decide on money."""
    told_birth = answer.patient.birth_date if answer.patient else None
    tests = (
        (Why.REJECTED, bool(answer.rejections)),
        (Why.SEVERAL_PATIENTS, answer.patients > 1),
        (Why.OTHER_PERSON, bool(born and told_birth and born != told_birth)),
        (Why.NOT_ON_DAY, not within(answer.periods, ask.on)),
        (Why.OTHER_PAYER_FIRST, primary and _other_payer_first(answer)),
    )
    return next((why for why, holds in tests if holds), None) or _status(answer, ask)


def _other_payer_first(answer: Answer) -> bool:
    return any(
        entity.role == "PRP"
        for row in answer.benefits
        if row.kind == "R"
        for entity in row.entities
    )


def _status(answer: Answer, ask: _Ask) -> Why | None:
    """Whether the cover is active for this service, by the rows that name it most closely."""
    rows = [
        row
        for row in answer.benefits
        if (row.kind in ACTIVE | INACTIVE or row.kind == "I") and ask.may_be_network(row)
    ]
    named = [row for row in rows if ask.closeness(row)]
    # A row that names no service speaks of the plan as a whole: it counts when nothing is closer.
    chosen, _ = _by_service(named or [row for row in rows if not row.service_types], ask)
    inactive = any(row.kind in INACTIVE for row in chosen)
    active = [row for row in chosen if row.kind in ACTIVE]
    refused = any(row.kind == "I" for row in chosen)
    if active and (inactive or refused):
        return Why.STATUS_CONTRADICTS
    if inactive or _plan_inactive(rows):
        return Why.INACTIVE
    if refused:
        return Why.NOT_COVERED
    if not active:
        return Why.NO_STATUS
    return None if any(within(row.periods, ask.on) for row in active) else Why.NOT_ON_DAY


def _plan_inactive(rows: list[Benefit]) -> bool:
    """An inactive plan is inactive for everything, whatever single services say."""
    whole = [row for row in rows if not row.service_types or "30" in row.service_types]
    return any(row.kind in INACTIVE for row in whole) and not any(
        row.kind in ACTIVE for row in whole
    )


def _nothing_left(answer: Answer, rejected: tuple[Judged, ...]) -> Why:
    if any(each.why is Why.NARROWER_SERVICE for each in rejected):
        return Why.NARROWER_ONLY
    if any(row.kind in {"A", "C"} for row in answer.benefits):
        return Why.NEEDS_PRICE
    return Why.NOT_TOLD


def _told(answer: Answer, ask: _Ask) -> Told:
    others = tuple(
        entity.name for row in answer.benefits if row.kind == "R" for entity in row.entities
    )
    share = {
        row.basis_points
        for row in answer.benefits
        if row.kind == "A" and ask.closeness(row) and ask.may_be_network(row)
    }
    return Told(
        deductible_left=_remaining(answer, ask, "C"),
        out_of_pocket_left=_remaining(answer, ask, "G"),
        coinsurance_bp=share.pop() if len(share) == 1 else None,
        authorisation=any(
            row.authorisation == "Y" and ask.closeness(row) for row in answer.benefits
        ),
        other_payers=tuple(name for name in others if name),
    )


def _remaining(answer: Answer, ask: _Ask, kind: str) -> int | None:
    """What is left this year of a limit for this person, when all rows that say so agree."""
    found = {
        row.cents
        for row in answer.benefits
        if row.kind == kind
        and row.period == "29"
        and row.level in SELF_LEVELS
        and ask.closeness(row)
        and ask.may_be_network(row)
    }
    return found.pop() if len(found) == 1 else None
