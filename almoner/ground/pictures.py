"""Photographs that are handed over: decoded and encoded anew, so that only the picture is kept.

No metadata (place, device) and nothing hidden behind the pixels survives it.
"""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_UPLOAD = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a small file may unpack to something that fills the memory
LONGEST_SIDE = 1600
QUALITY = 85


class NotAPicture(Exception):
    """What was handed over is no JPEG, PNG or WebP picture, or is too large."""


@dataclass(frozen=True, slots=True)
class Picture:
    jpeg: bytes
    width: int
    height: int


def encoded_anew(upload: bytes) -> Picture:
    """The picture as we draw it: upright, at most 1,600 pixels long. Raises NotAPicture."""
    if len(upload) > LARGEST_UPLOAD:
        raise NotAPicture
    try:
        with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (
        UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError,
    ) as error:  # fmt: skip
        raise NotAPicture from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), *clean.size)
