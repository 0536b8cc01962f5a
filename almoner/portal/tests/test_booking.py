"""Patients book by themselves: what an administrator opened to them, by the guards of the desk."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.facility.models import VisitType
from almoner.facility.tests import make as facility
from almoner.ground.models import Event
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions, queries
from almoner.portal.models import Errand, SelfBooking
from almoner.portal.queries import acting_for, token_for
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, body, patient
from almoner.portal.tests.make import BORN, linked, path, says
from almoner.relations.models import Message
from almoner.scheduling.models import Appointment, WaitEntry
from almoner.scheduling.tests import make
from almoner.scheduling.tests.waits import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clinic", "now")]
NOW = make.SUNDAY


@pytest.fixture
def desk():
    return Desk()


def opened(desk, **facts):
    """The follow-up, opened to patients; who is named does it here."""
    who = facts.pop("clinicians", ())
    facts = {
        "name_en": "Check-up", "name_es": "Control", "whom": "anybody", "notice_hours": 4,
    } | facts  # fmt: skip
    row = SelfBooking.objects.create(visit_type=facts.pop("kind", desk.follow_up), **facts)
    row.clinicians.set(who)
    return row


def at_booking(client):
    """The address of an account's booking, and its page."""
    answer = client.post(reverse("my_book"))
    return answer.url, client.get(answer.url)


def times_of(client, kind, query=""):
    where, _page = at_booking(client)
    return f"{where}{kind.pk}/{query}"


def first_of(page):
    return re.search(r'name="opening" value="([^"]+)"', page).group(1)


def test_an_opening_of_the_desks_own_search_is_booked_and_its_page_opens(desk):
    opened(desk)
    person = patient()
    client, _secret = account(person)
    where = times_of(client, desk.follow_up)

    page = body(client.get(where))
    answer = client.post(where, {"opening": first_of(page), "token": "t"}, follow=True)

    visit = Appointment.objects.get(patient=person)
    assert (visit.starts_at, visit.booked_by_id) == (make.at(8), None)
    assert "Monday, March 2" in body(answer)
    assert Event.objects.get(kind="scheduling.booked").data["by_patient"] is True
    assert "Book a visit" in body(client.get(reverse("my_home")))


def test_pressed_twice_it_is_one_visit(desk):
    opened(desk, most_open=5)
    client, _secret = account(patient())
    where = times_of(client, desk.follow_up)
    said = {"opening": first_of(body(client.get(where))), "token": "t"}

    client.post(where, said)
    client.post(where, said)

    assert Appointment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_times_asked_at_once_by_two_accounts_only_one_is_booked(desk, monkeypatch):
    opened(desk, clinicians=(desk.ng,))
    person = patient()
    clients = [account(person)[0], account(person, Kind.HELPER, login="ines")[0]]
    wheres = [times_of(client, desk.follow_up) for client in clients]
    times = re.findall(r'name="opening" value="([^"]+)"', body(clients[0].get(wheres[0])))
    early_and_late = times[0], times[-1]
    counted, both = queries.kinds, Barrier(2, timeout=1)

    def counted_at_once(*args, **facts):
        found = counted(*args, **facts)
        with suppress(BrokenBarrierError):  # the other waits its turn
            both.wait()
        return found

    monkeypatch.setattr(queries, "kinds", counted_at_once)

    def post(number):
        said = {"opening": early_and_late[number], "token": f"t{number}"}
        try:
            return clients[number].post(wheres[number], said).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(post, range(2))) == [302, 409]
    assert Appointment.objects.count() == 1


def test_what_somebody_books_for_the_patient_bears_their_name(desk):
    opened(desk)
    client, _secret = account(patient(), kind=Kind.HELPER, name="Ines Ray")
    where = times_of(client, desk.follow_up)

    client.post(where, {"opening": first_of(body(client.get(where))), "token": "t"})

    assert Event.objects.get(kind="scheduling.booked").data["acted_by"] == "Ines Ray"


def test_a_time_somebody_took_meanwhile_is_said_and_others_are_shown(desk):
    opened(desk)
    client, _secret = account(patient())
    where = times_of(client, desk.follow_up)
    said = first_of(body(client.get(where)))
    _at, who, _place = said.split("|")
    desk.book(clinician=desk.ng if int(who) == desk.ng.pk else desk.other, starts_at=make.at(8))

    answer = client.post(where, {"opening": said, "token": "t"})

    assert answer.status_code == 409
    assert "Somebody has just taken that time" in body(answer)
    assert Appointment.objects.count() == 1


def test_the_time_kept_for_another_is_not_offered_here(desk):
    opened(desk, clinicians=(desk.ng,))
    entry = desk.waits()
    [offer] = desk.cancels(desk.full_day()[0])
    assert offer.entry_id == entry.pk
    client, _secret = account(patient())

    shown = body(client.get(times_of(client, desk.follow_up)))

    assert make.at(8).isoformat() not in shown
    assert first_of(shown).startswith("2026-03-02T10:00")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"whom": "established"}, "for people who have been here before"),
        ({"age_from": 65}, "by phone at your age"),
    ],
)
def test_a_kind_that_is_not_for_them_says_to_call_and_cannot_be_booked(desk, facts, words):
    opened(desk, **facts)
    client, _secret = account(patient())
    where, page = at_booking(client)

    assert words in body(page)
    answer = client.post(f"{where}{desk.follow_up.pk}/", {"opening": "x"})
    assert answer.status_code == 409
    assert not Appointment.objects.exists()


def test_who_has_such_a_visit_books_no_second(desk):
    opened(desk)
    person = patient()
    desk.book(patient=person, starts_at=make.at(9))
    client, _secret = account(person)

    assert "You have this visit booked already" in body(at_booking(client)[1])


def test_a_kind_nobody_opened_is_not_there(desk):
    client, _secret = account(patient())
    where, page = at_booking(client)

    assert "No visit can be booked here" in body(page)
    assert client.get(f"{where}{desk.follow_up.pk}/").status_code == 404


def test_only_the_named_clinicians_and_times_neither_near_nor_far(desk):
    opened(desk, clinicians=(desk.other,), notice_hours=24, ahead_days=3, prepare_en="Eat nothing",
           prepare_es="No coma")  # fmt: skip
    client, _secret = account(patient())
    where = times_of(client, desk.follow_up)

    page = body(client.get(where))

    assert "Linh Ng" not in page.partition('<form method="post"')[2]
    assert "Eat nothing" in page
    offered = re.findall(r'name="opening" value="([^|]+)\|(\d+)', page)
    assert {int(who) for _at, who in offered} == {desk.other.pk}
    assert min(at for at, _who in offered) >= "2026-03-02T12:00"
    too_near = f"{make.at(9).isoformat()}|{desk.other.pk}|{desk.harbor.pk}"
    not_named = f"{make.at(14).isoformat()}|{desk.ng.pk}|{desk.harbor.pk}"
    for chosen in (too_near, not_named):
        assert client.post(where, {"opening": chosen, "token": "t"}).status_code == 409
    assert not Appointment.objects.exists()


def test_days_and_part_of_the_day_narrow_it_and_what_is_unknown_does_not(desk):
    opened(desk)
    client, _secret = account(patient())
    where = times_of(client, desk.follow_up)

    page = body(client.get(f"{where}?day=2&part=afternoon&who={desk.ng.pk}&where=999&part2=x"))

    assert "Tuesday, March 3" in page
    assert "Monday, March 2" not in page
    assert first_of(page).startswith("2026-03-03T12:00")
    assert client.get(f"{where}?day=9&part=night&who=abc&from=never").status_code == 200


def test_who_finds_no_time_waits_for_one_as_they_looked_for_it(desk):
    opened(desk)
    person = patient()
    client, _secret = account(person)
    where, _page = at_booking(client)
    times = f"{where}{desk.follow_up.pk}/"

    answer = client.post(f"{times}wait/?day=2&part=morning&who={desk.ng.pk}", follow=True)

    entry = WaitEntry.objects.get(patient=person)
    assert (entry.weekdays, entry.until, entry.clinician_ids, entry.added_by_id) == (
        [2], make.at(12).time(), [desk.ng.pk], None,
    )  # fmt: skip
    assert "We tell you when a place comes free." in body(answer)
    client.post(f"{times}wait/")
    assert WaitEntry.objects.count() == 1
    client.post(f"{times}wait-no-more/")
    entry.refresh_from_db()
    assert entry.ended == "left"


def test_from_the_page_of_a_visit_one_waits_for_an_earlier_time_and_leaves_again():
    visit = linked()
    phone = says(visit)
    assert "Tell me if an earlier time comes free" in body(phone.get(path(visit, "visit/")))

    answer = phone.post(path(visit, "sooner/"), {"sooner": "yes"}, follow=True)

    entry = WaitEntry.objects.get(visit=visit)
    assert (entry.clinician_ids, entry.location_ids) == ([visit.clinician_id], [visit.location_id])
    assert "We tell you if an earlier time comes free" in body(answer)
    phone.post(path(visit, "sooner/"), {"sooner": "no"})
    entry.refresh_from_db()
    assert entry.ended == "left"


def test_another_browser_or_an_account_that_left_books_nothing(desk):
    opened(desk)
    client, _secret = account(patient())
    where, _page = at_booking(client)

    assert Client().get(where).status_code == 302
    client.post(reverse("my_leave"))
    assert client.get(where).url == reverse("my_enter")


def test_the_desk_sends_a_link_by_which_one_kind_is_booked(desk, client):
    opened(desk)
    other = facility.visit_type("Physical", minutes=40)
    opened(desk, kind=other, name_en="Physical", name_es="Revisión")
    person = patient(phones=(Phone(number="+16085550142", use="mobile", may_text=True),))
    client.force_login(desk.ana, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(reverse("send_to_book", args=[person.pk]), {"visit": desk.follow_up.pk})

    assert answer.status_code == 302
    [text] = Message.objects.filter(template="book")
    assert text.outgoing.payload["asked_for"] is False
    token = token_for(Errand.objects.get(patient=person).pk)
    assert f"https://clinic.example/e/{token}/" in text.body
    phone = Client()
    where = phone.post(
        f"/e/{token}/", {"month": BORN.month, "day": BORN.day, "year": BORN.year}
    ).url
    assert where == f"/e/{token}/book/{desk.follow_up.pk}/"
    said = {"opening": first_of(body(phone.get(where))), "token": "t"}
    assert phone.post(where, said, follow=True).status_code == 200
    assert Appointment.objects.get().patient == person
    assert phone.get(f"/e/{token}/book/{other.pk}/").status_code == 404


def test_a_link_nobody_can_be_told_of_is_shown_for_paper(desk, client):
    opened(desk)
    client.force_login(desk.ana, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(
        reverse("send_to_book", args=[patient(phones=()).pk]), {"visit": desk.follow_up.pk}
    )

    assert "https://clinic.example/e/" in body(answer)


def test_only_what_patients_book_is_sent_and_only_where_a_birth_date_can_be_asked(desk):
    bea = access.officer("bea")
    with pytest.raises(actions.NotInvited, match="not_bookable"):
        actions.link_to_book(officer=bea, patient=patient(), visit_type=desk.follow_up, at=NOW)
    with pytest.raises(actions.NotInvited, match="no_birth_date"):
        actions.link_to_book(
            officer=bea, patient=a_patient(birth_date=None), visit_type=desk.follow_up, at=NOW
        )


def test_the_pages_cost_the_same_queries_however_much_is_open(desk, django_assert_max_num_queries):
    opened(desk)
    for n in range(5):
        kind = VisitType.objects.create(code=f"k{n}", name=f"Kind {n}", minutes=20)
        opened(desk, kind=kind, name_en=f"Kind {n}", name_es=f"Tipo {n}")
    client, _secret = account(patient())
    where, _page = at_booking(client)

    with django_assert_max_num_queries(20):
        client.get(where)
    with django_assert_max_num_queries(32):
        client.get(f"{where}{desk.follow_up.pk}/")


def test_as_the_patients_role_the_rules_are_read_and_nothing_is_written(desk):
    opened(desk)

    with acting_for([patient().pk]):
        assert SelfBooking.objects.count() == 1
