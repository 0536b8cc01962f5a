"""Desk and patient at the same form at once, against real transactions."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connection

from almoner.facility.tests import make as facility
from almoner.ground import paper
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.records import actions, queries
from almoner.records.actions.sealing import paper_data
from almoner.records.models import Answer, Filling, Proposal, Signature
from almoner.records.tests import make

pytestmark = pytest.mark.django_db(transaction=True)
PATIENT = actions.by_link("203.0.113.9")


@pytest.fixture
def cy():
    make.ship()
    facility.organisation()
    return a_patient(given="Cy", family="Example")


def at_once(act, number, *, workers=8):
    """Run ``act(i)`` in threads, each with a connection of its own; answers or refusals."""

    def run(index):
        try:
            return act(index)
        except (actions.Settled, actions.Decided) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(run, range(number)))


def test_a_form_that_many_begin_at_once_is_begun_once(cy):
    form = make.form("consent_to_treat").pk

    begun = at_once(
        lambda _: actions.begin(hand=PATIENT, patient_id=cy.pk, form_id=form, at=make.NOW).pk, 24
    )

    assert len(set(begun)) == 1
    assert Event.objects.filter(kind="records.begun").count() == 1


def test_desk_and_patient_who_save_at_once_each_keep_what_only_they_changed(cy):
    row, desk = make.begun(cy, "registration"), make.hand()

    def save(number):
        hand, link_id = (desk, "email") if number % 2 else (PATIENT, "phone")
        both = {link_id: [str(number)], "medicines": [f"from {hand.session}"]}
        actions.answer(hand=hand, filling_id=row.pk, typed=both, at=make.NOW)

    at_once(save, 30)

    kept = {each.link_id: each for each in Answer.objects.filter(filling=row)}
    assert kept["email"].by_id == desk.officer.pk
    assert kept["phone"].by_id is None
    writer = "desk" if kept["medicines"].by_id else "link"
    assert kept["medicines"].values == [f"from {writer}"]


def test_a_form_that_is_signed_twice_at_once_is_signed_once(cy):
    row, desk = make.answered(cy), make.hand()

    answers = at_once(lambda number: make.sign(row, by=PATIENT if number % 2 else desk), 6)

    assert sum(isinstance(answer, Signature) for answer in answers) == 1
    assert Signature.objects.count() == 1


def test_no_answer_changes_while_or_after_somebody_signs(cy):
    """What the paper says is what is kept: an answer is before the signature, or refused."""
    row = make.answered(cy, students=["true"])
    desk = make.hand()

    def act(number):
        while number == 2:  # the page is shown anew until it shows what is kept
            with suppress(actions.Unseen):
                return make.sign(row, by=desk)
        typed = {"students": ["false" if number % 2 else "true"]}
        return actions.answer(hand=PATIENT, filling_id=row.pk, typed=typed, at=make.NOW)

    at_once(act, 12)

    signature = Signature.objects.get()
    kept = bytes(signature.pdf)
    answers = queries.answers(row.pk)
    assert Filling.objects.get(pk=row.pk).state == "signed"
    with pytest.raises(actions.Settled):
        actions.answer(hand=PATIENT, filling_id=row.pk, typed={"students": []}, at=make.NOW)
    version = queries.version(row.version_id)
    again = paper_data(signature, version, answers, language="en")
    assert paper.pdf("records/signed.typ", data=again, at=signature.at) == kept


def test_a_proposal_is_decided_once(cy):
    make.signed(cy, "registration")
    phone, officer = Proposal.objects.get(subject="phone"), make.hand().officer

    answers = at_once(
        lambda _: actions.refuse(officer=officer, proposal_id=phone.pk, at=make.NOW), 8
    )

    assert answers.count(None) == 1
