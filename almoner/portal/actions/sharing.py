"""Letting somebody outside read a part of a record by a code, and ending it."""

import secrets
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from almoner.access.actions import record_look_from_outside
from almoner.ground import events
from almoner.portal import queries
from almoner.portal.models import Account, Guest, Share
from almoner.portal.queries.accounts import ActsFor
from almoner.portal.queries.sharing import Visitor
from almoner.portal.rules import accounts, sharing
from almoner.portal.rules.sharing import Opens


class NotShared(Exception):
    """Nothing was shared; ``why`` is a text of `rules.WORDS`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def share(
    *, account: Account, acting: ActsFor, kinds: Collection[str], hours: int, at: datetime
) -> tuple[Share, str]:
    """A share and its code, which is kept nowhere else. Raises NotShared.

    No more than whoever makes it may see themselves.
    """
    granted = [kind.value for kind in sharing.may_share(acting.parts) if kind in set(kinds)]
    if not granted or hours not in sharing.LASTS:
        raise NotShared("share_none_chosen")
    queries.lock_shares(acting.patient_id)
    if queries.open_shares(acting.patient_id, at=at).count() >= sharing.MOST_OPEN:
        raise NotShared("share_too_many")
    code = accounts.code_of(secrets.choice)
    row = Share.objects.create(
        patient_id=acting.patient_id, account=account, made_by=account.name,
        digest=queries.digest_of(accounts.normal(code)), kinds=granted, made_at=at,
        expires_at=sharing.ends_at(hours, at=at),
    )  # fmt: skip
    _tell("portal.shared", row, at=at, name=account.name)
    return row, code


@transaction.atomic
def end_share(*, account: Account, patient_id: int, share_id: int, at: datetime) -> None:
    """It opens nothing any more, and whoever is in is out. Raises Share.DoesNotExist."""
    row = Share.objects.select_for_update().get(
        pk=share_id, patient_id=patient_id, ended_at__isnull=True
    )
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    row.guests.filter(left_at=None).update(left_at=at)
    _tell("portal.share_ended", row, at=at, name=account.name)


@transaction.atomic
def open_share(*, code: str, born: date, who: str, at: datetime) -> Opens | str:
    """Try a code: the token of a browser that may read what is shared, or why not.

    Every wrong birth date is counted, and what came of it is an event.
    """
    outcome, row = queries.share_by(code, born, at=at)
    if row is None:
        return outcome
    if outcome is Opens.WRONG:
        row.tries += 1
        row.save(update_fields=["tries"])
        _tell("portal.share_wrong", row, at=at)
    if outcome is not Opens.GOOD:
        return outcome
    token = secrets.token_urlsafe(32)
    Guest.objects.create(
        share=row, who=" ".join(who.split()), digest=queries.digest_of(token), in_at=at, seen_at=at
    )
    _tell("portal.share_opened", row, at=at, name=" ".join(who.split()))
    return token


def note_look(visitor: Visitor, *, screen: str, address: str | None, at: datetime) -> None:
    """Write down that they saw the record, in the transaction that shows it."""
    Guest.objects.filter(pk=visitor.id).update(seen_at=at)
    record_look_from_outside(
        who=visitor.who, screen=screen, patient_id=visitor.patient_id, kind="share",
        item_id=visitor.share_id, address=address, at=at,
    )  # fmt: skip


def leave_share(visitor: Visitor, *, at: datetime) -> None:
    Guest.objects.filter(pk=visitor.id, left_at=None).update(left_at=at)


def _tell(kind: str, row: Share, *, at: datetime, **more: Any) -> None:
    events.record(
        kind, at=at, by=None, about=row, patient_id=row.patient_id, by_patient=True, **more
    )
