"""The words for what the ledger keeps as codes: accounts, and what a journal is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.ledger.rules import Account, Because, Kind

ACCOUNTS: dict[Account, Promise] = {
    Account.PATIENT_AR: _("Owed by patients"),
    Account.INSURANCE_AR: _("Owed by insurance"),
    Account.UNAPPLIED: _("Paid ahead by patients"),
    Account.REFUND_LIABILITY: _("Refunds promised"),
    Account.REVENUE: _("Charges for services"),
    Account.CONTRACTUAL: _("Taken off by contract"),
    Account.DENIAL_WRITE_OFF: _("Given up after a denial"),
    Account.BAD_DEBT: _("Given up as not collectable"),
    Account.CHARITY: _("Given up as charity"),
    Account.RECOUPMENT: _("Taken back by payers"),
    Account.FORWARDED: _("Carried over by payers"),
    Account.WITHHELD: _("Withheld by payers for others"),
    Account.INTEREST: _("Interest from payers"),
    Account.FEES: _("Fees charged to patients"),
    Account.REMITTANCE: _("Paid by insurance, not yet at the bank"),
    Account.PAYER_UNAPPLIED: _("Paid by insurance for no known claim"),
    Account.CARD_CLEARING: _("Paid by card, not yet at the bank"),
    Account.CASH_DRAWER: _("Cash in drawers"),
    Account.SAFE: _("Cash in the safe"),
    Account.CHECKS: _("Checks in hand"),
    Account.BANK: _("Bank"),
    Account.BANK_FEES: _("Fees of card processor and bank"),
    Account.BANK_DIFFERENCE: _("Shown by the bank otherwise than announced"),
    Account.PETTY_CASH: _("Spent for the clinic"),
    Account.OVER_SHORT: _("Drawers short or over"),
}

KINDS: dict[Kind, Promise] = {
    Kind.CHARGE: _("Charge"),
    Kind.REMITTANCE: _("Insurance answered"),
    Kind.ADJUSTMENT: _("Adjustment"),
    Kind.TRANSFER: _("Moved"),
    Kind.PAYMENT: _("Payment"),
    Kind.CREDIT_APPLIED: _("Paid from credit"),
    Kind.REFUND: _("Refund"),
    Kind.RECOUPMENT: _("Insurance settled outside claims"),
    Kind.DRAWER: _("Cash moved"),
    Kind.DEPOSIT: _("Brought to the bank"),
    Kind.SETTLED: _("Arrived at the bank"),
    Kind.RETURNED: _("Returned by the bank"),
    Kind.FEE: _("Fee"),
    Kind.REVERSAL: _("Reversal"),
}


BECAUSE: dict[Because, Promise] = {
    Because.FEE: _("Fee kept by the processor or the bank"),
    Because.SHORT: _("Less than announced"),
    Because.OVER: _("More than announced"),
    Because.MISSING: _("Nothing came; nobody waits for it any more"),
}
"""Why the bank shows another sum than was announced."""

MOVES: dict[str, Promise] = {
    "float": _("Float"),
    "payment": _("Payment"),
    "refund": _("Refund"),
    "pay_in": _("Put in from the safe"),
    "drop": _("Brought to the safe"),
    "pay_out": _("Spent for the clinic"),
    "close": _("Closed: to the safe"),
}
"""Cash of a drawer that moved, see `queries.DrawerMove`; else it is named by its journal."""


def move_name(name: str) -> str:
    return str(MOVES[name]) if name in MOVES else kind_name(name)


def account_name(account: str) -> str:
    return str(ACCOUNTS[Account(account)])


def kind_name(kind: str) -> str:
    return str(KINDS[Kind(kind)])
