"""Charge capture on the visit, the claim it drafts, and correction by reversal."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.billing import actions
from almoner.billing.models import ChargeLine, ChargeSlip, Claim
from almoner.billing.tests import make
from almoner.ground.models import Event
from almoner.ledger import queries as ledger
from almoner.ledger.rules import Account
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db


def test_posted_charges_are_owed_by_the_payer_and_draft_a_ready_claim():
    patient = patients.patient()
    make.policy(patient)

    slip = make.posted(make.encounter(patient))

    balance = ledger.balance_of(patient.pk)
    assert (balance.insurance, balance.owed) == (15_500, 0)
    assert ledger.account_balances()[Account.REVENUE] == -15_500
    claim = slip.claims.get()
    assert (claim.state, claim.total_cents, claim.frequency) == ("ready", 15_500, "1")
    assert claim.file_by == date(2027, 3, 2)
    assert [step.what for step in claim.steps.all()] == ["checked, nothing to mend"]
    kinds = Event.objects.filter(kind__startswith="billing.").order_by("id")
    assert [event.kind for event in kinds] == [
        "billing.charges_saved", "billing.charged", "billing.claim_ready",
    ]  # fmt: skip


def test_without_coverage_the_patient_owes_and_there_is_no_claim():
    visit = make.encounter()

    slip = make.posted(visit)

    assert ledger.balance_of(visit.patient_id).owed == 15_500
    assert not slip.claims.exists()


def test_a_policy_that_had_ended_is_not_billed():
    visit = make.encounter()
    make.policy(visit.patient, valid_until=date(2026, 3, 2))

    assert make.posted(visit).policy is None


def test_a_defect_at_registration_holds_the_claim_for_the_front_desk():
    patient = patients.patient(addresses=())

    claim = make.claim(patient)

    assert (claim.state, claim.desk, claim.touched) == ("held", "front desk", True)
    assert {f.field for f in claim.findings.all()} == {"patient.address", "patient.zip_code"}


def test_mending_the_fact_and_checking_again_makes_the_claim_ready():
    patient = patients.patient(addresses=())
    make.policy(patient)
    claim = make.claim(patient)
    assert claim.state == "held"
    patient.addresses.create(line="12 Main St", city="Springfield", state="IL", zip_code="62701")

    claim = actions.check_claim(claim_id=claim.pk, officer=None, at=make.LATER)

    assert claim.state == "ready"
    assert not claim.findings.exists()
    assert claim.touched


def test_a_heading_or_unknown_diagnosis_is_refused_and_nothing_is_posted():
    slip = make.saved(diagnoses=("E11", "Z999"))

    with pytest.raises(actions.ChargesRefused) as refused:
        actions.post_charges(officer=make.biller(), slip=slip, version=1, at=make.NOON)

    assert [f.field for f in refused.value.findings] == ["diagnoses.1", "diagnoses.2"]
    assert ledger.account_balances() == {}
    assert ChargeSlip.objects.get().state == "open"


def test_a_procedure_without_a_fee_anywhere_is_refused():
    with pytest.raises(actions.NoFee) as refused:
        make.saved(lines=(actions.LineEntered("ZZ999", (1,)),))

    assert refused.value.number == 1
    assert not ChargeSlip.objects.exists()


def test_a_typed_fee_comes_before_the_charge_master():
    slip = make.saved(lines=(actions.LineEntered("ZZ101", (1,), units=2, fee_cents=5_000),))

    assert slip.lines.get().charge_cents == 10_000


def test_the_second_of_two_who_save_the_same_charges_is_told():
    slip = make.saved()
    facts = {"officer": make.biller(), "diagnoses": ("I10",), "lines": make.LINES, "at": make.NOON}
    actions.save_charges(encounter=slip.encounter, version=1, **facts)

    with pytest.raises(actions.SlipChanged):
        actions.save_charges(encounter=slip.encounter, version=1, **facts)
    with pytest.raises(actions.SlipChanged):
        actions.save_charges(encounter=slip.encounter, version=0, **facts)


def test_charges_are_posted_once():
    slip = make.posted()

    with pytest.raises(actions.SlipChanged):
        actions.post_charges(officer=make.biller(), slip=slip, version=slip.version, at=make.NOON)

    assert ledger.account_balances()[Account.REVENUE] == -15_500


def test_the_front_desk_may_not_charge():
    with pytest.raises(PermissionDenied):
        actions.save_charges(
            officer=access.officer("ana"), encounter=make.encounter(), diagnoses=(), lines=(),
            version=0, at=make.NOON,
        )  # fmt: skip


def test_the_lines_of_posted_charges_cannot_be_changed_by_anybody():
    slip = make.posted()

    with pytest.raises(IntegrityError, match="do not change"), transaction.atomic():
        ChargeLine.objects.filter(slip=slip).update(units=2)


class TestCorrection:
    def correct(self, slip, lines=make.LINES[:1], diagnoses=("E119",)):
        return actions.correct_charges(
            officer=make.biller(), slip=slip, diagnoses=diagnoses, lines=lines,
            because="wrong test", at=make.LATER,
        )  # fmt: skip

    def test_a_correction_reverses_the_first_journal_and_posts_the_second(self):
        patient = patients.patient()
        make.policy(patient)
        old = make.posted(make.encounter(patient))

        new = self.correct(old)

        old.refresh_from_db()
        assert (old.state, new.state, new.replaces) == ("reversed", "posted", old)
        assert ledger.balance_of(patient.pk).insurance == 12_000

    def test_a_claim_that_never_left_is_drafted_anew(self):
        claim = make.claim()

        new = self.correct(claim.slip)

        claim.refresh_from_db()
        assert claim.state == "void"
        assert new.claims.get().frequency == "1"

    def test_a_claim_the_payer_has_is_succeeded_by_a_corrected_one(self):
        claim = make.claim()
        Claim.objects.filter(pk=claim.pk).update(state="queued")
        Claim.objects.filter(pk=claim.pk).update(state="sent", payer_claim_number="P77")

        new = self.correct(claim.slip)

        claim.refresh_from_db()
        successor = new.claims.get()
        assert claim.state == "corrected"
        assert (successor.frequency, successor.replaces, successor.payer_claim_number) == (
            "7", claim, "P77",
        )  # fmt: skip
        assert successor.file_by == claim.file_by

    def test_nothing_is_corrected_while_the_claim_is_on_its_way(self):
        claim = make.claim()
        Claim.objects.filter(pk=claim.pk).update(state="queued")

        with pytest.raises(actions.StillOnItsWay), transaction.atomic():
            self.correct(claim.slip)

        assert ChargeSlip.objects.get().state == "posted"
        assert ledger.balance_of(claim.patient_id).insurance == 15_500

    def test_a_refused_correction_leaves_the_first_charges_standing(self):
        slip = make.posted()

        with pytest.raises(actions.ChargesRefused):
            self.correct(slip, lines=(replace(make.LINES[0], pointers=(9,)),))

        assert ChargeSlip.objects.get().state == "posted"

    def test_another_coverage_takes_the_charges_and_a_new_claim(self):
        claim = make.claim()
        Claim.objects.filter(pk=claim.pk).update(state="queued")
        Claim.objects.filter(pk=claim.pk).update(state="denied", payer_claim_number="P77")
        claim.patient.policies.update(retired_at=make.NOON)
        other = make.policy(claim.patient, payer=make.payer("OTHER"))

        successor = actions.correct_claim(
            officer=make.biller(), claim_id=claim.pk, because="had other coverage", at=make.LATER
        )

        claim.refresh_from_db()
        assert (claim.state, successor.frequency) == ("void", "1")
        assert successor.payer == other.plan.payer
        assert ledger.payer_balances() == {other.plan.payer_id: 15_500}


def test_a_claim_takes_no_step_outside_its_life():
    claim = make.claim()

    with pytest.raises(IntegrityError, match="ready cannot become paid"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state="paid")
