"""Keeping photographs of insurance cards."""

from datetime import datetime
from io import BytesIO

from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.coverage.models import CardImage, Policy
from almoner.ground import events

LARGEST_UPLOAD = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600
QUALITY = 85


class NotAnImage(Exception):
    """What was handed over is no JPEG, PNG or WebP picture, or is too large; nothing was kept."""


@transaction.atomic
def keep_card(
    *, officer: Officer, policy_id: int, side: str, upload: bytes, at: datetime
) -> CardImage:
    """Keep an image of one side of a card; it replaces the one before.

    The picture is decoded and encoded anew, so that no metadata (place, device) and nothing hidden
    behind the pixels is kept. Raises PermissionDenied or NotAnImage.
    """
    require(officer, "coverage.edit")
    jpeg, size = encoded_anew(upload)
    policy = Policy.objects.select_for_update().get(pk=policy_id, retired_at__isnull=True)
    policy.cards.filter(side=side, replaced_at__isnull=True).update(replaced_at=at)
    image = CardImage.objects.create(
        policy=policy,
        side=side,
        jpeg=jpeg,
        width=size[0],
        height=size[1],
        added_at=at,
        added_by_id=officer.pk,
    )
    events.record(
        "coverage.card_kept",
        at=at,
        by=officer,
        about=policy,
        patient_id=policy.patient_id,
        side=str(side),
    )
    return image


def encoded_anew(upload: bytes) -> tuple[bytes, tuple[int, int]]:
    """The picture as JPEG, and its width and height. Raises NotAnImage."""
    if len(upload) > LARGEST_UPLOAD:
        raise NotAnImage
    try:
        with Image.open(BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAnImage
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAnImage from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), clean.size
