"""How it was said whether somebody may be texted: evidence for what an act writes of phones."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from almoner.access.models import Officer

# relations keeps a row of consent with each change of "may be texted" by triggers of these names.
_SAID_NOW = """
    SET CONSTRAINTS phone_consent_of_phone, phone_consent_of_contact IMMEDIATE;
    SET CONSTRAINTS phone_consent_of_phone, phone_consent_of_contact DEFERRED;
"""


@contextmanager
def said(*, how: str, by: Officer | None, at: datetime) -> Iterator[None]:
    """Of the phones written in here, who said whether they may be texted, when and how.

    ``how``: at the ``desk``, on a ``form``, at ``check-in``, in the ``account``, by an ``import``.
    What was written before it in the transaction keeps its own evidence. The caller's transaction.
    """
    evidence = {"how": how, "by": by.pk if by else None, "at": at.isoformat()}
    with connection.cursor() as sql:
        sql.execute(_SAID_NOW)
        sql.execute("SELECT set_config('almoner.said', %s, true)", [json.dumps(evidence)])
        yield
        sql.execute(_SAID_NOW + "SELECT set_config('almoner.said', '', true)")
