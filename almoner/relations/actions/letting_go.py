"""Letting a text go: by day, and no more often than its number may be texted."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from almoner.ground.models import Outgoing
from almoner.relations import queries, rules
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.models import Counted


@transaction.atomic
def let_go(*, outgoing: Outgoing, at: datetime) -> rules.Wait | None:
    """Count a text that may leave now; otherwise until when it waits, and why.

    Of two workers with a text each to one number the second sees what the first has counted. A text
    that is tried again keeps its one place.
    """
    number, purpose = outgoing.payload["to"], outgoing.payload.get("purpose", rules.CARE)
    asked_for = outgoing.payload.get("asked_for", False)
    one_at_a_time(number)
    wait = rules.held(
        at,
        () if asked_for else queries.counted(outgoing, at=at),
        queries.zones(outgoing),
        limit=settings.TEXT_LIMITS[purpose],
        hours=settings.TEXT_HOURS,
    )
    if wait is None and not asked_for:
        facts = {"address": number, "purpose": purpose, "at": at}
        Counted.objects.update_or_create(outgoing=outgoing, defaults=facts)
    return wait
