"""Every route of patients, asked by everybody who has no business there, about rows that exist."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.signing import dumps
from django.test import Client
from django.urls import get_resolver, reverse

from almoner.access.checks import routes
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.patients.tests.details import Phone
from almoner.portal.models import Acting, JoinAsked, VisitLink
from almoner.portal.reactions import decide_about_who_asks
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, invited, patient, says_code
from almoner.portal.tests.known import DAY, NOW, Known, house
from almoner.telehealth.seat import cookie_of

pytestmark = pytest.mark.django_db
ROUTES = {
    pattern.name: pattern
    for _where, pattern in routes(get_resolver().url_patterns)
    if hasattr(pattern.callback, "gate")
}
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
ENDS_THE_BROWSER = {"my_leave", "shared_leave", "kiosk_leave"}
"""Asked last: whoever asks is out after it."""
HOLDERS = {"call_invitation", "my_join_picture"}
"""Of whoever holds the address or the code, and of nobody's record."""
WHO = ("nobody", "forged", "another", "late", "half", "asked")


@pytest.fixture(autouse=True)
def clinic(monkeypatch, settings):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.ADDRESS = "https://clinic.example"
    cache.clear()
    house()


@pytest.fixture
def known():
    return Known(given="Clotilde", family="Verhoeven", born=date(1951, 9, 23), cents=3_171)


def late(known):
    """A helper whose last day was yesterday, and whose browser is still in."""
    browser, _secret = account(known.person, Kind.HELPER, login="late", name="Latecomer")
    where = browser.post(reverse("my_visit", args=[known.visit.pk])).url
    rows = Acting.objects.filter(account__name="Latecomer")
    rows.update(since=DAY - timedelta(days=9), until=DAY - timedelta(days=1))
    browser.late = where.split("/")[2]
    return browser


def forged(known):
    """Cookies that say whose they are, signed by somebody else or by nobody."""
    browser, link = Client(), VisitLink.objects.get(appointment=known.visit)
    browser.cookies["visit"] = dumps(
        [link.pk, known.link], salt="almoner.portal.visit", key="another key"
    )
    browser.cookies["errand"] = dumps([1, 0], salt="almoner.portal.errand-entry", key="another key")
    for name in ("my", "shared", "kiosk", cookie_of(known.seat.participant_id)):
        browser.cookies[name] = "forged"
    return browser


def asked_without_a_code():
    """A browser that said who somebody is, and does not know the code that was sent to them."""
    person, browser = patient(given="Noor", phones=(Phone("+13125550188"),)), Client()
    born = person.birth_date
    typed = {
        "given": person.given, "family": person.family, "where": "(312) 555-0188",
        "month": born.month, "day": born.day, "year": born.year,
    }  # fmt: skip
    assert browser.post(reverse("my_join_ask"), typed).status_code == 302
    decide_about_who_asks(Event.objects.filter(kind="portal.join_asked").latest("id"))
    assert JoinAsked.objects.filter(patient_id=person.pk).exists()
    return browser


def stranger(who, known):
    if who == "another":
        other = Known(given="Otokar", family="Wiszniewski", born=date(1962, 8, 14), cents=4_447)
        browser = other.browser
        browser.cookies[cookie_of(known.seat.participant_id)] = other.seat.secret
        return browser
    if who == "half":
        return says_code(invited(patient())[1])
    return {
        "nobody": Client,
        "forged": lambda: forged(known),
        "late": lambda: late(known),
        "asked": asked_without_a_code,
    }[who]()


def addresses(known, browser):
    """Every address of the victim's: by name, and what of theirs it leads to."""
    tokens = {"visit": [known.link, known.own_visit, known.own_over, known.at_kiosk,
                        known.at_desk],
              "survey": [known.over]}  # fmt: skip
    tokens["visit"] += [browser.late] if hasattr(browser, "late") else []
    for name in sorted(ROUTES, key=lambda each: each in ENDS_THE_BROWSER):
        given, wants = known.given_for(name), set(ROUTES[name].pattern.converters)
        for token in tokens.get(name.partition("_")[0], [known.errand]):
            more = {
                "token": token, "participant_id": known.seat.participant_id, "step": "end",
                "kind_id": known.kind.pk,
            }  # fmt: skip
            facts = {one: (more | given)[one] for one in wants}
            yield name, reverse(name, kwargs=facts) + known.asked_for(name)
            if "token" not in wants:
                break


def arrived(browser, answer):
    """Where a browser is led in the end: that may be where it was, without its cookie."""
    for _hop in range(6):
        if answer.status_code != 302:
            return answer
        answer = browser.get(answer.url)
    raise AssertionError(answer.url)


def said(answer):
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return answer.content.decode(errors="replace")


def rows_of(person):
    """Everything that is kept about somebody and is theirs."""
    return {
        model._meta.label: list(model.objects.filter(patient=person).order_by("pk").values())
        for model in apps.get_models()
        if any(each.name == "patient" and each.related_model is Patient
               for each in model._meta.concrete_fields)
    }  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_no_route_tells_anything_to_whom_it_is_no_business_or_changes_a_thing(who, known):
    browser = stranger(who, known)
    before, tried = rows_of(known.person), set()

    for name, where in addresses(known, browser):
        for method in ("get", "post"):
            cache.clear()  # nobody is stopped for having asked often
            posted = known.posted() if method == "post" else {}
            answer = arrived(browser, getattr(browser, method)(where, posted))
            told = [word for word in known.words if word in said(answer)]
            assert not told, (name, method, where)
            pages = ("text/html", "application/json", "text/plain", "text/javascript")
            assert name in HOLDERS or answer["Content-Type"].startswith(pages), (name, where)
            tried.add((name, method))

    assert rows_of(known.person) == before
    assert len(tried) == 2 * len(ROUTES)


def test_a_method_that_no_route_has_is_refused_before_anything_is_looked_at(known):
    nobody = Client()
    for name, where in addresses(known, nobody):
        allowed = {*ROUTES[name].callback.gate}
        allowed |= {"HEAD"} if "GET" in allowed else set()
        for method in METHODS:
            if method.upper() not in allowed:
                assert getattr(nobody, method)(where).status_code == 405, (method, where)


def test_and_whose_it_is_reads_it_all(known):
    """The rows are there, and the addresses right: else nobody could have read them."""
    shown, found = "", {}
    for name, where in addresses(known, known.browser):
        if "GET" in ROUTES[name].callback.gate and name not in ENDS_THE_BROWSER:
            known.browser.cookies["visit"] = known.entries.get(where.split("/")[2], "")
            answer = known.browser.get(where)
            found.setdefault(name, set()).add(answer.status_code)
            shown += said(answer)

    refused = {name for name, statuses in found.items() if not statuses & {200, 302}}
    assert refused == {
        "my_result_paper", "shared_result_paper", "my_join_picture",  # there is none of it
        "errand_place", "errand_take", "errand_decline", "errand_leave",  # this one books
    }, {name: found[name] for name in refused}  # fmt: skip
    born = known.born
    of_the_record = {  # and on no page of theirs
        f"{born:%m/%d/%Y}", f"{born:%Y-%m-%d}", f"{born:%B} {born.day}, {born.year}",
        known.person.mrn, f"608555{born.year}", f"555-{born.year}",
    }  # fmt: skip
    assert {word for word in known.words if word not in shown} <= of_the_record
    opens = {"my_bill", "my_bill_letter", "my_receipt", "my_document", "my_result", "my_thread",
             "my_letters", "my_letter",
             "visit_page", "survey_sheet", "book_times", "shared_record", "shared_document",
             "shared_result", "call", "my_people", "my_share", "my_documents",
             "my_sent_paper", "my_papers",
             "my_paper", "shared_paper",
             "visit_statement", "visit_receipt"}  # fmt: skip
    assert {name for name in opens if 200 not in found[name]} == set()
