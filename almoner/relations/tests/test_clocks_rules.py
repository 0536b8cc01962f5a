"""The desks' clock runs by their hours and stands while a case waits; the law's never stands."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almoner.relations import rules

CHICAGO = "America/Chicago"
HOURS = ((time(8), time(12)), (time(13), time(17)))
THANKSGIVING = date(2026, 11, 26)
WEEK = rules.Week(CHICAGO, dict.fromkeys(range(1, 6), HOURS), frozenset({THANKSGIVING}))
NIGHTS = rules.Week("America/New_York", dict.fromkeys(range(1, 8), ((time(0), time(23, 30)),)))
HOUR = timedelta(hours=1)


def local(*parts):
    return datetime(*parts, tzinfo=ZoneInfo(CHICAGO))


TIMES = st.one_of(
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.builds(
        lambda day, minutes: datetime(*day, tzinfo=UTC) + timedelta(minutes=minutes),
        st.sampled_from([(2026, 3, 8), (2026, 11, 1), (2027, 3, 14), (2027, 11, 7)]),
        st.integers(-24 * 60, 48 * 60),
    ),
)
PERIOD = st.tuples(st.integers(0, 1380), st.integers(59, 600)).map(
    lambda pair: (time(*divmod(pair[0], 60)), time(*divmod(min(sum(pair), 1439), 60)))
)
WEEKS = st.builds(
    rules.Week,
    st.sampled_from([CHICAGO, "America/New_York", "Pacific/Honolulu"]),
    st.dictionaries(st.integers(1, 7), st.lists(PERIOD, max_size=3).map(tuple), max_size=7),
    st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20),
)
SPANS = st.integers(0, 5000).map(lambda minutes: timedelta(minutes=minutes))


def test_the_lunch_hour_the_night_and_a_holiday_do_not_count():
    assert rules.after(WEEK, local(2026, 11, 23, 11), 2 * HOUR) == local(2026, 11, 23, 14)
    assert rules.after(WEEK, local(2026, 11, 23, 16), 2 * HOUR) == local(2026, 11, 24, 9)
    assert rules.after(WEEK, local(2026, 11, 25, 16), 2 * HOUR) == local(2026, 11, 27, 9)
    assert rules.after(WEEK, local(2026, 11, 27, 16), 2 * HOUR) == local(2026, 11, 30, 9)


def test_a_day_on_which_the_clocks_change_has_the_hours_it_has():
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    new_york = ZoneInfo("America/New_York")

    def whole(day):
        since = datetime.combine(day, time(0), new_york)
        return rules.worked(NIGHTS, since, datetime.combine(day, time(23, 59), new_york))

    assert whole(spring) == timedelta(hours=22, minutes=30)
    assert whole(autumn) == timedelta(hours=24, minutes=30)


def test_desks_without_hours_always_work():
    assert rules.after(rules.Week(CHICAGO), local(2026, 11, 28, 3), HOUR) == local(2026, 11, 28, 4)


@settings(max_examples=200)
@given(WEEKS, TIMES, SPANS)
def test_by_the_time_it_is_due_the_desks_have_worked_that_long_and_no_longer(week, since, span):
    due = rules.after(week, since, span)

    assert due >= since
    assert rules.worked(week, since, due) == span or not any(week.periods.values())
    if span:
        assert rules.worked(week, since, due - timedelta(seconds=1)) < span


@settings(max_examples=200)
@given(WEEKS, TIMES, SPANS, SPANS, SPANS)
def test_a_pause_never_makes_it_due_earlier_and_leaves_the_time_that_was_left(
    week, since, span, until_pause, pause
):
    due = rules.after(week, since, span)
    paused, at = since + until_pause, since + until_pause + pause

    later = rules.resumed(week, due, paused=paused, at=at)

    assert later >= due
    if due <= paused:
        assert later == due
    elif later > due:
        assert rules.worked(week, at, later) == rules.worked(week, paused, due)


def test_the_level_that_names_more_counts_and_of_two_the_later():
    day = date(2026, 6, 1)

    def level(kind, desk, hours, since=1):
        return rules.Level(kind, desk, hours * HOUR, 9 * hours * HOUR, date(2026, since, 1))

    known = [level("", "", 1), level("", "front", 2), level("task", "", 3), level("task", "", 4, 5),
             level("task", "", 5, 7)]  # fmt: skip

    assert rules.level(known, kind="task", desk="front", day=day).first_answer == 4 * HOUR
    assert rules.level(known, kind="question", desk="front", day=day).first_answer == 2 * HOUR
    assert rules.level(known, kind="question", desk="billing", day=day).first_answer == HOUR
    assert rules.level([], kind="question", desk="front", day=day).first_answer == 4 * HOUR


@given(TIMES, st.integers(0, 60), st.sampled_from([CHICAGO, "Pacific/Guam"]))
def test_the_law_counts_calendar_days_of_the_clinic_whatever_the_clocks_do(received, days, zone):
    day = rules.legal_day(received, zone, days)

    assert day - received.astimezone(ZoneInfo(zone)).date() == timedelta(days=days)
    last = rules.end_of(day, zone).astimezone(ZoneInfo(zone))
    assert (last.date(), last.hour, last.minute) == (day, 23, 59)
    assert last >= received - timedelta(minutes=1)


def test_a_state_may_have_terms_of_its_own():
    usual = rules.Term("", 5, 7, "federal", date(2026, 1, 1))
    florida = rules.Term("FL", 3, 5, "state", date(2026, 7, 1))

    def day(state, month):
        return rules.term([usual, florida], state=state, day=date(2026, month, 1)).tell_day

    assert (day("FL", 8), day("FL", 6), day("WI", 8)) == (5, 7, 7)
    assert rules.term([], state="WI", day=date(2026, 1, 1)).tell_day == 7


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("queja", 2), ("día", 2), ("cuando", 2), ("seguía", 3), ("pingüino", 3), ("aéreo", 4),
     ("oír", 2), ("cuidado", 3), ("y", 1), ("rey", 1), ("mayo", 2), ("investigación", 5)],
)  # fmt: skip
def test_spanish_syllables_are_counted_as_they_are_spoken(word, syllables):
    assert round((206.84 - 1.02 - rules.ease(word, "es").value) / 60) == syllables


def test_plain_words_read_easily_and_long_ones_do_not():
    plain = "We saw the bill. It was wrong. We made it right. You owe us nothing."
    stiff = (
        "Notwithstanding the aforementioned reimbursement determination, administrative "
        "reconsideration necessitates comprehensive documentation of extenuating circumstances."
    )

    assert rules.ease(plain, "en").easy
    assert not rules.ease(stiff, "en").easy
    assert rules.ease("Vimos la cuenta. Estaba mal. Ya no debe nada.", "es").easy
    assert not rules.ease(
        "No obstante la determinación administrativa anteriormente mencionada, la reconsideración "
        "extraordinaria requerirá documentación complementaria correspondiente.", "es",
    ).easy  # fmt: skip
    assert rules.ease("", "en").easy


NO = dict.fromkeys(rules.Question, False)


@pytest.mark.parametrize(
    ("yes", "grievance"),
    [
        ((), True),  # said, and nobody could settle it
        (("at_once",), False),
        (("written", "at_once"), True),
        (("bill_only", "written"), False),
        (("bill_only", "medicare"), True),
        (("bill_only", "harm"), True),
        (("at_once", "harm"), True),
        (("at_once", "rights"), True),
        (("at_once", "formal"), True),
    ],
)
def test_the_questions_say_what_a_complaint_is_and_why(yes, grievance):
    answers = NO | {rules.Question(each): True for each in yes}

    verdict = rules.classify(answers)

    assert verdict.grievance is grievance
    assert verdict.because.startswith("A grievance" if grievance else "No grievance")


@given(st.fixed_dictionaries(dict.fromkeys(rules.Question, st.booleans())))
def test_abuse_neglect_and_harm_are_a_grievance_whatever_else_is_answered(answers):
    assert rules.classify(answers | {rules.Question.HARM: True}).grievance
    if not rules.classify(answers).grievance:
        assert answers[rules.Question.BILL_ONLY] or answers[rules.Question.AT_ONCE]
