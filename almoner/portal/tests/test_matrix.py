"""Every route of an account's pages, asked by everybody who has no business there."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse

from almoner.access.checks import routes
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests.details import Phone
from almoner.portal.models import JoinAsked
from almoner.portal.reactions import decide_about_who_asks
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import (
    account,
    body,
    enters,
    invited,
    looked,
    patient,
    says_code,
)
from almoner.records.tests.reports import came, measured
from almoner.relations.models import Thread
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
ROUTES = {
    name: methods
    for _where, pattern in routes(get_resolver().url_patterns)
    if (name := pattern.name or "").startswith("my_")
    for methods in [pattern.callback.gate]
}
ENDS_THE_BROWSER = ("my_leave",)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    cache.clear()
    facility.organisation()
    return told


class Known:
    """Somebody of whom there is something of every kind, and the words none may read."""

    def __init__(self):
        self.person = patient(given="Clotilde", family="Verhoeven")
        self.visit = make.appointment(patient=self.person, starts_at=make.at(9, day=make.MONDAY))
        looked(self.person, screen="patients.record")
        self.browser, self.secret = account(self.person, login="clotilde")
        said = {"topic": "visit", "subject": "Quimper", "words": "Xylophone", "key": "0" * 32}
        self.browser.post(reverse("my_new_message"), said)
        draft = said | {"words": "Zeppelin", "key": "1" * 32}
        self.browser.post(reverse("my_draft"), draft)
        self.result = came(
            self.person, name="Quetelet", values=[measured("8.88", name="Ytterbium")], at=NOW
        )
        self.words = {
            "Quetelet", "Ytterbium", "8.88",
            "Clotilde", "Verhoeven", str(self.visit.clinician), self.visit.location.address_line,
            "Quimper", "Xylophone", "Zeppelin",
        }  # fmt: skip

    def address(self, name):
        given = {
            "my_visit": {"appointment_id": self.visit.pk},
            "my_thread": {"thread_id": Thread.objects.get(patient=self.person).pk},
            "my_bill": {"number": "S1"}, "my_bill_letter": {"number": "S1"},
            "my_receipt": {"payment_id": 1}, "my_document": {"signature_id": 1},
            "my_result": {"result_id": self.result.pk},
            "my_result_paper": {"result_id": self.result.pk},
            "my_share_end": {"share_id": 1}, "my_passkey": {"step": "end"},
            "my_prove_passkey": {"step": "end"},
            "my_new_passkey": {"step": "end"},
        }  # fmt: skip
        return reverse(name, kwargs=given.get(name, {}))


def strangers(known, now):
    """Nobody, a forged cookie, another patient, a proxy of yesterday, somebody half joined."""
    late_secret = account(known.person, Kind.HELPER, login="late", until=NOW.date())[1]
    _mine, other_secret = account(patient(), login="other")
    now["now"] = NOW + timedelta(days=1)
    forged = Client()
    forged.cookies["my"] = "forged"
    _row, code = invited(patient())
    return {
        "nobody": Client(),
        "forged": forged,
        "another": enters(other_secret, login="other")[1],
        "late": enters(late_secret, login="late")[1],
        "half": says_code(code),
        "asked": asked_without_a_code(patient(given="Noor", phones=(Phone("+13125550188"),))),
    }


def asked_without_a_code(person):
    """A browser that said who somebody is, and does not know the code that was sent to them."""
    born, browser = person.birth_date, Client()
    typed = {
        "given": person.given, "family": person.family, "where": "(312) 555-0188",
        "month": born.month, "day": born.day, "year": born.year,
    }  # fmt: skip
    assert browser.post(reverse("my_join_ask"), typed).status_code == 302
    decide_about_who_asks(Event.objects.filter(kind="portal.join_asked").latest("id"))
    assert JoinAsked.objects.filter(patient_id=person.pk).exists()
    return browser


def asked(browser, method, where):
    cache.clear()  # nobody is stopped for having asked often
    return getattr(browser, method)(where, follow=True)


def test_no_route_tells_anything_to_whom_it_is_no_business(now):
    known = Known()
    tried = 0
    for who, browser in strangers(known, now).items():
        for name, methods in ROUTES.items():
            for method in ("get", "post"):
                if name in ENDS_THE_BROWSER:
                    continue
                answer = asked(browser, method, known.address(name))
                if method.upper() not in methods:
                    assert answer.status_code == 405, (who, name)
                told = [word for word in known.words if word in body(answer)]
                assert not told, (who, name, method)
                tried += 1
    assert tried > 200


def test_and_whose_it_is_reads_it(now):
    known = Known()
    shown = "".join(
        body(asked(known.browser, "get", known.address(name)))
        for name in ("my_home", "my_thread", "my_new_message", "my_results", "my_result")
    )

    assert not [word for word in known.words - {"Verhoeven"} if word not in shown]
