"""Recognising which rule of the database was broken."""

from django.db import IntegrityError


def violated(error: IntegrityError, constraint: str) -> bool:
    """Whether this error is the named constraint refusing a row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == constraint
