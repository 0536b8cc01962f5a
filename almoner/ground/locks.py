"""Holding a name, where no row can be locked: what is counted, or still to be made."""

from django.db import connection


def hold(kind: str, *which: object) -> None:
    """Hold this one of a kind until the transaction ends; whoever else wants it waits.

    Several are held in one order by everybody, or two wait for one another.
    """
    named = " ".join(map(str, (kind, *which)))
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [named])
