"""A PDF that somebody hands over: only its pages are kept, written anew, and nothing that acts.

It is read by a process of its own that may have little memory and little time (``reader``): what is
made to unpack without end, or to break whoever reads it, ends that process and nothing else.
"""

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from threading import Semaphore

LARGEST = 15 * 1024 * 1024
MOST_PAGES = 100
QUEUE = 3.0  # seconds to wait for another that is being read
PATIENCE = 30.0  # seconds of the clock; the reader gives itself fewer of the processor
_READER = Path(__file__).with_name("reader.py")
_ONE_AT_A_TIME = Semaphore(1)


class Why(StrEnum):
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    ACTS = "acts"
    UNREADABLE = "unreadable"
    BUSY = "busy"


class Unsafe(Exception):
    """It is not kept, for this reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-")


def pages_only(content: bytes) -> bytes:
    """The same pages in a file of our own making. Raises Unsafe."""
    if len(content) > LARGEST:
        raise Unsafe(Why.TOO_LARGE)
    command = [sys.executable, "-I", str(_READER), str(MOST_PAGES), str(LARGEST)]
    # Whoever waits here holds one of the few threads that answer everybody.
    if not _ONE_AT_A_TIME.acquire(timeout=QUEUE):
        raise Unsafe(Why.BUSY)
    try:
        read = subprocess.run(  # noqa: S603 (our own reader, no shell)
            command, input=content, capture_output=True, timeout=PATIENCE, check=False, env={},
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise Unsafe(Why.UNREADABLE) from slow
    finally:
        _ONE_AT_A_TIME.release()
    if read.returncode == 0 and is_pdf(read.stdout):
        return read.stdout
    said = read.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    raise Unsafe(Why(said) if said in set(Why) else Why.UNREADABLE)
