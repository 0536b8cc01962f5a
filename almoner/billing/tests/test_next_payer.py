"""What the first payer leaves is asked of the second one, and of the patient only after that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from almoner.billing import actions, exchange, queries
from almoner.billing.models import Claim, Denial, RemittedClaim
from almoner.billing.tests import make
from almoner.edges.x12 import remittance as x12
from almoner.edges.x12.check import check
from almoner.edges.x12.claim import read_837p
from almoner.edges.x12.report import Verdict
from almoner.edges.x12.tests.judges import pyx12_complaints
from almoner.ground.models import Event
from almoner.ledger import queries as ledger
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db

SHARED = ((("CO", "45", 2_000), ("PR", "2", 2_000)), (("PR", "1", 1_000),))
"""The first payer leaves 30.00 of 155.00."""


def second():
    row = make.payer("MUTUA")
    if row.name != "Second Mutual":
        row.name = "Second Mutual"
        row.save()
    return row


def insured_twice(**facts):
    patient = patients.patient()
    make.policy(patient)
    make.policy(patient, **{"payer": second(), "rank": 2} | facts)
    return patient


def answered_by_first(claim, *, status="1", lines=SHARED, envelope=1, trace="EFT0001"):
    answer = make.answer(claim, *lines, status=status)
    return make.post(make.era(answer, envelope=envelope, trace=trace))


def taken_back(claim, *, lines=SHARED, trace="EFT0009"):
    """The first payer reverses its answer."""
    answer = make.answer(claim, *lines)
    turned = tuple(
        replace(line, charged=-line.charged, paid=-line.paid, adjustments=tuple(
            replace(one, cents=-one.cents) for one in line.adjustments))
        for line in answer.lines
    )  # fmt: skip
    back = replace(answer, status="22", charged=-answer.charged, paid=-answer.paid,
                   patient_share=-(answer.patient_share or 0), lines=turned)  # fmt: skip
    # A payment is never below zero: what is to be given back is carried over (PLB FB).
    return make.post(make.era(back, envelope=9, trace=trace, takes=(("FB", back.paid),)))


def following(claim):
    return Claim.objects.filter(slip=claim.slip, rank=2).exclude(
        state__in=["void", "corrected"]
    ).get()  # fmt: skip


def answered_by_second(claim, *per_line, status="2", number="", envelope=5, trace="EFT0005"):
    answer = make.answer(claim, *per_line, status=status, payer_claim_number=f"S{claim.pk}")
    if number:
        answer = replace(answer, account=number)
    content = make.era(answer, envelope=envelope, trace=trace)
    return make.post(content.replace(b"2U*HARBR", b"2U*MUTUA"))


def owes(claim, payer):
    return ledger.owed_by_payers(claim.patient_id).get(payer.pk, 0)


def mark_sent(claim):
    Claim.objects.filter(pk=claim.pk).update(state="queued")
    Claim.objects.filter(pk=claim.pk).update(state="sent")


class TestArising:
    def test_the_second_payer_is_asked_by_itself_and_the_patient_owes_nothing_yet(self):
        claim = make.sent(insured_twice())

        answered_by_first(claim)

        asked = following(claim)
        assert (asked.rank, asked.payer, asked.left_cents) == (2, second(), 3_000)
        assert (asked.state, asked.policy.rank) == ("ready", 2)
        assert owes(claim, second()) == 3_000
        balance = ledger.balance_of(claim.patient_id)
        assert (balance.owed, balance.insurance) == (0, 3_000)
        [told] = Event.objects.filter(kind="billing.next_payer")
        assert told.data["payer"] == "Second Mutual"

    def test_once_however_often_the_answer_comes(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)

        answered_by_first(claim)
        answered_by_first(claim, envelope=2)

        assert Claim.objects.filter(slip=claim.slip).count() == 2
        assert owes(claim, second()) == 3_000

    @pytest.mark.parametrize(
        "facts",
        [{"valid_until": date(2026, 3, 2)}, {"valid_from": date(2026, 3, 3)}],
    )
    def test_not_of_a_coverage_that_did_not_hold_on_the_day(self, facts):
        claim = make.sent(insured_twice(**facts))

        answered_by_first(claim)

        assert Claim.objects.filter(slip=claim.slip).count() == 1
        assert ledger.balance_of(claim.patient_id).owed == 3_000

    def test_nothing_left_asks_nobody(self):
        claim = make.sent(insured_twice())

        answered_by_first(claim, lines=make.PAID)

        assert Claim.objects.filter(slip=claim.slip).count() == 1

    def test_the_claim_tells_what_the_first_payer_decided_line_by_line(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)

        sending = exchange.send_claims(officer=make.biller(), claim_ids=[asked.pk], at=make.LATER)

        content = bytes(sending.submission.content)
        assert check(content).verdict is Verdict.ACCEPTED
        assert pyx12_complaints(content) == []
        [read] = read_837p(content)
        assert (read.subscriber.rank, read.payer.identifier) == ("S", "MUTUA")
        [first] = read.prior_payers
        assert (first.rank, first.payer.identifier, first.paid) == ("P", "HARBR", 10_500)
        assert (first.liability_left, first.claim_number) == (3_000, f"P{claim.pk}")
        assert first.adjustments == ()
        assert [line.judgements[0].paid for line in read.lines] == [8_000, 2_500]
        assert read.lines[0].judgements[0].decided_on == date(2026, 3, 9)
        reasons = read.lines[0].judgements[0].adjustments
        assert [(one.group, one.reason, one.amount) for one in reasons] == [
            ("CO", "45", 2_000), ("PR", "2", 2_000)
        ]  # fmt: skip

    def test_an_answer_without_lines_is_told_as_a_whole(self):
        claim = make.sent(insured_twice())
        whole = replace(
            make.answer(claim, (), ()), lines=(), paid=10_500, patient_share=3_000,
            adjustments=(x12.Adjustment("CO", "45", 2_000), x12.Adjustment("PR", "2", 3_000)),
        )  # fmt: skip
        make.post(make.era(whole))

        sending = exchange.send_claims(
            officer=make.biller(), claim_ids=[following(claim).pk], at=make.LATER
        )

        content = bytes(sending.submission.content)
        assert pyx12_complaints(content) == []
        [read] = read_837p(content)
        [first] = read.prior_payers
        assert (first.paid, first.decided_on) == (10_500, date(2026, 3, 9))
        assert [one.amount for one in first.adjustments] == [2_000, 3_000]
        assert [line.judgements for line in read.lines] == [(), ()]


class TestAnswerOfTheSecond:
    def test_what_it_pays_and_leaves_settles_the_visit(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)
        mark_sent(asked)

        answered_by_second(asked, (("OA", "23", 10_000), ("PR", "3", 500)), (("OA", "23", 2_500),))

        asked.refresh_from_db()
        assert asked.state == "paid"
        balance = ledger.balance_of(claim.patient_id)
        assert (balance.owed, balance.insurance) == (500, 0)
        assert not Denial.objects.exists()
        assert sum(ledger.account_balances().values()) == 0

    def test_a_third_payer_is_asked_behind_it_with_both_answers(self):
        patient = insured_twice()
        make.policy(patient, payer=make.payer("THIRD"), rank=3)
        claim = make.sent(patient)
        answered_by_first(claim)
        asked = following(claim)
        mark_sent(asked)

        answered_by_second(asked, (("OA", "23", 10_000), ("PR", "3", 500)), (("OA", "23", 2_500),))

        third = Claim.objects.get(slip=claim.slip, rank=3)
        assert (third.left_cents, third.payer.payer_id) == (500, "THIRD")
        assert ledger.balance_of(patient.pk).owed == 0
        sending = exchange.send_claims(officer=make.biller(), claim_ids=[third.pk], at=make.LATER)
        content = bytes(sending.submission.content)
        assert pyx12_complaints(content) == []
        [read] = read_837p(content)
        assert [one.rank for one in read.prior_payers] == ["P", "S"]


class TestSentOn:
    def test_a_claim_the_first_payer_sent_on_is_awaited_and_not_sent(self):
        claim = make.sent(insured_twice())

        answered_by_first(claim, status="19")

        asked = following(claim)
        assert (asked.state, asked.forwarded) == ("pending", True)
        assert owes(claim, second()) == 3_000
        with pytest.raises(actions.NothingToSend):
            exchange.send_claims(officer=make.biller(), claim_ids=[asked.pk], at=make.LATER)

    def test_the_second_payers_answer_under_the_first_claims_number_finds_it(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim, status="19")
        asked = following(claim)

        answered_by_second(
            asked, (("OA", "23", 10_000),), (("OA", "23", 2_500),), number=claim.number
        )

        asked.refresh_from_db()
        claim.refresh_from_db()
        assert (claim.state, asked.state) == ("paid", "paid")
        assert ledger.balance_of(claim.patient_id).insurance == 0

    def test_to_a_payer_nobody_knows_here_is_work_for_the_front_desk(self):
        claim = make.sent()

        answered_by_first(claim, status="19")

        denial = Denial.objects.get()
        assert (denial.cents, denial.desk, denial.group) == (3_000, "front desk", "PR")
        assert ledger.balance_of(claim.patient_id).owed == 0
        make.policy(claim.patient, payer=second(), rank=2)
        with pytest.raises(actions.NotAllowed, match="Second Mutual may still owe it"):
            actions.bill_patient(officer=make.biller(), denial_id=denial.pk, because="no",
                                 at=make.LATER)  # fmt: skip

        actions.bill_next(officer=make.biller(), denial_id=denial.pk, because="she said whose",
                          at=make.LATER)  # fmt: skip

        assert following(claim).left_cents == 3_000
        assert owes(claim, second()) == 3_000
        assert owes(claim, make.payer()) == 0


class TestFirstPayerChangesItsMind:
    def test_an_unsent_claim_waits_and_follows_the_new_answer(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)

        taken_back(claim)

        asked = following(claim)
        assert (asked.state, asked.left_cents) == ("held", 0)
        assert asked.findings.get(blocking=True).rule == "earlier-payer"
        assert owes(claim, second()) == 0

        lines = ((("CO", "45", 2_000), ("PR", "2", 4_000)), ())
        answered_by_first(claim, lines=lines, envelope=3, trace="EFT0003")

        asked.refresh_from_db()
        assert (asked.state, asked.left_cents) == ("ready", 4_000)
        assert owes(claim, second()) == 4_000
        assert queries.earlier_payers(asked)[0].decision.left_cents == 4_000

    def test_an_unsent_claim_waits_while_the_first_is_corrected(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)

        actions.correct_claim(
            officer=make.biller(), claim_id=claim.pk, because="modifier", at=make.LATER
        )

        assert following(claim).state == "held"

    def test_a_sent_one_becomes_work_and_is_not_changed_by_itself(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)
        mark_sent(asked)

        taken_back(claim)

        asked.refresh_from_db()
        assert asked.state == "sent"
        assert asked.earlier_changed_at is not None
        assert queries.counts()["mend"] == 1
        assert Event.objects.filter(kind="billing.earlier_payer_changed").exists()

    def test_a_person_says_that_it_stands(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)
        mark_sent(asked)
        taken_back(claim)

        actions.stand_by(officer=make.biller(), claim_id=asked.pk, because="same share",
                         at=make.LATER)  # fmt: skip

        assert queries.counts()["mend"] == 0
        with pytest.raises(actions.NothingChanged):
            actions.stand_by(officer=make.biller(), claim_id=asked.pk, because="x", at=make.LATER)

    def test_or_corrects_it_with_the_new_answer(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)
        Claim.objects.filter(pk=asked.pk).update(state="queued", payer_claim_number="S77")
        Claim.objects.filter(pk=asked.pk).update(state="pending")
        taken_back(claim)
        answered_by_first(claim, lines=((("PR", "2", 5_000),), ()), envelope=3, trace="EFT0003")

        made = actions.correct_claim(
            officer=make.biller(), claim_id=asked.pk, because="first payer", at=make.LATER
        )

        assert (made.rank, made.frequency, made.left_cents) == (2, "7", 5_000)
        assert made.state == "ready"
        assert made.policy_id == asked.policy_id

    def test_what_the_second_had_paid_is_taken_back_to_the_cent(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)
        mark_sent(asked)
        answered_by_second(asked, (("OA", "23", 10_000),), (("OA", "23", 2_500),))

        taken_back(claim)

        assert owes(claim, second()) == -3_000  # it paid what the first payer no longer leaves
        assert owes(claim, make.payer()) == 15_500
        assert RemittedClaim.objects.filter(status="22").get().share_to == asked.policy

    def test_what_was_billed_onward_by_hand_comes_back_with_the_answer(self):
        claim = make.sent()
        answered_by_first(claim, status="19")
        make.policy(claim.patient, payer=second(), rank=2)
        actions.bill_next(officer=make.biller(), denial_id=Denial.objects.get().pk,
                          because="she said whose", at=make.LATER)  # fmt: skip

        taken_back(claim)

        assert owes(claim, second()) == 0
        assert owes(claim, make.payer()) == 15_500
        assert following(claim).left_cents == 0
        answered_by_first(claim, envelope=3, trace="EFT0003")
        assert (owes(claim, second()), owes(claim, make.payer())) == (3_000, 0)
        assert following(claim).left_cents == 3_000

    @pytest.mark.parametrize("decide", ["bill_patient", "write_off"])
    def test_and_so_does_what_was_decided_about_a_denial(self, decide):
        claim = make.sent()
        lines = ((("PR", "204", 5_500),), ())
        answered_by_first(claim, lines=lines)
        denial = Denial.objects.get()
        getattr(actions, decide)(
            officer=make.biller(), denial_id=denial.pk, because="the policy says so", at=make.LATER
        )

        taken_back(claim, lines=lines)

        balance = ledger.balance_of(claim.patient_id)
        assert (balance.owed, balance.insurance) == (0, 15_500)
        assert Event.objects.get(kind="billing.denial_taken_back").data["cents"] == 5_500
        answered_by_first(claim, lines=make.PAID, envelope=3, trace="EFT0003")
        assert ledger.balance_of(claim.patient_id).insurance == 0

    def test_a_later_claim_made_anew_keeps_the_time_it_has(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)

        made = actions.correct_claim(
            officer=make.biller(), claim_id=asked.pk, because="wrong suffix",
            at=make.LATER + timedelta(days=60),
        )  # fmt: skip

        assert made.pk != asked.pk
        assert made.file_by == asked.file_by

    def test_corrected_charges_reach_the_second_payer_with_the_first_ones_answer(self):
        claim = make.sent(insured_twice())
        answered_by_first(claim)
        asked = following(claim)
        Claim.objects.filter(pk=asked.pk).update(state="queued", payer_claim_number="S77")
        Claim.objects.filter(pk=asked.pk).update(state="accepted")

        new = actions.correct_charges(
            officer=make.biller(), slip=claim.slip, diagnoses=("E119",),
            lines=(actions.LineEntered("ZZ102", (1,)),), because="the long visit", at=make.LATER,
        )  # fmt: skip

        first = new.claims.get(rank=1)
        asked.refresh_from_db()
        assert (first.frequency, asked.state) == ("7", "accepted")
        Claim.objects.filter(pk=first.pk).update(state="queued")
        Claim.objects.filter(pk=first.pk).update(state="sent")
        first.refresh_from_db()
        make.post(make.era(make.answer(first, (("PR", "2", 2_500),)), envelope=4, trace="EFT0004"))
        asked.refresh_from_db()
        successor = following(first)
        assert asked.state == "corrected"
        assert (successor.frequency, successor.replaces_id) == ("7", asked.pk)
        assert successor.left_cents == 2_500
