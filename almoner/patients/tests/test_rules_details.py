"""Numbers, names and record numbers."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from almoner.patients.rules.details import age, e164, readable
from almoner.patients.rules.fold import fold, is_name, sound
from almoner.patients.rules.opening import enough
from almoner.patients.rules.person import address_key, check_digit, is_mrn, is_number, mrn, variants


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("312-555-0117", "+13125550117"),
        ("(312) 555 0117", "+13125550117"),
        ("1 312 555 0117", "+13125550117"),
        ("+44 20 7946 0018", "+442079460018"),
    ],
)
def test_a_phone_is_kept_in_one_form(typed, kept):
    assert e164(typed) == kept


@pytest.mark.parametrize("typed", ["", "555", "0355556473", "312 055 0117", "hello", "+999 1", "1"])
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        e164(typed)


def test_a_phone_is_shown_as_people_write_it():
    assert readable("+13125550117") == "(312) 555-0117"
    assert readable("+442079460018") == "+44 20 7946 0018"


@pytest.mark.parametrize(
    ("phone", "identifies"),
    [("+13125550117", True), ("+19999999999", False), ("+13120000000", False), ("", False),
     ("+13121234567", False)],
)  # fmt: skip
def test_a_placeholder_phone_identifies_nobody(phone, identifies):
    assert is_number(phone) == identifies


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 N. Main Street Apt 4", "12 main st"),
        ("12 MAIN ST #4", "12 Main Street"),
        ("534 Elm Avenue", "534 elm ave"),
    ],
)
def test_one_door_written_two_ways_is_one_address(one, other):
    assert address_key(one, "60601-1234").split()[:3] == address_key(other, "60601").split()[:3]


@pytest.mark.parametrize("line", ["", "PO Box", "Main St", "99999 Unknown", "12"])
def test_what_is_no_door_is_no_address(line):
    assert address_key(line, "60601") == ""


@pytest.mark.parametrize(
    ("name", "one"),
    [("Baby Girl", False), ("UNKNOWN", False), ("xxx", False), ("Test Patient", False), ("", False),
     ("Garcia", True), ("Baby Garcia", True), ("Li", True)],
)  # fmt: skip
def test_what_people_type_when_they_know_no_name_is_none(name, one):
    assert is_name(fold(name)) == one


@pytest.mark.parametrize(
    ("one", "other"),
    [("catherine", "kathryn"), ("philip", "filip"), ("smith", "schmidt"), ("meyer", "maier"),
     ("gonzales", "gonzalez"), ("jeffrey", "geoffrey")],
)  # fmt: skip
def test_names_that_sound_alike_share_a_sound(one, other):
    assert sound(one) == sound(other)


def test_marks_and_case_are_folded():
    assert fold("  O\u2019Brien-NÚÑEZ, Łukasz ") == "obrien nunez lukasz"


@example("\N{MATHEMATICAL BOLD FRAKTUR CAPITAL A}")
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("on", "years"), [(date(2026, 3, 3), 40), (date(2026, 3, 4), 41), (date(1985, 3, 4), 0)]
)
def test_age_grows_on_the_birthday(on, years):
    assert age(date(1985, 3, 4), on=on) == years


def test_day_and_month_swapped_is_among_the_slips():
    assert "1985-04-03" in variants("1985-03-04")


@given(st.integers(1_000_001, 9_999_999), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_of_a_record_number_is_noticed(number, place, more):
    right = mrn(number)
    wrong = right[:place] + str((int(right[place]) + more) % 10) + right[place + 1 :]

    assert is_mrn(right)
    assert not is_mrn(wrong)


@given(st.integers(1_000_001, 9_999_999), st.integers(0, 6))
def test_two_swapped_digits_of_a_record_number_are_noticed(number, place):
    right = mrn(number)
    wrong = right[:place] + right[place + 1] + right[place] + right[place + 2 :]

    assert wrong == right or not is_mrn(wrong)


def test_the_check_digit_is_damms():
    assert check_digit("572") == "4"


@pytest.mark.parametrize(
    ("given_by", "opens"),
    [((), False), (("name",), False), (("name", "name"), False), (("name", "birth_date"), True),
     (("phone", "address"), True), (("name", "shoe size"), False)],
)  # fmt: skip
def test_two_different_identifiers_open_a_record(given_by, opens):
    assert enough(given_by) == opens
