import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.ground import money


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("20", 2000), ("$20.5", 2050), ("1,234.56", 123456), (".07", 7), ("-3.07", -307), (" 0 ", 0)],
)
def test_amounts_are_read_as_people_type_them(typed, expected):
    assert money.cents(typed) == expected


@pytest.mark.parametrize("typed", ["", "$", "-", "1.234", "1,23", "twenty", "1e3", "--1", "12.3.4"])
def test_anything_else_is_not_an_amount(typed):
    with pytest.raises(money.NotAnAmount):
        money.cents(typed)


@given(st.integers(-(10**11) + 1, 10**11 - 1))
def test_what_is_shown_reads_back_as_the_same_amount(cents):
    assert money.cents(money.dollars(cents)) == cents
