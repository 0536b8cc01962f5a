"""Accounts, journals, payments, the cash drawer. Balanced double entry, append-only."""
