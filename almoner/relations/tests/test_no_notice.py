"""A grievance of nobody known ends without a letter, by a manager's word, and no other does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.rules import Role
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries, rules
from almoner.relations.models import Case, Grievance
from almoner.relations.rules import Kind
from almoner.relations.tests.make import CYS, NOON, RUDE, case, complete, mail_in, text_in

WHY = "It lay in the box without a name."
pytestmark = pytest.mark.usefixtures("clinic", "sent")


@pytest.fixture
def mara(db):
    return access.officer("mara", roles=["manager"])


def nobodys(officer, *things):
    row = case(officer, kind=Kind.COMPLAINT, things=things)
    actions.classify(officer=officer, case=row, answers=RUDE, at=NOON)
    return Case.objects.get(pk=row.pk)


def decide(officer, row, words=WHY):
    return actions.decide_no_notice(officer=officer, case=row, words=words, at=NOON)


def close(officer, row):
    return actions.close(officer=officer, case=row, result="done", at=NOON)


def why_not(act, *facts):
    with pytest.raises(actions.CaseRefused) as refused:
        act(*facts)
    return refused.value.reason


def by_database(**facts):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Grievance.objects.update(**facts)
    return refused.value


def test_an_anonymous_grievance_is_closed_with_its_parts_and_a_managers_reason(ana, mara):
    row = nobodys(ana)
    assert why_not(close, ana, row) == "law"
    decide(mara, row)
    assert why_not(close, ana, row) == "law"  # contact, steps, result and day are wanted still
    complete(ana, row)
    assert queries.lacks(Grievance.objects.get(case=row), []) == []

    close(ana, row)

    assert Case.objects.get(pk=row.pk).state == "closed"
    known = Grievance.objects.get(case=row)
    assert (known.no_notice, known.no_notice_by_id, known.no_notice_at) == (WHY, mara.pk, NOON)


def test_the_parts_alone_close_nothing(ana):
    row = nobodys(ana)
    complete(ana, row)

    assert why_not(close, ana, row) == "law"
    assert queries.lacks(Grievance.objects.get(case=row), []) == ["letter", "delivery"]


def test_who_texted_from_a_number_of_nobody_known_left_no_address(ana, mara):
    row = nobodys(ana, ("received", text_in("she was rude", sender="+16085550189").pk))
    complete(ana, row)
    decide(mara, row)

    assert close(ana, row).state == "closed"


def test_only_a_manager_or_the_privacy_officer_decides_it(ana, mara):
    row = nobodys(ana)

    assert why_not(decide, ana, row) == "not_decided"
    assert why_not(decide, mara, row, " ") == "no_words"
    error = by_database(no_notice=WHY, no_notice_at=NOON, no_notice_by_id=ana.pk)
    assert violated(error, "grievance_without_notice_by_a_manager")
    error = by_database(no_notice=WHY)
    assert violated(error, "grievance_without_notice_by_a_manager")


def test_what_is_no_grievance_needs_no_such_word(ana, mara):
    assert why_not(decide, mara, case(ana, kind=Kind.COMPLAINT)) == "not_now"


def test_nobody_does_without_a_letter_to_a_patient_or_an_address(ana, mara, grievance):
    by_mail = nobodys(ana, ("received", mail_in("Rude.", sender="who@elsewhere.example").pk))

    assert why_not(decide, mara, grievance) == "known"
    assert why_not(decide, mara, by_mail) == "known"
    error = by_database(no_notice=WHY, no_notice_at=NOON, no_notice_by_id=mara.pk)
    assert violated(error, "grievance_without_notice_of_nobody")


@pytest.mark.parametrize(("days", "ends"), [(13, "known"), (15, "closed")])
def test_who_does_not_answer_the_letter_for_two_weeks_cannot_be_told(ana, mara, days, ends):
    row = nobodys(ana, ("received", mail_in("Rude.", sender="who@elsewhere.example").pk))
    complete(ana, row)
    letter = actions.draft(officer=ana, case=row, kind="answer", at=NOON)
    actions.mail_letter(officer=ana, letter=letter, at=clock.now() - timedelta(days=days))

    if ends == "known":
        assert why_not(decide, mara, row) == ends
        return
    decide(mara, row)
    assert close(ana, row).state == ends


def test_the_word_counts_no_more_once_it_is_known_whose_it_is(ana, mara):
    cy = patients.patient()
    row = nobodys(ana, ("received", text_in("she was rude", sender=CYS).pk))
    complete(ana, row)
    decide(mara, row)
    actions.decide(officer=ana, case=row, patient_id=cy.pk, at=NOON)

    assert why_not(close, ana, row) == "law"
    assert "delivery" in queries.lacks(Grievance.objects.get(case=row), [])


def test_the_word_counts_no_more_once_a_part_of_it_names_an_address(ana, mara):
    row = nobodys(ana)
    complete(ana, row)
    decide(mara, row)
    part = case(ana, things=(("received", mail_in("It was me.", sender="a@b.example").pk),))
    actions.merge(officer=ana, case=part, into=row, at=NOON)

    assert why_not(close, ana, row) == "law"


@pytest.mark.django_db(transaction=True)
def test_when_it_becomes_known_while_it_is_closed_one_of_both_comes_first(ana, mara):
    cy = patients.patient()
    row = nobodys(ana)
    complete(ana, row)
    decide(mara, row)

    def known():
        return actions.decide(officer=ana, case=row, patient_id=cy.pk, at=NOON)

    def run(act):
        try:
            act()
        except actions.CaseRefused as error:
            return error.reason
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as both:
        ends = list(both.map(run, (known, lambda: close(ana, row))))

    after = Case.objects.get(pk=row.pk)
    assert sorted(ends) in (["closed", "done"], ["done", "law"])
    assert (after.state == "closed") == (after.patient_id is None)


def test_by_the_page_a_manager_decides_and_an_officer_reads_who_does(
    client, ana, mara, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=1))
    row = nobodys(ana)
    client.force_login(ana)
    assert "privacy officer decides" in client.get(reverse("case", args=[row.pk])).content.decode()
    client.force_login(mara)
    assert "Nobody can be told" in client.get(reverse("case", args=[row.pk])).content.decode()

    answer = client.post(
        reverse("no_notice", args=[row.pk]), {"words": WHY}, headers={"HX-Request": "true"}
    )

    assert answer.headers["HX-Refresh"] == "true"
    assert WHY in client.get(reverse("case", args=[row.pk])).content.decode()


@given(st.sets(st.sampled_from([each.value for each in Role])))
def test_the_roles_that_decide_are_manager_and_privacy_alone(roles):
    assert rules.may_do_without_notice(roles) == bool(roles & {"manager", "privacy"})
