"""The outbox: whatever leaves is a row first, then leaves by a job; its effect happens once.

A duty registers how its channel is delivered::

    @outbox.delivers("sms")
    def send(item: Outgoing) -> str: ...   # returns the partner's reference

The function raises `Undelivered` (nothing happened there; tried again later), `NotNow` (it may not
leave before a time; that is no try), `Refused` (the partner said no; never tried again) or
`OutcomeUnknown` (nobody knows; a person or a look-up decides).
What became of an item at last is told to whoever asked for it by `settles`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from almoner.ground.models import Outgoing
from almoner.ground.words import gettext_noop

Delivery = Callable[[Outgoing], str]
Watcher = Callable[[Outgoing, datetime], None]
_channels: dict[str, Delivery] = {}
_watchers: dict[str, list[Watcher]] = defaultdict(list)
_WAITS = (5, 30, 120, 600, 3600)  # seconds before the second, third… try


class Undelivered(Exception):
    """Nothing reached the partner."""


class NotNow(Exception):
    """Nothing was tried: it may leave at ``until``, and not before."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Refused(Exception):
    """The partner answered no."""


class OutcomeUnknown(Exception):
    """The partner may or may not have acted."""


def delivers(channel: str) -> Callable[[Delivery], Delivery]:
    def register(delivery: Delivery) -> Delivery:
        _channels[channel] = delivery
        return delivery

    return register


def settles(*channels: str) -> Callable[[Watcher], Watcher]:
    """Run the decorated function when an item of these channels settles, in that transaction.

    So the duty's own words for what became of it can never differ from the item's state.
    """

    def register(watcher: Watcher) -> Watcher:
        for channel in channels:
            _watchers[channel].append(watcher)
        return watcher

    return register


def put(
    *,
    channel: str,
    key: str,
    payload: dict[str, Any],
    about: Any,
    at: datetime,
    patient_id: int | None = None,
) -> Outgoing:
    """Queue something in the caller's transaction; the same key again is the first one."""
    item, created = Outgoing.objects.get_or_create(
        channel=channel,
        key=key,
        defaults={
            "payload": payload,
            "about_kind": type(about).__name__.lower(),
            "about_id": about.pk,
            "patient_id": patient_id,
            "created_at": at,
        },
    )
    if created:
        app.configure_task("ground.deliver", queue="outbox").defer(item_id=item.pk)
    return item


def given_up(channel: str, key: str) -> bool:
    """Whether nobody will try this item again, and it did not go out for certain."""
    settled = (Outgoing.State.FAILED, Outgoing.State.UNKNOWN)
    return Outgoing.objects.filter(channel=channel, key=key, state__in=settled).exists()


@transaction.atomic
def withdraw(item_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Take back what nobody has begun to send: the ids of the items that will not leave any more.

    An item that is just being sent, or was, is left as it is.
    """
    waiting = Outgoing.objects.select_for_update().filter(
        pk__in=item_ids, state=Outgoing.State.WAITING
    )
    taken = [item.pk for item in waiting.order_by("pk")]
    Outgoing.objects.filter(pk__in=taken).update(state=Outgoing.State.WITHDRAWN, settled_at=at)
    return taken


def try_delivery(item_id: int, *, at: datetime) -> timedelta | None:
    """One try; how long to wait before the next, or None when the item is settled.

    Two workers never try one item at once. A worker that died while sending leaves the state
    ``sending``: what was sent is unknown, and the item says so instead of being sent twice.
    """
    with transaction.atomic():
        item = Outgoing.objects.select_for_update().get(pk=item_id)
        if item.state == Outgoing.State.SENDING:
            _settle(
                item,
                Outgoing.State.UNKNOWN,
                at=at,
                trouble=gettext_noop("interrupted while sending"),
            )
            return None
        if item.state != Outgoing.State.WAITING:
            return None
        item.state, item.tried_at, item.attempts = Outgoing.State.SENDING, at, item.attempts + 1
        item.save(update_fields=["state", "tried_at", "attempts"])
    return _deliver(item, at=at)


def _deliver(item: Outgoing, *, at: datetime) -> timedelta | None:
    try:
        reference = _channels[item.channel](item)
    except NotNow as error:
        item.state, item.attempts = Outgoing.State.WAITING, item.attempts - 1
        item.save(update_fields=["state", "attempts"])
        return error.until - at
    except Undelivered as error:
        if item.attempts > len(_WAITS):
            _settle(item, Outgoing.State.FAILED, at=at, trouble=str(error))
            return None
        item.state, item.trouble = Outgoing.State.WAITING, str(error)
        item.save(update_fields=["state", "trouble"])
        return timedelta(seconds=_WAITS[item.attempts - 1])
    except Refused as error:
        _settle(item, Outgoing.State.FAILED, at=at, trouble=str(error))
    except OutcomeUnknown as error:
        _settle(item, Outgoing.State.UNKNOWN, at=at, trouble=str(error))
    else:
        _settle(item, Outgoing.State.SENT, at=at, reference=reference)
    return None


def _settle(
    item: Outgoing, state: Outgoing.State, *, at: datetime, trouble: str = "", reference: str = ""
) -> None:
    item.state, item.settled_at = state, at
    item.trouble, item.partner_reference = trouble, reference
    with transaction.atomic():
        item.save(update_fields=["state", "settled_at", "trouble", "partner_reference"])
        for watcher in _watchers.get(item.channel, ()):
            watcher(item, at)
