"""Keeping photographs of insurance cards."""

from datetime import datetime

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.coverage.models import CardImage, Policy
from almoner.ground import events
from almoner.ground.pictures import NotAPicture, encoded_anew


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
    try:
        picture = encoded_anew(upload)
    except NotAPicture as error:
        raise NotAnImage from error
    policy = Policy.objects.select_for_update().get(pk=policy_id, retired_at__isnull=True)
    policy.cards.filter(side=side, replaced_at__isnull=True).update(replaced_at=at)
    image = CardImage.objects.create(
        policy=policy,
        side=side,
        jpeg=picture.jpeg,
        width=picture.width,
        height=picture.height,
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
