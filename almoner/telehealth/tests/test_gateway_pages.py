"""What pages ask of the gateway through us, what they are told, and what the desk reads of it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.telehealth import actions
from almoner.telehealth.models import Participant
from almoner.telehealth.rules import Role
from almoner.telehealth.seat import cookie_of
from almoner.telehealth.tests import make
from tests import gateways

pytestmark = pytest.mark.django_db
OFFER = "v=0 an offer"


@pytest.fixture
def gateway(settings):
    server = gateways.Pretended()
    settings.JANUS_URL, settings.JANUS_SECRET = server.gateway.url, server.gateway.secret
    yield server
    server.close()


@pytest.fixture
def visit(monkeypatch):
    facility.organisation()
    made = make.appointment()
    monkeypatch.setattr(clock, "now", lambda: make.early(made))
    return made


def link(visit, linh):
    return actions.invite(
        officer=linh, appointment_id=visit.pk, role=Role.FAMILY, language="en",
        at=make.early(visit),
    )  # fmt: skip


def five(visit):
    """Five of a call with their pages open; each one's browser."""
    at = make.early(visit)
    visit, patient = make.waiting(visit)
    linh = make.host(visit)
    guests = [
        actions.accept(token=link(visit, linh), name="Eve", language="en", at=at)
        for _three in range(3)
    ]
    host = actions.admit(officer=linh, appointment_id=visit.pk, reasons={}, at=at)
    browsers = []
    for number, place in enumerate((patient, host, *guests)):
        make.opened(place, number, at=at)
        browser = Client()
        browser.cookies[cookie_of(place.participant_id)] = place.secret
        browser.place = place.participant_id
        browsers.append(browser)
    return linh, browsers


def asks(browser, do, **said):
    session = Participant.objects.get(pk=browser.place).session
    return browser.post(
        reverse("call_gateway", args=[browser.place]),
        json.dumps({"do": do, "session": session} | said),
        content_type="application/json",
    )


def test_a_page_sends_and_another_gets_it(gateway, visit):
    _linh, [patient, host, *_guests] = five(visit)

    sent = asks(patient, "send", sdp=OFFER)
    assert sent.json()["sdp"] == "v=0 the answer"
    feed = sent.json()["id"]
    assert asks(patient, "stay", ids=[feed]).json() == {"lost": []}
    got = asks(host, "get", to=patient.place, feed=feed)
    assert got.json()["sdp"] == "v=0 the offer"
    mine = got.json()["id"]
    assert asks(host, "answer", id=mine, sdp=OFFER).json() == {}
    candidate = json.dumps({"candidate": "candidate:1 1 udp 1 192.0.2.7 5000 typ host"})
    assert asks(host, "trickle", id=mine, candidates=[candidate]).json() == {}

    said = sent.content + got.content
    assert gateways.SECRET.encode() not in said
    assert not any(str(number).encode() in said for number in gateway.sessions)


@pytest.mark.parametrize(
    ("asked", "status", "why"),
    [
        ({"do": "get", "to": 1, "feed": 1}, 410, "gone"),
        ({"do": "answer", "id": 2**62, "sdp": OFFER}, 410, "gone"),
        ({"do": "send", "sdp": 7}, 400, "unsound"),
        ({"do": "trickle", "id": 1, "candidates": ["no"]}, 400, "unsound"),
        ({"do": "trickle", "id": 1, "candidates": {}}, 400, "unsound"),
        ({"do": "stay", "ids": ["1"]}, 400, "unsound"),
        ({"do": "destroy"}, 400, "unsound"),
    ],
)
def test_a_word_says_why_not(gateway, visit, asked, status, why):
    _linh, [patient, *_others] = five(visit)

    answer = asks(patient, **asked)

    assert (answer.status_code, answer.json()) == (status, {"why": why})


def test_a_gateway_that_is_silent_is_said_to_be(gateway, visit):
    _linh, [patient, *_others] = five(visit)
    gateway.faults.add("nonsense")

    answer = asks(patient, "send", sdp=OFFER)

    assert (answer.status_code, answer.json()) == (503, {"why": "no_gateway"})


def test_who_holds_no_such_place_asks_nothing(gateway, visit):
    _linh, [patient, host, *_others] = five(visit)
    host.place = patient.place
    gateway.heard.clear()

    assert asks(host, "send", sdp=OFFER).status_code == 403
    assert gateway.heard == []


def test_the_fifth_is_told_plainly_that_four_are_the_most(visit, client):
    at = make.early(visit)
    visit, _patient = make.waiting(visit)
    linh = make.host(visit)
    for _two in range(2):
        actions.accept(token=link(visit, linh), name="Eve", language="en", at=at)

    answer = client.post(reverse("call_invitation", args=[link(visit, linh)]), {"name": "Son"})

    assert answer.status_code == 409
    assert "Four people are the most in a visit here" in answer.content.decode()


def test_the_desk_reads_before_inviting_how_many_a_visit_takes(gateway, visit, client, settings):
    make.waiting(visit)
    client.force_login(make.host(visit))
    where = f"/video/{visit.pk}/?for=appointment:{visit.pk}"

    assert "Up to 12 take part in one visit." in client.get(where).content.decode()
    settings.JANUS_URL = ""
    assert "4 are the most in one visit" in client.get(where).content.decode()


def test_the_record_says_which_lines_went_through_the_gateway(gateway, visit, client):
    linh, [patient, host, *_guests] = five(visit)
    near, far = (Participant.objects.get(pk=one.place) for one in (patient, host))
    said = {"to": far.pk, "session": far.session, "candidate": "host"}
    near = Participant.objects.select_related("visit__appointment").get(pk=near.pk)
    actions.note_quality(
        participant=near,
        legs=[said | {"cause": "gathered"}, said | {"by_gateway": True}],
        at=make.early(visit),
    )
    client.force_login(linh)

    page = client.get(f"/video/{visit.pk}/?for=appointment:{visit.pk}").content.decode()

    assert "on through the gateway" in page
    assert "<td>through the gateway</td>" in page
