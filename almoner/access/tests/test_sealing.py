import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from almoner.access import actions
from almoner.access.models import AccessEvent, Seal
from almoner.access.rules.sealing import Tree, _node_hash, leaf_hash
from almoner.access.tests import make

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def recursive_root(leaves):
    """RFC 6962 section 2.1 as written there: split at the largest power of two below n."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return _node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_a_tree_grown_in_batches_has_the_root_the_rfc_defines(values, data):
    leaves = [leaf_hash(value) for value in values]
    cut = data.draw(st.integers(0, len(leaves)))

    tree = Tree().grown(leaves[:cut]).grown(leaves[cut:])

    assert tree.root == recursive_root(leaves)
    assert tree.size == len(leaves)


def look(officer, *patient_ids):
    reading = make.reading(officer, at=NOON)
    reading.saw(patient_ids)
    actions.record_access(reading)


def seal_up_to(size):
    """Seal until so many events are sealed.

    An open transaction anywhere in the cluster, another test worker's too, holds sealing back.
    """
    for _ in range(600):
        actions.seal(at=NOON)
        if Seal.objects.filter(size=size).exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{size} events were not sealed in half a minute")


@pytest.fixture
def log(transactional_db):
    """At least two sealed batches: looks at 1 and 2 (in one or two), then at 3."""
    ana = make.officer()
    look(ana, 1)
    look(ana, 2)
    seal_up_to(2)
    look(ana, 3)
    seal_up_to(3)


def tamper(*statements):
    """Do what the owner of the database can: switch the triggers off, write, switch them on."""
    tables = ("access_event", "access_leaf", "access_seal")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        for statement in statements:
            cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")


def test_an_untouched_log_has_no_faults(log):
    assert list(actions.faults()) == []
    assert list(Seal.objects.order_by("-size").values_list("size", flat=True)[:2]) == [3, 2]


def test_nothing_new_makes_no_seal(log):
    assert actions.seal(at=NOON) is None


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE access_event SET note = 'forged' WHERE patient_ids = '{2}'", "leaf 1"),
        ("UPDATE access_event SET patient_ids = '{9}' WHERE patient_ids = '{1}'", "leaf 0"),
        ("DELETE FROM access_event WHERE patient_ids = '{3}'", "leaf 2 has been removed"),
    ],
)
def test_whatever_is_done_to_a_sealed_event_is_found(log, sql, said):
    tamper(sql)

    assert any(said in fault for fault in actions.faults())


def test_a_cut_tail_is_found_by_a_head_kept_elsewhere(log):
    head = Seal.objects.order_by("size").last()
    witness = (head.size, bytes(head.root))
    tamper(
        "DELETE FROM access_event WHERE patient_ids = '{3}'",
        "DELETE FROM access_leaf WHERE number = 2",
        "DELETE FROM access_seal WHERE size = 3",
    )

    assert list(actions.faults()) == []
    assert "knew 3" in next(actions.faults(witness))


def test_an_event_cannot_be_changed_by_the_application_itself(log):
    with pytest.raises(Exception, match="append-only"):
        AccessEvent.objects.update(note="forged")
