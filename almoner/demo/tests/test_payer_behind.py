"""The demo's payers as second ones, and a visit that two of them pay from end to end."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.billing import actions, exchange, jobs
from almoner.billing.models import Claim, Denial, Remittance
from almoner.billing.tests import make as billing
from almoner.demo.payer import behind
from almoner.demo.payer.adjudication import Adjudicator
from almoner.demo.payer.house import House
from almoner.demo.payer.members import Members
from almoner.demo.payer.plans import BY_ID
from almoner.demo.setup import ZONE
from almoner.edges.x12.claim import Adjustment, Payer
from almoner.edges.x12.tests import make
from almoner.ground.models import Outgoing
from almoner.ledger import queries as ledger
from almoner.patients.tests import make as patients

NOW = datetime(2026, 3, 4, 17, tzinfo=ZoneInfo(ZONE))
DECIDED = date(2026, 3, 5)


@given(
    st.integers(1, 50_000), st.floats(0, 1), st.integers(0, 50_000),
    st.lists(st.integers(0, 20_000), max_size=3),
)  # fmt: skip
def test_a_line_is_divided_to_the_cent_and_never_beyond_what_was_left(charge, part, alone, owed):
    left = int(charge * part)

    paid, adjustments = behind.coordinated(
        charge, left, alone=alone, owed=[(str(n), cents) for n, cents in enumerate(owed, 1)]
    )

    assert paid + sum(one.cents for one in adjustments) == charge
    assert 0 <= paid <= min(alone, left)
    assert sum(one.cents for one in adjustments if one.group == "PR") <= left - paid


def test_what_was_left_is_read_from_the_lines_or_laid_on_them():
    told = make.secondary_claim()
    (first,) = told.prior_payers
    bare = replace(told.lines[0], judgements=())
    lines = (bare, replace(bare, charge=5_000))
    whole = replace(first, adjustments=(Adjustment("CO", "45", 1_000),
                                        Adjustment("PR", "2", 12_000)))  # fmt: skip

    assert behind.left_on(told) == [1_000]
    assert behind.left_on(replace(told, lines=lines, prior_payers=(whole,))) == [10_000, 2_000]
    assert behind.left_on(replace(told, lines=lines, prior_payers=(first,))) == [9_000, 0]


def test_a_second_payer_decides_over_what_the_first_left():
    claim = replace(make.secondary_claim(), payer=Payer("STATE FAMILY CARE", "STFAM"))

    (decided,) = Adjudicator(Members()).decide(claim, received_on=date(2026, 11, 23))

    assert (decided.status, decided.paid, decided.patient_share) == ("2", 1_000, 0)
    reasons = {(one.group, one.reason): one.cents for one in decided.lines[0].adjustments}
    assert reasons == {("OA", "23"): 9_000}


def payer(name):
    plan = BY_ID[name]
    row = billing.payer(name)
    row.name, row.kind, row.claim_filing = plan.payer, plan.kind, plan.filing
    row.save()
    return row


def insured_twice(first_member):
    patient = patients.patient()
    billing.policy(patient, payer=payer("FSENR"), member_id=first_member)
    billing.policy(patient, payer=payer("BLUEH"), rank=2, member_id="BS6")
    return billing.claim(patient)


def exchanged(*claims, day):
    """Send claims to the payers and take in whatever comes back."""
    at = NOW + timedelta(days=day)
    house = House(settle_after=0, now=lambda: at)
    sending = exchange.send_claims(
        officer=billing.biller(), claim_ids=[one.pk for one in claims], at=at
    )
    assert sending.held == ()
    Outgoing.objects.update(state=Outgoing.State.SENT, settled_at=at)
    actions.mark_sent(submission_id=sending.submission.pk, receipt="R1", at=at)
    house.take_claims(actions.content_of(sending.submission.pk), f"key{day}")
    for file in house.mailbox(0):
        jobs.take_in(file.body, name=file.name, at=at)


@pytest.mark.django_db(transaction=True)
class TestTwoPayers:
    def test_pay_a_visit_one_after_the_other_until_nothing_is_left(self):
        claim = insured_twice("1DM000014")
        exchanged(claim, day=0)
        asked = Claim.objects.get(slip=claim.slip, rank=2)
        assert ledger.balance_of(claim.patient_id).owed == 0
        assert ledger.balance_of(claim.patient_id).insurance == asked.left_cents > 0

        exchanged(asked, day=7)

        asked.refresh_from_db()
        assert asked.state == "paid"
        assert asked.remitted.get().status == "2"
        balance = ledger.balance_of(claim.patient_id)
        assert balance.insurance == 0
        assert balance.owed == asked.remitted.get().patient_cents
        assert not Denial.objects.exists()
        assert not Remittance.objects.filter(state="refused").exists()

    def test_the_first_sends_it_on_and_the_second_answers_under_its_number(self):
        claim = insured_twice("1DM00002V0")

        exchanged(claim, day=0)

        asked = Claim.objects.get(slip=claim.slip, rank=2)
        claim.refresh_from_db()
        assert claim.remitted.get().status == "19"
        assert (asked.forwarded, asked.state) == (True, "paid")
        assert asked.remitted.get().number == claim.number
        assert not asked.sendings.exists()
        assert ledger.balance_of(claim.patient_id).insurance == 0
