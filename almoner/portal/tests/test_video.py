"""A visit by video on the patient's own pages: where they are, what they agree to, and in."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from almoner.arrivals.models import Encounter, Said
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.portal.tests.make import linked, path, says
from almoner.telehealth.models import Consent, Participant, VideoVisit
from almoner.telehealth.tests import make

pytestmark = pytest.mark.django_db
RESTS = ("video/", "video/consent/", "video/test/", "video/tested/", "video/enter/")


@pytest.fixture(autouse=True)
def clinic(settings):
    facility.organisation()
    settings.ADDRESS = "https://clinic.example"


@pytest.fixture
def visit(monkeypatch):
    """A visit by video that begins in ten minutes."""
    visit = linked(visit_type=facility.visit_type("Video visit", by_video=True))
    make.text()
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(minutes=10))
    return visit


def body(answer):
    return answer.content.decode()


def test_the_page_of_the_visit_leads_there_from_an_hour_before(visit, monkeypatch):
    phone = says(visit)
    assert "Go to the video visit" in body(phone.get(path(visit, "visit/")))

    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(minutes=61))
    phone = says(visit)

    page = body(phone.get(path(visit, "visit/")))
    assert "You can go in from an hour before the visit." in page
    assert "Test camera and sound" in page
    assert phone.get(path(visit, "video/")).url == path(visit, "visit/")
    assert phone.get(path(visit, "video/test/")).status_code == 200


def test_to_go_in_is_what_comes_next_once_one_can(visit, monkeypatch):
    page = body(says(visit).get(path(visit, "visit/")))
    primary = re.findall(r'class="button primary" href="/v/[^/]+/([^"]+)"', page)
    assert primary == ["video/"]

    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(minutes=61))
    page = body(says(visit).get(path(visit, "visit/")))

    assert re.findall(r'class="button primary" href="/v/[^/]+/([^"]+)"', page) == ["check-in/"]


def test_what_the_test_came_to_is_still_said_on_the_way_in(visit):
    phone = says(visit)
    said = {"camera": "good", "microphone": "failed"}
    phone.post(path(visit, "video/tested/"), json.dumps(said), content_type="application/json")

    page = body(phone.get(path(visit, "video/test/")))

    assert '<dd id="of-camera" data-tone="good">works</dd>' in page
    assert '<dd id="of-microphone" data-tone="bad">does not work</dd>' in page
    assert '<dd id="of-speaker" data-tone="">not tried</dd>' in page


@pytest.mark.parametrize(
    ("language", "where"),
    [("en", "By video, from where you are"), ("es", "Por video, desde donde usted esté")],
)
def test_no_street_is_shown_that_somebody_would_go_to(visit, language, where):
    phone = says(visit)

    page = body(phone.get(path(visit, "visit/"), {"lang": language}, follow=True))

    assert where in page
    assert visit.location.address_line
    assert visit.location.address_line not in page


def test_nobody_is_asked_to_say_that_they_have_come_to_the_building(visit):
    phone = says(visit)

    assert "I am here" not in body(phone.get(path(visit, "visit/")))
    phone.post(path(visit, "here/"), {"do": "here"})

    assert not Encounter.objects.exists()


def test_a_visit_at_the_clinic_has_none_of_it(monkeypatch):
    visit = linked()
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at - timedelta(minutes=10))
    phone = says(visit)

    assert "video" not in body(phone.get(path(visit, "visit/")))
    for rest in ("video/", "video/consent/", "video/test/"):
        assert phone.get(path(visit, rest)).url == path(visit, "visit/")
    assert phone.post(path(visit, "video/enter/")).url == path(visit, "visit/")
    assert not VideoVisit.objects.exists()


def test_from_where_they_are_to_the_waiting_room(visit):
    phone = says(visit)

    assert phone.post(path(visit, "video/"), make.WHERE).url == path(visit, "video/consent/")
    text = body(phone.get(path(visit, "video/consent/")))
    assert "Yes?" in text
    _before, asked = text.split('name="text" value="')
    agreed = phone.post(path(visit, "video/consent/"), {"text": asked.split('"')[0]})
    assert agreed.url == path(visit, "video/test/")
    assert "Go to the waiting room" in body(phone.get(agreed.url))
    inside = phone.post(path(visit, "video/enter/"))

    seat = Participant.objects.get()
    assert inside.url == f"/call/{seat.pk}/"  # no link in an address: those are written down
    assert path(visit, "") in body(phone.get(inside.url))
    assert path(visit, "pay/") in body(phone.get(inside.url))
    for name in (f"link-{seat.pk}", f"pay-{seat.pk}"):
        kept = inside.cookies[name]
        assert kept["httponly"]
        assert kept["path"] == inside.url
        del phone.cookies[name]
    assert "/v/" not in body(phone.get(inside.url))
    row = VideoVisit.objects.get()
    assert (row.state, row.located_state, row.callback) == ("waiting", "WI", "+16085550123")
    assert row.identified_at is not None
    assert Consent.objects.get().taken_by_id is None


def test_nobody_enters_who_has_not_said_where_they_are_and_agreed(visit):
    phone = says(visit)

    assert phone.post(path(visit, "video/enter/")).url == path(visit, "video/")
    phone.post(path(visit, "video/"), make.WHERE)
    assert phone.post(path(visit, "video/enter/")).url == path(visit, "video/")
    assert not Participant.objects.exists()


def test_a_text_that_is_not_in_force_there_is_agreed_to_by_nobody(visit):
    other = make.text("IA")
    phone = says(visit)
    phone.post(path(visit, "video/"), make.WHERE)

    for text in (other.pk, "", "9" * 30, "x"):
        assert phone.post(path(visit, "video/consent/"), {"text": text}).status_code == 200

    assert not Consent.objects.exists()


def test_what_cannot_be_is_said_and_what_was_typed_stays(visit):
    page = says(visit).post(path(visit, "video/"), make.WHERE | {"callback": "555"})

    assert page.status_code == 422
    assert "Write the whole phone number" in body(page)
    assert make.WHERE["address"] in body(page)


def test_what_the_test_came_to_is_kept(visit):
    phone = says(visit)
    sent = {"content_type": "application/json"}

    answer = phone.post(path(visit, "video/tested/"), json.dumps({"camera": "failed"}), **sent)
    assert answer.status_code == 200
    assert VideoVisit.objects.get().test["camera"] == "failed"
    for nonsense in ("", "[]", "x"):
        assert phone.post(path(visit, "video/tested/"), nonsense, **sent).status_code == 400


def test_without_the_birth_date_nothing_of_it_opens(visit):
    other = linked(
        visit_type=facility.visit_type("Other", by_video=True), starts_at=visit.starts_at
    )
    stranger = says(other)

    for rest in RESTS:
        for browser in (Client(), stranger):
            for answer in (
                browser.get(path(visit, rest)),
                browser.post(path(visit, rest), make.WHERE),
            ):
                assert answer.status_code in (302, 405)
                if answer.status_code == 302:
                    assert answer.url.partition("?")[0] == path(visit)
    assert not VideoVisit.objects.filter(appointment=visit).exists()


@pytest.mark.parametrize(
    ("language", "which", "street", "number"),
    [
        ("en", "Say which state you are in.", "Write the street", "Write the whole phone number"),
        ("es", "Diga en qué estado está usted.", "Escriba la calle", "Escriba el número completo"),
    ],
)
def test_all_that_is_missing_is_said_at_once_and_the_first_is_gone_to(
    visit, language, which, street, number
):
    nothing = {"state": " ", "address": "", "reach": "other", "callback": ""}

    page = body(says(visit).post(path(visit, "video/") + f"?lang={language}", nothing))

    faults = re.findall(r'<div class="fault" id="([a-z]+)-wrong"><span>([^<]*)', page)
    assert [name for name, _why in faults] == ["state", "address", "callback"]
    for (_name, why), begins in zip(faults, (which, street, number), strict=True):
        assert why.startswith(begins)
    assert re.findall(r'<input id="(\w+)"[^>]*autofocus', page) == ["state"]


def test_a_state_that_is_none_is_said_to_be_none(visit):
    wrong = make.WHERE | {"state": "Ontario"}

    page = body(says(visit).post(path(visit, "video/"), wrong))

    assert "There is no such state." in page
    assert "Say which state" not in page


def test_a_test_left_half_way_is_kept_and_is_no_finished_one(visit):
    phone = says(visit)
    half = {"camera": "good", "microphone": "good", "network": "good", "done": False}

    phone.post(path(visit, "video/tested/"), half, content_type="application/json")

    assert VideoVisit.objects.get().test["speaker"] == "skipped"
    assert not Said.objects.filter(thing="devices").exists()
    assert "Test once more" in body(phone.get(path(visit, "video/test/")))


def test_who_is_seen_by_video_is_asked_of_a_visit_by_video(visit):
    phone = says(visit)
    page = body(phone.get(path(visit, "check-in/")))

    assert "Who takes part with you" in page
    assert "Who comes with you" not in page
    assert "wheelchair" not in page
    assert "I will come" not in body(phone.get(path(visit, "visit/")))
