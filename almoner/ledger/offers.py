"""What the ledger shows on the pages of duties below it, and where one can go."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.queries import Reading, explains
from almoner.ground import shell
from almoner.ground.money import dollars
from almoner.ledger import queries
from almoner.patients.queries import Alert, alerts_by, balance_by, panel, today

_FEW = 5


_DUE = """
    (SELECT coalesce(sum(cents), 0)::bigint FROM ledger_entry
      WHERE patient_id = p.id AND account IN ('patient_ar', 'unapplied'))
"""
_UNKNOWN = ", ".join(f"'{state.value}'" for state in queries.UNRESOLVED)
_WAITING = f"""
    (SELECT json_agg(json_build_array(id, cents) ORDER BY id) FROM ledger_payment
      WHERE patient_id = p.id AND state IN ({_UNKNOWN}))
"""  # noqa: S608 (our own states)


def waiting_card(
    told: list[tuple[int, int]], _patient_id: int, _reading: Reading
) -> Iterator[Alert]:
    """A card payment nobody knows the outcome of stands in the header of every screen."""
    for payment_id, cents in told:
        yield Alert(
            _("Card payment of %s not settled") % dollars(cents),
            tone="warn",
            url=reverse("payment", args=[payment_id]) + f"?for=payment:{payment_id}",
        )


def balance(patient_id: int, reading: Reading) -> dict[str, Any]:
    payments = queries.payments_of(patient_id, reading=reading, limit=_FEW)
    there_are = queries.payments_count(patient_id) if len(payments) == _FEW else 0
    return {
        "balance": queries.balance_of(patient_id),
        "debtors": queries.debtors_of(patient_id),
        "payments": payments,
        "more": max(0, there_are - _FEW),
        "may_take": reading.officer.may("ledger.take_payment"),
        "patient_id": patient_id,
        "reason": reading.work_item or "",
    }


def unresolved(reading: Reading) -> dict[str, Any]:
    location_id = reading.officer.location_id
    payments = queries.unresolved_payments(reading=reading, location_id=location_id, limit=_FEW)
    there_are = queries.unresolved_count(location_id=location_id) if len(payments) == _FEW else 0
    return {"payments": payments, "more": max(0, there_are - _FEW)}


shell.register(
    shell.NavItem(gettext_lazy("Money"), "money", "ledger.view", icon="money", order=50, key="m")
)
shell.action(
    shell.Action(
        gettext_lazy("Cash drawer"),
        "drawers",
        "ledger.drawer",
        icon="money",
        words=gettext_lazy("till count open close shift float"),
    )
)
shell.action(
    shell.Action(
        gettext_lazy("Books: receivables by age, accounts"),
        "books",
        "ledger.adjust",
        icon="list",
        words=gettext_lazy("ageing aging trial balance"),
    )
)
shell.action(
    shell.Action(
        gettext_lazy("Bank deposits"),
        "deposits",
        "ledger.deposit",
        icon="money",
        words=gettext_lazy("bank slip checks cash bring"),
    )
)
shell.action(
    shell.Action(
        gettext_lazy("Money due at the bank from cards and payers"),
        "expected_money",
        "ledger.deposit",
        icon="money",
        words=gettext_lazy("deposits eft settlement batch reconcile late missing"),
    )
)
balance_by(_DUE)
alerts_by(_WAITING, waiting_card, permission="ledger.view")
panel("balance", 60, "ledger.view", "ledger/_balance.html", balance)
today("unresolved", 30, "ledger.take_payment", "ledger/_today.html", unresolved)
explains("payment", queries.evidence_of_payment)
