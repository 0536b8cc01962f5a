"""Charges and coding, edits, claims, acknowledgements, remittances, denials, statements."""
