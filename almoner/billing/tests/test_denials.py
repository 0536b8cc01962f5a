"""Denials: worked until settled, and never billed to a patient who does not owe them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.billing import actions
from almoner.billing.models import Claim, Denial
from almoner.billing.tests import make
from almoner.ledger import queries as ledger
from almoner.ledger.rules import Account

pytestmark = pytest.mark.django_db

FACTS = {"because": "talked to the payer", "at": make.LATER}


def denied(group="CO", reason="197", **facts):
    """The second line of a claim refused, the first paid."""
    claim = make.sent()
    make.post(make.era(make.answer(claim, (), ((group, reason, 3_500),), **facts)))
    return Denial.objects.get()


@pytest.mark.parametrize("group", ["CO", "OA", "PI"])
def test_what_is_not_the_patients_is_never_billed_to_the_patient(group):
    denial = denied(group, "50")

    with pytest.raises(actions.NotAllowed, match="may not be billed"):
        actions.bill_patient(officer=make.biller(), denial_id=denial.pk, **FACTS)
    with pytest.raises(IntegrityError, match="never_to_patient"), transaction.atomic():
        Denial.objects.update(state="settled", resolution="billed_patient", settled_at=make.LATER)

    assert ledger.balance_of(denial.patient_id).owed == 0


def test_what_the_payer_calls_the_patients_waits_for_a_person_and_then_is_billed():
    denial = denied("PR", "204")
    assert ledger.balance_of(denial.patient_id).owed == 0

    actions.bill_patient(officer=make.biller(), denial_id=denial.pk, **FACTS)

    balance = ledger.balance_of(denial.patient_id)
    assert (balance.owed, balance.insurance) == (3_500, 0)
    assert Claim.objects.get().state == "closed"


def test_a_write_off_leaves_the_payers_account_and_closes_the_claim():
    denial = denied()

    actions.write_off(officer=make.biller(), denial_id=denial.pk, **FACTS)

    assert ledger.account_balances()[Account.DENIAL_WRITE_OFF] == 3_500
    assert ledger.balance_of(denial.patient_id).insurance == 0
    claim = Claim.objects.get()
    assert (claim.state, claim.notes.get().text) == ("closed", "talked to the payer")


def test_a_denial_is_settled_once():
    denial = denied()
    actions.write_off(officer=make.biller(), denial_id=denial.pk, **FACTS)

    with pytest.raises(actions.NotAllowed, match="settled already"):
        actions.write_off(officer=make.biller(), denial_id=denial.pk, **FACTS)

    assert ledger.account_balances()[Account.DENIAL_WRITE_OFF] == 3_500


def test_an_appeal_keeps_the_denial_on_the_list():
    denial = denied()

    actions.appeal(
        officer=make.biller(), denial_id=denial.pk, text="letter of March 9", at=make.LATER
    )

    denial.refresh_from_db()
    assert denial.state == "appealed"
    assert Claim.objects.get().notes.get().text == "letter of March 9"


def test_correcting_sends_a_corrected_claim_and_settles_all_that_was_refused():
    denial = denied()

    successor = actions.correct_denied(officer=make.biller(), denial_id=denial.pk, **FACTS)

    denial.refresh_from_db()
    assert (denial.state, denial.resolution) == ("settled", "corrected")
    assert (successor.frequency, successor.state) == ("7", "ready")
    assert successor.payer_claim_number == f"P{denial.claim_id}"
    assert Claim.objects.get(pk=denial.claim_id).state == "corrected"


def test_an_unprocessable_claim_has_no_appeal_and_gets_a_new_claim():
    denial = denied("CO", "16", remarks=("MA130", "MA61"))
    assert (denial.unprocessable, denial.desk) == (True, "front desk")
    assert Claim.objects.get().state == "unprocessable"

    with pytest.raises(actions.NotAllowed, match="no right of appeal"):
        actions.appeal(officer=make.biller(), denial_id=denial.pk, text="", at=make.LATER)
    successor = actions.correct_denied(officer=make.biller(), denial_id=denial.pk, **FACTS)

    assert (successor.frequency, successor.replaces) == ("1", None)
    assert Claim.objects.get(pk=denial.claim_id).state == "void"


def test_the_front_desk_settles_no_denial():
    denial = denied()
    ana = access.officer("ana")

    for act in (actions.write_off, actions.bill_patient, actions.correct_denied):
        with pytest.raises(PermissionDenied):
            act(officer=ana, denial_id=denial.pk, **FACTS)
