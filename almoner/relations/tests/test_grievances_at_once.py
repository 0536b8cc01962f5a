"""A grievance's letter and what comes in, at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from almoner.relations import actions
from almoner.relations.actions import conversing, telling
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.models import Case, Letter
from almoner.relations.tests.make import NOON, THEIRS, case, complete, mail_in


@pytest.fixture(autouse=True)
def house(clinic, sent):
    return sent


WAITS = """
    SELECT count(*) FROM pg_locks
     WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


def beside(pool, act):
    """Do it in another thread, and go on here once it waits for a lock that is held here."""

    def alone():
        try:
            return act()
        finally:
            connection.close()

    doing = pool.submit(alone)
    with connection.cursor() as sql:
        for _time in range(500):
            sql.execute(WAITS)
            if sql.fetchone() != (0,):
                return doing
            assert not doing.done(), "it waits for nothing"
            time.sleep(0.01)
    pytest.fail("it neither waits nor ends")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held", ["address", "conversation"])
def test_a_letter_waits_for_what_comes_in_before_it_takes_its_case(ana, cy, grievance, held):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            if held == "address":
                one_at_a_time(THEIRS)
            else:
                conversing.with_person(cy.pk, at=NOON)
            sending = beside(pool, lambda: actions.mail_letter(officer=ana, letter=letter, at=NOON))
            Case.objects.select_for_update(nowait=True).get(pk=grievance.pk)
        assert sending.result().sent_at == NOON


@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_the_case_before_it_takes_the_letter(ana, cy, grievance):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    letter = actions.mail_letter(officer=ana, letter=letter, at=NOON)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=grievance.pk)
            answers = letter.message.outgoing_id
            hearing = beside(pool, lambda: mail_in("Thank you", sender=THEIRS, answers=answers))
            Letter.objects.select_for_update(nowait=True).get(pk=letter.pk)
        hearing.result()

    letter.refresh_from_db()
    assert letter.delivered_how == "reply"


@pytest.fixture
def older(ana, cy):
    """A case of the same patient with a smaller number."""
    return case(ana, patient_id=cy.pk)


@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_the_older_case_before_it_takes_the_letters(ana, cy, older, grievance):
    """Whoever changes both holds the older first: in two rounds they could wait in a ring."""
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    letter = actions.mail_letter(officer=ana, letter=letter, at=NOON)
    actions.wait(officer=ana, case=older, reason="patient", words="", at=NOON)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=older.pk)
            answers = letter.message.outgoing_id
            hearing = beside(pool, lambda: mail_in("Thank you", sender=THEIRS, answers=answers))
            Case.objects.select_for_update(nowait=True).get(pk=grievance.pk)
        hearing.result()

    letter.refresh_from_db()
    older.refresh_from_db()
    assert (letter.delivered_how, older.state) == ("reply", "open")


@pytest.mark.django_db(transaction=True)
def test_saying_who_wrote_waits_for_the_older_case_before_it_takes_the_messages(ana, cy, older):
    actions.wait(officer=ana, case=older, reason="patient", words="", at=NOON)
    wrote = mail_in("It is me", sender=THEIRS)
    newer = case(ana, things=(("received", wrote.pk),))

    def recognise():
        return actions.recognise(officer=ana, received=wrote, patient_id=cy.pk, at=NOON)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=older.pk)
            saying = beside(pool, recognise)
            Case.objects.select_for_update(nowait=True).get(pk=newer.pk)
        saying.result()

    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.state, newer.patient_id) == ("open", cy.pk)


@pytest.mark.django_db(transaction=True)
def test_taking_a_case_out_waits_for_the_older_before_it_takes_the_whole(ana, cy, older):
    whole = case(ana, patient_id=cy.pk)
    actions.merge(officer=ana, case=older, into=whole, at=NOON)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=older.pk)
            out = beside(pool, lambda: actions.take_out(officer=ana, case=older, at=NOON))
            Case.objects.select_for_update(nowait=True).get(pk=whole.pk)
        assert out.result().merged_into_id is None


def test_a_letter_whose_address_has_become_another_is_not_sent(ana, cy, grievance, monkeypatch):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    hold = telling.hold

    def held_late(to, *, at):
        hold(to, at=at)
        wrote = mail_in("From work", sender="work@people.example", at=NOON)
        actions.recognise(officer=ana, received=wrote, patient_id=cy.pk, at=NOON)
        actions.attach(officer=ana, case=grievance, things=[("received", wrote.pk)], at=NOON)

    cy.emails.create(address="work@people.example", rank=2)
    monkeypatch.setattr(telling, "hold", held_late)
    with pytest.raises(actions.CaseRefused) as refused:
        actions.mail_letter(officer=ana, letter=letter, at=NOON)

    assert refused.value.reason == "not_now"
