"""What this duty offers to the pages below it: what happened, and what did not arrive."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Reading, explains
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.patients.queries import Alert, alerts_by, panel, today, visit_panel
from almoner.relations import exchange, queries
from almoner.relations.queries import articles as known_articles
from almoner.relations.queries import unread
from almoner.relations.queries.about import VISIT

CHANNELS = (
    exchange.text,
    exchange.call,
    exchange.mail,
    exchange.in_account,
)  # named here, so that the outbox can deliver by them
_NEWEST = 8
_FIRST = 5


_SILENCED = """
    (SELECT newest.at FROM (
        SELECT said.given, said.at FROM relations_consent said
         WHERE said.channel = 'sms' AND said.purpose = 'care'
           AND said.address = (SELECT number FROM patients_reachedphone
                                WHERE patient_id = p.id ORDER BY rank LIMIT 1)
         ORDER BY said.id DESC LIMIT 1) newest
      WHERE NOT newest.given)
"""


def no_texts(_since: datetime, patient_id: int, _reading: Reading) -> Iterator[Alert]:
    """Whoever is on the phone with them must know that no text will confirm anything."""
    yield Alert(gettext("No texts"), "warn", reverse("timeline", args=[patient_id]))


def newest(patient_id: int, reading: Reading) -> dict[str, Any]:
    lines, _following = queries.timeline(patient_id, reading=reading, limit=_NEWEST)
    may_write = reading.officer.may("relations.send")
    silence = queries.silence_of(patient_id)
    return {"lines": lines, "silence": silence, "may_write": may_write}


def said_about_visit(patient_id: int, visit_id: int, reading: Reading) -> dict[str, Any]:
    return {"about": queries.said_about(patient_id, (VISIT, visit_id), reading=reading)}


def not_arrived(reading: Reading) -> dict[str, Any]:
    messages, count = queries.undelivered_today(most=_FIRST, reading=reading)
    return {"messages": messages, "count": count}


def to_read(reading: Reading) -> dict[str, Any]:
    return {"waits": unread.waiting(reading.officer, reading.at)}


def closed_today(_reading: Reading) -> dict[str, Any]:
    count, since = queries.closed_waiting()
    return {"count": count, "since": since}


def cases_of(patient_id: int, reading: Reading) -> dict[str, Any]:
    return {
        "cases": queries.cases_of(patient_id, reading=reading, limit=_NEWEST),
        "patient_id": patient_id,
    }


def my_cases(reading: Reading) -> dict[str, Any]:
    count, late = queries.open_count(reading.officer, reading.at)
    return {"count": count, "late": late}


def asked_of_me(reading: Reading) -> dict[str, Any]:
    return {
        "asked": queries.newest_asked(most=_FIRST, reading=reading),
        "count": queries.asked_count(reading.officer),
    }


def articles_waiting(reading: Reading) -> dict[str, Any]:
    day = queries.local_day(reading.at, facility.organisation().time_zone)
    drafts, due = known_articles.articles_waiting(day)
    return {"drafts": drafts, "due": due}


def find(request: HttpRequest, typed: str) -> Iterator[shell.Hit]:
    """Cases for Ctrl-K, by number or by words of their subject."""
    reading: Reading = request.reading  # type: ignore[attr-defined]  # came through a door
    for line in queries.find_cases(typed, reading=reading):
        yield shell.Hit(
            f"{line.number} · {line.subject}",
            f"{reverse('case', args=[line.id])}?for=case:{line.id}",
            line.patient.name if line.patient else gettext("Nobody knows whose it is"),
            "list",
        )


alerts_by(_SILENCED, no_texts, permission="relations.view")
panel("timeline", 80, "relations.view", "relations/_newest.html", newest)
visit_panel("said", 10, "relations.send", "relations/_said_about.html", said_about_visit)
today("messages", 40, "relations.send", "relations/_today.html", not_arrived)
today("texts", 41, "relations.send", "relations/_texts_today.html", to_read)
today("closed", 42, "relations.send", "relations/_closed_today.html", closed_today)
panel("cases", 78, "relations.cases", "relations/_cases_panel.html", cases_of)
today("cases", 39, "relations.cases", "relations/_cases_today.html", my_cases)
today("asked", 38, "relations.cases", "relations/_asked_today.html", asked_of_me)
today("articles", 60, "relations.publish", "relations/_articles_today.html", articles_waiting)
explains("mention", queries.evidence_of_mention)
explains("call", queries.evidence_of_call)
explains("case", queries.evidence_of_case)
explains("closed", queries.evidence_of_closed)
explains("conversation", queries.evidence_of_conversation)
explains("message", queries.evidence)
explains("received", queries.evidence_of_text)
shell.action(
    shell.Action(
        _("Messages to see to"),
        "undelivered",
        "relations.send",
        icon="list",
        words=_("text sms e-mail letter post failed did not arrive undelivered confirmation"),
    )
)
shell.action(
    shell.Action(
        _("Addresses that take no e-mails"),
        "closed_addresses",
        "relations.send",
        icon="list",
        words=_("bounced e-mail returned complaint spam address closed"),
    )
)
shell.register(
    shell.NavItem(
        _("Conversations"), "conversations", "relations.send", icon="message", order=70, key="k"
    )
)
shell.register(
    shell.NavItem(_("Cases"), "cases", "relations.cases", icon="list", order=72, key="a")
)
shell.register(
    shell.NavItem(
        _("Texts"), "text_list", "relations.texts", icon="message", order=98, key="x", aside=True
    )
)
shell.action(
    shell.Action(
        _("Open a case"),
        "new_case",
        "relations.cases",
        icon="plus",
        words=_("new task call back question request complaint dispute"),
    )
)
shell.action(
    shell.Action(
        _("Asked of me"),
        "asked",
        "relations.cases",
        icon="list",
        words=_("mention colleague question note"),
    )
)
shell.register(
    shell.NavItem(
        _("Articles"), "articles", "relations.cases", icon="list", order=73, key="h", aside=True
    )
)
shell.search("cases", _("Cases"), find, permission="relations.cases", order=35)
shell.action(
    shell.Action(
        _("Somebody calls"),
        "calling",
        "relations.send",
        icon="phone",
        words=_("caller number phone incoming ring pop who"),
    )
)
