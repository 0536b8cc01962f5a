"""Who is given a good-faith estimate, until when, and when a bill is too far above it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.billing.rules import estimates
from almoner.billing.rules.estimates import Expected, Line

MONDAY = date(2026, 11, 23)
THANKSGIVING = date(2026, 11, 26)
HOLIDAYS = {THANKSGIVING}
days = st.dates(date(2026, 1, 1), date(2028, 1, 1))
holidays = st.sets(days, max_size=12)


@pytest.mark.parametrize(
    ("covered", "kept", "owed"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_who_has_no_plan_or_does_not_use_it_is_owed_one(covered, kept, owed):
    assert estimates.is_owed(covered=covered, kept_from_plan=kept) is owed


@pytest.mark.parametrize(
    ("booked", "visit", "closed", "due"),
    [
        # Monday for Thursday of the week: three business days ahead, one day to give it.
        (MONDAY, date(2026, 11, 26), set(), date(2026, 11, 24)),
        # With that Thursday a holiday, Friday is the third.
        (MONDAY, date(2026, 11, 26), HOLIDAYS, None),
        (MONDAY, date(2026, 11, 27), HOLIDAYS, date(2026, 11, 24)),
        (MONDAY, date(2026, 11, 25), set(), None),
        (MONDAY, MONDAY, set(), None),
        # Nine business days ahead, and ten: two weeks later.
        (MONDAY, date(2026, 12, 4), set(), date(2026, 11, 24)),
        (MONDAY, date(2026, 12, 7), set(), date(2026, 11, 26)),
        (MONDAY, date(2026, 12, 8), HOLIDAYS, date(2026, 11, 27)),
        # On a Friday for the Wednesday after: Monday.
        (date(2026, 11, 27), date(2026, 12, 2), set(), date(2026, 11, 30)),
        # On a Saturday for the Wednesday after: three business days, due on Monday.
        (date(2026, 11, 28), date(2026, 12, 2), set(), date(2026, 11, 30)),
    ],
)
def test_the_day_it_is_due_by_how_far_ahead_it_was_scheduled(booked, visit, closed, due):
    assert estimates.due_when_scheduled(booked, visit, closed) == due


def test_who_asks_has_it_in_three_business_days_and_on_the_day_of_the_visit_at_the_latest():
    far = date(2026, 12, 18)
    assert estimates.due_when_asked(MONDAY, far, set()) == date(2026, 11, 26)
    assert estimates.due_when_asked(MONDAY, far, HOLIDAYS) == date(2026, 11, 27)
    assert estimates.due_when_asked(date(2026, 11, 27), far, set()) == date(2026, 12, 2)
    assert estimates.due_when_asked(MONDAY, date(2026, 11, 24), set()) == date(2026, 11, 24)


@given(days, st.integers(1, 30), holidays)
def test_the_nth_business_day_is_one_and_there_are_n_until_it(on, count, closed):
    found = estimates.later(on, count, closed)

    assert estimates.is_business_day(found, closed)
    assert estimates.business_days(on, found, closed) == count


@given(days, st.integers(0, 60), holidays)
def test_what_is_due_is_due_on_a_business_day_no_later_than_the_visit(on, ahead, closed):
    visit = on + timedelta(ahead)
    due = estimates.due_when_scheduled(on, visit, closed)

    assert (due is None) == (estimates.business_days(on, visit, closed) < 3)
    if due:
        assert on < due <= visit
        assert estimates.is_business_day(due, closed)


FEES = {"ZZ101": ("Office visit, short", 12_000), "ZZ201": ("Blood sugar test", 3_500)}


def test_lines_are_units_times_the_fee():
    assert estimates.priced([("ZZ101", 1), ("ZZ201", 2)], FEES) == (
        Line("ZZ101", "Office visit, short", 1, 12_000),
        Line("ZZ201", "Blood sugar test", 2, 7_000),
    )


@pytest.mark.parametrize("wanted", [[], [("ZZ999", 1)], [("ZZ101", 1), ("ZZ999", 1)]])
def test_nothing_is_priced_while_a_price_is_missing(wanted):
    assert estimates.priced(wanted, FEES) is None


EXPECTED = Expected(MONDAY, "1992711105", estimates.priced([("ZZ101", 1)], FEES) or ())


def test_another_day_clinician_service_price_or_diagnosis_is_another_estimate():
    dearer = (Line("ZZ101", "Office visit, short", 1, 13_000),)
    others = [
        Expected(MONDAY + timedelta(1), EXPECTED.clinician_npi, EXPECTED.lines),
        Expected(MONDAY, "1234567893", EXPECTED.lines),
        Expected(MONDAY, EXPECTED.clinician_npi, dearer),
        Expected(MONDAY, EXPECTED.clinician_npi, EXPECTED.lines, ("E119",)),
    ]
    same = Expected(MONDAY, EXPECTED.clinician_npi, EXPECTED.lines)

    assert not estimates.is_another(same, EXPECTED)
    assert all(estimates.is_another(each, EXPECTED) for each in (*others, None))
    assert estimates.is_another(EXPECTED, None)


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_four_hundred_dollars_above_may_be_disputed_and_a_cent_less_not(charged, estimated):
    above = estimates.over(charged, estimated)

    assert (above is not None) == (charged - estimated >= 40_000)
    assert above in {None, charged - estimated}


def test_the_edge_of_it():
    assert estimates.over(52_000, 12_000) == 40_000
    assert estimates.over(51_999, 12_000) is None


def test_both_languages_say_the_same_things_with_the_same_facts():
    english, spanish = (estimates.words(language) for language in ("en", "es"))

    assert set(english) == set(spanish)
    for name, text in english.items():
        assert set(_places(text)) == set(_places(spanish[name])), name
    for said in (english["dispute"], spanish["dispute"]):
        assert "$400" in said
        assert "120" in said
        assert "www.cms.gov/nosurprises/consumers" in said


def _places(text):
    return [part.partition("}")[0] for part in text.split("{")[1:]]
