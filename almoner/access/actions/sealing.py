"""Sealing the access log, and finding out whether anybody has touched it since."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from almoner.access.models import Leaf, Seal
from almoner.access.rules.sealing import Tree, leaf_hash
from almoner.ground import events

_COLUMNS = (
    "at, id, officer_id, screen, purpose, patient_ids, reason_kind, reason_id, reason_by_id,"
    " grade, confirmed_by, note, host(address)"
)
_ONE_SEALER = 7_331_001  # an advisory lock: two sealers would number the same leaves
_BATCH = 5_000


def _key() -> Ed25519PrivateKey:
    derive = HKDF(hashes.SHA256(), 32, salt=None, info=b"almoner access log seal")
    return Ed25519PrivateKey.from_private_bytes(derive.derive(settings.SECRET_KEY.encode()))


def _signed(tree: Tree) -> bytes:
    return tree.size.to_bytes(8) + tree.root


def _bytes_of(row: tuple[Any, ...]) -> bytes:
    """An event as the bytes that are hashed: a JSON array of its columns, times in UTC."""
    return orjson.dumps(row, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)


@transaction.atomic
def seal(*, at: datetime) -> Seal | None:
    """Seal every event committed since the last seal; None when there is none.

    Events are taken in order of transaction number and only below the oldest transaction still
    running, since commit order is not the order of ids. One sealer works at a time.
    """
    with connection.cursor() as sql:
        sql.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_SEALER])
        if not sql.fetchone()[0]:
            return None
        last = Seal.objects.order_by("-size").first()
        since, until = (last.horizon if last else 0), events.horizon()
        sql.execute(
            f"SELECT {_COLUMNS} FROM access_event"  # noqa: S608 (a constant list of columns)
            " WHERE transaction >= %s AND transaction < %s ORDER BY transaction, id",
            [since, until],
        )
        rows = sql.fetchall()
    if not rows:
        return None
    before = Tree(last.size, tuple(bytes(part) for part in last.subtrees)) if last else Tree()
    hashed = [leaf_hash(_bytes_of(row)) for row in rows]
    tree = before.grown(hashed)
    Leaf.objects.bulk_create(
        (
            Leaf(number=before.size + place, event_at=row[0], event_id=row[1], hash=digest)
            for place, (row, digest) in enumerate(zip(rows, hashed, strict=True))
        ),
        batch_size=_BATCH,
    )
    return Seal.objects.create(
        size=tree.size,
        root=tree.root,
        subtrees=list(tree.subtrees),
        horizon=until,
        at=at,
        signature=_key().sign(_signed(tree)),
    )


def head() -> tuple[int, bytes] | None:
    """Size and root of the newest seal; None before the first."""
    last = Seal.objects.order_by("-size").first()
    return (last.size, bytes(last.root)) if last else None


def faults(witness: tuple[int, bytes] | None = None) -> Iterator[str]:
    """Everything wrong with the sealed log, in plain sentences; nothing when it is whole.

    ``witness`` is a head (size, root) kept outside the database: without one, a tail that was cut
    off together with its seals cannot be noticed.
    """
    tree, seals = Tree(), Seal.objects.order_by("size")
    leaves = _leaves_with_events()
    for head in seals.iterator():
        while tree.size < head.size:
            number, kept, found = next(leaves, (None, None, None))
            if number != tree.size or kept is None:
                yield _("Leaf %s of the access log is missing.") % tree.size
                return
            if found is None:
                yield _("The event of leaf %s has been removed.") % number
            elif leaf_hash(_bytes_of(found)) != kept:
                told = {"leaf": number, "at": f"{found[0]:%Y-%m-%d %H:%M}"}
                yield _("The event of leaf %(leaf)s, of %(at)s, was changed.") % told
            tree = tree.grown([kept])
            if witness and witness[0] == tree.size and witness[1] != tree.root:
                yield (_("At %s events the log differs from the head kept elsewhere.") % tree.size)
        yield from _wrong_head(head, tree)
    if witness and witness[0] > tree.size:
        told = {"here": tree.size, "elsewhere": witness[0]}
        yield _("The log ends at %(here)s events; a head kept elsewhere knew %(elsewhere)s.") % told


def _wrong_head(head: Seal, tree: Tree) -> Iterator[str]:
    if bytes(head.root) != tree.root:
        yield _("The seal over %s events does not fit them.") % head.size
    try:
        _key().public_key().verify(bytes(head.signature), _signed(tree))
    except InvalidSignature:
        yield (_("The seal over %s events is not signed by this installation.") % head.size)


def _leaves_with_events() -> Iterator[tuple[int, bytes, tuple[Any, ...] | None]]:
    columns = ", ".join(f"event.{name.strip()}" for name in _COLUMNS.split(",")[:-1])
    with connection.chunked_cursor() as sql:
        sql.execute(
            f"SELECT leaf.number, leaf.hash, {columns}, host(event.address)"  # noqa: S608 (as above)
            " FROM access_leaf leaf LEFT JOIN access_event event"
            " ON event.at = leaf.event_at AND event.id = leaf.event_id ORDER BY leaf.number"
        )
        for number, digest, *row in sql:
            yield number, bytes(digest), tuple(row) if row[0] else None
