"""Reads of the ledger."""

from almoner.ledger.queries.balances import (
    BUCKETS,
    Ageing,
    Balance,
    account_balances,
    ageing,
    balance_of,
    balances_of,
    credits_of,
    debts_of,
    drawer_balance,
    lines_of,
    lock_patient,
    payer_balances,
    visit_balances,
)

__all__ = [
    "BUCKETS",
    "Ageing",
    "Balance",
    "account_balances",
    "ageing",
    "balance_of",
    "balances_of",
    "credits_of",
    "debts_of",
    "drawer_balance",
    "lines_of",
    "lock_patient",
    "payer_balances",
    "visit_balances",
]
