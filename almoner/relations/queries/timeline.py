"""Everything that happened to a patient, in one line of time, as far as the reader may know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from almoner.access.queries import Reading
from almoner.relations.queries.about import MAY_KNOW_BILLS, Subject, Thing, named
from almoner.relations.rules import Kind

PAGE = 50

KINDS = {
    "visits": ("scheduling", "arrivals", "telehealth", "surveys"),
    "video": ("scheduling", "telehealth"),
    "coverage": ("coverage",),
    "money": ("ledger", "billing"),
    "messages": ("relations", "outreach"),
    "cases": ("relations",),
    "complaints": ("relations",),
    "forms": ("records",),
    "details": ("patients",),
    "outside": ("portal",),
}
"""Names of the filter, and the duties whose events each lets through.

Of what relations does, cases are apart from what is said, and complaints are some of the cases, as
visits by video are some of the visits."""
BY: dict[str, tuple[str, ...]] = {
    "sms": ("sms",),
    "email": ("email",),
    "call": ("call", "voice"),
    "letter": ("letter",),
    "portal": ("portal",),
}
"""Names by which messages are narrowed further, and the channels of each."""
_CASES = {"messages": False, "cases": True, "complaints": True}
_COMPLAINTS = [Kind.COMPLAINT.value, Kind.GRIEVANCE.value]
DUTIES = tuple(dict.fromkeys(duty for duties in KINDS.values() for duty in duties))
SEEN_WITH = {duty: f"{duty}.view" for duty in DUTIES} | {
    "billing": MAY_KNOW_BILLS,
    "portal": "portal.invite",
}
"""The permission a duty's events need. What became of a bill is for whoever sees the balance: the
desk is asked about it, and it names amounts."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline; ``facts`` are the event's own, for whoever puts it into words.

    ``about`` is the visit or bill that a message or call is about.
    """

    id: int
    at: datetime
    kind: str
    duty: str
    facts: Mapping[str, Any]
    by: str | None
    about_kind: str
    about_id: int | None
    about: tuple[Subject, ...] = ()


TIMELINE = r"""
SELECT event.id, event.at, event.kind, event.data, officer.name, event.about_kind, event.about_id,
       left(received.body, 300),
       coalesce(nullif(received.about_kind, ''),
                CASE WHEN coalesce(message.visit_id, call.visit_id) IS NOT NULL THEN 'appointment'
                     WHEN coalesce(message.statement_id, call.statement_id) IS NOT NULL
                     THEN 'statement' END),
       coalesce(received.about_id, message.visit_id, call.visit_id,
                message.statement_id, call.statement_id)
  FROM ground_event event
  LEFT JOIN relations_received received
    ON event.about_kind = 'received' AND received.id = event.about_id
  LEFT JOIN relations_message message
    ON event.about_kind = 'message' AND message.id = event.about_id
  LEFT JOIN relations_call call ON event.about_kind = 'call' AND call.id = event.about_id
  LEFT JOIN access_officer officer ON officer.id = event.by_id
 WHERE event.patient_id = %(patient_id)s
   AND split_part(event.kind, '.', 1) = ANY(%(duties)s::text[])
   AND (%(cases)s::boolean IS NULL OR starts_with(event.kind, 'relations.case_') = %(cases)s)
   AND (%(case_kinds)s::text[] IS NULL OR EXISTS (
         SELECT FROM relations_case WHERE id = event.about_id AND kind = ANY(%(case_kinds)s)))
   AND (NOT %(video)s OR starts_with(event.kind, 'telehealth.') OR event.data->>'by_video' = 'true')
   AND (%(by)s::text[] IS NULL OR %(by)s::text[] @> ARRAY[CASE
         WHEN event.kind IN ('relations.case_drafted', 'relations.case_sent',
                             'relations.case_delivered') THEN 'letter'
         WHEN starts_with(event.kind, 'relations.case_') THEN ''
         WHEN event.about_kind = 'call' THEN 'call'
         ELSE coalesce(message.channel, received.channel, event.data->>'channel', '') END])
   AND (%(results)s::boolean OR NOT starts_with(split_part(event.kind, '.', 2), 'result_'))
   AND event.kind <> 'arrivals.said_right'  -- a dozen taps of one check-in; its end is a line
   AND (%(after_at)s::timestamptz IS NULL
        OR (event.at, event.id) < (%(after_at)s::timestamptz, %(after_id)s))
 ORDER BY event.at DESC, event.id DESC
 LIMIT %(limit)s
"""


def timeline(
    patient_id: int,
    *,
    reading: Reading,
    only: str = "",
    by: str = "",
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> tuple[list[Happening], tuple[datetime, int] | None]:
    """What happened to one patient, newest first, and where the next page begins. One query.

    One more each where messages or calls are about visits, and about bills.

    Only what the reader may see elsewhere too, by `SEEN_WITH`. ``only`` is a name of `KINDS`; any
    other text lets all of that through. A complaint is a case that is one by now, or a grievance:
    what was done while it was a question stands there too. ``by`` is a name of `BY` and narrows
    messages, letters of cases among them; any other text, and of any other kind, does nothing.
    """
    reading.saw([patient_id])
    channels = list(BY[by]) if only == "messages" and by in BY else None
    parameters: dict[str, Any] = {
        "patient_id": patient_id,
        "duties": readable(reading, only),
        "cases": None if channels else _CASES.get(only),
        "case_kinds": _COMPLAINTS if only == "complaints" else None,
        "video": only == "video",
        "by": channels,
        "results": reading.officer.may("records.results"),
        "after_at": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit + 1,
    }
    with connection.cursor() as sql:
        sql.execute(TIMELINE, parameters)
        rows = sql.fetchall()
    known = named({(row[8], row[9]) for row in rows if row[9]}, reading.officer)
    lines = [_happening(row, known) for row in rows]
    page = lines[:limit]
    return page, (page[-1].at, page[-1].id) if len(lines) > limit else None


def readable(reading: Reading, only: str = "") -> list[str]:
    """The duties whose events this reader may see, of one kind or of all."""
    return [duty for duty in KINDS.get(only, DUTIES) if reading.officer.may(SEEN_WITH[duty])]


def _happening(row: tuple[Any, ...], known: Mapping[Thing, Subject]) -> Happening:
    number, at, kind, data, by, about_kind, about_id, words, *thing = row
    facts = orjson.loads(data) if isinstance(data, str) else data
    if words is not None:
        facts |= {"words": words}  # what a patient wrote stands in its own row, not in the log
    return Happening(
        id=number,
        at=at,
        kind=kind,
        duty=kind.partition(".")[0],
        facts=facts,
        by=by,
        about_kind=about_kind,
        about_id=about_id,
        about=tuple(filter(None, [known.get((thing[0], thing[1]))])),
    )
