"""Which questions may be asked, whom a rule asks, and what the answers come to."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.surveys import rules
from almoner.surveys.rules import Kind, Question, Rule
from almoner.surveys.rules.questions import NO_NUMBER, NONE_ASKED, NOT_BOTH, NOT_ON_SCALE, TWICE

BOTH = {"en": "How?", "es": "¿Cómo?"}
TEN = Question("q1", Kind.NPS, BOTH, 6)
WORDS = Question("q2", Kind.WORDS, BOTH)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ((), [NONE_ASKED]),
        ((TEN, WORDS), []),
        ((WORDS,), [NO_NUMBER]),
        ((Question("q1", Kind.NPS, {"en": "How?", "es": " "}),), [NOT_BOTH]),
        ((TEN, TEN), [TWICE]),
        ((Question("q1", Kind.CSAT, BOTH, 6),), [NOT_ON_SCALE]),
        ((Question("q1", Kind.CSAT, BOTH, 0),), [NOT_ON_SCALE]),
    ],
)
def test_a_survey_is_whole_in_both_languages_and_gives_one_figure_a_scale(asked, wrong):
    assert rules.faults(asked) == wrong


def test_what_is_kept_of_questions_is_what_was_asked():
    assert rules.read(rules.written([TEN, WORDS])) == (TEN, WORDS)


def test_a_low_answer_is_at_or_below_the_threshold_of_its_version():
    assert [score for score in TEN.scale if TEN.is_low(score)] == list(range(7))
    assert not Question("q1", Kind.NPS, BOTH).is_low(0)


DAY = date(2026, 3, 2)


def rule(id_, **facts):
    told = {"visit_type_id": None, "location_id": None, "starts_on": DAY, "ends_on": None}
    return Rule(id=id_, after=timedelta(), share=100, pause=timedelta(), **told | facts)


def applying(*those, day=DAY):
    found = rules.applying(those, visit_type_id=1, location_id=2, day=day)
    return found and found.id


def test_the_rule_that_names_more_counts_and_of_two_alike_the_later():
    every, earlier = rule(1), rule(2, starts_on=DAY - timedelta(days=9))
    here, kind, other = rule(3, location_id=2), rule(4, visit_type_id=1), rule(5, visit_type_id=9)

    assert applying(every, earlier, other) == 1
    assert applying(every, here, other) == 3
    assert applying(every, here, kind) == 4


def test_a_rule_holds_on_its_days():
    one = rule(1, ends_on=DAY + timedelta(days=1))

    days = [DAY + timedelta(days=n) for n in (-1, 0, 1, 2)]

    assert [applying(one, day=day) for day in days] == [None, 1, 1, None]


def test_the_share_is_drawn_evenly_and_the_same_each_time():
    drawn = [rules.in_sample(n, rule_id=1, share=25) for n in range(4000)]

    assert drawn == [rules.in_sample(n, rule_id=1, share=25) for n in range(4000)]
    assert 900 < sum(drawn) < 1100
    assert all(rules.in_sample(n, rule_id=1, share=100) for n in range(50))


def test_scores_as_everybody_reckons_them():
    assert rules.nps({10: 1, 9: 1, 8: 1, 0: 1}) == 25
    assert rules.nps({6: 3}) == -100
    assert rules.nps({9: 1, 7: 2}) == 33
    assert rules.csat({5: 1, 4: 1, 3: 1}) == 67
    assert rules.nps({}) is rules.csat({}) is rules.rate(0, 0) is None


scores = st.lists(st.integers(0, 10), max_size=12).map(Counter)


@given(scores, scores)
def test_a_trend_tells_nothing_of_a_time_in_which_few_answered(before, now):
    few = min(before.total(), now.total()) < rules.FEWEST

    assert (rules.moved(rules.nps, before, now) is None) == few
    if not few:
        assert rules.moved(rules.nps, before, now) == rules.nps(now) - rules.nps(before)
        assert rules.moved(rules.nps, now, now) == 0


@given(st.lists(st.integers(0, 10), min_size=1, max_size=20))
def test_a_score_lies_between_its_ends_and_another_promoter_never_lowers_it(said):
    counted, more = Counter(said), Counter([*said, 10])

    assert -100 <= rules.nps(counted) <= rules.nps(more) <= 100


def test_few_answers_are_not_shown_and_some_more_are_marked():
    assert rules.shown(50, 4).value is None
    assert rules.shown(50, 5).unsure
    assert not rules.shown(50, 30).unsure
