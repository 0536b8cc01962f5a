"""Keeping a visit private, on its page; and what the statement says of it to whom."""

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.billing import actions, queries
from almoner.billing.models import Claim, PrivateVisit, Statement
from almoner.billing.rules.private import Reason
from almoner.billing.tests import make
from almoner.billing.tests.test_pages.conftest import BACKEND
from almoner.billing.tests.test_pages.shared import text
from almoner.billing.tests.test_private import covered
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db
SAID = {"reason": "paid_in_full"}


@pytest.fixture
def front(client):
    client.force_login(access.officer("ana"), backend=BACKEND)
    return client


def page_of(visit):
    return reverse("private_visit", args=[visit.appointment_id])


def test_the_front_desk_keeps_a_visit_private_and_ends_it(front):
    visit = make.encounter()

    assert front.post(page_of(visit), SAID | {"from_guarantor": "on"}).status_code == 302

    row = PrivateVisit.objects.get()
    assert (row.from_guarantor, row.from_plan, row.reason) == (True, False, "paid_in_full")
    assert "Kept from whoever pays" in text(front.get(page_of(visit)))
    front.post(reverse("end_private", args=[visit.appointment_id]))
    row.refresh_from_db()
    assert row.ended_at is not None
    assert front.post(reverse("end_private", args=[visit.appointment_id])).status_code == 302


def test_from_nobody_is_refused_in_words(front):
    answer = front.post(page_of(make.encounter()), SAID)

    assert answer.status_code == 422
    assert "Say from whom it is kept." in text(answer)


def test_what_was_claimed_is_said_and_nothing_is_kept(front):
    answer = front.post(page_of(make.sent().slip.encounter), SAID | {"from_plan": "on"})

    assert answer.status_code == 422
    assert "A claim of this visit has left" in text(answer)
    assert not PrivateVisit.objects.exists()


def test_a_claim_that_is_just_being_sent_is_waited_for(front, monkeypatch):
    """It was queued after it was asked whether one has left."""
    claim = make.posted(make.encounter(covered())).claims.get()
    Claim.objects.filter(pk=claim.pk).update(state="queued")
    monkeypatch.setattr(queries, "claim_states", lambda _visit: [])

    answer = front.post(page_of(claim.slip.encounter), SAID | {"from_plan": "on"})

    assert answer.status_code == 422
    assert "The claim is just being sent" in text(answer)
    assert not PrivateVisit.objects.exists()


def kept(visit):
    officer = access.officer("eve")
    return actions.keep_private(
        officer=officer, appointment_id=visit.appointment_id, from_guarantor=True,
        from_plan=False, reason=Reason.AGREED, at=make.NOON,
    )  # fmt: skip


def test_both_statements_are_sent_from_the_patient_and_each_says_which_it_is(desk):
    cy = patients.patient()
    make.posted(make.encounter(cy))
    secret = make.posted(make.encounter(cy, day=make.LATER.date())).encounter
    kept(secret)
    where = reverse("issue_statement", args=[cy.pk])

    desk.post(where)
    desk.post(where, {"private": "1"})

    own, theirs = (Statement.objects.get(private=each) for each in (True, False))
    said = text(desk.get(reverse("statement", args=[theirs.pk])))
    assert "1 visit is not on it" in said
    assert page_of(secret) in said
    said = text(desk.get(reverse("statement", args=[own.pk])))
    assert "To the patient alone" in said
    assert "is not on it" not in said


def test_who_may_send_none_is_not_told_what_is_left_out(client):
    cy = patients.patient()
    make.posted(make.encounter(cy))
    kept(make.posted(make.encounter(cy, day=make.LATER.date())).encounter)
    row = actions.issue_statement(officer=make.biller(), patient_id=cy.pk, at=make.LATER)
    client.force_login(access.officer("linh", roles=("clinician",)), backend=BACKEND)

    said = text(client.get(reverse("statement", args=[row.pk])))

    assert row.number in said
    assert "is not on it" not in said


def test_the_panel_lists_the_visits_and_what_is_kept(front, django_assert_max_num_queries):
    cy = patients.patient()
    kept(make.encounter(cy))
    make.encounter(cy, day=make.LATER.date())
    panel = reverse("patient_panel", args=[cy.pk, "private"])

    with django_assert_max_num_queries(14):
        said = text(front.get(panel))

    assert said.count("not to whoever pays") == 1
    assert said.count("data-line") == 2
