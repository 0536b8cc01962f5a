"""How a story waits for what happens behind a page: jobs, partners, another window."""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

Found = TypeVar("Found")

PATIENCE = 240
"""Seconds. Two cores may run two clinics, their partners and several browsers at once; who waits in
vain waits long, who does not loses nothing."""


def until(
    look: Callable[[], Found],
    *,
    within: float = PATIENCE,
    every: float = 0.2,
    shows: Callable[[], object] | None = None,
) -> Found:
    """Look until there is something; ``shows`` what to say was there instead."""
    ends = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > ends:
            pytest.fail(f"waited {within} s in vain: {shows() if shows else found}")
        time.sleep(every)
    return found
