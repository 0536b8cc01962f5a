"""A kiosk: enrolled by a code, two identifiers, each entry once, nothing lost and nothing shown."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from almoner.access.tests import make as access
from almoner.arrivals import actions as arrivals
from almoner.arrivals.models import Encounter, Said
from almoner.arrivals.rules import Identifier, Item, Settled
from almoner.coverage.tests import make as coverage
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.models import Kiosk, KioskEntry, Sitting
from almoner.portal.rules import WORDS
from almoner.portal.tests.make import BORN
from almoner.relations.models import Case, CaseLine
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.at(9)
DATE = {"month": BORN.month, "day": BORN.day, "year": BORN.year}
DESK = WORDS["en"]["kiosk_desk"]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    coverage.organisation()
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


@pytest.fixture
def manager():
    return access.officer("mo", roles=("manager",))


@pytest.fixture
def visit():
    cy = a_patient(family="Ferreira", birth_date=BORN, phones=(Phone(number="+16085550142"),))
    return make.appointment(patient=cy, starts_at=make.at(9, 30), asked_at=NOW)


@pytest.fixture
def kiosk(manager, visit):
    return made(manager, visit.location)


def made(manager, location, name="Front door"):
    row, code = actions.new_kiosk(
        officer=manager, name=name, location=location, wait_en="Blue chairs", wait_es="", at=NOW
    )
    device = Client()
    assert device.post("/kiosk/new/", {"code": code.lower()}).status_code == 302
    row.refresh_from_db()
    return row, device


def who(device, second="Ferreira", lang="en", date=DATE, **headers):
    return device.post(f"/kiosk/who/?lang={lang}", date | {"second": second}, headers=headers)


def late(key=None, entered="2026-11-30T09:00:00+00:00"):
    return {"X-Kiosk-Key": key or str(uuid4()), "X-Kiosk-Late": "1", "X-Kiosk-Entered": entered}


def body(response):
    return response.content.decode()


# --- A device becomes a kiosk


def test_a_code_makes_one_device_a_kiosk_once(manager, visit):
    _row, code = actions.new_kiosk(
        officer=manager, name="Door", location=visit.location, wait_en="", wait_es="", at=NOW
    )
    first, second = Client(), Client()

    assert first.post("/kiosk/new/", {"code": code}).url == "/kiosk/"
    again = second.post("/kiosk/new/", {"code": code})

    assert again.status_code == 422
    assert WORDS["en"]["kiosk_no_code"] in body(again)
    assert first.get("/kiosk/").status_code == 200
    assert second.get("/kiosk/").url == "/kiosk/new/"
    cookie = first.cookies["kiosk"]
    assert cookie["httponly"]
    assert code not in str(Kiosk.objects.values())


def test_a_code_lasts_a_day(manager, visit, now):
    _row, code = actions.new_kiosk(
        officer=manager, name="Door", location=visit.location, wait_en="", wait_es="", at=NOW
    )
    now["now"] = NOW + timedelta(days=1)

    assert Client().post("/kiosk/new/", {"code": code}).status_code == 422


def test_a_revoked_kiosk_shows_and_takes_nothing(kiosk, manager):
    row, device = kiosk
    found = who(device).url

    actions.end_kiosk(officer=manager, kiosk_id=row.pk, at=NOW)

    assert device.get("/kiosk/").url == "/kiosk/new/"
    assert device.get(found).url == "/kiosk/"
    assert who(device, **late()).status_code == 410
    assert device.get("/kiosk/pulse/").url == "/kiosk/new/"


def test_another_code_moves_the_kiosk_to_another_device(kiosk, manager):
    row, old = kiosk
    _row, code = actions.code_for(officer=manager, kiosk_id=row.pk, at=NOW)
    assert old.get("/kiosk/").status_code == 200
    new = Client()

    new.post("/kiosk/new/", {"code": code})

    assert new.get("/kiosk/").status_code == 200
    assert old.get("/kiosk/").url == "/kiosk/new/"


def test_the_clinic_sees_how_its_kiosks_stand(kiosk, manager, client, now):
    _row, device = kiosk
    device.get("/kiosk/pulse/?unsent=3")
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = body(client.get("/kiosks/"))
    now["now"] = NOW + timedelta(minutes=6)
    gone = body(client.get("/kiosks/"))

    assert "Working" in page
    assert '<td data-label="Kept unsent" class="number">3</td>' in page
    assert "Not heard of" in gone


def test_the_page_of_kiosks_costs_the_same_however_many_there_are(
    kiosk, manager, client, django_assert_num_queries
):
    row, _device = kiosk
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/kiosks/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/kiosks/")
    one = len(asked)
    for number in range(3):
        made(manager, row.location, f"Door {number}")

    with django_assert_num_queries(one):
        client.get("/kiosks/")


def test_two_kiosks_of_a_location_have_two_names(kiosk, manager):
    row, _device = kiosk
    with pytest.raises(actions.NameTaken):
        made(manager, row.location)


# --- Two identifiers


@pytest.mark.parametrize("second", ["ferreira", "0142", "(608) 555-0142"])
def test_a_birth_date_and_one_thing_more_find_the_visit(kiosk, visit, second):
    _row, device = kiosk

    found = who(device, second)

    assert found.url.startswith("/v/kiosk-")
    assert "9:30 AM" in body(device.get(found.url))
    assert not Encounter.objects.exists()


def test_the_mrn_finds_the_visit_too(kiosk, visit):
    assert who(kiosk[1], visit.patient.mrn).url.startswith("/v/kiosk-")


def test_wrong_ambiguous_and_elsewhere_are_answered_by_the_same_words(kiosk, visit, now):
    _row, device = kiosk
    wrong = who(device, "Nobody")
    no_day = who(device, date=DATE | {"day": 31})
    none = who(device, "")
    a_twin = a_patient(family="Ferreira", birth_date=BORN)
    make.appointment(
        patient=a_twin, location=visit.location, clinician=visit.clinician,
        starts_at=make.at(10, 30), asked_at=NOW,
    )  # fmt: skip
    twins = who(device)
    now["now"] = NOW - timedelta(days=1)
    another_day = who(device, "0142")

    for answer in (wrong, no_day, none, twins, another_day):
        assert answer.status_code == 422
        assert DESK in body(answer)
    assert not Sitting.objects.exists()


def test_a_visit_of_another_location_is_not_found(visit, manager):
    other = facility.location(name="Elsewhere")

    assert who(made(manager, other)[1]).status_code == 422


def test_ten_that_fit_nobody_close_the_kiosk_for_whoever_tries(kiosk, now):
    _row, device = kiosk
    for _ in range(10):
        who(device, "Nobody")

    assert DESK in body(who(device))
    now["now"] = NOW + timedelta(minutes=30)
    assert who(device, "0142").status_code == 302


# --- The same check-in as by link


def test_i_am_here_is_the_desks_arrival_and_leads_to_what_is_asked(kiosk, visit):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")

    here = device.post(f"{found}arrive/")

    assert here.url == f"{found}check-in/"
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.ARRIVED
    assert Encounter.objects.get().state == "arrived"
    page = body(device.get(here.url))
    assert WORDS["en"]["all_right"] in page
    assert 'autocomplete="tel"' not in page
    assert "Blue chairs" in body(device.get(f"{found}visit/"))


def test_in_spanish_the_page_says_what_is_written_in_spanish(kiosk, visit):
    _row, device = kiosk
    found = who(device, lang="es").url.removesuffix("visit/")
    device.post(f"{found}arrive/")

    page = body(device.get(f"{found}visit/"))

    assert WORDS["es"]["kiosk_arrived"] in page
    assert "Blue chairs" not in page
    assert 'lang="es"' in page


def test_a_language_chosen_by_one_is_not_the_next_ones(kiosk, visit):
    _row, device = kiosk
    found = who(device).url
    assert 'lang="es"' in body(device.get(f"{found}?lang=es"))
    assert '<html lang="es"' in body(device.get(found))

    again = who(device).url

    assert '<html lang="en"' in body(device.get(again))


@pytest.mark.parametrize("rest", ["times/", "cancel/", "pay/", "here/", "paper/?form=1", "coming/"])
def test_what_is_not_done_at_a_kiosk_leads_back_to_the_visit(kiosk, visit, rest):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")

    assert device.get(found + rest).url == f"{found}visit/"


def test_the_pages_open_on_that_device_alone_and_until_they_are_wiped(kiosk, visit, manager):
    _row, device = kiosk
    found = who(device).url
    token = found.split("/")[2]
    other = made(manager, visit.location, "Back door")[1]

    assert Client().get(found).url == "/kiosk/"
    assert other.get(found).url == "/kiosk/"
    device.post("/kiosk/leave/", {"token": token})

    assert device.get(found).url == "/kiosk/"


def test_the_next_who_is_found_ends_the_one_before(kiosk, visit):
    _row, device = kiosk
    first = who(device).url

    who(device)

    assert device.get(first).url == "/kiosk/"


def test_nobody_going_on_for_five_minutes_is_wiped_by_the_server(kiosk, visit, now):
    _row, device = kiosk
    found = who(device).url
    now["now"] = NOW + timedelta(minutes=5)

    assert device.get(found).url == "/kiosk/"


def test_no_page_of_a_kiosk_is_kept_by_the_browser(kiosk, visit):
    _row, device = kiosk
    found = who(device).url

    for page in (device.get("/kiosk/"), device.get("/kiosk/who/?lang=en"), device.get(found)):
        assert "no-store" in page["Cache-Control"]


# --- What the device kept while the line was away


def test_somebody_who_came_while_the_line_was_away_has_arrived_then(kiosk, visit, now):
    _row, device = kiosk
    now["now"] = NOW + timedelta(minutes=40)
    key = str(uuid4())

    sent = who(device, **late(key, NOW.isoformat()))

    assert sent["X-Kiosk-Taken"] == key
    assert Encounter.objects.get().arrived_at == NOW
    entry = KioskEntry.objects.get()
    assert (str(entry.key), entry.appointment, entry.case) == (key, visit, None)


def test_sent_again_nothing_happens_again(kiosk, visit):
    _row, device = kiosk
    headers = late()
    for _ in range(3):
        assert who(device, **headers)["X-Kiosk-Taken"] == headers["X-Kiosk-Key"]

    assert Encounter.objects.count() == KioskEntry.objects.count() == 1


def test_who_cannot_be_matched_later_is_work_of_the_front_desk(kiosk):
    _row, device = kiosk
    headers = late()

    assert who(device, "Perez", **headers)["X-Kiosk-Taken"]
    told = {"who": headers["X-Kiosk-Key"], "company": "my daughter", "needs": ""}
    device.post("/kiosk/told/?lang=en", told, headers=late())

    case = Case.objects.get()
    assert (case.desk, case.patient) == ("front", None)
    assert "Front door" in case.subject
    lines = "\n".join(CaseLine.objects.order_by("id").values_list("words", flat=True))
    for word in ("Perez", str(BORN.year), "my daughter"):
        assert word in lines
    assert set(KioskEntry.objects.values_list("case", flat=True)) == {case.pk}


def test_what_was_told_later_stands_with_the_visit(kiosk, visit):
    _row, device = kiosk
    headers = late()
    who(device, **headers)

    told = {"who": headers["X-Kiosk-Key"], "company": "my daughter", "reason": "", "needs": ""}
    device.post("/kiosk/told/?lang=en", told, headers=late())

    said = Said.objects.get()
    assert (said.appointment, said.thing, said.words) == (visit, "company", {"text": "my daughter"})
    assert not Case.objects.exists()


def test_what_was_told_of_nobody_is_work_too(kiosk):
    _row, device = kiosk

    device.post("/kiosk/told/?lang=en", {"who": "no key", "reason": "a cough"}, headers=late())

    assert "a cough" in CaseLine.objects.get().words


def answered(device, found, **more):
    page = body(device.get(f"{found}check-in/"))
    seen = page.partition('name="seen-phone" value="')[2].partition('"')[0]
    return {
        "key": "phone",
        "verdict": "changed",
        "number": "608 555 0199",
        "seen-phone": seen,
    } | more


def test_an_answer_sent_after_the_page_was_wiped_is_kept(kiosk, visit):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")
    answer = answered(device, found)
    device.post("/kiosk/leave/", {"token": found.split("/")[2]})

    sent = device.post(f"{found}check-in/say/", answer, headers=late())

    assert sent["X-Kiosk-Taken"]
    assert Said.objects.get().words["number"] == "+16085550199"
    assert not Case.objects.exists()


def test_an_answer_sent_late_keeps_no_page_open_for_whoever_comes_next(kiosk, visit, now):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")
    answer = answered(device, found)
    now["now"] += timedelta(minutes=4)

    device.post(f"{found}check-in/say/", answer, headers=late())

    now["now"] += timedelta(minutes=2)
    assert Said.objects.get().words["number"] == "+16085550199"
    assert "0199" not in body(device.get(f"{found}check-in/", follow=True))


def test_an_answer_that_comes_when_the_desk_has_checked_in_is_work_with_its_words(kiosk, visit):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")
    device.post(f"{found}arrive/")
    answer = answered(device, found)
    said = arrivals.CheckIn(
        [Identifier.NAME, Identifier.BIRTH_DATE], [Settled(item) for item in Item]
    )
    ana = access.officer("ava")
    arrivals.check_in(
        officer=ana, appointment_id=visit.pk, clear=tuple(Item), check_in=said, at=NOW
    )

    device.post(f"{found}check-in/say/", answer, headers=late())

    assert not Said.objects.exists()
    case = Case.objects.get()
    assert case.patient == visit.patient
    assert "608 555 0199" in CaseLine.objects.get(case=case).words


def test_an_answer_nobody_can_read_is_told_at_once_and_taken_as_work_later(kiosk, visit):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")
    answer = answered(device, found, number="12")
    at_once = {"X-Kiosk-Key": str(uuid4())}

    told = device.post(f"{found}check-in/say/", answer, headers=at_once)
    assert told.status_code == 422
    assert not KioskEntry.objects.exists()
    device.post(f"{found}check-in/say/", answer, headers=late(at_once["X-Kiosk-Key"]))

    assert KioskEntry.objects.get().case is not None


def test_a_thing_that_is_not_asked_any_more_is_work_and_no_fault(kiosk, visit):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")
    answer = answered(device, found, key="policy-987654")

    sent = device.post(f"{found}check-in/say/", answer, headers=late())

    assert sent["X-Kiosk-Taken"]
    assert Case.objects.count() == 1


def test_an_answer_after_the_visit_is_long_over_is_work(kiosk, visit, now):
    _row, device = kiosk
    found = who(device).url.removesuffix("visit/")
    answer = answered(device, found)
    now["now"] = NOW + timedelta(days=2)

    device.post(f"{found}check-in/say/", answer, headers=late())

    assert Case.objects.get().patient == visit.patient


def test_at_once_the_worker_is_told_where_to_go_on(kiosk, visit):
    _row, device = kiosk
    key = str(uuid4())

    found = who(device, **{"X-Kiosk-Key": key})
    assert found["X-Kiosk-Taken"] == key
    token = found.json()["go"].removesuffix("visit/")
    here = device.post(f"{token}arrive/", headers={"X-Kiosk-Key": str(uuid4())})

    assert here.json()["go"] == f"{token}check-in/"


@pytest.mark.django_db(transaction=True)
def test_two_senders_of_one_entry_make_one_arrival(kiosk, visit):
    _row, device = kiosk
    headers, said = late(), []

    def send():
        other = Client()
        other.cookies = device.cookies
        said.append(who(other, **headers)["X-Kiosk-Taken"])
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert said == [headers["X-Kiosk-Key"]] * 4
    assert Encounter.objects.count() == KioskEntry.objects.count() == 1


def test_the_worker_may_serve_the_pages_of_visits(kiosk):
    worker = kiosk[1].get("/kiosk/worker.js")

    assert worker["Service-Worker-Allowed"] == "/"
    assert worker["Content-Type"] == "text/javascript"
    assert "worker-src 'self'" in worker["Content-Security-Policy"]
