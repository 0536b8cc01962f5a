"""What this duty offers to the pages below it: what happened, and what did not arrive."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading, explains
from almoner.ground import shell
from almoner.patients.queries import panel, today
from almoner.relations import exchange, queries

CHANNELS = (exchange.text, exchange.mail)  # named here, so that the outbox can deliver by them
_NEWEST = 8
_FIRST = 5


def newest(patient_id: int, reading: Reading) -> dict[str, Any]:
    lines, _following = queries.timeline(patient_id, reading=reading, limit=_NEWEST)
    return {"lines": lines}


def not_arrived(reading: Reading) -> dict[str, Any]:
    messages, count = queries.undelivered_today(most=_FIRST, reading=reading)
    return {"messages": messages, "count": count}


panel("timeline", 80, "relations.view", "relations/_newest.html", newest)
today("messages", 40, "relations.send", "relations/_today.html", not_arrived)
explains("message", queries.evidence)
shell.action(
    shell.Action(
        _("Messages that did not arrive"),
        "undelivered",
        "relations.send",
        icon="list",
        words=_("text sms e-mail failed undelivered confirmation"),
    )
)
