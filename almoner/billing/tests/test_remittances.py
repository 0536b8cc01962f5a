"""The 835: refused at its segment or posted claim by claim, once, to the cent."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.billing import actions
from almoner.billing.models import (
    Claim,
    Denial,
    ReceivedFile,
    Remittance,
    RemittedClaim,
)
from almoner.billing.tests import make
from almoner.ground.models import Event
from almoner.ledger import actions as money
from almoner.ledger import queries as ledger
from almoner.ledger import rules as shapes
from almoner.ledger.models import Incoming, Journal
from almoner.ledger.rules import Account

pytestmark = pytest.mark.django_db


def state(claim):
    return Claim.objects.get(pk=claim.pk).state


class TestPosting:
    def test_payment_contract_share_and_denial_land_where_they_belong(self):
        claim = make.sent()
        answer = make.answer(
            claim,
            (("CO", "45", 2_000), ("PR", "3", 2_500), ("PR", "2", 500)),
            (("CO", "197", 3_500),),
        )

        result = make.post(make.era(answer))

        [payment] = result.payments
        assert (payment.state, payment.posted, payment.denials) == ("posted", 1, 1)
        balance = ledger.balance_of(claim.patient_id)
        assert (balance.owed, balance.insurance) == (3_000, 3_500)
        accounts = ledger.account_balances()
        assert accounts[Account.REMITTANCE] == 7_000
        assert accounts[Account.CONTRACTUAL] == 2_000
        assert sum(accounts.values()) == 0
        assert state(claim) == "partly_paid"
        denial = Denial.objects.get()
        assert (denial.category, denial.cents, denial.desk) == (
            "authorisation",
            3_500,
            "front desk",
        )
        assert denial.act_by == date(2026, 5, 8)  # 60 cautious days where no terms are known
        kinds = Event.objects.filter(patient_id=claim.patient_id).values_list("kind", flat=True)
        assert {"billing.remitted", "billing.denied"} <= set(kinds)

    def test_what_was_paid_at_the_desk_pays_the_patients_share(self):
        claim = make.sent()
        visit_id = claim.slip.encounter.appointment_id
        money.post(
            kind=shapes.Kind.PAYMENT,
            source="test",
            external_id="copay",
            lines=shapes.patient_payment(
                2_500, method=shapes.Method.CHECK, patient_id=claim.patient_id, visit_id=visit_id,
                debts=[],
            ),
            effective_date=make.DAY,
            at=make.NOON,
        )  # fmt: skip

        make.post(make.era(make.answer(claim, (("PR", "3", 2_500),), ())))

        assert ledger.balance_of(claim.patient_id).due == 0
        assert ledger.balance_of(claim.patient_id).credit == 0

    def test_what_the_payer_says_it_pays_is_due_at_the_bank_under_its_trace(self):
        content = make.era(make.answer(make.sent(), *make.PAID), takes=(("WO", 1_500),))

        make.post(content)
        make.post(content)

        due = Incoming.objects.get()
        assert (due.cents, due.reference, due.source) == (12_000, "EFT0001", "payer")
        assert due.expected_on == date(2026, 3, 9)
        assert due.cents == ledger.account_balances()[Account.REMITTANCE]

    def test_the_same_file_again_changes_nothing(self):
        content = make.era(make.answer(make.sent(), *make.PAID))
        first = make.post(content)
        journals, events = Journal.objects.count(), Event.objects.count()

        again = make.post(content)

        assert (first.new, again.new) == (1, 0)
        assert again.payments == first.payments
        assert (Journal.objects.count(), Event.objects.count()) == (journals, events)
        assert ReceivedFile.objects.count() == 1

    def test_the_same_payment_in_another_envelope_is_a_duplicate(self):
        answer = make.answer(make.sent(), *make.PAID)
        make.post(make.era(answer))

        again = make.post(make.era(answer, envelope=2))

        assert (again.new, again.payments[0].state) == (0, "duplicate")
        assert ledger.account_balances()[Account.REMITTANCE] == 13_500

    def test_another_payment_under_a_used_trace_number_is_refused(self):
        first, second = make.sent(), make.sent()
        make.post(make.era(make.answer(first, *make.PAID)))

        again = make.post(make.era(make.answer(second, *make.PAID), envelope=2))

        assert again.payments[0].state == "refused"
        assert "used before" in again.refused[0]
        assert state(second) == "sent"

    def test_a_takeback_outside_any_claim_lowers_what_the_payer_pays(self):
        claim = make.sent()

        make.post(make.era(make.answer(claim, *make.PAID), takes=(("WO", 1_500), ("L6", -20))))

        accounts = ledger.account_balances()
        assert (accounts[Account.RECOUPMENT], accounts[Account.INTEREST]) == (1_500, -20)
        assert accounts[Account.REMITTANCE] == 13_500 - 1_480  # BPR02, what the bank will see

    def test_a_reversal_takes_back_and_the_new_answer_stands(self):
        claim = make.sent()
        make.post(make.era(make.answer(claim, *make.PAID)))
        back = make.answer(claim, *make.PAID)
        back = replace(
            back, status="22", charged=-back.charged, paid=-back.paid,
            lines=tuple(
                replace(line, charged=-line.charged, paid=-line.paid,
                        adjustments=tuple(replace(a, cents=-a.cents) for a in line.adjustments))
                for line in back.lines
            ),
        )  # fmt: skip
        anew = make.answer(claim, (("CO", "45", 4_000),), (("CO", "50", 3_500),))

        # What is taken back is more than is paid: the payer carries the rest forward (PLB FB).
        content = make.era(back, anew, envelope=2, trace="EFT0002", takes=(("FB", -5_500),))
        make.post(content)

        accounts = ledger.account_balances()
        assert (accounts[Account.REMITTANCE], accounts[Account.FORWARDED]) == (13_500, -5_500)
        assert ledger.balance_of(claim.patient_id).insurance == 3_500
        assert state(claim) == "partly_paid"
        assert [step.state for step in claim.steps.order_by("id")][-3:] == [
            "paid", "pending", "partly_paid",
        ]  # fmt: skip

    def test_a_later_answer_settles_the_denial_it_takes_the_place_of(self):
        claim = make.sent()
        make.post(make.era(make.answer(claim, (), (("CO", "197", 3_500),))))

        make.post(
            make.era(replace(make.answer(claim, (), ()), lines=(), charged=3_500, paid=3_500),
                     envelope=2, trace="EFT0002")
        )  # fmt: skip

        assert Denial.objects.get().resolution == "answered_anew"
        assert ledger.balance_of(claim.patient_id).insurance == 0

    def test_an_answer_to_a_claim_that_was_replaced_is_posted_and_pointed_out(self):
        claim = make.sent()
        Claim.objects.filter(pk=claim.pk).update(state="corrected")

        make.post(make.era(make.answer(claim, *make.PAID)))

        assert state(claim) == "corrected"
        assert "before this answer came: corrected" in RemittedClaim.objects.get().needs_review
        assert ledger.balance_of(claim.patient_id).insurance == 0

    def test_one_payment_may_answer_many_claims(self):
        claims = [make.sent() for _ in range(3)]

        result = make.post(make.era(*(make.answer(claim, *make.PAID) for claim in claims)))

        assert result.new == 3
        assert {state(claim) for claim in claims} == {"paid"}

    def test_an_officer_without_the_right_posts_nothing(self):
        with pytest.raises(PermissionDenied):
            actions.post_remittance(
                content=b"", name="", officer=access.officer("ana"), at=make.LATER
            )

        assert not ReceivedFile.objects.exists()


class TestRefusal:
    def wrong(self, claim):
        """An 835 whose second line says it was paid a cent too much."""
        answer = make.answer(claim, *make.PAID)
        first, second = answer.lines
        return make.era(
            replace(answer, lines=(first, replace(second, paid=second.paid + 1))), takes=()
        )

    def test_a_line_that_does_not_balance_refuses_the_payment_at_its_segment(self):
        claim = make.sent()

        result = make.post(self.wrong(claim))

        row = Remittance.objects.get()
        [fault] = row.refusal["faults"]
        assert result.payments[0].state == "refused"
        assert (fault["code"], fault["tag"], fault["element"]) == ("line-unbalanced", "SVC", 3)
        content = bytes(ReceivedFile.objects.get().content)
        assert content[fault["offset"] :].startswith(b"SVC*HC:ZZ201:25*35*35.01")
        assert result.refused[0].startswith("SVC (segment ")
        assert not RemittedClaim.objects.exists()
        assert ledger.account_balances()[Account.INSURANCE_AR] == 15_500
        assert state(claim) == "sent"

    def test_a_payment_that_is_not_the_sum_of_its_claims_is_refused(self):
        result = make.post(make.era(make.answer(make.sent(), *make.PAID), cents=13_400))

        assert "payment is 134" in result.refused[0]

    def test_a_cut_off_file_posts_nothing(self):
        content = make.era(*(make.answer(make.sent(), *make.PAID) for _ in range(2)))

        result = make.post(content[: len(content) * 2 // 3])

        assert result.payments[0].state == "refused"
        assert not RemittedClaim.objects.exists()

    def test_a_sound_payment_beside_a_refused_one_is_posted(self):
        good, bad = make.sent(), make.sent()
        sound = make.era(make.answer(good, *make.PAID))
        wrong = self.wrong(bad).replace(b"EFT0001", b"EFT0009").replace(b"000000001", b"000000002")

        make.post(sound)
        make.post(wrong)

        assert (state(good), state(bad)) == ("paid", "sent")

    @pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7", b"ISA*00*", b"\x00" * 400])
    def test_what_is_no_835_is_kept_and_said_to_be_none(self, content):
        with pytest.raises(actions.NotARemittance):
            make.post(content)

        assert ReceivedFile.objects.get().state == "refused"

    def test_a_refusal_taken_up_with_the_payer_says_by_whom(self):
        make.post(self.wrong(make.sent()))
        row = Remittance.objects.get()

        actions.handle_refusal(
            officer=make.biller(), remittance_id=row.pk, note="asked for a new file", at=make.LATER
        )

        row.refresh_from_db()
        assert (row.state, row.handled_note) == ("refused", "asked for a new file")

    def test_a_second_file_with_a_used_number_is_kept_and_marked(self):
        first, second = make.sent(), make.sent()
        make.post(make.era(make.answer(first, *make.PAID)))
        make.post(make.era(make.answer(second, *make.PAID), trace="EFT0002"))

        assert [row.number_used_before for row in ReceivedFile.objects.order_by("id")] == [
            False, True,
        ]  # fmt: skip
        assert state(second) == "paid"


class TestMatching:
    def post(self, claim, **facts):
        make.post(make.era(make.answer(claim, *make.PAID, **facts)))
        return RemittedClaim.objects.get()

    def test_our_claim_number_names_the_claim(self):
        assert self.post(make.sent(), control="X").matched_by == "our claim number"

    def test_our_line_number_names_it_where_the_claim_number_was_lost(self):
        assert self.post(make.sent(), account="0").matched_by == "our line numbers"

    def test_the_payers_number_names_it_where_both_were_lost(self):
        claim = make.sent()
        Claim.objects.filter(pk=claim.pk).update(payer_claim_number=f"P{claim.pk}")

        row = self.post(claim, account="0", control="X")

        assert row.matched_by == "the payer's claim number"
        assert row.state == "posted"

    def test_numbers_that_contradict_each_other_name_nothing(self):
        claim, other = make.sent(), make.sent()

        row = self.post(claim, account=other.number)

        assert (row.state, row.claim) == ("unmatched", None)
        assert "different claims" in row.matched_by
        assert ledger.account_balances()[Account.INSURANCE_AR] == 31_000

    def test_a_claim_of_another_system_waits_for_a_person(self):
        claim = make.sent()
        row = self.post(claim, account="12345", control="X")
        assert row.state == "unmatched"

        posted = actions.post_unmatched(
            officer=make.biller(), remitted_id=row.pk, claim_id=claim.pk, at=make.LATER
        )

        assert (posted.state, posted.claim) == ("posted", claim)
        assert state(claim) == "paid"
        with pytest.raises(actions.NotUnmatched):
            actions.post_unmatched(
                officer=make.biller(), remitted_id=row.pk, claim_id=claim.pk, at=make.LATER
            )

    def test_what_is_not_ours_can_be_set_aside_with_a_word(self):
        row = self.post(make.sent(), account="12345", control="X")

        actions.set_aside(
            officer=make.biller(), remitted_id=row.pk, note="old system", at=make.LATER
        )

        row.refresh_from_db()
        assert (row.state, row.needs_review) == ("set_aside", "old system")


def test_a_posted_answer_always_has_its_claim():
    make.post(make.era(make.answer(make.sent(), *make.PAID)))

    with pytest.raises(IntegrityError, match="posted_to_one"), transaction.atomic():
        RemittedClaim.objects.update(claim=None)


def test_posting_reads_in_chunks_not_claim_by_claim(django_assert_max_num_queries):
    content = make.era(*(make.answer(make.sent(), *make.PAID) for _ in range(10)))

    with django_assert_max_num_queries(10 * 12 + 40):
        make.post(content)
