"""An account without a code of the desk's: by a code to a phone or e-mail the record has."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from almoner.ground.models import Event, Outgoing
from almoner.patients import actions as people
from almoner.patients.models import Change, Patient, ProvenAddress
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests.details import Phone
from almoner.portal import actions, reactions
from almoner.portal.models import Account, Acting, Invitation, JoinAsked
from almoner.portal.rules import WORDS, checking
from almoner.portal.rules.checking import Checked, Known
from almoner.portal.tests.joining import BORN, account, ana, body, joins, patient
from almoner.relations import actions as relations
from almoner.relations.models import Case, DeskLead
from almoner.relations.tests.make import landline as is_landline
from almoner.relations.tests.make import text_in
from almoner.scheduling.tests import make

NOW = make.SUNDAY
CY, MAIL = "+13125550117", "cy@people.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(clinic, now):
    """A desk with a lead, and Cy, who is registered since long before."""
    cache.clear()
    DeskLead.objects.create(desk="front", officer=ana())
    return patient(emails=(MAIL,))


def asks(where=CY, *, given="Cy", family="Garcia", born=BORN, browser=None, lang="en"):
    """A browser in which somebody asked, and what came of it once the job ran."""
    browser = browser or Client()
    typed = {"given": given, "family": family, "where": where,
             "month": born.month, "day": born.day, "year": born.year}  # fmt: skip
    answer = browser.post(f"{reverse('my_join_ask')}?lang={lang}", typed)
    assert answer["Location"] == reverse("my_join_type"), body(answer)
    reactions.decide_about_who_asks(Event.objects.filter(kind="portal.join_asked").latest("id"))
    return browser, JoinAsked.objects.latest("id")


def code_sent():
    return re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", Outgoing.objects.latest("id").payload["body"])[0]


def types(browser, code):
    return browser.post(reverse("my_join_type"), {"code": code})


@pytest.mark.parametrize(("where", "to"), [(CY, CY), ("(312) 555-0117", CY), (MAIL, MAIL)])
def test_a_code_goes_to_the_records_own_phone_or_e_mail_and_makes_an_account(house, where, to):
    browser, row = asks(where)

    assert row.outcome == "sent"
    item = Outgoing.objects.latest("id")
    assert (item.payload["to"], item.patient_id) == (to, house.pk)
    assert types(browser, code_sent().lower())["Location"] == reverse("my_join_how")
    shown = ProvenAddress.objects.get(patient=house)
    assert (shown.address, shown.how) == (to.lower(), "page")
    answer, _secret = joins(browser)
    assert answer["Location"] == reverse("my_home")
    assert Acting.objects.get(patient=house, kind="self").account.login == "rosa"
    told = Outgoing.objects.filter(payload__body__icontains="an account was made for you")
    assert {each.payload["to"] for each in told} == {CY, MAIL}


def test_the_name_is_taken_as_it_is_written_and_the_name_used_too(house):
    Patient.objects.filter(pk=house.pk).update(given="Cyrus", name_used="Cy", family="Núñez")

    assert asks(given=" cy ", family="NUNEZ")[1].outcome == "sent"


def other(**facts):
    return patient(**{"given": "Kit", "phones": (Phone(CY),)} | facts)


def mothers(cy):
    cy.phones.update(whose="parent", whose_name="Ruth Ochoa")


def minor(cy):
    Patient.objects.filter(pk=cy.pk).update(birth_date=date(2010, 4, 27))


def namesake(_cy):
    patient(phones=(Phone("+13125550199"),))


def dead(cy):
    Patient.objects.filter(pk=cy.pk).update(deceased=True)


def silent(_cy):
    text_in("STOP", sender=CY, at=NOW)


def landline(_cy):
    is_landline(CY)


def elsewhere(cy):
    people.ask_confidential(
        officer=ana(), patient_id=cy.pk, ways=Ways(email=MAIL), at=NOW - timedelta(days=2)
    )


def only_calls(cy):
    people.ask_confidential(
        officer=ana(), patient_id=cy.pk, ways=Ways(phone=CY), at=NOW - timedelta(days=2)
    )


def asked_today(cy):
    people.ask_confidential(
        officer=ana(), patient_id=cy.pk, ways=Ways(phone=CY, may_text=True), at=NOW
    )


def registered_today(cy):
    Patient.objects.filter(pk=cy.pk).update(registered_at=NOW)


def came_into_the_record(cy, at, table="phone", **became):
    """As its triggers write it when a phone or an e-mail is changed, but for the hour."""
    Change.objects.create(
        patient_id=cy.pk, at=at, of_table=table, became=became, transaction=cy.pk
    )  # fmt: skip


def phone_of_today(cy):
    came_into_the_record(cy, NOW, number=CY)


def mail_of_today(cy):
    came_into_the_record(cy, NOW, "email", address=MAIL)


def phone_of_yesterday(cy):
    came_into_the_record(cy, NOW - timedelta(days=1), number=CY)


def another_phone_of_today(cy):
    came_into_the_record(cy, NOW, number="+13125550100")
    mail_of_today(cy)


def signs_in(cy):
    account(cy, login="cyrus")


NOT_SENT = [
    (lambda _: None, {"given": "Sy"}, Checked.UNKNOWN),
    (lambda _: None, {"born": date(1984, 4, 28)}, Checked.UNKNOWN),
    (lambda _: None, {"where": "+13125550199"}, Checked.UNKNOWN),
    (lambda _: None, {"where": "who@people.example"}, Checked.UNKNOWN),
    (lambda _: other(), {}, Checked.SHARED),
    (mothers, {}, Checked.SHARED),
    (namesake, {}, Checked.SEVERAL),
    (minor, {"born": date(2010, 4, 27)}, Checked.MINOR),
    (dead, {}, Checked.DECEASED),
    (silent, {}, Checked.NO_WAY),
    (landline, {}, Checked.NO_WAY),
    (elsewhere, {}, Checked.NO_WAY),
    (only_calls, {}, Checked.NO_WAY),
    (asked_today, {}, Checked.NEW),
    (registered_today, {}, Checked.NEW),
    (phone_of_today, {}, Checked.NEW),
    (mail_of_today, {"where": MAIL}, Checked.NEW),
    (signs_in, {}, Checked.ACCOUNT),
]


@pytest.mark.parametrize(("prepared", "typed", "why"), NOT_SENT)
def test_whoever_else_asks_is_looked_at_by_a_person(house, prepared, typed, why):
    prepared(house)
    sent = Outgoing.objects.filter(payload__body__icontains="your code is").count()

    browser, row = asks(**typed)

    assert row.outcome == why
    assert (row.patient_id, row.given, row.address, row.born) == (None, "", "", None)
    assert Outgoing.objects.filter(payload__body__icontains="your code is").count() == sent
    case = Case.objects.get()
    assert (case.kind, case.desk, case.patient_id) == ("request", "front", None)
    assert case.owner == ana()
    assert types(browser, "ABCDE-23456").status_code == 422


@pytest.mark.parametrize("prepared", [phone_of_yesterday, another_phone_of_today])
def test_where_somebody_was_reached_before_today_a_code_is_sent(house, prepared):
    prepared(house)

    assert asks()[1].outcome == Checked.SENT


def test_the_history_tells_when_a_phone_came_into_the_record(house):
    Patient.objects.filter(pk=house.pk).update(version=2)
    house.phones.update(number="+13125550100")
    house.phones.update(number=CY)

    rows = Change.objects.filter(patient_id=house.pk, of_table="phone", became__number=CY)

    assert rows.count() == 1


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_page_says_the_same_whoever_asks(house, lang):
    def pages(**typed):
        browser, _row = asks(lang=lang, **typed)
        there = browser.get(f"{reverse('my_join_type')}?lang={lang}")
        wrong = types(browser, "ABCDE-23456")
        return [(each.status_code, _plain(body(each))) for each in (there, wrong)]

    known, unknown = pages(), pages(given="Nobody", where="+13125550199")

    assert known == unknown
    assert WORDS[lang]["type_code_why"] in known[0][1].replace("&#x27;", "'")


def _plain(page):
    """Without what is anew on each page: tokens of forms and of scripts."""
    return "\n".join(
        line for line in page.splitlines() if "csrf" not in line and "nonce" not in line
    )


def test_the_page_does_the_same_queries_whoever_asks(house):
    asked = []
    for who in ({}, {"given": "Nobody", "where": "+13125550199"}):
        typed = {"given": "Cy", "family": "Garcia", "where": CY, "month": 4, "day": 27,
                 "year": 1984} | who  # fmt: skip
        texts = []
        with connection.execute_wrapper(_writing(texts)):
            Client().post(reverse("my_join_ask"), typed)
        asked.append(texts)

    assert asked[0] == asked[1] != []


def _writing(texts):
    """Write down each query as it is sent, without what it is asked with."""

    def write(execute, sql, params, many, context):
        texts.append(re.sub(r'"s\d+_x\d+"', "a savepoint", sql))
        return execute(sql, params, many, context)

    return write


def test_a_code_is_good_for_ten_minutes_and_five_tries(house, now):
    browser, row = asks()
    code = code_sent()

    for _try in range(5):
        assert types(browser, "ABCDE-23456").status_code == 422
    assert types(browser, code).status_code == 422
    browser, row = asks()
    now["now"] = NOW + 10 * MINUTE
    assert types(browser, code_sent()).status_code == 422
    row.refresh_from_db()
    assert row.tries == 0
    assert not Invitation.objects.exists()


def test_it_is_good_in_the_browser_that_asked_and_once(house):
    asks()
    first = code_sent()
    browser, _row = asks()
    second = code_sent()

    assert types(Client(), second)["Location"] == reverse("my_join_ask")
    assert types(browser, first).status_code == 422
    asking = browser.cookies["my"].value
    assert types(browser, second).status_code == 302
    again = Client()
    again.cookies["my"] = asking
    assert types(again, second).status_code == 422


def test_a_person_is_sent_so_many_codes_a_day_and_the_page_says_the_same(house, now):
    outcomes = [asks()[1].outcome for _each in range(4)]
    assert outcomes == ["sent", "sent", "sent", "often"]
    now["now"] = NOW + timedelta(days=1, minutes=1)
    assert asks()[1].outcome == "sent"


def test_one_address_asks_about_so_many_an_hour(house):
    outcomes = [
        asks(given=f"No{'a' * each}", where=f"+1312555{4000 + each}")[1].outcome
        for each in range(6)
    ]

    assert outcomes == ["unknown"] * 5 + ["often"]
    assert Case.objects.count() == 5


def test_at_night_no_text_goes_out_and_an_e_mail_does(house, now):
    now["now"] = NOW.replace(hour=9)  # three in the morning there

    assert asks()[1].outcome == "night"
    assert asks(MAIL)[1].outcome == "sent"


def test_without_a_lead_of_the_desk_it_waits_and_nothing_is_lost(house):
    DeskLead.objects.all().delete()
    with pytest.raises(relations.CaseRefused):
        asks(given="Sy")
    row = JoinAsked.objects.get()
    assert (row.outcome, row.given) == ("", "Sy")
    DeskLead.objects.create(desk="front", officer=ana())

    assert actions.decide_joins(at=NOW) == 1
    assert actions.decide_joins(at=NOW) == 0
    assert Case.objects.count() == 1


def test_what_cannot_be_read_is_said_and_keeps_what_was_typed(house):
    for typed, word in (
        ({"given": "", "family": "Garcia", "where": CY}, "ask_name_missing"),
        ({"given": "Cy", "family": "Garcia", "where": "12"}, "ask_where_wrong"),
        ({"given": "Cy", "family": "Garcia", "where": "a@b"}, "ask_where_wrong"),
        ({"given": "Cy", "family": "Garcia", "where": CY}, "no_such_day"),
    ):
        answer = Client().post(reverse("my_join_ask"), typed)
        assert answer.status_code == 422
        assert WORDS["en"][word] in body(answer)
        assert typed["family"] in body(answer)
    assert not JoinAsked.objects.exists()


def test_a_half_joined_browser_shows_nothing_of_anybody(house):
    browser, _row = asks()
    for name in ("my_home", "my_visits", "my_bills", "my_contact"):
        assert "Garcia" not in body(browser.get(reverse(name), follow=True))


@pytest.mark.django_db(transaction=True)
def test_two_who_join_at_once_make_one_account(house):
    codes = []
    browsers = []
    for _each in range(2):
        browsers.append(asks()[0])
        codes.append(code_sent())
    start = Barrier(2)

    def join(number):
        start.wait()
        try:
            browser = browsers[number]
            if types(browser, codes[number]).status_code != 302:
                return None
            return joins(browser, login=f"cy-{number}")[0].status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        done = [each.result() for each in [both.submit(join, number) for number in range(2)]]

    assert done.count(302) == 1
    assert Acting.objects.filter(patient=house, kind="self", ended_at=None).count() == 1
    assert Account.objects.count() == 1


KNOWN = st.builds(
    Known,
    names=st.just((("Cy", "Garcia"),)),
    born=st.sampled_from([BORN, date(2012, 1, 1), None]),
    deceased=st.booleans(),
    since=st.sampled_from([date(2020, 1, 1), NOW.date()]),
    namesakes=st.integers(1, 2),
    reachable=st.booleans(),
    by_day=st.booleans(),
    has_account=st.booleans(),
)


@given(
    st.integers(0, 3), st.none() | KNOWN, st.sampled_from(["Cy", "Sy", ""]),
    st.sampled_from([BORN, date(2012, 1, 1)]),
)  # fmt: skip
def test_a_code_is_sent_to_one_adult_alone_who_is_known_there_since_before_today(
    holders, known, given, born
):
    sent = checking.verdict(
        holders=holders, known=known, given=given, family="Garcia", born=born, today=NOW.date()
    )

    if sent is Checked.SENT:
        assert holders <= 1
        assert known == Known(
            (("Cy", "Garcia"),), BORN, False, date(2020, 1, 1), 1, True, True, False
        )
        assert (given, born) == ("Cy", BORN)
