"""Which visits a patient books without speaking to anybody."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from almoner.portal.rules.booking import Asker, Not, Terms, in_time, refusal
from almoner.portal.rules.replies import is_yes

ON = date(2026, 3, 2)
BORN = date(1984, 4, 27)


def terms(whom="anybody", age_from=0, age_until=None, most_open=1):
    return Terms(whom, age_from, age_until, most_open)


def asker(*, born=BORN, seen=None, **open_visits):
    return Asker(born, ON - timedelta(days=seen) if seen else None, open_visits.get("open_", {}))


@pytest.mark.parametrize(
    ("said", "who", "why"),
    [
        (terms(), asker(), None),
        (terms("established"), asker(), Not.NEW),
        (terms("established"), asker(seen=30), None),
        (terms("established"), asker(seen=1097), Not.NEW),
        (terms("new"), asker(seen=30), Not.ESTABLISHED),
        (terms("new"), asker(), None),
        (terms(age_from=42), asker(), Not.AGE),
        (terms(age_from=41, age_until=41), asker(), None),
        (terms(age_until=40), asker(), Not.AGE),
        (terms(), asker(open_={7: 1}), Not.ENOUGH),
        (terms(most_open=2), asker(open_={7: 1}), None),
        (terms(), asker(open_={8: 3}), None),
    ],
)
def test_why_a_kind_of_visit_is_not_for_them_to_book(said, who, why):
    assert refusal(said, who, kind_id=7, on=ON) == why


@pytest.mark.parametrize(
    ("hours", "so"), [(3, False), (4, True), (24 * 30 - 1, True), (24 * 30, False)]
)
def test_neither_too_near_nor_too_far(hours, so):
    at = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("America/Chicago"))

    assert in_time(at + timedelta(hours=hours), at=at, notice_hours=4, ahead_days=30) is so


@pytest.mark.parametrize("text", ["1", "YES", "yes.", " Sí ", "si", "Y"])
def test_a_plain_yes_in_either_language_takes_the_place(text):
    assert is_yes(text)


@pytest.mark.parametrize("text", ["yes but later", "no", "2", "stop", "", "si puedo venir a las 3"])
def test_more_than_a_yes_is_read_by_a_person(text):
    assert not is_yes(text)
