"""The waitlist at the desk: who waits and why there, offering by hand, answers heard by phone."""

import re

import pytest
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling.actions import offering
from almoner.scheduling.models import Appointment, PlaceOffer, WaitEntry
from almoner.scheduling.tests import make
from almoner.scheduling.tests.waits import Desk

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WAITLIST = "/waitlist/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    facility.organisation()
    monkeypatch.setattr("almoner.ground.clock.now", lambda: make.SUNDAY)
    monkeypatch.setattr("almoner.ground.clock.today", lambda _zone: make.SUNDAY.date())
    monkeypatch.setattr(offering, "_reaches", [])


@pytest.fixture
def desk(client):
    made = Desk()
    client.force_login(made.ana, backend=BACKEND)
    return made


def body(response):
    return response.content.decode()


def names(page):
    return re.findall(r'data-line href="[^"]+">([^<,]+)', page)


def waits(desk, family, **facts):
    return desk.waits(patient=_person(family), **facts)


def _person(family):
    return a_patient(family=family)


def test_the_list_stands_in_its_order_and_says_why(client, desk):
    waits(desk, "Last")
    waits(desk, "First", priority=1, reason="in pain since May")
    waits(desk, "Second", priority=2, reason="leaves town")

    page = body(client.get(WAITLIST))

    assert names(page) == ["First", "Second", "Last"]
    assert "in pain since May" in page
    assert "waits since today" in page
    assert AccessEvent.objects.count() == 1


def test_filters_are_on_an_allow_list_and_the_list_is_paged(client, desk, monkeypatch):
    monkeypatch.setattr("almoner.scheduling.queries.waitlist.SIZE", 2)
    waits(desk, "Ng", clinician_ids=frozenset({desk.ng.pk}))
    waits(desk, "Other", clinician_ids=frozenset({desk.other.pk}))
    waits(desk, "Any")

    assert names(body(client.get(WAITLIST, {"who": desk.ng.pk}))) == ["Ng", "Any"]
    assert names(body(client.get(WAITLIST, {"who": "x", "visit": "9" * 30, "place": "'"}))) == [
        "Ng", "Other",
    ]  # fmt: skip
    assert names(body(client.get(WAITLIST, {"page": 2}))) == ["Any"]
    assert names(body(client.get(WAITLIST, {"show": "offered"}))) == []


def test_it_costs_the_same_queries_however_many_wait(client, desk, django_assert_max_num_queries):
    for number in range(20):
        waits(desk, f"Cy {number}")
    desk.cancels(desk.full_day()[0])

    with django_assert_max_num_queries(18):
        client.get(WAITLIST)


def test_from_the_search_that_found_nothing_one_is_put_on_the_list_with_its_wishes(client, desk):
    person = _person("Rosa")
    asked = {"patient": person.pk, "visit": desk.follow_up.pk, "who": desk.ng.pk, "days": "tr"}
    page = body(client.get(reverse("book"), asked))
    link = re.search(r'href="(/waitlist/add/[^"]+)"', page).group(1)

    form = body(client.get(link.replace("&amp;", "&")))
    assert 'value="tr"' in form
    answer = client.post(
        reverse("wait_for"),
        {"patient": person.pk, "visit": desk.follow_up.pk, "who": desk.ng.pk, "days": "tr",
         "part": "morning", "last_day": "05/01/2026", "priority": 2, "reason": "pain"},
    )  # fmt: skip

    entry = WaitEntry.objects.get()
    assert answer.url.startswith(reverse("wait_entry", args=[entry.pk]))
    assert (entry.weekdays, entry.until, entry.clinician_ids, entry.added_by_id) == (
        [2, 4], make.at(12).time(), [desk.ng.pk], desk.ana.pk,
    )  # fmt: skip


def test_what_hurries_without_a_reason_is_not_kept_and_typed_words_stay(client, desk):
    answer = client.post(
        reverse("wait_for"),
        {"patient": _person("Rosa").pk, "visit": desk.follow_up.pk, "last_day": "05/01/2026",
         "priority": 1, "note": "the knee"},
    )  # fmt: skip

    assert answer.status_code == 422
    assert "Say why it hurries" in body(answer)
    assert "the knee" in body(answer)
    assert not WaitEntry.objects.exists()


def test_from_a_visit_it_is_one_key_and_enter(client, desk):
    visit = desk.full_day()[-1]
    page = body(client.get(reverse("appointment", args=[visit.pk])))
    assert f"?sooner={visit.pk}" in page

    client.post(
        reverse("wait_for"),
        {"sooner": visit.pk, "patient": visit.patient_id, "who": desk.ng.pk,
         "place": desk.harbor.pk, "last_day": "03/02/2026", "priority": 3},
    )  # fmt: skip

    entry = WaitEntry.objects.get()
    assert (entry.visit_id, entry.patient_id, entry.visit_type) == (
        visit.pk, visit.patient_id, desk.follow_up,
    )  # fmt: skip
    assert "Waits for an earlier place" in body(client.get(reverse("appointment", args=[visit.pk])))


def test_an_opening_is_kept_for_one_by_its_number_and_taken_by_phone(client, desk):
    entry = waits(desk, "Rosa")
    page = reverse("wait_entry", args=[entry.pk])
    opening = re.search(r'name="opening"\s+value="([^"]+)"', body(client.get(page))).group(1)

    client.post(reverse("offer_place", args=[entry.pk]), {"opening": opening})
    offer = PlaceOffer.objects.get()
    assert "They take it" in body(client.get(page))
    answer = client.post(reverse("take_offer", args=[offer.pk]))

    visit = Appointment.objects.get()
    assert answer.url.startswith(reverse("appointment", args=[visit.pk]))
    assert (visit.patient_id, visit.booked_by_id) == (entry.patient_id, desk.ana.pk)
    assert client.post(reverse("refuse_offer", args=[offer.pk])).status_code == 422


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("", "They are told now."),
        ("night", "It is night and nothing is sent: call them."),
        ("no_way", "Nothing can be sent to them: call them."),
    ],
)
def test_who_keeps_a_place_by_hand_reads_whether_they_are_told(
    client, desk, monkeypatch, why, words
):
    entry = waits(desk, "Rosa")
    page = reverse("wait_entry", args=[entry.pk])
    opening = re.search(r'name="opening"\s+value="([^"]+)"', body(client.get(page))).group(1)
    monkeypatch.setattr(offering, "_reaches", [lambda *_, at: why])

    where = reverse("offer_place", args=[entry.pk])
    answer = client.post(where, {"opening": opening}, follow=True)

    assert words in body(answer)


def test_they_do_not_want_it_and_stay_on_the_list(client, desk):
    entry = waits(desk, "Rosa")
    [offer] = desk.cancels(desk.full_day()[0])

    client.post(reverse("refuse_offer", args=[offer.pk]))

    page = body(client.get(WAITLIST))
    assert "Not wanted" in page
    assert "1 offer not taken" in page
    assert WaitEntry.objects.get(pk=entry.pk).ended_at is None


def test_a_time_that_is_not_an_opening_is_said(client, desk):
    entry = waits(desk, "Rosa")
    where = reverse("offer_place", args=[entry.pk])

    assert client.post(where, {"opening": "x"}).status_code == 422
    night = f"{desk.ng.pk}_{desk.harbor.pk}_{make.at(22).isoformat()}"
    answer = client.post(where, {"opening": night})
    assert answer.status_code == 422
    assert not PlaceOffer.objects.exists()


def test_taking_off_the_list_asks_why(client, desk):
    entry = waits(desk, "Rosa")
    where = reverse("stop_waiting", args=[entry.pk])

    assert "Say why" in client.post(where, {"reason": " "}).headers["HX-Trigger"]
    assert client.post(where, {"reason": "moved away"}).headers["HX-Redirect"] == WAITLIST
    assert "moved away" in body(client.get(WAITLIST, {"show": "over"}))


def test_places_nobody_can_be_told_of_stand_above_the_list(client, desk, monkeypatch):
    waits(desk, "Rosa")
    monkeypatch.setattr(offering, "_reaches", [lambda *_, at: "no_way"])
    desk.cancels(desk.full_day()[0])

    page = body(client.get(WAITLIST))

    assert "nobody who waits can be told now" in page
    assert "neither a phone that takes texts" in page


def test_who_books_nothing_sees_no_waitlist(client, desk):
    client.force_login(access.officer("ben", roles=("biller",)), backend=BACKEND)

    assert client.get(WAITLIST).status_code == 403


def test_the_board_shows_what_is_kept_and_for_whom_until_it_is_over(client, desk, monkeypatch):
    waits(desk, "Rosamund")
    [offer] = desk.cancels(desk.full_day()[0])
    where = f"/schedule/?place={desk.harbor.pk}&day={make.MONDAY.isoformat()}"

    kept = body(client.get(where))
    assert re.search(r'class="kept [^"]+" href="/waitlist/[^"]+"><em>kept for</em> <b>Rosamu', kept)
    linh = access.officer("linh", roles=("clinician",))
    client.force_login(linh, backend=BACKEND)
    assert re.search(r'class="kept [^"]+"><em>kept for</em> <b>Rosamu', body(client.get(where)))
    monkeypatch.setattr("almoner.ground.clock.now", lambda: offer.expires_at)
    assert "Rosamund" not in body(client.get(where))
