"""The rest of a refused remittance: posted without the claims at fault, and whole to the cent."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.billing import actions, jobs, queries
from almoner.billing.models import Claim, Remittance, RemittedClaim
from almoner.billing.rules import parting
from almoner.billing.rules.parting import Parting, WhyNot
from almoner.billing.tests import make
from almoner.ground.models import Event
from almoner.ledger import queries as ledger
from almoner.ledger.models import Journal
from almoner.ledger.rules import Account


def part(amount=10_000, outside=0, right=(6_000,), said=(4_000,), whole=()):
    return parting.part(
        amount=amount, outside=outside, right=right, said=said, whole_faults=set(whole)
    )


class TestRule:
    @pytest.mark.parametrize(
        ("facts", "then"),
        [
            ({}, Parting(6_000, (4_000,), 0)),
            # one claim at fault is what is left, whatever it says
            ({"said": (4_001,), "whole": {"payment-unbalanced"}}, Parting(6_000, (4_000,), 0)),
            ({"said": (None,)}, Parting(6_000, (4_000,), 0)),
            # what was taken outside claims lowered the payment, not the claims
            ({"outside": 500, "amount": 9_500}, Parting(6_000, (4_000,), 0)),
            ({"said": (3_000, 1_000)}, Parting(6_000, (3_000, 1_000), 0)),
            ({"said": (3_000, None)}, Parting(6_000, (3_000, 1_000), 0)),
            # several that do not come to what is left: the difference is kept apart
            ({"said": (3_000, 900)}, Parting(6_000, (3_000, 900), 100)),
            ({"said": (None, None)}, Parting(6_000, (0, 0), 4_000)),
            # a refused reversal lowered the payment
            ({"amount": 5_000, "said": (-1_000,)}, Parting(6_000, (-1_000,), 0)),
            ({"said": ()}, WhyNot.NO_CLAIM),
            ({"right": ()}, WhyNot.NOTHING_RIGHT),
            ({"amount": None}, WhyNot.WHOLE),
            ({"whole": {"se-missing"}}, WhyNot.WHOLE),
            ({"whole": {"payment-unbalanced", "amount-unreadable"}}, WhyNot.WHOLE),
        ],
    )
    def test_divides_a_payment_or_says_why_not(self, facts, then):
        assert part(**facts) == then

    @given(
        st.integers(0, 10**7), st.integers(-(10**5), 10**5),
        st.lists(st.integers(-(10**5), 10**5), min_size=1, max_size=5),
        st.lists(st.one_of(st.none(), st.integers(-(10**5), 10**5)), min_size=1, max_size=5),
    )  # fmt: skip
    def test_what_is_posted_and_parked_is_the_payment_to_the_cent(
        self, amount, outside, right, said
    ):
        found = part(amount=amount, outside=outside, right=right, said=said)

        assert found.posted_cents + found.parked_cents - outside == amount
        assert len(found.parked) == len(said)


def refused(*, takes=(("WO", 500),)):
    """Two claims right, one that says a cent more than it adds up to."""
    good, other, bad = make.sent(), make.sent(), make.sent()
    wrong = make.answer(bad, (("CO", "45", 2_000),), ())
    content = make.era(
        make.answer(good, *make.PAID),
        replace(wrong, paid=wrong.paid + 1),
        make.answer(other, *make.PAID),
        takes=takes,
    )
    [payment] = make.post(content).payments
    assert payment.state == "refused"
    return Remittance.objects.get(pk=payment.remittance_id), (good, other, bad)


def posted_rest(row, officer=None):
    parted = actions.post_the_rest(
        officer=officer or make.biller(), remittance_id=row.pk, at=make.LATER
    )
    jobs.post_received(row.received_id)
    row.refresh_from_db()
    return parted


def parked():
    row, claims = refused()
    posted_rest(row)
    return row, claims, RemittedClaim.objects.get(state="parked")


def owed(claim):
    visit = claim.slip.encounter.appointment_id
    return ledger.visit_balances([visit])[visit].insurance


@pytest.mark.django_db(transaction=True)
class TestPostTheRest:
    def test_right_claims_are_posted_and_the_ledger_shows_what_the_bank_will(self):
        row, (good, other, bad) = refused()

        posted_rest(row)

        assert (row.state, row.claim_count) == ("posted", 3)
        states = [Claim.objects.get(pk=one.pk).state for one in (good, other, bad)]
        assert states == ["paid", "paid", "sent"]
        books = ledger.account_balances()
        assert books[Account.REMITTANCE] == row.paid_cents == 3 * 13_500 + 1 - 500
        assert books[Account.PAYER_UNAPPLIED] == -13_501
        assert books[Account.RECOUPMENT] == 500
        assert sum(books.values()) == 0
        assert Event.objects.filter(kind="billing.remittance_parted").count() == 1

    def test_each_parked_one_is_work_that_says_why(self):
        row, (_, _, bad) = refused()

        posted_rest(row)

        one = RemittedClaim.objects.get(state="parked")
        assert (one.number, one.paid_cents, one.charge_cents) == (bad.number, 13_501, 15_500)
        assert one.patient_family.upper() == bad.patient.family.upper()
        assert "it says 135.01 was paid" in one.matched_by
        assert queries.unmatched_count() == (1, 13_501)

    def test_once_only_and_never_a_second_copy_of_the_same_payment(self):
        row, _ = refused()
        posted_rest(row)
        journals = Journal.objects.count()

        with pytest.raises(actions.NoRefusedPayment):
            posted_rest(row)
        again = make.post(bytes(row.received.content).replace(b"000000001", b"000000002"))
        copy = Remittance.objects.get(pk=again.payments[0].remittance_id)

        assert copy.state == "refused"
        with pytest.raises(actions.NotDivisible) as why:
            posted_rest(copy)
        assert why.value.why is WhyNot.USED_BEFORE
        assert Journal.objects.count() == journals

    def test_not_without_the_right(self):
        row, _ = refused()

        with pytest.raises(PermissionDenied):
            posted_rest(row, access.officer("ana", roles=("officer",)))

        row.refresh_from_db()
        assert row.state == "refused"

    def test_nothing_of_a_payment_whose_difference_is_nobodys(self):
        claim = make.sent()
        content = make.era(make.answer(claim, *make.PAID), cents=1)
        [payment] = make.post(content).payments

        with pytest.raises(actions.NotDivisible) as why:
            actions.post_the_rest(
                officer=make.biller(), remittance_id=payment.remittance_id, at=make.LATER
            )

        assert why.value.why is WhyNot.NO_CLAIM


@pytest.mark.django_db(transaction=True)
class TestParked:
    def test_applied_by_hand_it_pays_the_claim_and_nothing_more(self):
        _, (_, _, bad), one = parked()

        actions.apply_parked(
            officer=make.biller(), remitted_id=one.pk, claim_id=bad.pk, at=make.LATER
        )

        assert owed(bad) == 15_500 - 13_501
        assert Account.PAYER_UNAPPLIED not in {
            account for account, cents in ledger.account_balances().items() if cents
        }
        bad.refresh_from_db()
        assert bad.state == "sent"  # it still waits for an answer that adds up
        assert queries.unmatched_count() == (0, 0)
        assert (
            queries.answered_on(bad.slip_id, 1) is None
        )  # and counts for no decision of its payer
        with pytest.raises(actions.NotParked):
            actions.apply_parked(
                officer=make.biller(), remitted_id=one.pk, claim_id=bad.pk, at=make.LATER
            )

    def test_returned_to_the_payer_it_leaves_the_bank(self):
        _, (_, _, bad), one = parked()

        actions.return_to_payer(
            officer=make.biller(), remitted_id=one.pk, because="check 812", at=make.LATER
        )

        books = ledger.account_balances()
        assert (books[Account.BANK], books.get(Account.PAYER_UNAPPLIED, 0)) == (-13_501, 0)
        assert owed(bad) == 15_500
        assert queries.unmatched_count() == (0, 0)

    def test_money_of_an_unmatched_answer_is_parked_and_not_paid_twice(self):
        claim = make.sent()
        answer = make.answer(claim, *make.PAID, control="X", account="12345")
        make.post(make.era(replace(answer, payer_claim_number="")))
        one = RemittedClaim.objects.get(state="unmatched")
        assert ledger.account_balances()[Account.PAYER_UNAPPLIED] == -13_500

        actions.post_unmatched(
            officer=make.biller(), remitted_id=one.pk, claim_id=claim.pk, at=make.LATER
        )

        books = ledger.account_balances()
        assert books[Account.REMITTANCE] == 13_500
        assert books.get(Account.PAYER_UNAPPLIED, 0) == 0


@pytest.mark.django_db(transaction=True)
class TestPages:
    @pytest.fixture
    def desk(self, client):
        client.force_login(
            make.biller(), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    def text(self, answer):
        return answer.content.decode()

    def test_the_refusal_says_what_could_be_posted_and_does_it(self, desk):
        row, _ = refused()
        page = reverse("remittance", args=[row.pk])
        shown = self.text(desk.get(page))
        assert "2 claims of it are right" in shown
        assert "$270.00" in shown
        assert "$135.01" in shown

        desk.post(reverse("post_the_rest", args=[row.pk]))
        jobs.post_received(row.received_id)

        shown = self.text(desk.get(page))
        assert "Refused, and its right claims posted" in shown
        assert "Post the rest" not in shown

    def test_a_parked_one_is_named_its_claim_from_the_work_list(self, desk):
        _, (_, _, bad), one = parked()
        assert reverse("match_answer", args=[one.pk]) in self.text(
            desk.get(reverse("unmatched_answers"))
        )
        page = reverse("match_answer", args=[one.pk])
        assert "This answer was refused" in self.text(desk.get(page))

        desk.post(page, {"number": bad.number})

        one.refresh_from_db()
        assert (one.state, one.claim_id) == ("applied", bad.pk)

    def test_returning_asks_why(self, desk):
        _, _, one = parked()

        desk.post(reverse("return_to_payer", args=[one.pk]), {"reason": ""})
        one.refresh_from_db()
        assert one.state == "parked"
        desk.post(reverse("return_to_payer", args=[one.pk]), {"reason": "not our patient"})

        one.refresh_from_db()
        assert (one.state, one.needs_review) == ("returned", "not our patient")
