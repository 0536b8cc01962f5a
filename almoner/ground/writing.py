"""Transactions of actions."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
Answer = TypeVar("Answer")


def whole(act: Callable[P, Answer]) -> Callable[P, Answer]:
    """Run an action in one transaction: its caller's when there is one.

    Unlike ``transaction.atomic`` it sets no savepoint in the caller's. It is for actions that raise
    their own refusals before they have written anything, or guard what may fail by themselves.
    """

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> Answer:
        if connection.in_atomic_block:
            return act(*args, **kwargs)
        with transaction.atomic():
            return act(*args, **kwargs)

    return run
