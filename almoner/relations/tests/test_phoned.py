"""The carrier's calls about our calls: believed when it signed them, for the address it knows."""

from datetime import timedelta

import pytest
from defusedxml.ElementTree import fromstring

from almoner.edges import sms, voice
from almoner.ground import clock, outbox
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests import make as patients
from almoner.patients.tests.make import Phone
from almoner.relations.models import Consent, Delivery, Spoken
from almoner.relations.tests.make import CYS, NOON
from almoner.relations.tests.test_phoning.shared import agree, remind

BASE = "https://desk.example/messages/calls/"
TOKEN = "54321"


@pytest.fixture(autouse=True)
def carrier(clinic, settings, monkeypatch):
    settings.VOICE_URL, settings.VOICE_WEBHOOK_URL = "http://127.0.0.1:1", BASE
    settings.VOICE_TOKEN, settings.CALL_AGAIN = TOKEN, (45,)
    monkeypatch.setattr(voice, "place", lambda *_a, **_k: "CA1")
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def item(clinic, ana):
    """A reminder to Cy that the carrier has placed."""
    cy = patients.patient(phones=(Phone(CYS),))
    agree(ana, cy)
    [message] = remind(clinic, cy)
    outbox.try_delivery(message.outgoing_id, at=NOON)
    return Outgoing.objects.get(pk=message.outgoing_id)


def call(client, item, rest="", *, mark=None, signed_for=None, sid="CA1", **said):
    form = {"CallSid": sid, "To": CYS, "CallStatus": "in-progress"} | said
    url = f"{BASE}{item}/{rest if signed_for is None else signed_for}"
    given = sms.signature(url, {name: [each] for name, each in form.items()}, TOKEN)
    headers = {sms.SIGNATURE: given if mark is None else mark}
    return client.post(f"/messages/calls/{item}/{rest}", form, headers=headers)


def said(answer):
    return [each.text for each in fromstring(answer.content).iter("Say")]


def test_a_signed_question_is_answered_with_words_for_the_ear(client, item):
    answer = call(client, item.pk, AnsweredBy="human")

    gather = fromstring(answer.content).find("Gather")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/xml")
    assert (gather.get("action"), gather.get("numDigits")) == (f"{BASE}{item.pk}/1/", "1")
    assert said(answer)[0].startswith("Hello. This is a recorded call from Northlight for")


def test_where_the_words_lead_keys_are_heard(client, item):
    call(client, item.pk, AnsweredBy="human")
    answer = call(client, item.pk, "1/", Digits="9")

    assert said(answer) == ["You will get no more such calls from us. Goodbye."]
    assert fromstring(answer.content).find("Hangup") is not None
    assert Consent.objects.filter(how="key").count() == 4


def test_no_key_at_all_is_asked_for_once_more(client, item):
    call(client, item.pk)

    assert (
        fromstring(call(client, item.pk, "1/").content)
        .find("Gather")
        .get("action")
        .endswith(f"/{item.pk}/2/")
    )


@pytest.mark.parametrize("rest", ["", "1/", "report/"])
@pytest.mark.parametrize("mark", ["", "forged", "é", "AAAA"])
def test_what_the_carrier_did_not_sign_is_refused_and_nothing_is_written(client, item, rest, mark):
    events = Event.objects.count()
    fields = {"Digits": "9", "CallStatus": "no-answer"}

    assert call(client, item.pk, rest, mark=mark, **fields).status_code == 403
    assert not Spoken.objects.exists()
    assert not Delivery.objects.exists()
    assert Event.objects.count() == events


def test_a_signature_for_one_address_opens_no_other(client, item):
    """A question that was overheard makes no key."""
    call(client, item.pk)

    assert call(client, item.pk, "1/", signed_for="", Digits="9").status_code == 403
    assert call(client, item.pk, "report/", signed_for="1/").status_code == 403


def test_without_a_token_nothing_is_genuine(client, item, settings):
    settings.VOICE_TOKEN = ""
    given = sms.signature(f"{BASE}{item.pk}/", {"CallSid": ["CA1"]}, "")

    assert call(client, item.pk, mark=given).status_code == 403


@pytest.mark.parametrize(
    ("rest", "said", "status"),
    [
        ("", {"sid": ""}, 400),
        ("", {"sid": "C\0A"}, 400),
        ("report/", {"CallStatus": "exploded"}, 400),
        ("", {"sid": "CA2"}, 410),
        ("7/", {"Digits": "9"}, 410),
    ],
)
def test_what_makes_no_sense_is_refused_plainly(client, item, rest, said, status):
    call(client, item.pk)

    assert call(client, item.pk, rest, **said).status_code == status
    assert Consent.objects.filter(given=False).count() == 0


def test_of_no_call_of_ours_there_is_nothing_to_say(client, item):
    assert call(client, item.pk + 99).status_code == 404


def test_a_call_that_is_over_is_not_spoken_in_again(client, item):
    call(client, item.pk)
    call(client, item.pk, "report/", CallStatus="completed")

    assert call(client, item.pk, "1/", Digits="1").status_code == 410
    assert call(client, item.pk).status_code == 410


def test_nine_is_heard_also_when_it_comes_after_the_end_and_nothing_is_said(client, item):
    call(client, item.pk)
    call(client, item.pk, "report/", CallStatus="completed")

    said = call(client, item.pk, "1/", Digits="9")

    assert (said.status_code, b"<Say" in said.content, b"<Gather" in said.content) == (
        200, False, False,
    )  # fmt: skip
    assert Consent.objects.filter(channel="voice", given=False).count() == 4


def test_a_question_that_comes_late_is_a_replay(client, item, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=16))

    assert call(client, item.pk).status_code == 410


def test_reports_come_twice_and_in_any_order(client, item):
    for status in ("no-answer", "ringing", "initiated", "no-answer"):
        assert call(client, item.pk, "report/", CallStatus=status).status_code == 200

    assert Delivery.objects.get().status == "no-answer"
    assert Outgoing.objects.filter(channel="voice").count() == 2


def test_only_what_is_posted_counts(client, item):
    for rest in ("", "1/", "report/"):
        assert client.get(f"/messages/calls/{item.pk}/{rest}").status_code == 405
