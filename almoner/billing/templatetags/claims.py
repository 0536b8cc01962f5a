"""How billing's states look: a word, a tone, a place on the track."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from almoner.billing.queries import findings, wording
from almoner.billing.queries.wording import STATES
from almoner.billing.rules import codes
from almoner.billing.rules.claims import State
from almoner.billing.rules.likeness import Mark, Point, Standing
from almoner.billing.rules.parting import WhyNot
from almoner.ground import dates
from almoner.ground.templatetags.desk import badge
from almoner.ledger import rules as ledger
from almoner.ledger.queries.wording import account_name

register = template.Library()

REMITTANCES: dict[str, tuple[str, Promise]] = {
    "posting": ("wait", _("Being posted")),
    "posted": ("good", _("Posted")),
    "refused": ("bad", _("Refused")),
    "duplicate": ("plain", _("Sent again")),
    "waiting": ("wait", _("Waiting")),
    "unmatched": ("warn", _("Not matched")),
    "set_aside": ("plain", _("Set aside")),
    "parked": ("warn", _("Parked")),
    "returned": ("plain", _("Returned to the payer")),
    "applied": ("good", _("Applied by hand")),
    "open": ("warn", _("Open")),
    "appealed": ("wait", _("Appealed")),
    "settled": ("plain", _("Settled")),
    "sent": ("wait", _("Sent")),
    "paid": ("good", _("Paid")),
    "replaced": ("plain", _("Replaced")),
    "over": ("plain", _("Nothing of it is owed")),
    "sending": ("wait", _("Being sent")),
    "failed": ("bad", _("Not taken")),
    "unknown": ("warn", _("Outcome unknown")),
}


ANSWERED_AS: dict[str, Promise] = {  # CLP02 of an 835, in words of our own
    "1": _("as first payer"),
    "2": _("as second payer"),
    "3": _("as third payer"),
    "4": _("denied"),
    "19": _("as first payer, sent on"),
    "20": _("as second payer, sent on"),
    "21": _("as third payer, sent on"),
    "22": _("taken back"),
    "23": _("not theirs, sent on"),
    "25": _("foretold, not paid"),
}


@register.filter
def answered_as(status: str) -> str:
    """What a payer says it did with a claim: the word, and the code it stands for."""
    word = ANSWERED_AS.get(status)
    return f"{word} ({status})" if word else status


@register.filter
def kept_day(text: str) -> str:
    """A day that a row keeps as text, as every page writes days; nothing for no day."""
    return dates.day(date.fromisoformat(text)) if text else ""


@register.simple_tag
def claim_state(state: str) -> SafeString:
    return badge(*STATES[state])


_WAYS = {
    "email": _("told by e-mail"),
    "print": _("on paper"),
    "account": _("in the account of the patient, or at the desk"),
}


@register.simple_tag
def statement_way(way: str) -> str:
    """How a statement reaches who gets it."""
    return str(_WAYS.get(way, way))


_GIVEN = {
    "paper": _("given on paper"),
    "email": _("sent by e-mail"),
    "page": _("opened by the patient"),
}


@register.simple_tag
def estimate_given(how: str) -> str:
    """How a patient got an estimate."""
    return str(_GIVEN.get(how, how))


@register.simple_tag
def paper_state(state: str) -> SafeString:
    """A remittance's, an answered claim's, a denial's or a sending's state."""
    return badge(*REMITTANCES[state])


POINTS: dict[Mark, tuple[Promise, Promise, Promise]] = {
    # agrees, nearly, differs
    Mark.NUMBER: (
        _("our claim number"), _("our claim number but for one slip"), _("another claim number"),
    ),
    Mark.PAYER_NUMBER: (
        _("the payer's number"), _("the payer's number but for one slip"),
        _("another number of the payer"),
    ),
    Mark.MEMBER: (
        _("same member id"), _("member id but for one slip"), _("another member id"),
    ),
    Mark.PATIENT: (_("same name"), _("part of the name"), _("another name")),
    Mark.DAY: (_("same day"), _("a day close by"), _("another day")),
    Mark.CHARGE: (_("same charge"), _("nearly the charge"), _("another charge")),
    Mark.PROCEDURES: (_("same procedures"), _("some procedures"), _("other procedures")),
    Mark.PAYER: (_("same payer"), _("a payer like it"), _("another payer")),
    Mark.AWAITED: (_("answer awaited"), _("answer awaited"), _("no answer awaited")),
}  # fmt: skip
_STANDINGS = {Standing.AGREES: (0, "✓"), Standing.NEAR: (1, "≈"), Standing.DIFFERS: (2, "✗")}


@register.simple_tag
def likeness_point(point: Point) -> str:
    """One thing an answer and a claim were compared by, and how it came out."""
    place, sign = _STANDINGS[point.standing]
    return f"{sign} {POINTS[point.mark][place]}"


PROVIDER_LEVEL: dict[str, Promise] = {
    "WO": _("Taken back: paid too much before"),
    "72": _("Taken back as agreed with us"),
    "FB": _("Carried over between payments"),
    "L6": _("Interest for paying late"),
    "IR": _("Tax withheld"),
    "LE": _("Withheld for a levy"),
    "50": _("Penalty for claiming late"),
    "L3": _("Penalty"),
    "AP": _("Advance paid earlier"),
    "CS": _("Settled between the payer and us"),
}
"""Our words for the reasons we act on; the payer's list has more."""


@register.filter
def provider_level(reason: str) -> str:
    return str(PROVIDER_LEVEL.get(reason, _("Another reason of the payer")))


@register.filter
def provider_level_account(reason: str) -> str:
    """The account such a reason belongs to, in the desk's words."""
    return account_name(ledger.PROVIDER_LEVEL.get(reason, ledger.Account.RECOUPMENT))


@register.filter
def not_divisible(why: str) -> str:
    """Why nothing of a refused payment can be posted."""
    return str(wording.NOT_DIVISIBLE[WhyNot(why)])


register.filter(wording.desk_name)
register.filter(wording.category_name)
register.filter(wording.action_name)
register.filter(wording.bearing_name)
register.filter(wording.resolution_name)
register.filter("finding", findings.sentence)
register.filter("finding_place", findings.place)


@register.filter
def dotted(code: str) -> str:
    return codes.dotted(code)


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on a claim's way: ``done``, ``now``, ``bad`` or ``ahead``."""

    label: Promise
    standing: str


_WAY: tuple[tuple[Promise, frozenset[State]], ...] = (
    (_("Charged"), frozenset({State.DRAFT})),
    (_("Checked"), frozenset({State.HELD, State.READY})),
    (_("Sent"), frozenset({State.QUEUED, State.SENT})),
    (_("Taken in"), frozenset({State.ACCEPTED, State.REJECTED})),
    (_("With the payer"), frozenset({State.PENDING})),
    (_("Answered"), frozenset({State.PARTLY_PAID, State.DENIED, State.UNPROCESSABLE})),
    (_("Settled"), frozenset({State.PAID, State.CLOSED, State.CORRECTED, State.VOID})),
)
_BAD = frozenset({State.HELD, State.REJECTED, State.DENIED, State.UNPROCESSABLE})


@register.filter
def way(state: str) -> list[Stop]:
    """A claim's way from charge to settled, and how far it has come."""
    here = next(place for place, (_label, states) in enumerate(_WAY) if state in states)
    stops = []
    for place, (label, _states) in enumerate(_WAY):
        standing = "done" if place < here else "ahead"
        if place == here:
            standing = "bad" if state in _BAD else "now"
        stops.append(Stop(label, standing))
    return stops
