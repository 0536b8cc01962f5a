"""How a link lets somebody in, and that both languages say the same things."""

import string
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.arrivals.rules.ahead import FIELDS, Thing
from almoner.portal import rules
from almoner.portal.rules import Entry, words

NOW = datetime(2026, 3, 1, 18, tzinfo=UTC)
BORN = date(1984, 4, 27)
OTHER = date(1984, 4, 28)


def tried(said, *, tries=0, closed_until=None, at=NOW):
    return rules.tried(said=said, born=BORN, tries=tries, closed_until=closed_until, at=at)


def test_the_birth_date_lets_in_and_forgets_the_wrong_ones():
    assert tried(BORN, tries=3) == rules.Try(Entry.IN, 0)


@pytest.mark.parametrize(("before", "left"), [(0, 4), (1, 3), (3, 1)])
def test_a_wrong_one_is_counted(before, left):
    outcome = tried(OTHER, tries=before)

    assert (outcome.entry, outcome.left) == (Entry.WRONG, left)


def test_the_fifth_wrong_one_closes_the_link_for_a_day():
    outcome = tried(OTHER, tries=4)

    assert (outcome.entry, outcome.closed_until) == (Entry.CLOSED, NOW + timedelta(days=1))


def test_a_closed_link_does_not_even_tell_that_the_date_is_right():
    until = NOW + timedelta(minutes=1)

    assert tried(BORN, closed_until=until).entry == Entry.CLOSED
    assert tried(BORN, closed_until=until, at=until).entry == Entry.IN


@given(st.lists(st.dates(date(1900, 1, 1), date(2026, 1, 1)), min_size=1, max_size=60))
def test_nobody_is_let_in_who_guesses_for_a_minute_and_misses_five_times(guesses):
    tries, closed, let_in = 0, None, 0
    for at, guess in enumerate(guesses):
        outcome = tried(guess, tries=tries, closed_until=closed, at=NOW + timedelta(seconds=at))
        let_in += outcome.entry == Entry.IN
        tries, closed = outcome.tries, outcome.closed_until
        assert 0 <= tries < rules.TRIES
    if BORN not in guesses[: rules.TRIES]:
        assert not let_in


@pytest.mark.parametrize(
    ("month", "day", "year", "born"),
    [
        ("4", "27", "1984", BORN),
        (" 04 ", "27", "1984", BORN),
        ("2", "30", "1984", None),
        ("", "27", "1984", None),
        ("April", "27", "1984", None),
        ("4", "27", "0", None),
        ("4", "27", "99999", None),
    ],
)
def test_a_date_of_three_boxes(month, day, year, born):
    assert rules.birth_date({"month": month, "day": day, "year": year}) == born


def test_a_visit_can_be_changed_until_two_hours_before_it():
    start = NOW + timedelta(hours=2)

    assert rules.may_change(booked=True, starts_at=start, at=NOW)
    assert not rules.may_change(booked=False, starts_at=start, at=NOW)
    assert not rules.may_change(booked=True, starts_at=start, at=NOW + timedelta(seconds=1))


def test_a_visit_can_be_confirmed_until_it_begins():
    assert rules.may_confirm(booked=True, starts_at=NOW + timedelta(seconds=1), at=NOW)
    assert not rules.may_confirm(booked=True, starts_at=NOW, at=NOW)
    assert not rules.may_confirm(booked=False, starts_at=NOW + timedelta(days=1), at=NOW)


def test_a_link_works_until_the_evening_of_the_visit():
    end = NOW - timedelta(hours=12)

    assert not rules.works(ends_at=end, at=NOW)
    assert rules.works(ends_at=end + timedelta(seconds=1), at=NOW)


def _facts(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_says_everything_with_the_same_facts():
    english = rules.WORDS["en"]
    for code in rules.LANGUAGES:
        here = rules.WORDS[code]
        assert list(here) == list(english)
        for name, text in here.items():
            assert text.strip(), (code, name)
            assert _facts(text) == _facts(english[name]), (code, name)
            assert code == "en" or text != english[name], name


def test_no_page_takes_a_word_from_another():
    tables = (words._VISIT, *words._OF_PAGES)

    names = Counter(name for table in tables for name in table["en"])

    assert [name for name, said in names.items() if said > 1] == []


def test_days_and_times_in_words():
    assert rules.day_text(date(2026, 3, 3), "en") == "Tuesday, March 3"
    assert rules.day_text(date(2026, 3, 3), "es") == "martes 3 de marzo"
    assert rules.time_text(NOW.replace(hour=0, minute=5).time(), "en") == "12:05 AM"
    assert rules.time_text(NOW.replace(hour=14, minute=20).time(), "es") == "2:20 p. m."


@pytest.mark.parametrize(
    ("thing", "value", "shown"),
    [
        (Thing.PHONE, {"number": "+16085550142"}, "(•••) •••-••42"),
        (Thing.EMAIL, {"address": "cy.g@mail.example.org"}, "c•••@m•••.org"),
        (Thing.ADDRESS, {"line": "12 Main St", "city": "Ely"}, "1••• M••• S•••, Ely"),
        (Thing.ADDRESS, {"line": "", "city": "Ely"}, "Ely"),
        (Thing.EMERGENCY, {"name": "Sol", "relation": "wife", "phone": ""}, "S•••"),
        (Thing.POLICY, {"member_id": "W1234567", "group_number": "9"}, "•••567"),
        (Thing.POLICY, {"member_id": "A12", "group_number": ""}, "•••12"),
        (Thing.NAME_USED, {"name_used": "Mel"}, "M•••"),
        (Thing.PRONOUNS, {"pronouns": "they/them"}, "•••"),
        (Thing.REASON, {"text": "my knee"}, ""),
        (Thing.EMAIL, {}, ""),
    ],
)
def test_a_link_and_a_birth_date_see_a_part_only(thing, value, shown):
    assert rules.veiled(thing, value) == shown


HIDDEN = (Thing.NAME_USED, Thing.PRONOUNS, Thing.EMAIL, Thing.EMERGENCY, Thing.POLICY)


@given(st.sampled_from(HIDDEN), st.from_regex(r"[A-Za-z]{4,12}", fullmatch=True))
def test_no_veil_lets_a_whole_word_through(thing, word):
    value = dict.fromkeys(FIELDS[thing], f"{word}@{word}.org" if thing is Thing.EMAIL else word)

    assert word not in rules.veiled(thing, value)
