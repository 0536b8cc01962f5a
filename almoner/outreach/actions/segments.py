"""Keeping segments: what is asked is never changed, only asked anew in another version."""

from datetime import datetime

from django.db import IntegrityError, transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.outreach import rules
from almoner.outreach.actions.refused import OutreachRefused, Refusal
from almoner.outreach.models import Segment, SegmentVersion
from almoner.outreach.rules import Conditions


@transaction.atomic
def save_segment(
    *,
    officer: Officer,
    name: str,
    conditions: Conditions,
    at: datetime,
    segment: Segment | None = None,
) -> SegmentVersion:
    """Keep a segment under a name; a kept one asks this from now on, in its next version.

    Raises PermissionDenied; OutreachRefused when another has the name, or nothing is asked, or
    something that is not on the list.
    """
    access.require(officer, "outreach.manage")
    try:
        asked = rules.read(conditions)
    except rules.Unreadable as error:
        raise OutreachRefused(Refusal.NOTHING_ASKED) from error
    row = _named(segment, " ".join(name.split()))
    newest = SegmentVersion.objects.filter(segment=row).order_by("-number").first()
    if newest and newest.conditions == asked:
        return newest
    version = SegmentVersion.objects.create(
        segment=row,
        number=newest.number + 1 if newest else 1,
        conditions=asked,
        made_at=at,
        made_by_id=officer.pk,
    )
    events.record(
        "outreach.segment_kept", at=at, by=officer, about=row, number=version.number, name=row.name
    )
    return version


def _named(segment: Segment | None, name: str) -> Segment:
    """The row under this name, locked. Raises OutreachRefused when another has it, or for none."""
    if not name:
        raise OutreachRefused(Refusal.NAME_TAKEN)
    row = Segment.objects.select_for_update().get(pk=segment.pk) if segment else Segment()
    row.name = name
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise OutreachRefused(Refusal.NAME_TAKEN) from error
    return row
