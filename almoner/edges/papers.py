"""A file from outside: what it is is found in its bytes, and only what it shows is kept.

However it came, by a page, by an e-mail or with a text, it is screened here and nowhere else.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from almoner.edges import pdf
from almoner.ground.pictures import LARGEST_UPLOAD, NotAPicture, encoded_anew

JPEG, PDF = "image/jpeg", "application/pdf"
LARGEST = LARGEST_UPLOAD
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")


class Why(StrEnum):
    """Why a file cannot be kept."""

    EMPTY = "empty"
    NO_FILE = "no_file"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    ACTS = "acts"
    UNREADABLE = "unreadable"
    BUSY = "busy"


class NotKept(Exception):
    """It cannot be kept, for this reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Screened:
    """What is kept of a file: its media type and bytes, each of our own making."""

    media: str
    content: bytes


def screened(content: bytes) -> Screened:
    """What is kept of a file. Takes its time: call it before anything is locked. Raises NotKept."""
    if not content:
        raise NotKept(Why.EMPTY)
    if len(content) > LARGEST:
        raise NotKept(Why.TOO_LARGE)
    if pdf.is_pdf(content):
        try:
            return Screened(PDF, pdf.pages_only(content))
        except pdf.Unsafe as unsafe:
            raise NotKept(Why(unsafe.why)) from unsafe
    try:
        return Screened(JPEG, encoded_anew(content).jpeg)
    except NotAPicture as error:
        raise NotKept(Why.NO_FILE) from error


def plain_name(name: str, longest: int) -> str:
    """A file's name on one line, without what hides how it ends."""
    return " ".join(_CONTROLS.sub(" ", name).split())[:longest]
