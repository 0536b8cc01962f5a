"""What a call says, and what each key does: a phone is shared, and nobody is known by that."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from almoner.relations.rules import OURS, lint
from almoner.relations.rules.days import full_day
from almoner.relations.rules.phoning import (
    BIRTH_DATE_DIGITS,
    CALL_REPORTS,
    MOST_MISSES,
    MOST_READINGS,
    Act,
    Came,
    Part,
    Stage,
    Standing,
    Word,
    again_at,
    answered,
    call_trouble,
    is_sensitive,
    may_be_called,
    phone_aloud,
    pressed,
    remind_by,
    seconds_aloud,
)
from almoner.relations.rules.spoken import AROUND, CALL_REMINDER, GREETING, SPOKEN
from almoner.relations.rules.texts import named

BORN = date(1984, 4, 27)
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(stage, **facts):
    known = {"misses": 0, "readings": 0, "sensitive": False, "born": BORN, "true": True,
             "open": True}  # fmt: skip
    return Standing(stage=stage, **(known | facts))


def walk(keys, **facts):
    """Every step of a call to a person who presses these, the greeting first."""
    steps = [answered("human", true=facts.get("true", True))]
    for key in keys:
        last = steps[-1]
        if last.stage is Stage.ENDED:
            break
        steps.append(
            pressed(at(last.stage, misses=last.misses, readings=last.readings, **facts), key)
        )
    return steps


@pytest.mark.parametrize(
    ("by", "true", "says", "came"),
    [
        ("human", True, (Part.GREETING,), Came.NOT_SAID),
        ("unknown", True, (Part.GREETING,), Came.NOT_SAID),
        ("", True, (Part.GREETING,), Came.NOT_SAID),
        ("machine_end_beep", True, (Part.VOICEMAIL,), Came.VOICEMAIL),
        ("machine_start", True, (Part.VOICEMAIL,), Came.VOICEMAIL),
        ("fax", True, (), Came.NOT_HEARD),
        ("human", False, (Part.CHANGED,), Came.NOT_TRUE),
        ("machine_end_silence", False, (), Came.NOT_TRUE),
    ],
)
def test_who_answers_decides_what_is_said_first(by, true, says, came):
    step = answered(by, true=true)

    assert (step.says, step.came) == (says, came)


@pytest.mark.parametrize(
    ("keys", "facts", "last", "act", "came"),
    [
        (["1"], {}, Part.MENU, None, Came.HEARD),
        (["1", "1"], {}, Part.CONFIRMED, Act.CONFIRM, Came.CONFIRMED),
        (["1", "2", "1"], {}, Part.CONFIRMED, Act.CONFIRM, Came.CONFIRMED),
        (["1", "3"], {}, Part.CALL_BACK, Act.CALL_BACK, Came.CALL_BACK),
        (["9"], {}, Part.NO_MORE, Act.NO_MORE, Came.NO_MORE),
        (["1", "9"], {}, Part.NO_MORE, Act.NO_MORE, Came.NO_MORE),
        (["1"], {"open": False}, Part.MENU_CONFIRMED, None, Came.HEARD),
        (["1", "1"], {"open": False}, Part.MENU_CONFIRMED, None, Came.HEARD),
        (["3"], {}, Part.GREETING, None, Came.NOT_SAID),
        (["", "", ""], {}, Part.CALL_US, None, Came.NOT_SAID),
        (["1", "", "7", ""], {}, Part.CALL_US, None, Came.HEARD),
        (["1"], {"sensitive": True}, Part.BIRTH_DATE, None, Came.NOT_SAID),
        (["1", "04271984"], {"sensitive": True}, Part.MENU, None, Came.HEARD),
        (["1", "9"], {"sensitive": True}, Part.NO_MORE, Act.NO_MORE, Came.NO_MORE),
        (["1", "04271985"] + ["1"] * 2, {"sensitive": True}, Part.CALL_US, None, Came.NOT_THEM),
        (["1"], {"sensitive": True, "born": None}, Part.CALL_US, None, Came.NOT_SAID),
    ],
)  # fmt: skip
def test_each_key_does_what_the_words_say(keys, facts, last, act, came):
    step = walk(keys, **facts)[-1]

    assert (step.says[-1], step.act, step.came) == (last, act, came)


def test_what_is_not_so_any_more_is_neither_read_nor_confirmed():
    for stage in (Stage.GREETED, Stage.ASKED, Stage.READ):
        for key in ("1", "2", "3", ""):
            step = pressed(at(stage, true=False), key)
            assert (step.says, step.act) == ((Part.CHANGED,), None)


@given(some.lists(some.sampled_from(["", "1", "2", "3", "7", "04271985", "04271984"])),
       some.booleans())  # fmt: skip
def test_nothing_is_read_before_the_listener_said_who_they_are(keys, sensitive):
    steps, said = walk(keys, sensitive=sensitive), []
    for before, step in zip(keys, steps[1:], strict=False):
        said.append(before)
        if Part.MESSAGE in step.says:
            assert "1" in said
            assert not sensitive or "04271984" in said


@given(some.lists(some.sampled_from(["", "1", "2", "3", "7"]), min_size=40), some.booleans())
def test_every_call_ends(keys, is_open):
    """However long somebody goes on pressing."""
    steps = walk(keys, open=is_open)

    assert steps[-1].stage is Stage.ENDED
    assert len(steps) <= 1 + (MOST_MISSES + 1) * (MOST_READINGS + 2)


@given(some.sampled_from([Stage.GREETED, Stage.ASKED, Stage.READ]), some.booleans(),
       some.booleans(), some.integers(0, 2))  # fmt: skip
def test_nine_ends_calls_wherever_it_is_pressed(stage, true, sensitive, misses):
    step = pressed(at(stage, true=true, sensitive=sensitive, misses=misses), "9")

    assert (step.act, step.stage, step.says) == (Act.NO_MORE, Stage.ENDED, (Part.NO_MORE,))


@given(some.text("0123456789", max_size=7).map("9".__add__))
def test_nine_alone_or_of_eight_digits_ends_calls_where_a_birth_date_is_asked_for(keys):
    """What is shorter is a birth date of September whose zero was left out: a wrong one."""
    step = pressed(at(Stage.ASKED), keys)

    short = len(keys) < BIRTH_DATE_DIGITS and set(keys) != {"9"}
    assert (step.act is Act.NO_MORE) is not short
    assert (step.stage is Stage.ASKED) is short


def test_no_birth_date_ends_calls():
    for number in range(366):
        day = date(1984, 1, 1) + timedelta(number)
        assert pressed(at(Stage.ASKED, born=day), f"{day:%m%d%Y}").stage is Stage.READ


def test_a_birth_date_has_eight_digits_and_every_other_turn_one():
    assert walk(["1"], sensitive=True)[-1].digits == BIRTH_DATE_DIGITS
    assert [each.digits for each in walk(["1", "1"])] == [1, 1, 0]


def test_words_that_say_more_than_when_want_a_birth_date():
    shipped = CALL_REMINDER.shipped["en"][1]

    assert not is_sensitive(named(shipped))
    assert is_sensitive(named(f"{shipped} You see {{clinician}}."))
    assert is_sensitive(named(f"{shipped} Come to {{where}}."))


def test_before_that_nobody_hears_of_a_visit_nor_does_a_machine():
    for kind in AROUND:
        if kind.code not in (Part.CONFIRMED, Part.MENU, Part.MENU_CONFIRMED):
            assert not {"day", "time", "where", "clinician"} & set(kind.fields), kind.code


# --- Whether somebody may be called.

NEVER, BEFORE, LATER = None, NOON, NOON + HOUR
YES, NO = Word(given=True, at=NOON), Word(given=False, at=NOON)


@pytest.mark.parametrize(
    ("word", "stopped_at", "landline", "care", "may"),
    [
        (None, None, False, True, False),
        (None, None, True, True, True),
        (None, None, True, False, False),
        (YES, None, False, True, True),
        (YES, None, False, False, True),
        (NO, None, True, True, False),
        (YES, LATER, False, True, False),
        (YES, NOON - HOUR, False, True, True),
        (None, NOON, True, True, False),
    ],
)
def test_who_may_be_called(word, stopped_at, landline, care, may):
    assert may_be_called(word, stopped_at=stopped_at, landline=landline, care=care) is may


@pytest.mark.parametrize(
    ("asked", "texts", "mail", "calls", "ways"),
    [
        (True, True, True, True, ("voice",)),
        (True, True, True, False, ("sms",)),
        (False, True, False, True, ("sms",)),
        (False, False, True, True, ("email",)),
        (False, False, False, True, ("voice",)),
        (False, False, False, False, ()),
    ],
)
def test_who_asked_is_called_and_who_has_nothing_but_a_landline(asked, texts, mail, calls, ways):
    found = remind_by(asked_for_calls=asked, may_text=texts, has_email=mail, may_call=calls)

    assert found == ways


# --- Trying again.


@pytest.mark.parametrize(
    ("tries", "over", "minutes"),
    [
        (1, None, 45),
        (2, None, 180),
        (3, None, None),
        (1, NOON + HOUR, 45),
        (2, NOON + HOUR, None),
    ],
)
def test_a_call_nobody_took_is_tried_so_often_and_not_once_it_is_too_late(tries, over, minutes):
    when = again_at(tries, plan=(45, 180), at=NOON, over=over)

    assert when == (None if minutes is None else NOON + timedelta(minutes=minutes))


def test_every_end_that_is_no_answer_has_words():
    for status in CALL_REPORTS:
        assert call_trouble(status)


# --- Aloud.


def test_a_phone_is_said_digit_by_digit_and_a_day_in_full():
    assert phone_aloud("(608) 555-0100") == "6 0 8, 5 5 5, 0 1 0 0"
    assert full_day(date(2026, 12, 1), "en") == "Tuesday, December 1"
    assert full_day(date(2026, 12, 1), "es") == "martes 1 de diciembre"


@pytest.mark.parametrize("kind", SPOKEN, ids=lambda each: each.code)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_comes_with_the_house_is_fit_to_be_said(kind, language):
    assert kind in OURS
    checked = lint(kind, language, subject="", body=kind.shipped[language][1],
                   english=kind.shipped["en"][1])  # fmt: skip

    assert checked.findings == ()


def test_words_too_long_to_listen_to_or_of_health_are_told():
    long = f"{GREETING.shipped['en'][1]} {'We are so glad. ' * 30}"

    said = [each.says for each in lint(GREETING, "en", subject="", body=long).findings]
    assert any("seconds to say" in each for each in said)
    ill = lint(CALL_REMINDER, "en", subject="", body="{day} {time}: your biopsy result.")
    assert ill.stops
    assert seconds_aloud("one two three four five") == 2
