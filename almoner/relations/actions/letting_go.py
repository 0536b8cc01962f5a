"""Letting a text go: by day, and no more often than its number may be texted."""

import json
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from almoner.ground.models import Outgoing
from almoner.relations import queries, rules
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.models import Counted


@transaction.atomic
def let_go(*, outgoing: Outgoing, at: datetime) -> rules.Wait | None:
    """Count a text that may leave now; otherwise until when it waits, and why.

    Of two workers with a text each to one number the second sees what the first has counted. A text
    that is tried again keeps its one place. What is counted the database counts once more, by the
    limits that are told with it.
    """
    number, purpose = outgoing.payload["to"], outgoing.payload.get("purpose", rules.CARE)
    asked_for = outgoing.payload.get("asked_for", False)
    one_at_a_time(number)
    zones = queries.zones(outgoing)
    wait = rules.held(
        at,
        () if asked_for else queries.counted(outgoing, at=at),
        zones,
        limit=settings.TEXT_LIMITS[purpose],
        hours=settings.TEXT_HOURS,
    )
    if wait is None and not asked_for:
        _tell_limits()
        facts = {"address": number, "purpose": purpose, "at": at, "zones": list(zones)}
        Counted.objects.update_or_create(outgoing=outgoing, defaults=facts)
    return wait


def _tell_limits() -> None:
    """Until the transaction ends; who does not tell them is counted by the law's own."""
    with connection.cursor() as sql:
        told = json.dumps(settings.TEXT_LIMITS)
        sql.execute("SELECT set_config('almoner.text_limits', %s, true)", [told])
