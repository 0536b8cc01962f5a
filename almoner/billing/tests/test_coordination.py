"""Which payer answers for what another left: pure decisions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.billing.rules import coordination, denials, matching, posting
from almoner.billing.rules.claims import State
from almoner.billing.rules.coordination import Held, LineDecision, Next, Standing
from almoner.billing.rules.denials import Action, Adjusted
from almoner.billing.tests.test_rules import BILLED, answered, balance
from almoner.ledger.rules import Account

FIRST, SECOND = Held(1, 11, 1, "medicare"), Held(2, 12, 2, "ppo")


class TestWhoIsNext:
    @pytest.mark.parametrize(
        ("held", "billed", "then"),
        [
            ([FIRST, SECOND], {1}, 2),
            ([FIRST], {1}, None),
            ([FIRST, Held(2, 12, 2, "self_pay")], {1}, None),
            ([FIRST, Held(2, 12, 2, "workers_comp")], {1}, None),
            ([FIRST, SECOND, Held(3, 13, 3, "ppo")], {1, 2}, 3),
            ([FIRST, Held(3, 13, 3, "ppo"), SECOND], {1}, 2),
        ],
    )
    def test_the_next_policy_in_the_patients_order_that_pays_beside_others(
        self, held, billed, then
    ):
        found = coordination.next_held(held, after=1, billed=billed)

        assert (found and found.policy_id) == then

    @pytest.mark.parametrize(
        ("status", "cents", "has_next", "standing", "then"),
        [
            ("1", 3_000, True, None, Next.DRAFT),
            ("1", 3_000, False, None, Next.NOTHING),
            ("1", 0, True, None, Next.NOTHING),
            ("19", 3_000, True, None, Next.AWAIT),
            ("19", 3_000, False, None, Next.NOTHING),
            ("22", -3_000, True, None, Next.NOTHING),
            ("22", -3_000, True, State.READY, Next.RECKON),
            ("22", -3_000, True, State.SENT, Next.TELL),
            ("22", -3_000, True, State.PAID, Next.TELL),
            ("1", 4_000, True, State.HELD, Next.RECKON),
            ("1", 4_000, True, State.QUEUED, Next.TELL),
            ("4", 0, True, State.HELD, Next.RECKON),
            ("1", 0, True, State.SENT, Next.NOTHING),
        ],
    )
    def test_what_an_answer_makes_of_the_next_claim(self, status, cents, has_next, standing, then):
        stands = Standing(standing, forwarded=False) if standing else None

        found = coordination.what_next(status, cents, has_next=has_next, standing=stands)

        assert found is then

    def test_while_another_payer_may_owe_it_the_patient_is_not_billed(self):
        asked = denials.allowed_actions("PR", unprocessable=False, next_payer=True)

        assert Action.BILL_NEXT in asked
        assert Action.BILL_PATIENT not in asked
        assert Action.BILL_NEXT not in denials.allowed_actions(
            "CO", unprocessable=False, next_payer=True
        )


class TestShare:
    WHOSE = posting.Whose(patient_id=1, visit_id=2, payer_id=3, next_payer_id=4)

    def test_goes_to_the_next_payer_before_the_patient(self):
        answer = answered(Adjusted(1, "CO", "45", 2_000), Adjusted(1, "PR", "2", 2_000),
                          Adjusted(2, "PR", "1", 3_500))  # fmt: skip

        found = posting.outcome(answer, BILLED, self.WHOSE)

        theirs = [line for line in found.lines if line.payer_id == 4]
        assert sum(line.cents for line in theirs) == 5_500
        assert {line.account for line in theirs} == {Account.INSURANCE_AR}
        assert balance(found, Account.PATIENT_AR) == 0
        assert (found.patient_cents, found.next_cents) == (0, 5_500)

    def test_of_a_claim_sent_on_to_nobody_known_is_the_front_desks_to_clear(self):
        answer = answered(Adjusted(1, "PR", "2", 4_000), status="19", paid=(8_000, 3_500))
        whose = posting.Whose(patient_id=1, visit_id=2, payer_id=3)

        found = posting.outcome(answer, BILLED, whose)

        [work] = found.refused
        assert (work.cents, work.group, work.desk) == (4_000, "PR", "front desk")
        assert work.category is denials.Category.COORDINATION
        assert balance(found, Account.PATIENT_AR) == 0
        assert (found.patient_cents, found.state) == (0, State.PAID)


class TestLaterPayer:
    """15,500 charged; the first payer left 5,500 of it."""

    WHOSE = posting.Whose(patient_id=1, visit_id=2, payer_id=4, left_cents=5_500)

    @pytest.mark.parametrize(
        ("adjusted", "paid", "contract", "patient", "refused"),
        [
            # it says what the first payer paid and adjusted
            ([("OA", "23", 10_000)], 5_500, 0, 0, 0),
            ([("OA", "23", 10_000), ("PR", "3", 1_500)], 4_000, 0, 1_500, 0),
            ([("OA", "23", 10_000), ("CO", "45", 500)], 5_000, 500, 0, 0),
            # it says only what the first payer paid, and takes its contract off once more
            ([("OA", "23", 8_000), ("CO", "45", 2_000)], 5_500, 0, 0, 0),
            ([("OA", "23", 8_000), ("CO", "45", 3_500)], 4_000, 1_500, 0, 0),
            # it refuses the whole charge as if there had been nobody before it
            ([("CO", "197", 15_500)], 0, 0, 0, 5_500),
            ([("CO", "45", 4_000), ("CO", "197", 11_500)], 0, 0, 0, 5_500),
            ([("PR", "1", 15_500)], 0, 0, 5_500, 0),
        ],
    )
    def test_takes_off_only_what_was_left_to_it(self, adjusted, paid, contract, patient, refused):
        answer = answered(*(Adjusted(1, *one) for one in adjusted), paid=(paid, 0), status="2")

        found = posting.outcome(answer, BILLED, self.WHOSE)

        assert balance(found, Account.CONTRACTUAL) == contract
        assert balance(found, Account.PATIENT_AR) == patient == found.patient_cents
        assert sum(one.cents for one in found.refused) == refused
        assert 5_500 + balance(found, Account.INSURANCE_AR) == refused

    @given(
        st.lists(
            st.builds(
                Adjusted,
                st.integers(0, 2),
                st.sampled_from(["CO", "PR", "OA"]),
                st.sampled_from(["1", "2", "23", "45", "197"]),
                st.integers(1, 9_000),
            ),
            max_size=6,
        ),
        st.integers(0, 15_500),
    )
    def test_a_reversal_takes_back_exactly_what_was_posted(self, adjusted, left):
        whose = posting.Whose(patient_id=1, visit_id=2, payer_id=4, left_cents=left)
        turned = [Adjusted(one.line_number, one.group, one.reason, -one.cents) for one in adjusted]
        paid = 15_500 - sum(one.cents for one in adjusted)

        there = posting.outcome(answered(*adjusted, paid=(paid, 0), status="2"), BILLED, whose)
        back = posting.outcome(
            answered(*turned, paid=(-paid, 0), status="22", charge_cents=-15_500), BILLED, whose
        )

        for account in (Account.CONTRACTUAL, Account.PATIENT_AR, Account.INSURANCE_AR):
            assert balance(there, account) == -balance(back, account)


class TestDecision:
    CHARGES = {71: 12_000, 72: 3_500}

    def told(self, *lines, adjusted=()):
        return coordination.decision(
            paid_cents=10_000, decided_on=date(2026, 3, 9), charges=self.CHARGES, lines=lines,
            adjusted=[*adjusted, *(one for line in lines for one in line.adjusted)],
        )  # fmt: skip

    def test_is_told_line_by_line_where_each_line_adds_up(self):
        found = self.told(
            LineDecision(71, "ZZ101", (), 8_000, (Adjusted(1, "PR", "2", 2_000),
                                                  Adjusted(1, "CO", "45", 2_000))),
            LineDecision(72, "ZZ201", ("25",), 2_000, (Adjusted(2, "PR", "1", 1_500),)),
        )  # fmt: skip

        assert [line.line_id for line in found.lines] == [71, 72]
        assert [one.group for one in found.lines[0].adjusted] == ["CO", "PR"]
        assert found.adjusted == ()
        assert found.left_cents == 3_500

    def test_joins_what_the_payer_split(self):
        found = self.told(
            LineDecision(71, "ZZ101", (), 5_000, (Adjusted(1, "CO", "45", 1_000),)),
            LineDecision(71, "ZZ101", (), 5_000, (Adjusted(2, "CO", "45", 1_000),)),
            LineDecision(72, "ZZ201", ("25",), 3_500, ()),
        )

        assert found.lines[0].paid_cents == 10_000
        assert found.lines[0].adjusted == (Adjusted(0, "CO", "45", 2_000),)

    @pytest.mark.parametrize(
        "lines",
        [
            (),
            (LineDecision(71, "ZZ101", (), 12_000, ()),),
            (LineDecision(0, "ZZ999", (), 12_000, ()), LineDecision(72, "ZZ201", (), 3_500, ())),
            (LineDecision(71, "ZZ101", (), 11_000, ()), LineDecision(72, "ZZ201", (), 3_500, ())),
            (LineDecision(71, "ZZ101", (), 15_500, ()), LineDecision(72, "ZZ201", (), -5, (
                Adjusted(2, "CO", "45", 3_505),))),
        ],
    )  # fmt: skip
    def test_is_told_as_a_whole_where_lines_do_not_add_up(self, lines):
        found = self.told(*lines, adjusted=[Adjusted(0, "CO", "45", 5_500)])

        assert found.lines == ()
        assert ("CO", "45") in {(one.group, one.reason) for one in found.adjusted}


class TestWhoAnswers:
    NAMED = matching.Known(5, 9, live=True, payer_id=11)
    SENT_ON = matching.Known(6, 9, live=True, payer_id=12, rank=2, forwarded=True)

    @pytest.mark.parametrize(
        ("payer_id", "status", "claim_id"),
        [
            (11, "1", 5),
            (12, "2", 6),
            (12, "4", 6),
            (11, "22", 5),
            (None, "2", 6),
            (None, "19", 5),
            (None, "4", None),
        ],
    )
    def test_a_claim_sent_on_comes_back_under_the_first_ones_number(
        self, payer_id, status, claim_id
    ):
        found = matching.match(
            slip_ids=[9], by_number=self.NAMED, by_slip={9: [self.NAMED, self.SENT_ON]},
            by_payer_number=[], payer_id=payer_id, status=status,
        )  # fmt: skip

        assert found.claim_id == claim_id

    def test_line_numbers_alone_name_the_claim_of_the_payer_that_answers(self):
        second = matching.Known(7, 9, live=True, payer_id=12, rank=2)
        asked = {"slip_ids": [9], "by_number": None, "by_slip": {9: [self.NAMED, second]},
                 "by_payer_number": []}  # fmt: skip

        assert matching.match(**asked, payer_id=12).claim_id == 7
        assert matching.match(**asked, payer_id=None, status="1").claim_id == 5
        assert matching.match(**asked, payer_id=None, status="22").claim_id is None
