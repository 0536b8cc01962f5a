"""The rows of a group that repeats: one more, or one less, whatever another device does."""

from datetime import datetime

from django.db import transaction

from almoner.records import queries
from almoner.records.actions.filling import NotOffered, opened, write
from almoner.records.actions.hands import Hand
from almoner.records.models import Answer
from almoner.records.rules.questionnaires import Item
from almoner.records.rules.rows import added, emptied, groups, rows


@transaction.atomic
def add_row(*, hand: Hand, filling_id: int, group: str, at: datetime) -> str:
    """Its number, which no other row of this copy ever had.

    Raises PermissionDenied, Settled, NotOffered, or rules.Full.
    """
    hand.check()
    filling = opened(filling_id)
    item = _group(filling.version_id, group)
    names = Answer.objects.filter(filling=filling).values_list("link_id", "values")
    stand, fresh = added(item, {name: tuple(values) for name, values in names})
    write(filling, hand, {group: stand}, at)
    return fresh


@transaction.atomic
def remove_row(*, hand: Hand, filling_id: int, group: str, row: str, at: datetime) -> None:
    """Take a row away, with its answers. One that is gone already stays so.

    Raises PermissionDenied, Settled, or NotOffered.
    """
    hand.check()
    filling = opened(filling_id)
    item = _group(filling.version_id, group)
    stand = rows(item, queries.answers(filling.pk))
    if row in stand:
        left = {group: [each for each in stand if each != row]}
        write(filling, hand, left | {name: [] for name in emptied(item, row)}, at)


def _group(version_id: int, group: str) -> Item:
    found = groups(queries.version(version_id).definition).get(group)
    if found is None:
        raise NotOffered(group)
    return found
