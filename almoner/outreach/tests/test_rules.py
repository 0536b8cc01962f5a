"""What may be asked, who is held out, what is said, and what can be claimed of it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from almoner.outreach.rules import (
    FEWEST,
    SHIPPED,
    Arm,
    Called,
    Left,
    Unreadable,
    Verdict,
    again_after,
    codes_of,
    comes_to,
    composed,
    draw,
    effect,
    faults,
    held_out,
    in_order,
    read,
)

FACTS = {"clinic": "Northlight", "phone": "(608) 555-0100", "address": "1 Quay"}


@pytest.mark.parametrize(
    "said",
    [
        {"name": "Garcia"},
        {"diagnosis": "E11"},
        {"diagnosis": ["E1"]},
        {"diagnosis": ["E11'; DROP TABLE x"]},
        {"diagnosis": []},
        {"diagnosis": ["E11"] * 21},
        {"not_seen": 0},
        {"not_seen": "6"},
        {"not_seen": True},
        {"never_seen": False},
        {"future": "maybe"},
        {"sex": ["F"]},
        {"language": ["english"]},
        {"location": [0]},
        {"location": [2**63]},
        {"plan": ["1"]},
        {"age_from": 40, "age_to": 30},
        {},
    ],
)
def test_a_segment_asks_nothing_that_is_not_on_the_list(said):
    with pytest.raises(Unreadable):
        read(said)


def test_conditions_are_read_in_one_order_however_they_are_kept_and_each_value_once():
    kept = read({"age_from": 18, "diagnosis": ["E11", "E10", "E11"], "never_seen": True})

    assert in_order(dict(reversed(kept.items()))) == [
        ("diagnosis", ["E11", "E10"]), ("never_seen", True), ("age_from", 18),
    ]  # fmt: skip


def test_codes_are_read_as_they_are_typed():
    assert codes_of(" e11, E10.9;\ni10 ") == ["E11", "E109", "I10"]


@given(some.sets(some.integers(1, 10**9), min_size=1), some.integers(0, 50), some.integers(1, 9))
def test_a_draw_takes_everybody_once_never_above_the_pace_and_can_be_made_again(ids, percent, pace):
    places = draw(7, ids, percent=percent, pace=pace)

    assert sorted(each.patient_id for each in places) == sorted(ids)
    assert all(each.held_out == held_out(7, each.patient_id, percent=percent) for each in places)
    days = [each.day for each in places if not each.held_out]
    assert all(days.count(day) <= pace for day in days)
    assert draw(7, sorted(ids, reverse=True), percent=percent, pace=pace) == places


def test_the_share_held_out_is_the_one_asked_for_and_another_campaign_draws_others():
    out = {id_ for id_ in range(20_000) if held_out(1, id_, percent=10)}
    others = {id_ for id_ in range(20_000) if held_out(2, id_, percent=10)}

    assert 1_850 < len(out) < 2_150
    assert 120 < len(out & others) < 280
    assert not any(held_out(1, id_, percent=0) for id_ in range(1_000))


def test_those_held_out_are_spread_over_the_days_like_the_others():
    places = draw(3, range(4_000), percent=25, pace=100)

    days = {each.day for each in places if each.held_out}
    assert days == {each.day for each in places if not each.held_out}


def test_the_interval_is_newcombes():
    found = effect(Arm(70, 56), Arm(80, 48))  # his own example: 56/70 and 48/80

    assert (found.difference, found.lower, found.upper) == (20.0, 5.2, 33.4)
    assert found.verdict is Verdict.MORE


def test_nothing_is_claimed_of_few_or_of_what_chance_may_do():
    assert effect(Arm(1_000, 900), Arm(FEWEST - 1, 0)).verdict is Verdict.TOO_FEW
    assert effect(Arm(1_000, 900), Arm(FEWEST - 1, 0)).difference is None
    assert effect(Arm(100, 12), Arm(100, 10)).verdict is Verdict.CANNOT_TELL
    assert effect(Arm(100, 1), Arm(100, 20)).verdict is Verdict.FEWER


@given(some.data())
def test_the_difference_lies_in_its_interval_and_turns_round_with_the_groups(data):
    arms = []
    for _ in range(2):
        people = data.draw(some.integers(FEWEST, 5_000))
        arms.append(Arm(people, data.draw(some.integers(0, people))))

    one, other = effect(*arms), effect(*reversed(arms))

    assert -100.0 <= one.lower <= one.difference <= one.upper <= 100.0
    assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower), abs=0.11)


def test_a_text_says_who_writes_and_how_it_ends_and_fits_in_two_parts():
    for language, end in (("en", "STOP"), ("es", "ALTO")):
        text = composed("sms", language, SHIPPED[language][1], facts=FACTS, advertises=False)
        assert text.startswith("Northlight: ")
        assert end in text
        assert "(608) 555-0100" in text
        assert len(text) <= 306


def test_an_e_mail_that_advertises_says_where_we_are():
    said = {"facts": FACTS, "advertises": True}

    assert "1 Quay" in composed("email", "en", "Hello {phone}", **said)
    assert "1 Quay" not in composed("email", "en", "Hello", **(said | {"advertises": False}))


@pytest.mark.parametrize(
    "words", ["{name}", "{", "{}", "{clinic!r}", "{phone:>9}", "{clinic.__class__}"]
)
def test_words_that_cannot_be_filled_in_are_refused(words):
    assert faults(words)
    assert faults("{clinic} {phone} 100 %") == []


def test_nobody_calls_a_fourth_time():
    assert comes_to(Called.NO_ANSWER, tries=2) is None
    assert comes_to(Called.NO_ANSWER, tries=3) is Left.UNREACHED
    assert comes_to(Called.LEFT_MESSAGE, tries=1) is None
    assert again_after(Called.LEFT_MESSAGE) == timedelta(days=2)
    assert comes_to(Called.WRONG_NUMBER, tries=1) is Left.NO_WAY
    assert comes_to(Called.DECLINED, tries=1) is Left.DECLINED
