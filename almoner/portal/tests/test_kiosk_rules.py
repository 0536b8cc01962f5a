"""Who is found at a kiosk, and how often one may try."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.patients.rules.person import mrn
from almoner.portal.rules import kiosks
from almoner.portal.rules.kiosk_words import AT_KIOSK, KIOSK
from almoner.portal.rules.kiosks import Second, Way
from almoner.portal.rules.words import WORDS

NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
CY = {"family": "García-López", "mrn": mrn(1000001), "phones": ["+16085550142"]}


@pytest.mark.parametrize(
    "typed",
    ["garcia lopez", "LÓPEZ", "Garcia", "0142", "(608) 555-0142", "+1 608 555 0142", CY["mrn"]],
)
def test_what_one_knows_by_heart_fits(typed):
    said = kiosks.second(typed)

    assert said is not None
    assert kiosks.fits(said, **CY)


@pytest.mark.parametrize("typed", ["", " ", "142", "01420", "5550142", "garcia 7", "--"])
def test_what_is_none_of_the_three_is_nothing(typed):
    assert kiosks.second(typed) is None


@pytest.mark.parametrize("typed", ["Gar", "Garcia Perez", "0143", "0142555", mrn(1000002)])
def test_what_is_not_theirs_does_not_fit(typed):
    said = kiosks.second(typed)

    assert said is None or not kiosks.fits(said, **CY)


@given(st.text(max_size=30))
def test_nothing_fits_somebody_of_whom_nothing_is_known(typed):
    said = kiosks.second(typed)

    assert said is None or not kiosks.fits(said, family="", mrn="", phones=[])


def test_a_kiosk_closes_after_ten_that_fit_nobody_and_opens_by_itself():
    wrong, since = 0, None
    for number in range(kiosks.WRONG_MOST):
        assert not kiosks.is_closed(wrong=wrong, since=since, at=NOW)
        at = NOW + timedelta(seconds=number)
        wrong, since = kiosks.counted(wrong=wrong, since=since, at=at)

    assert kiosks.is_closed(wrong=wrong, since=since, at=NOW + timedelta(minutes=29))
    assert not kiosks.is_closed(wrong=wrong, since=since, at=NOW + kiosks.WRONG_WITHIN)
    assert kiosks.counted(wrong=wrong, since=since, at=NOW + kiosks.WRONG_WITHIN)[0] == 1


def test_an_entry_is_dated_by_the_device_where_that_can_be_true():
    early = NOW - timedelta(minutes=20)

    assert kiosks.entered_at(early, at=NOW) == early
    assert kiosks.entered_at(NOW + timedelta(seconds=1), at=NOW) == NOW
    assert kiosks.entered_at(NOW - timedelta(days=1), at=NOW) == NOW
    assert kiosks.entered_at(None, at=NOW) == NOW


def test_who_was_found_is_gone_after_five_minutes_of_silence_and_after_half_an_hour():
    began = NOW
    assert not kiosks.is_over(began_at=began, seen_at=NOW, at=NOW + timedelta(minutes=4))
    assert kiosks.is_over(began_at=began, seen_at=NOW, at=NOW + kiosks.SITTING_IDLE)
    later = NOW + kiosks.SITTING_LASTS
    assert kiosks.is_over(began_at=began, seen_at=later, at=later)


def test_each_word_is_there_in_both_languages_and_replaces_one_that_is_there():
    assert KIOSK["en"].keys() == KIOSK["es"].keys()
    assert AT_KIOSK["en"].keys() == AT_KIOSK["es"].keys()
    assert AT_KIOSK["en"].keys() <= WORDS["en"].keys()


def test_the_second_identifier_says_what_it_is():
    assert kiosks.second("0142") == Second(Way.PHONE, "0142")
