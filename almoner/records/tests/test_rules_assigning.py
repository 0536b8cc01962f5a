"""Which forms are due at a visit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.records.rules import Rule, Settled, Situation, State, due

ON = date(2026, 3, 2)
NOTICE, CONSENT, POLICY = 1, 2, 3
RULES = [
    Rule(NOTICE, decline_stands=True),
    Rule(CONSENT, holds_days=365),
    Rule(POLICY, holds_days=365),
]
NUMBERS = {NOTICE: 2, CONSENT: 2, POLICY: 2}
HERE = Situation(on=ON, visit_type_id=7, age=40, payer_kinds=frozenset({"ppo"}))


def signed(number, on, state=State.SIGNED):
    return Settled(state, number, on)


def asked(settled, rules=RULES, situation=HERE):
    return due(rules, situation, numbers=NUMBERS, settled=settled)


@pytest.mark.parametrize(
    ("settled", "forms"),
    [
        ({}, {NOTICE, CONSENT, POLICY}),
        (
            {
                NOTICE: signed(2, date(2020, 1, 1)),
                CONSENT: signed(2, date(2026, 3, 1)),
                POLICY: signed(1, date(2026, 3, 1)),
            },
            {POLICY},
        ),
        (
            {
                NOTICE: signed(2, date(2026, 3, 1)),
                CONSENT: signed(2, date(2025, 3, 1)),
                POLICY: signed(2, date(2025, 3, 2)),
            },
            {CONSENT},
        ),
    ],
)
def test_forms_are_due_when_never_signed_replaced_or_lapsed(settled, forms):
    assert asked(settled) == forms


def test_what_was_begun_with_an_older_version_is_enough_on_its_day():
    assert CONSENT not in asked({CONSENT: signed(1, ON)})


def test_what_the_patient_declines_by_link_is_asked_about_at_the_desk_except_for_the_notice():
    declined = {form: Settled(State.DECLINED, 2, ON, by_patient=True) for form in NUMBERS}

    assert asked(declined) == {CONSENT, POLICY}


def test_what_was_signed_with_the_visit_ahead_of_its_day_is_enough_for_it():
    each_visit = [Rule(CONSENT, holds_days=0)]
    ahead = signed(1, ON - timedelta(days=2))

    assert asked({CONSENT: ahead}, each_visit) == {CONSENT}
    assert asked({CONSENT: replace(ahead, with_visit=True)}, each_visit) == set()


def test_who_declined_is_asked_again_at_the_next_visit_except_for_the_notice():
    before = ON - timedelta(days=20)
    declined = {form: signed(2, before, State.DECLINED) for form in NUMBERS}

    assert asked(declined) == {CONSENT, POLICY}
    assert asked({form: replace(one, on=ON) for form, one in declined.items()}) == set()


@pytest.mark.parametrize(
    ("rule", "applies"),
    [
        (Rule(1, visit_type_id=7), True),
        (Rule(1, visit_type_id=8), False),
        (Rule(1, age_from=18), True),
        (Rule(1, age_from=40, age_to=40), True),
        (Rule(1, age_to=17), False),
        (Rule(1, payer_kind="ppo"), True),
        (Rule(1, payer_kind="medicare"), False),
        (Rule(1, plan_id=5), False),
    ],
)
def test_a_rule_is_about_some_visits_ages_and_payers(rule, applies):
    assert (1 in asked({}, rules=[rule])) is applies


def test_of_an_unknown_age_no_rule_about_ages_speaks():
    nobody = replace(HERE, age=None)

    assert asked({}, rules=[Rule(1, age_from=0)], situation=nobody) == set()
    assert asked({}, rules=[Rule(1)], situation=nobody) == {1}


def test_a_form_that_is_not_in_use_is_never_due():
    assert asked({}, rules=[Rule(99)]) == set()


@given(
    st.integers(0, 4000), st.integers(0, 400) | st.none(), st.sampled_from([1, 2]), st.booleans()
)
def test_what_is_signed_today_is_never_due_today_and_stays_so_while_it_holds(
    ago, days, number, replaced
):
    rule = Rule(1, holds_days=days, when_replaced=replaced)
    settled = {1: signed(number, ON - timedelta(days=ago))}

    lapsed = days is not None and ago > days
    changed = replaced and number != NUMBERS[1] and ago > 0
    assert (1 in asked(settled, rules=[rule])) is (lapsed or changed)
