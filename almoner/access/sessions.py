"""Sessions that know their officer, so that one query tells who is asking.

Every page begins with it; two queries through the ORM cost more than the rest of the request.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection

from almoner.access.models import Officer, Session
from almoner.facility.models import Location
from almoner.ground import clock

_OFFICER = [field.attname for field in Officer._meta.concrete_fields]
_LOCATION = [field.attname for field in Location._meta.concrete_fields]
_COLUMNS = ", ".join([f"o.{name}" for name in _OFFICER] + [f"l.{name}" for name in _LOCATION])
_LOAD = f"""
    SELECT s.session_data, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, {_COLUMNS}
      FROM {Session._meta.db_table} s
      LEFT JOIN {Officer._meta.db_table} o ON o.id = s.officer_id
      LEFT JOIN {Location._meta.db_table} l ON l.id = o.location_id
     WHERE s.session_key = %s AND s.expire_date > %s
"""  # noqa: S608 (names of our own columns)


_SAVE = f"""
    WITH flush AS MATERIALIZED (SELECT set_config('synchronous_commit', %s, true))
    UPDATE {Session._meta.db_table}
       SET session_data = %s, expire_date = %s, officer_id = %s
      FROM flush WHERE session_key = %s
"""  # noqa: S608 (our own table)


class SessionStore(db.SessionStore):
    """Django's own, in our table.

    ``officer`` is whom the loaded session belongs to. ``since`` is the first transaction that may
    not have been over when it was loaded: what a page of this session shows may lack its changes.
    """

    officer: Officer | None = None
    since: int | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        session.officer_id = data.get(SESSION_KEY)  # type: ignore[attr-defined]  # ours
        return session  # type: ignore[return-value]  # as get_model_class says

    def save(self, must_create: bool = False) -> None:
        """Write a session that is there by one statement.

        Who is signed in and that the desk is locked is flushed at once. What else changes in a
        session (a minute of the idle clock) nobody waits for: a crash of the database in
        the third of a second before it is flushed may lose it.
        """
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        data = dict(self.items())
        row = self.create_model_instance(data)
        same = self.officer and str(self.officer.pk) == data.get(SESSION_KEY)
        flush = "off" if same and not data.get("locked") else "on"
        with connection.cursor() as cursor:
            cursor.execute(
                _SAVE,
                [flush, row.session_data, row.expire_date, row.officer_id, row.session_key],
            )
            if not cursor.rowcount:
                raise UpdateError

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, clock.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data, self.since, *columns = row
        self.officer = _officer(columns[: len(_OFFICER)], columns[len(_OFFICER) :])
        kept: dict[str, Any] = self.decode(data)
        return kept


def _officer(columns: Sequence[Any], location: Sequence[Any]) -> Officer | None:
    if columns[0] is None:
        return None
    officer = Officer.from_db("default", _OFFICER, columns)
    # With the location: the bar of every page names it.
    officer.location = (
        None if location[0] is None else Location.from_db("default", _LOCATION, location)
    )
    return officer
