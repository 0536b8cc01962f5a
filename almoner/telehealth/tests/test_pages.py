"""The pages of staff and of those who take part: what they show, to whom, and what they refuse."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.arrivals import queries as flow
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.relations.models import Message
from almoner.relations.tests import make as relations
from almoner.scheduling.tests import make as scheduling
from almoner.telehealth import actions, queries, reactions
from almoner.telehealth.models import Participant, VideoVisit
from almoner.telehealth.rules import Role
from almoner.telehealth.seat import cookie_of
from almoner.telehealth.tests import make

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
POSTS = ("signal", "relay", "chat", "note", "quality", "phone", "phone/why", "phone/back", "leave")
ODD = (
    "", "[]", "nonsense", '"a"', '{"signals": [1], "legs": 5}', '{"words": 5, "reason": []}',
    '{"legs": [{"to": [1], "session": "a"}], "signals": [{"to": [1]}]}',
    '{"signals": [{"to": 1, "kind": "description", "session": "", "body": "\\u0000"}]}',
)  # fmt: skip


@pytest.fixture(autouse=True)
def clinic():
    facility.organisation()


@pytest.fixture
def visit(monkeypatch):
    """A visit by video; it is ten minutes before it."""
    visit = make.appointment()
    monkeypatch.setattr(clock, "now", lambda: make.early(visit))
    return visit


@pytest.fixture
def linh(client, visit):
    officer = make.host(visit)
    client.force_login(officer, backend=BACKEND)
    return officer


def at(visit, name="video_visit"):
    return reverse(name, args=[visit.pk])


def holding(place):
    """A browser that holds a place."""
    browser = Client()
    browser.cookies[cookie_of(place.participant_id)] = place.secret
    return browser


def body(answer):
    return answer.content.decode()


def here_on(page):
    """Whether the record of the visit says that somebody's page is open."""
    return "</svg>here</span>" in body(page)


class TestTheBoard:
    def test_it_shows_who_waits_and_notes_whom_it_showed(self, client, linh, visit):
        make.waiting(visit)

        page = client.get("/video/")

        assert f"{visit.patient.given} {visit.patient.family}" in body(page)
        assert "Waits" in body(page)
        look = AccessEvent.objects.get(officer=linh)
        assert (look.patient_ids, look.reason_kind) == ([visit.patient_id], "video board")

    def test_it_is_one_query_however_many_are_on_it(self, linh, visit, django_assert_num_queries):
        for hour in (10, 11):
            scheduling.appointment(
                clinician=visit.clinician,
                location=visit.location,
                visit_type=visit.visit_type,
                starts_at=scheduling.at(hour),
            )

        with django_assert_num_queries(1):
            found = queries.board(reading=access.reading(linh, at=make.early(visit)))

        assert len(found) == 3

    def test_a_visit_at_the_clinic_or_cancelled_is_not_on_it(self, linh, visit):
        scheduling.appointment(starts_at=scheduling.at(11))
        visit.status, visit.cancelled_at = "cancelled", make.early(visit)
        visit.save()

        assert queries.board(reading=access.reading(linh, at=make.early(visit))) == []

    def test_who_was_seen_without_video_is_not_waited_for(self, client, linh, visit):
        visit.status = "completed"
        visit.save()

        page = client.get("/video/").content.decode()

        assert "Seen, not by video" in page
        assert "Not here yet" not in page
        assert "Everything" not in page

    def test_only_who_sees_patients_is_offered_to_let_them_in(self, client, linh, visit):
        make.waiting(visit)
        assert "Admit" in body(client.get("/video/"))

        client.force_login(access.officer("ana-2"), backend=BACKEND)
        assert "Admit" not in body(client.get("/video/"))


class TestTheFlowBoard:
    def test_it_says_what_is_by_video_and_what_does_not_work(self, client, linh, visit):
        at_clinic = scheduling.appointment(location=visit.location, starts_at=scheduling.at(11))
        said = {"camera": "failed", "microphone": "good"}
        actions.keep_test(appointment_id=visit.pk, said=said, at=make.early(visit))

        page = body(client.get(f"/board/?location={visit.location_id}"))

        assert page.count(at(visit)) == 1
        assert page.count(f"/video/{visit.pk}/ring/") == 0  # a clinician does not call for the desk
        assert "Camera" in page
        assert at(at_clinic) not in page

    def test_visits_by_video_cost_the_board_one_query_more(
        self, linh, visit, django_assert_num_queries
    ):
        actions.keep_test(appointment_id=visit.pk, said={}, at=make.early(visit))
        reading = access.reading(linh, at=make.early(visit))

        with django_assert_num_queries(3):
            flow.board(visit.location_id, visit.local_day, reading=reading)

    def test_a_test_left_half_way_says_how_far_it_got(self, client, linh, visit):
        half = {"camera": "good", "microphone": "good", "network": "good"}
        actions.keep_test(appointment_id=visit.pk, said=half, at=make.early(visit))

        page = body(client.get(reverse("video_board")))

        assert "not tried: Speaker" in page
        assert "Not done" not in page


class TestAVisit:
    def test_its_page_is_for_that_visit_alone(self, client, linh, visit):
        make.waiting(visit)

        page = client.get(at(visit))

        assert page.status_code == 200
        look = AccessEvent.objects.get(officer=linh)
        assert (look.patient_ids, look.reason_kind) == ([visit.patient_id], "appointment")
        assert (
            client.get(at(scheduling.appointment(starts_at=scheduling.at(14)))).status_code == 404
        )

    def test_what_is_open_asks_for_a_reason_and_what_was_typed_stays(self, client, linh, visit):
        make.waiting(visit, state="Iowa", address="9 Elm")

        page = client.post(at(visit, "video_admit"), {"consent": "read out"})

        assert page.status_code == 422
        assert "Settle this, or say why it goes without." in body(page)
        assert VideoVisit.objects.get().state == "waiting"

        page = client.post(at(visit, "video_admit"), {"licence": "Compact"})

        assert page.url == reverse("call", args=[Participant.objects.get(role="clinician").pk])

    def test_whose_page_has_been_silent_is_not_said_to_be_here(
        self, client, linh, visit, monkeypatch
    ):
        _visit, place = make.waiting(visit)
        make.opened(place, 1, at=make.early(visit))
        assert here_on(client.get(at(visit)))

        later = make.early(visit) + timedelta(minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert not here_on(client.get(at(visit)))

    def test_nobody_who_waits_no_more_is_let_in(self, client, linh, visit):
        page = client.post(at(visit, "video_admit"))

        assert page.status_code == 302
        assert page.url.startswith(at(visit))

    def test_the_desk_writes_down_what_the_patient_says_on_the_phone(self, client, visit):
        client.force_login(access.officer("ana-2"), backend=BACKEND)
        wrong = client.post(at(visit, "video_where"), make.WHERE | {"state": "Ontario"})
        assert wrong.status_code == 422
        assert "There is no such state" in body(wrong)

        client.post(at(visit, "video_where"), make.WHERE)
        client.post(at(visit, "video_identify"))
        text = make.text()
        client.post(at(visit, "video_agree"), {"text": text.pk, "language": "es"})

        line = queries.of(visit.pk, clinician_id=None, at=make.early(visit))
        assert line.still_open == ()

    def test_a_link_is_shown_once(self, client, visit, settings):
        settings.ADDRESS = "https://clinic.example"
        client.force_login(access.officer("ana-2"), backend=BACKEND)

        page = client.post(at(visit, "video_invite"), {"role": "interpreter", "language": "es"})

        [link] = set(re.findall(r"https://clinic.example/call/invited/\S+?/", body(page)))
        token = link.split("/")[-2]
        assert queries.invitation(token).role == Role.INTERPRETER
        assert token not in body(client.get(at(visit)))
        assert not Message.objects.exists()

    @pytest.mark.parametrize(("role", "texts"), [("family", 1), ("interpreter", 0)])
    def test_the_link_of_the_family_may_go_to_the_patient_as_a_text(
        self, client, monkeypatch, settings, role, texts
    ):
        settings.ADDRESS = "https://clinic.example"
        phone = Phone(number="+16085550142", use="mobile", may_text=True)
        visit = make.appointment(patient=a_patient(phones=(phone,)))
        monkeypatch.setattr(clock, "now", lambda: make.early(visit))
        client.force_login(access.officer("ana-2"), backend=BACKEND)

        page = body(
            client.post(at(visit, "video_invite"), {"role": role, "language": "es", "send": "1"})
        )

        assert ("on its way to the patient" in page) is bool(texts)
        [link] = set(re.findall(r"https://clinic.example/call/invited/\S+?/", page))
        sent = list(Message.objects.values_list("body", flat=True))
        assert len(sent) == texts
        assert all(text.startswith("Enlace para que un familiar") and link in text for text in sent)

    def test_the_link_is_shown_where_the_patients_number_takes_no_texts(
        self, client, monkeypatch, settings
    ):
        settings.ADDRESS = "https://clinic.example"
        phone = Phone(number="+16085550142", use="home", may_text=True)
        visit = make.appointment(patient=a_patient(phones=(phone,)))
        relations.landline(phone.number)
        monkeypatch.setattr(clock, "now", lambda: make.early(visit))
        client.force_login(access.officer("ana-2"), backend=BACKEND)
        asked = {"role": "family", "language": "es", "send": "1"}

        page = body(client.post(at(visit, "video_invite"), asked))

        assert "Hand it to whom it is for" in page
        assert not Message.objects.exists()


class TestAPlace:
    def test_a_place_opens_only_for_the_browser_that_holds_it(self, visit):
        _visit, place = make.waiting(visit)
        where = reverse("call", args=[place.participant_id])
        other = holding(actions.Place(place.participant_id, "guessed"))

        for browser in (Client(), other):
            page = browser.get(where)
            assert page.status_code == 404
            assert not re.search(rf"\b{visit.patient.given}\b", body(page))
            assert str(visit.clinician) not in body(page)
            for name in POSTS:
                answer = browser.post(f"{where}{name}/", "{}", content_type="application/json")
                assert (answer.status_code, answer.json()) == (403, {"why": "removed"})
        assert holding(place).get(where).status_code == 200

    def test_one_visits_place_is_none_in_another(self, visit):
        _visit, mine = make.waiting(visit)
        other = make.appointment()
        _other, theirs = make.waiting(other)
        browser = holding(mine)

        assert browser.get(reverse("call", args=[theirs.participant_id])).status_code == 404

    def test_the_page_allows_camera_and_microphone_and_is_kept_by_nobody(self, visit):
        _visit, place = make.waiting(visit)

        page = holding(place).get(reverse("call", args=[place.participant_id]))

        assert "camera=(self)" in page.headers["Permissions-Policy"]
        assert "no-store" in page.headers["Cache-Control"]

    def test_another_browser_is_led_to_by_the_link_of_the_visit_or_by_the_account(
        self, visit, linh
    ):
        _visit, place = make.waiting(visit)
        admitted = actions.admit(
            officer=linh, appointment_id=visit.pk, reasons={}, at=make.early(visit)
        )

        def link(browser, of):
            page = browser.get(reverse("call", args=[of.participant_id]))
            return page.context["told"]["link"]

        browser = holding(place)
        assert link(browser, place) == "http://testserver/my/"
        browser.cookies[f"link-{place.participant_id}"] = "a-token"
        assert link(browser, place) == "http://testserver/v/a-token/"
        assert link(holding(admitted), admitted) == ""

    def test_who_works_here_no_more_holds_no_place(self, visit, linh):
        make.waiting(visit)
        place = actions.admit(
            officer=linh, appointment_id=visit.pk, reasons={}, at=make.early(visit)
        )
        browser, where = holding(place), reverse("call", args=[place.participant_id])
        assert browser.get(where).status_code == 200

        access.officer("ada", roles=("administrator",))
        type(linh).objects.filter(pk=linh.pk).update(left_at=make.early(visit))

        assert browser.get(where).status_code == 404

    def test_a_place_ends_with_the_right_to_hold_visits_and_with_the_visit(self, visit, linh):
        _visit, patient = make.waiting(visit)
        at = {"appointment_id": visit.pk, "at": make.early(visit)}
        place = actions.admit(officer=linh, reasons={}, **at)
        theirs, mine = holding(patient), holding(place)
        where = [reverse("call", args=[one.participant_id]) for one in (patient, place)]

        type(linh).objects.filter(pk=linh.pk).update(roles=["officer"])
        assert mine.get(where[1]).status_code == 404
        assert theirs.get(where[0]).status_code == 200
        type(linh).objects.filter(pk=linh.pk).update(roles=["clinician"])
        assert mine.get(where[1]).status_code == 200

        actions.end(officer=linh, **at)
        assert mine.get(where[1]).status_code == theirs.get(where[0]).status_code == 404

    def test_it_ends_with_the_time_of_the_visit_and_when_it_is_cancelled(self, visit, monkeypatch):
        _visit, place = make.waiting(visit)
        browser, where = holding(place), reverse("call", args=[place.participant_id])
        type(visit).objects.filter(pk=visit.pk).update(status="no_show")
        assert browser.get(where).status_code == 404
        type(visit).objects.filter(pk=visit.pk).update(status="booked")
        assert browser.get(where).status_code == 200

        monkeypatch.setattr(clock, "now", lambda: visit.ends_at + timedelta(hours=4))
        assert browser.get(where).status_code == 404

    @pytest.mark.parametrize("name", ["account_logout", "lock"])
    def test_who_signs_out_or_locks_their_screen_leaves_no_call_open_on_it(
        self, client, visit, linh, name
    ):
        _visit, patient = make.waiting(visit)
        place = actions.admit(
            officer=linh, appointment_id=visit.pk, reasons={}, at=make.early(visit)
        )
        where = reverse("call", args=[place.participant_id])
        assert holding(place).get(where).status_code == 200

        client.post(reverse(name))
        reactions.give_up(Event.objects.get(kind="access.went", about_id=linh.pk))

        assert holding(place).get(where).status_code == 404
        theirs = reverse("call", args=[patient.participant_id])
        assert holding(patient).get(theirs).status_code == 200

    def test_the_patients_number_is_for_the_patient_and_who_sees_them(self, visit, linh):
        _visit, patient = make.waiting(visit)
        at = {"appointment_id": visit.pk, "at": make.early(visit)}
        host = actions.admit(officer=linh, reasons={}, **at)
        token = actions.invite(officer=linh, role=Role.FAMILY, language="en", **at)
        guest = actions.accept(token=token, name="Eve", language="en", at=at["at"])

        pages = [
            body(holding(one).get(reverse("call", args=[one.participant_id])))
            for one in (patient, host, guest)
        ]

        assert ["555-0123" in page for page in pages] == [True, True, False]

    def test_a_sign_in_that_was_idle_too_long_ends_no_call(self, client, visit, linh, monkeypatch):
        make.waiting(visit)
        place = actions.admit(
            officer=linh, appointment_id=visit.pk, reasons={}, at=make.early(visit)
        )
        client.get("/video/")
        monkeypatch.setattr(clock, "now", lambda: make.early(visit) + timedelta(minutes=20))
        assert client.get("/video/").status_code == 302

        where = reverse("call", args=[place.participant_id])
        assert holding(place).get(where).status_code == 200

    @pytest.mark.parametrize("name", POSTS)
    @pytest.mark.parametrize("said", ODD)
    def test_whatever_is_sent_is_answered_and_is_never_a_fault(self, visit, name, said):
        _visit, place = make.waiting(visit)
        browser = holding(place)
        browser.raise_request_exception = False
        where = f"{reverse('call', args=[place.participant_id])}{name}/"

        answer = browser.post(where, said, content_type="application/json")

        assert answer.status_code < 500
        assert browser.get(where).status_code == 405

    def test_a_word_says_why_not(self, visit):
        _visit, place = make.waiting(visit)
        where = reverse("call", args=[place.participant_id])

        answer = holding(place).post(f"{where}relay/", "{}", content_type="application/json")

        assert (answer.status_code, answer.json()) == (409, {"why": "not_now"})

    def test_a_note_is_left_in_the_waiting_room(self, visit):
        _visit, place = make.waiting(visit)
        where = reverse("call", args=[place.participant_id])

        holding(place).post(
            f"{where}note/", json.dumps({"words": "My ear hurts"}), content_type="application/json"
        )

        assert VideoVisit.objects.get().note == "My ear hurts"


class TestAnInvitation:
    @pytest.fixture
    def token(self, visit):
        make.waiting(visit)
        return actions.invite(
            officer=access.officer("ana-2"),
            appointment_id=visit.pk,
            role=Role.INTERPRETER,
            language="es",
            at=make.early(visit),
        )

    def test_looking_at_it_uses_nothing_up_and_names_nobody(self, visit, token):
        where = reverse("call_invitation", args=[token])

        for _twice in range(2):
            page = Client().get(where)
            assert page.status_code == 200
            assert "Intérprete" in body(page)
            assert not re.search(rf"\b{visit.patient.given}\b", body(page))

    def test_it_is_accepted_with_a_name_and_only_once(self, token):
        where, browser = reverse("call_invitation", args=[token]), Client()

        assert browser.post(where, {"name": " "}).status_code == 422
        page = browser.post(where, {"name": "Rosa"})
        assert browser.get(page.url).status_code == 200
        assert Client().post(where, {"name": "Eve"}).status_code == 404
        assert Client().get(where).status_code == 404

    def test_one_that_leads_nowhere_says_what_to_do(self):
        page = Client().get(reverse("call_invitation", args=["nobody"]))

        assert page.status_code == 404
        assert "This link does not work any more." in body(page)
