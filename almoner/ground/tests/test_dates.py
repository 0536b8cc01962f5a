from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from almoner.ground import dates
from almoner.ground.forms import TypedDate
from almoner.ground.templatetags.desk import hours

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


EVENING = datetime(2026, 3, 5, 3, 5, tzinfo=UTC)


def test_a_day_and_an_instant_are_written_as_on_every_page():
    assert dates.day(TODAY) == "03/02/2026"
    assert dates.day(None) == ""
    assert dates.moment(EVENING, "America/Chicago") == "03/04/2026 9:05 PM"


def test_a_paper_in_spanish_names_the_month_since_figures_would_be_read_the_other_way_round():
    assert dates.day_for("en", TODAY) == "03/02/2026"
    assert dates.day_for("es", TODAY) == "2 Mar 2026"
    assert dates.day_for("es", TODAY.replace(month=1)) == "2 Ene 2026"
    assert dates.moment_for("en", EVENING, "America/Chicago") == "03/04/2026 9:05 PM"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (50, "50 min"), (60, "1 h"), (65, "1 h 05"), (1310, "21 h 50")],
)
def test_a_long_time_is_said_in_hours_and_minutes(minutes, said):
    assert hours(minutes) == said
