"""Decisions of the billing desk: codes, edits, a claim's life, remittances, denials, statements."""
