import time
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.ground import events
from almoner.ground.models import Event

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Thing:
    pk = 7


@pytest.mark.django_db
def test_an_event_can_be_neither_changed_nor_deleted():
    event = events.record("test.happened", at=NOON, by=None, about=Thing())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(kind="test.forged")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        event.delete()

    assert Event.objects.get().kind == "test.happened"


def changes_after(cursor, *, count):
    """So many changes, however long other test workers keep transactions of the cluster open."""
    found = []
    for _ in range(600):
        cursor, more = events.since(cursor)
        found += more
        if len(found) >= count:
            return cursor, found
        time.sleep(0.05)
    pytest.fail(f"only {len(found)} changes were seen in half a minute")


@pytest.mark.django_db(transaction=True)
def test_a_slow_writer_is_not_missed_by_readers_of_changes():
    cursor = events.horizon()
    slow = connection.copy()
    slow.set_autocommit(False)
    with slow.cursor() as sql:  # takes the lower transaction number, commits last
        sql.execute(
            "INSERT INTO ground_event (kind, at, about_kind, data)"
            " VALUES ('test.slow', now(), 'thing', '{}')"
        )
    events.record("test.quick", at=NOON, by=None, about=Thing())

    cursor, early = events.since(cursor)
    slow.commit()
    slow.close()
    cursor, late = changes_after(cursor, count=2)
    _, after = events.since(cursor)

    assert early == []
    assert [change.kind for change in late] == ["test.slow", "test.quick"]
    assert after == []


@pytest.mark.django_db(transaction=True)
def test_many_small_changes_wake_listeners_once(monkeypatch):
    woken = []
    monkeypatch.setattr(events, "_wake_listeners", lambda: woken.append(1))

    with events.waking_once():
        for _ in range(3):
            events.record("test.happened", at=NOON, by=None, about=Thing())
    events.record("test.happened", at=NOON, by=None, about=Thing())

    assert len(woken) == 2
    assert Event.objects.count() == 4
