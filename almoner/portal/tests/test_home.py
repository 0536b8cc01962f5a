"""The first page of an account says what to do next; and papers that were signed are listed."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.portal import rules
from almoner.portal.rules import words
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, ana, body, patient
from almoner.portal.tests.test_paying import visit_of
from almoner.records.models import Signature
from almoner.records.tests import make as forms
from almoner.relations import actions as relations
from almoner.relations.models import Received
from almoner.scheduling.tests import make
from almoner.scheduling.tests.waits import Desk

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
HOME = reverse("my_home")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    cache.clear()
    facility.organisation()
    return told


def test_check_in_that_is_open_is_the_first_thing_and_leads_there():
    person = patient()
    visit = make.appointment(patient=person, starts_at=make.at(9, day=make.MONDAY))
    make.days(since=make.MONDAY)
    client, _secret = account(person)

    shown = body(client.get(HOME))

    assert "Check in for Monday, March 2" in shown
    assert shown.count('class="primary"') == 1
    assert client.post(reverse("my_visit", args=[visit.pk])).status_code == 302


@pytest.mark.parametrize(("minutes", "first"), [(61, False), (59, True), (-30, True)])
def test_a_visit_by_video_whose_room_is_open_comes_before_all_else(now, minutes, first):
    person = patient()
    kind = facility.visit_type("Video visit", by_video=True)
    visit = make.appointment(patient=person, visit_type=kind, starts_at=make.at(9, day=make.MONDAY))
    now["now"] = visit.starts_at - timedelta(minutes=minutes)
    client, _secret = account(person)

    shown = body(client.get(HOME))

    assert ("Go to your video visit of 9:00 AM" in shown) is first
    if first:
        assert shown.index("Go to your video visit") < shown.index("Check in for")


def test_a_place_that_is_kept_comes_first_and_is_taken_from_the_account(now):
    desk, person = Desk(), patient()
    desk.waits(patient=person)
    [offer] = desk.cancels(desk.full_day()[2])
    client, _secret = account(person)
    now["now"] = offer.made_at + timedelta(minutes=1)

    shown = body(client.get(HOME))
    assert "Take or leave the place kept for you until" in shown
    assert shown.index("Take or leave") < shown.index("Your next visit")
    where = client.post(reverse("my_place", args=[offer.entry_id])).url
    assert "We keep it for you until" in body(client.get(where))
    taken = client.post(where + "take/", {"offer": offer.pk})

    assert "visit/" in taken.url
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert offer.appointment.patient_id == person.pk
    assert "Take or leave" not in body(client.get(HOME))


def test_a_place_that_is_over_is_not_offered_and_nobody_elses_is_opened(now):
    desk, person = Desk(), patient()
    desk.waits(patient=person)
    [offer] = desk.cancels(desk.full_day()[2])
    client, _secret = account(person)
    other, _s = account(patient(), login="other")
    helper, _s = account(person, Kind.HELPER, login="ines", parts=("bills",))

    assert "Take or leave" not in body(other.get(HOME))
    assert other.post(reverse("my_place", args=[offer.entry_id])).status_code == 404
    assert helper.post(reverse("my_place", args=[offer.entry_id])).url == HOME
    assert "Take or leave" not in body(helper.get(HOME))
    now["now"] = offer.expires_at
    assert "Take or leave" not in body(client.get(HOME))


def test_a_copay_that_is_due_leads_to_paying_it_and_is_shown_to_who_sees_bills(settings):
    settings.ADDRESS = "https://clinic.example"
    visit = visit_of()
    client, _secret = account(visit.patient)
    helper, _s = account(visit.patient, Kind.HELPER, login="ines", parts=("visits", "forms"))

    shown = body(client.get(HOME))

    assert "Pay your co-pay of $25.00 for Tuesday, March 3" in shown
    assert "co-pay" not in body(helper.get(HOME))
    answer = client.post(reverse("my_visit", args=[visit.pk]), {"then": "pay"})
    assert answer.url.endswith("/pay/")
    assert "Your co-pay for this visit is $25.00." in body(client.get(answer.url))


def test_a_visit_far_away_asks_for_nothing_yet():
    person = patient()
    make.appointment(patient=person, starts_at=make.at(9, day=make.MONDAY + timedelta(days=14)))

    shown = body(account(person)[0].get(HOME))

    assert "There is nothing to do now" in shown
    assert shown.count('class="primary"') == 1


def test_new_messages_and_a_draft_are_named():
    client, _secret = account(patient())
    said = {"topic": "visit", "subject": "x", "words": "y", "key": "0" * 32}
    client.post(reverse("my_new_message"), said)
    row = Received.objects.get()
    relations.answer(officer=ana(), received=row, words="z", key="1", about=None, up_to=row.pk,
                     at=NOW)  # fmt: skip
    client.post(reverse("my_draft"), said | {"key": "1" * 32})

    shown = body(client.get(HOME))

    assert "Read a new message" in shown
    assert "Send or leave the message you began" in shown


def test_a_proxy_is_told_that_their_right_ends_soon_and_nobody_else():
    person = patient(given="Rosa")
    soon = NOW.date() + timedelta(days=20)
    helper, _s = account(person, Kind.HELPER, login="ines", until=soon)
    late, _s = account(person, Kind.HELPER, login="idas", until=soon + timedelta(days=60))

    assert "You may see this record of Rosa until March 21, 2026" in body(helper.get(HOME))
    assert "until March" not in body(late.get(HOME))
    assert "until March" not in body(account(person)[0].get(HOME))


def test_the_page_asks_a_fixed_number_of_questions(django_assert_max_num_queries):
    person = patient()
    for hour in range(9, 15):
        make.appointment(patient=person, starts_at=make.at(hour, day=make.MONDAY))
    client, _secret = account(person)

    with django_assert_max_num_queries(52):
        client.get(HOME)


def test_a_signed_paper_is_listed_and_read_by_whose_it_is_alone():
    person = patient()
    forms.ship(at=NOW)
    signature = forms.signed(person, at=NOW)
    mine, _secret = account(person)
    other, _s = account(patient(), login="other")
    helper, _s = account(person, Kind.HELPER, login="ines", parts=("visits",))
    paper = reverse("my_document", args=[signature.pk])

    assert paper in body(mine.get(reverse("my_documents")))
    assert mine.get(paper).content == bytes(Signature.objects.get().pdf)
    assert other.get(paper).status_code == 404
    assert paper not in body(other.get(reverse("my_documents")))
    assert helper.get(paper).url == HOME


def test_every_word_stands_in_every_language_with_the_same_facts():
    for each in words._OF_PAGES:
        english, spanish = each["en"], each["es"]
        assert english.keys() == spanish.keys()
        for word, text in english.items():
            assert facts_of(text) == facts_of(spanish[word]), word


def facts_of(text):
    return {part.partition("}")[0] for part in text.split("{")[1:]}


def test_no_word_of_one_page_hides_another_s():
    named = [word for each in words._OF_PAGES for word in each["en"]]

    assert len(named) == len(set(named))
    assert set(named) <= set(rules.WORDS["en"])
