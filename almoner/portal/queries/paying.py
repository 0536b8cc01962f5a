"""What a patient pays on the processor's page, for a visit or a bill, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from almoner.arrivals.queries import due
from almoner.billing import queries as billing
from almoner.ground.money import dollars
from almoner.ledger.models import Payment
from almoner.ledger.queries import UNRESOLVED, newest_payment_id, visit_balances
from almoner.portal import rules
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.queries.early import early
from almoner.portal.queries.visits import appointment
from almoner.telehealth.models import VideoVisit
from almoner.telehealth.rules import State

_OPEN = ("asked", "sent", "unknown")


@dataclass(frozen=True, slots=True)
class Paying:
    """What is due, and the newest payment by card; ``state`` empty: there is none.

    ``due`` is cents, None when it cannot be told before the visit; ``offered``: until check-in,
    where the desk collects what is left; of a visit by video until that is over, for there is no
    desk; and afterwards (``after``), while any of its bill is left. ``elsewhere``: what would be
    paid is being paid another way. ``page_url`` is the processor's page while the payment
    waits there. ``seen`` is the newest payment that ``due`` counts.
    """

    offered: bool
    seen: int
    due: int | None
    amount: str
    state: str
    page_url: str
    number: int
    cents: str
    card: str
    day: str
    after: bool = False
    elsewhere: bool = False

    @property
    def may_pay(self) -> bool:
        return self.offered and bool(self.due) and not self.waits and not self.elsewhere

    @property
    def waits(self) -> bool:
        return self.state in _OPEN


def paying(appointment_id: int, *, language: str, days: int, at: datetime) -> Paying:
    """How the payment for a visit stands; the amount as the desk works it out."""
    row = appointment(appointment_id)
    newest = (
        Payment.objects.filter(patient_id=row.patient_id, visit_id=appointment_id, method="card")
        .only(
            "id", "state", "cents", "page_url", "card_brand", "card_last_four", "asked_at",
            "settled_at",
        )
        .order_by("-id")
        .first()
    )  # fmt: skip
    with as_the_desk():
        seen = newest_payment_id(row.patient_id, appointment_id)  # first: what comes later is newer
        bill = visit_balances([appointment_id])[appointment_id]
        elsewhere = billing.is_paid_elsewhere(appointment_id)
        talks = row.visit_type.by_video and _is_held(appointment_id)
    before = talks or early(appointment_id, days=days, at=at).is_open
    after = bill.due > 0 or not (before or row.status == "booked")
    with as_the_desk():
        left = max(0, bill.due) if after else due(appointment_id)
    return paying_of(
        newest, offered=before or bool(left), after=after, seen=seen, due=left,
        zone=row.time_zone, language=language, elsewhere=elsewhere,
    )  # fmt: skip


def copay_left(appointment_id: int) -> int:
    """What is to be paid ahead of a visit, in cents; nothing while a card is asked for it."""
    with as_the_desk():
        if visits_being_paid([appointment_id]):
            return 0
        return due(appointment_id) or 0


def visits_being_paid(appointment_ids: Sequence[int]) -> bool:
    """As the desk: whether a card is asked for one of these visits. One query."""
    return Payment.objects.filter(visit_id__in=appointment_ids, state__in=UNRESOLVED).exists()


def paying_of(
    newest: Payment | None, *, offered: bool, seen: int, due: int | None, zone: str, language: str,
    after: bool = False, elsewhere: bool = False,
) -> Paying:  # fmt: skip
    """What is due beside the newest payment by card, if there is one."""
    return Paying(
        offered=offered,
        seen=seen,
        due=due,
        amount=dollars(due or 0),
        state=newest.state if newest else "",
        page_url=newest.page_url if newest and newest.state == "sent" else "",
        number=newest.pk if newest else 0,
        cents=dollars(newest.cents) if newest else "",
        card=f"{newest.card_brand} {newest.card_last_four}".strip() if newest else "",
        day=_day(newest.settled_at or newest.asked_at, zone, language) if newest else "",
        after=after,
        elsewhere=elsewhere,
    )


def _is_held(appointment_id: int) -> bool:
    """Whether somebody waits to be let in by video, or was."""
    held = (State.WAITING, State.ADMITTED)
    return VideoVisit.objects.filter(appointment=appointment_id, state__in=held).exists()


def _day(at: datetime, zone: str, language: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{rules.day_text(local.date(), language)}, {rules.time_text(local.time(), language)}"
