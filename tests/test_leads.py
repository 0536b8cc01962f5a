"""No page leads anybody where they may not go: each role walks all it can reach."""

import re
from collections import deque
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from almoner.access.models import Officer
from almoner.access.rules import Role
from almoner.demo import clinic
from almoner.ground import clock

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LEADS = re.compile(r'(?:href|action|hx-get|hx-post|data-summary)="(/[^"]*)"')
OFTEN = 2  # pages of one kind that are looked at: the second has another state, the tenth has not
TUESDAY = datetime(2026, 11, 24, 16, tzinfo=UTC)  # a morning of work in Chicago
LONGEST = 150  # pages for one role


def kind_of(address):
    """The address without its numbers and what is asked of it."""
    return re.sub(r"\d+", "N", urlsplit(address).path)


def closed_to(officer, address):
    """Whether the door at this address is closed to the officer."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return False
    door = getattr(found.func, "door", None)
    return door is not None and not officer.may(door.permission)


def walked(client, officer):
    """What each page leads to that the officer may not do, and how many pages there were."""
    client.force_login(officer, backend=BACKEND)
    waiting, seen, wrong, pages = deque(["/"]), {}, set(), 0
    while waiting and pages < LONGEST:
        address = waiting.popleft()
        kind = kind_of(address)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] > OFTEN:
            continue
        answer = client.get(address)
        if answer.status_code == 302:
            waiting.append(answer["Location"])
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        pages += 1
        for there in map(unescape, LEADS.findall(answer.content.decode())):
            if closed_to(officer, there):
                wrong.add((kind, kind_of(there)))
            elif not there.startswith(("/static/", "/setup/")):
                waiting.append(there)
    return wrong, pages


@pytest.mark.slow
@pytest.mark.django_db
def test_no_page_leads_where_its_reader_may_not_go(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    clinic.build(now=TUESDAY, patients=60)
    everybody = Officer.objects.exclude(roles__contains=[Role.ADMINISTRATOR]).order_by("id")

    found = {one.roles[0]: walked(client, one) for one in everybody}

    assert {role: wrong for role, (wrong, _pages) in found.items() if wrong} == {}
    for role, (_wrong, pages) in found.items():
        assert pages >= (3 if role == Role.PRIVACY else 20), f"{role} saw {pages} pages"
