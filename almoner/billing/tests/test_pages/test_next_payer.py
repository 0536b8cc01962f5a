"""What waits for a second payer is said wherever its money stands."""

import pytest
from django.urls import reverse

from almoner.billing import actions
from almoner.billing.models import Claim, ClaimNote
from almoner.billing.tests import make
from almoner.billing.tests.test_next_payer import (
    answered_by_first,
    following,
    insured_twice,
    mark_sent,
    taken_back,
)
from almoner.billing.tests.test_pages.shared import text

pytestmark = pytest.mark.django_db
SAID = "waiting for Second Mutual"


@pytest.fixture
def claim():
    made = make.sent(insured_twice())
    answered_by_first(made)
    return made


@pytest.mark.parametrize("page", ["claim", "charges", "account", "panel"])
def test_pages_of_a_visits_money_name_the_payer_it_waits_for(desk, claim, page):
    addresses = {
        "claim": reverse("claim", args=[claim.pk]),
        "charges": reverse("charges", args=[claim.slip.encounter_id]),
        "account": reverse("patient_account", args=[claim.patient_id]),
        "panel": reverse("patient", args=[claim.patient_id]),
    }

    answer = desk.get(addresses[page], {"for": f"claim:{claim.pk}"})

    assert SAID in text(answer)


def test_charges_go_on_opening_the_first_payers_claim(desk, claim):
    page = text(desk.get(reverse("charges", args=[claim.slip.encounter_id])))

    assert reverse("claim", args=[claim.pk]) in page


def test_the_answer_says_that_the_next_payer_bears_the_share(desk, claim):
    assert "the next payer, then the patient" in text(desk.get(reverse("claim", args=[claim.pk])))


def test_a_changed_mind_is_work_until_somebody_says_why_not(desk, claim):
    asked = following(claim)
    mark_sent(asked)
    taken_back(claim)
    page = reverse("claim", args=[asked.pk])
    assert "The first payer changed its mind" in text(desk.get(page))
    assert asked.number in text(desk.get(reverse("claims"), {"group": "mend"}))

    desk.post(reverse("claim_stands", args=[asked.pk]), {"reason": " "})
    assert Claim.objects.get(pk=asked.pk).earlier_changed_at is not None
    desk.post(reverse("claim_stands", args=[asked.pk]), {"reason": "same share again"})

    assert "The first payer changed its mind" not in text(desk.get(page))
    assert asked.number not in text(desk.get(reverse("claims"), {"group": "mend"}))
    assert ClaimNote.objects.get().text == "same share again"


def test_a_refusal_the_next_payer_may_owe_offers_that_payer_and_not_the_patient(desk):
    claim = make.sent(insured_twice())
    answered_by_first(claim, lines=((("PR", "204", 12_000),), ()))

    page = text(desk.get(reverse("claim", args=[claim.pk])))

    assert "Bill the next payer" in page
    assert "Bill the patient" not in page
    denial = claim.denials.get()
    desk.post(reverse("settle_denial", args=[denial.pk]), {"act": "bill_next", "reason": "hers"})
    assert following(claim).left_cents == 12_000


def test_what_the_first_payer_sent_on_can_be_sent_by_ourselves_when_it_never_arrived(desk):
    claim = make.sent(insured_twice())
    answered_by_first(claim, status="19")
    asked = following(claim)

    page = text(desk.get(reverse("claim", args=[asked.pk])))

    assert "sent on by the payer before" in page
    own = actions.correct_claim(
        officer=make.biller(), claim_id=asked.pk, because="it never got it", at=make.LATER
    )
    assert (own.rank, own.frequency, own.forwarded, own.state) == (2, "1", False, "ready")
