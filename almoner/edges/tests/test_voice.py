"""A call as the carrier is asked for it, and what it reads of ours."""

import httpx
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as some

from almoner.edges import sms, voice

CARRIER = sms.Carrier("http://127.0.0.1:1", "AC1", "secret", "+16085550100")


def test_a_call_is_asked_for_as_the_carrier_documents_it(monkeypatch):
    asked = []

    def post(where, **what):
        asked.append((where, what["data"], what["auth"]))
        return httpx.Response(201, json={"sid": "CA1"}, request=httpx.Request("POST", where))

    monkeypatch.setattr(httpx, "post", post)
    sid = voice.place(CARRIER, to="+16085550142", words_at="https://d/1/", report_to="https://d/r/")

    [(where, form, auth)] = asked
    assert (sid, auth) == ("CA1", ("AC1", "secret"))
    assert where == "http://127.0.0.1:1/2010-04-01/Accounts/AC1/Calls.json"
    assert form == {
        "To": "+16085550142", "From": "+16085550100", "Url": "https://d/1/", "Method": "POST",
        "StatusCallback": "https://d/r/", "StatusCallbackMethod": "POST",
        "MachineDetection": "DetectMessageEnd", "Timeout": "25",
    }  # fmt: skip


def test_what_is_waited_for_may_be_pressed_while_it_is_said():
    answer = fromstring(voice.twiml(voice.Words("es", ("Hola.", "Oprima 1."), 1, "https://d/2/")))

    gather = answer.find("Gather")
    assert (gather.get("numDigits"), gather.get("action")) == ("1", "https://d/2/")
    assert gather.get("actionOnEmptyResult") == "true"
    assert [(each.get("language"), each.text) for each in gather] == [
        ("es-MX", "Hola."), ("es-MX", "Oprima 1."),
    ]  # fmt: skip
    assert answer.find("Hangup") is None


def test_the_end_hangs_up():
    answer = fromstring(voice.twiml(voice.Words("en", ("Goodbye.",))))

    assert [each.tag for each in answer] == ["Say", "Hangup"]
    assert answer[0].get("language") == "en-US"


@given(some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff")))
def test_whatever_is_said_stays_words(words):
    """A name with a bracket or an ampersand opens no tag of its own."""
    answer = fromstring(voice.twiml(voice.Words("en", (words,))))

    heard = [each.text or "" for each in answer.iter("Say")]
    assert heard == ["".join(each for each in words if each >= " " or each in "\t\n")]
    assert [each.tag for each in answer.iter()] == ["Response", "Say", "Hangup"]
