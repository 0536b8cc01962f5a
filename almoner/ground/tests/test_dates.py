from datetime import date

import pytest
from django.core.exceptions import ValidationError

from almoner.ground.forms import TypedDate

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("typed", ["1/1/1880", "12/31/2200", "2024-02-29"])
def test_a_day_that_can_be_meant_is_taken(typed):
    assert TypedDate(today=lambda: TODAY).clean(typed)


@pytest.mark.parametrize(
    "typed", ["12/31/1879", "1/1/2201", "12/31/9999", "9999-12-31", "1/1/0001"]
)
def test_a_year_nobody_can_mean_is_refused_with_a_word(typed):
    with pytest.raises(ValidationError, match="1880 to 2200"):
        TypedDate(today=lambda: TODAY).clean(typed)


def test_a_birth_date_to_come_is_said_to_be_in_the_future():
    with pytest.raises(ValidationError, match="in the future"):
        TypedDate(past=True, today=lambda: TODAY).clean("12/31/9999")
