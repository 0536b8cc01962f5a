"""What is decided about a visit by video without asking anybody."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.telehealth import rules
from almoner.telehealth.rules import TESTED, Ahead, Facts, Item, Phone, State

TESTS = st.dictionaries(st.sampled_from(TESTED), st.sampled_from(["good", "failed", "skipped"]))
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
KNOWN = Facts(True, "WI", NOW, "5 Mill Lane", "+16085550123", consented=True, licensed=True)


def minutes(count):
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (State.NOT_OPEN, State.WAITING),
        (State.WAITING, State.ADMITTED),
        (State.WAITING, State.NOT_OPEN),
        (State.ADMITTED, State.WAITING),
        (State.ADMITTED, State.ENDED),
        (State.WAITING, State.ENDED),
        (State.NOT_OPEN, State.ENDED),
    ],
)
def test_what_may_follow(state, to):
    assert rules.may_follow(state, to)


def test_nobody_is_admitted_who_does_not_wait_and_an_end_is_only_taken_back():
    assert not rules.may_follow(State.NOT_OPEN, State.ADMITTED)
    assert [to for to in State if rules.may_follow(State.ENDED, to)] == [State.NOT_OPEN]


def test_nothing_is_open_of_a_gate_that_knows_everything():
    assert rules.open_items(KNOWN, at=NOW) == ()


@pytest.mark.parametrize(
    ("changed", "item"),
    [
        ({"identified": False}, Item.IDENTITY),
        ({"state": ""}, Item.LOCATION),
        ({"emergency": " "}, Item.EMERGENCY),
        ({"callback": ""}, Item.CALLBACK),
        ({"consented": False}, Item.CONSENT),
        ({"licensed": False}, Item.LICENCE),
    ],
)
def test_each_item_of_the_gate_is_open_by_itself(changed, item):
    facts = {name: getattr(KNOWN, name) for name in KNOWN.__slots__} | changed

    assert rules.open_items(Facts(**facts), at=NOW) == (item,)


def test_where_somebody_was_this_morning_says_nothing_of_where_they_are():
    later = NOW + timedelta(hours=4, seconds=1)

    assert rules.open_items(KNOWN, at=later) == (Item.LOCATION, Item.EMERGENCY)


def test_a_reason_of_blanks_is_none():
    still_open = (Item.CONSENT, Item.LICENCE)

    assert rules.barred(still_open, {Item.CONSENT: "  ", Item.LICENCE: "Compact"}) == (
        Item.CONSENT,
    )


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("wi", "WI"), (" Wisconsin ", "WI"), ("new  york", "NY"), ("DC", "DC"), ("", ""),
        ("Ontario", ""), ("XX", ""), ("W", ""),
    ],
)  # fmt: skip
def test_a_state_is_typed_by_its_letters_or_its_name(typed, state):
    assert rules.state_named(typed) == state


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("608 555 0123", "+16085550123"), ("(608) 555-0123", "+16085550123"),
        ("1 608 555 0123", "+16085550123"), ("+52 55 1234 5678", "+525512345678"),
        ("555 0123", ""), ("", ""), ("+1234567890123456", ""),
    ],
)  # fmt: skip
def test_a_number_is_typed_as_people_write_it(typed, number):
    assert rules.number_to_call(typed) == number


def test_nobody_waits_less_than_until_their_own_time():
    assert rules.estimate([], starts_at=NOW + minutes(12), at=NOW) == 15
    assert rules.estimate([], starts_at=NOW - minutes(12), at=NOW) == 0


def test_who_is_before_takes_their_time_and_who_is_in_there_what_is_left_of_it():
    under_way = Ahead(20, NOW - minutes(12))
    over_time = Ahead(20, NOW - minutes(40))

    assert rules.estimate([under_way, Ahead(15, None)], starts_at=NOW, at=NOW) == 25
    assert rules.estimate([over_time], starts_at=NOW, at=NOW) == 5


OFFER = json.dumps({"type": "offer", "sdp": "v=0"})
WAY = json.dumps({"candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0})


def test_what_browsers_say_passes():
    assert rules.sound("description", OFFER)
    assert rules.sound("candidate", WAY)
    assert rules.sound("candidate", json.dumps({"candidate": "", "sdpMid": None}))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("chat", OFFER),
        ("description", "not json"),
        ("description", "[]"),
        ("description", json.dumps({"type": "offer", "sdp": "x" * 40_000})),
        ("description", json.dumps({"type": "hello", "sdp": ""})),
        ("description", json.dumps({"type": "offer", "sdp": "", "more": 1})),
        ("description", json.dumps({"type": "offer", "sdp": {"deep": 1}})),
        ("candidate", json.dumps({"candidate": "c", "sdpMLineIndex": True})),
        ("candidate", json.dumps({"candidate": "c" * 3_000})),
    ],
)
def test_nothing_else_passes(kind, body):
    assert not rules.sound(kind, body)


def test_the_relays_password_is_what_coturn_reckons_and_ends_in_ten_minutes():
    name, password = rules.credentials("secret", who=7, at=NOW)

    until, who = name.split(":")
    assert (int(until), who) == (int((NOW + minutes(10)).timestamp()), "7")
    reckoned = hmac.new(b"secret", name.encode(), hashlib.sha1).digest()
    assert base64.b64decode(password) == reckoned


def test_of_a_test_only_known_words_are_kept():
    said = {"camera": "good", "microphone": "failed", "speaker": "<b>", "other": "good"}

    assert rules.tested(said) == {
        "camera": "good", "microphone": "failed", "speaker": "skipped", "network": "skipped",
        "relay": "skipped",
    }  # fmt: skip
    assert rules.trouble(rules.tested(said)) == ["microphone"]


def test_of_a_connections_figures_only_possible_ones_are_kept():
    assert rules.leg({"candidate": "relay", "first_frame_ms": 554.4, "loss": 12}) == {
        "candidate": "relay", "first_frame_ms": 554, "loss": 12, "cause": "",
    }  # fmt: skip
    assert rules.leg({"candidate": "x", "first_frame_ms": -1, "loss": True, "cause": "y"}) == {
        "candidate": "", "first_frame_ms": None, "loss": None, "cause": "",
    }  # fmt: skip


def test_a_place_is_kept_for_ninety_seconds_after_the_line_broke():
    gone_at = NOW - timedelta(seconds=89)

    assert rules.in_the_call(seen_at=NOW - minutes(5), away_at=gone_at, at=NOW)
    assert not rules.in_the_call(
        seen_at=NOW - minutes(5), away_at=NOW - timedelta(seconds=90), at=NOW
    )
    assert not rules.here(seen_at=NOW - timedelta(seconds=41), away_at=None, at=NOW)


def test_every_word_is_there_in_each_language_with_the_same_facts():
    english, spanish = rules.WORDS["en"], rules.WORDS["es"]

    assert english.keys() == spanish.keys()
    for name in english:
        facts = {part for part in english[name].split() if "{" in part}
        assert len(facts) == english[name].count("{") == spanish[name].count("{"), name


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, ["camera", "microphone", "speaker", "network"]),
        ({"camera": "good", "microphone": "failed", "network": "good"}, ["speaker"]),
        (dict.fromkeys(("camera", "microphone", "speaker", "network"), "good"), []),
    ],
)
def test_it_is_known_what_a_test_left_out_but_for_a_relay(said, left):
    assert rules.untried(rules.tested(said)) == left


@given(TESTS)
def test_why_it_goes_on_by_phone_is_guessed_from_the_test_and_from_nothing_else(test):
    failed = rules.trouble(test)

    assert (rules.likely_why(test) is Phone.OTHER) == (not failed)
    if failed == ["speaker"]:
        assert rules.likely_why(test) is Phone.SOUND


@given(st.timedeltas(timedelta(0), timedelta(minutes=2)))
def test_what_is_offered_for_ten_seconds_is_never_refused_within_them(passed):
    may = rules.may_undo(done_at=NOW, at=NOW + passed)

    assert may or passed > rules.UNDO
    assert not may or passed <= timedelta(seconds=15)
