"""Photographs that are handed over: decoded and encoded anew, so that only the picture is kept.

No metadata (place, device) and nothing hidden behind the pixels survives it.
"""

from dataclasses import dataclass
from io import BytesIO
from threading import Semaphore

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_UPLOAD = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a small file may unpack to something that fills the memory
MOST_UNPACKED = 15_000_000
"""Pixels that are unpacked at once: of a photograph as telephones take it, a quarter or less."""
LONGEST_SIDE = 1600
QUALITY = 85
_NOT_BLENDED = {"1", "P"}
"""Colours out of a table: made smaller as they are, letters would break up."""
_ONE_AT_A_TIME = Semaphore(1)
"""However many send pictures at once, a process has one of them unpacked."""


class NotAPicture(Exception):
    """What was handed over is no JPEG, PNG or WebP picture, or is too large."""


@dataclass(frozen=True, slots=True)
class Picture:
    jpeg: bytes
    width: int
    height: int


def encoded_anew(upload: bytes) -> Picture:
    """The picture as we draw it: upright, at most 1,600 pixels long. Raises NotAPicture.

    Waits for others that are drawn: call it before anything is locked.
    """
    if len(upload) > LARGEST_UPLOAD:
        raise NotAPicture
    with _ONE_AT_A_TIME:
        try:
            return _drawn(upload)
        except (
            UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError,
        ) as error:  # fmt: skip
            raise NotAPicture from error


def _drawn(upload: bytes) -> Picture:
    with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise NotAPicture
        if not opened.info.get("progressive"):  # of those the whole is unpacked in any case
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        if opened.width * opened.height > MOST_UNPACKED:
            raise NotAPicture
        small = opened.convert("RGB") if opened.mode in _NOT_BLENDED else opened
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(small).convert("RGB")
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), *clean.size)
