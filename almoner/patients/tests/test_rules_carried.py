"""What was typed into the search box becomes the first fields of a registration."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.patients.rules.carried import Carried, carried

TODAY = date(2026, 11, 23)
BORN = date(1985, 3, 4)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Carried()),
        ("  ", Carried()),
        ("nakamura", Carried("Nakamura")),
        ("nakamura 3/4/85", Carried("Nakamura", birth_date=BORN)),
        ("3/4/1985 nakamura", Carried("Nakamura", birth_date=BORN)),
        ("Mar 4 1985 nakamura", Carried("Nakamura", birth_date=BORN)),
        ("nakamura 03041985", Carried("Nakamura", birth_date=BORN)),
        ("nakamura 19850304", Carried("Nakamura", birth_date=BORN)),
        ("nakamura, dot", Carried("Nakamura", "Dot")),
        ("garcia lopez, maria elena", Carried("Garcia Lopez", "Maria Elena")),
        ("nakamura, 3/4/85", Carried("Nakamura", birth_date=BORN)),
        ("robert nakamura", Carried("Nakamura", "Robert")),
        ("nakamura bob", Carried("Nakamura", "Bob")),
        ("garcia lopez bob", Carried("Garcia Lopez", "Bob")),
        ("nakamura xiu", Carried("Nakamura", "Xiu")),
        ("o'brien-núñez", Carried("O'Brien-Núñez")),
        ("McCOY dot", Carried("McCOY", "Dot")),
        ("nakamura 3/4", Carried("Nakamura")),
        ("nakamura (312) 555-0117", Carried("Nakamura", phone="(312) 555-0117")),
        ("555-0117 nakamura", Carried("Nakamura", phone="555-0117")),
        ("nakamura xyz123456", Carried("Nakamura")),
        ("nakamura 3/4/05", Carried("Nakamura", birth_date=date(2005, 3, 4))),
        ("nakamura 3/4/30", Carried("Nakamura", birth_date=date(1930, 3, 4))),
        ("2/30/85 nakamura", Carried("Nakamura")),
    ],
)
def test_each_part_finds_its_field(typed, expected):
    assert carried(typed, today=TODAY) == expected


@given(st.text(max_size=140))
def test_whatever_is_typed_is_read_without_a_fault_and_gives_no_birth_date_to_come(typed):
    read = carried(typed, today=TODAY)

    assert read.birth_date is None or read.birth_date <= TODAY
    assert not any(letter.isdigit() and letter.isascii() for letter in read.family + read.given)
