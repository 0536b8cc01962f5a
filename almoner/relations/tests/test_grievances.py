"""Grievances: by the questions, and closed by a letter that has arrived."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.ground import outbox
from almoner.relations import actions, queries
from almoner.relations.models import Case, CaseLine
from almoner.relations.rules import Desk, Kind, Question
from almoner.relations.tests.make import ANSWERS, NOON, RUDE, THEIRS, case, complete, mail_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 11, 23)
WHOLE = "grievance_closed_with_its_letter"


@pytest.fixture(autouse=True)
def house(clinic, sent):
    return sent


def test_a_grievance_keeps_its_answers_and_why_and_is_due_by_the_law(ana, grievance):
    known = grievance.grievance

    assert grievance.kind == Kind.GRIEVANCE
    assert grievance.desk == Desk.RELATIONS
    assert known.answers == {each.value: each == "written" for each in Question}
    assert known.because.startswith("A grievance, since a complaint in writing")
    assert "482.13" in known.source
    assert known.received_at == NOON - DAY
    assert (known.warn_on, known.tell_on) == (TODAY + 4 * DAY, TODAY + 6 * DAY)
    assert grievance.due_at == NOON.replace(hour=5, minute=59) + 7 * DAY  # 11:59 PM in Chicago


def test_a_complaint_that_is_none_says_why_too_and_a_bill_stays_the_billing_desks(ana):
    rude, bill = case(ana, kind=Kind.COMPLAINT), case(ana, kind=Kind.BILLING)

    settled = ANSWERS | {Question.AT_ONCE: True}
    actions.classify(officer=ana, case=rude, answers=settled, at=NOON)
    verdict = actions.classify(
        officer=ana, case=bill, answers=RUDE | {Question.BILL_ONLY: True}, at=NOON
    )

    assert not verdict.grievance
    assert Case.objects.get(pk=bill.pk).kind == Kind.BILLING
    line = CaseLine.objects.get(case=rude, verb="classified")
    assert line.words.startswith("No grievance")


def test_it_closes_by_its_letter_that_has_arrived_and_by_nothing_less(ana, grievance, sent):
    def refused():
        with pytest.raises(actions.CaseRefused) as why:
            actions.close(officer=ana, case=grievance, result="done", at=NOON)
        return why.value.reason == "law"

    assert refused()
    with pytest.raises(actions.CaseRefused):
        actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    assert refused()
    letter = actions.post_letter(officer=ana, letter=letter, certified="9407 1", at=NOON)
    assert refused()
    assert queries.lacks(grievance.grievance, [letter]) == ["delivery"]
    actions.prove(officer=ana, letter=letter, on=TODAY + DAY, at=NOON + DAY)

    actions.close(officer=ana, case=grievance, result="Apologised", at=NOON + DAY)

    assert Case.objects.get(pk=grievance.pk).state == "closed"


CLOSE = (
    "UPDATE relations_case SET state = 'closed', closed_at = now(), result = 'x', "
    "waiting_for = '', waiting_since = NULL WHERE id = %s"
)


def by_sql(statement, *values):
    """The rule of the database that refuses it; empty when none does."""
    try:
        with transaction.atomic(), connection.cursor() as sql:
            sql.execute(statement, values)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


@pytest.mark.parametrize(
    "taken_away",
    [
        "UPDATE relations_grievance SET contact = ' '",
        "UPDATE relations_grievance SET steps = ''",
        "UPDATE relations_grievance SET result = ''",
        "UPDATE relations_grievance SET completed_on = NULL",
        "UPDATE relations_grievance SET language = 'es'",
    ],
)
def test_no_statement_closes_one_that_lacks_a_part(ana, grievance, taken_away):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    actions.post_letter(officer=ana, letter=letter, certified="9407 1", at=NOON)
    actions.prove(officer=ana, letter=letter, on=TODAY, at=NOON)
    assert by_sql(CLOSE, grievance.pk) == ""

    with connection.cursor() as sql:
        sql.execute(taken_away)

    assert by_sql(CLOSE, grievance.pk) == WHOLE


def test_no_statement_gets_round_it(ana, grievance):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    gone = "UPDATE relations_letter SET delivered_at = now(), delivered_how = 'certified'"

    assert by_sql(CLOSE, grievance.pk) == WHOLE
    assert by_sql(gone) == "letter_arrival_is_proven"  # it has not left
    assert by_sql("UPDATE relations_case SET kind = 'complaint'") == "grievance_stays_one"
    assert by_sql("DELETE FROM relations_grievance") == "grievance_is_kept"
    other = case(ana)
    merge = "UPDATE relations_case SET merged_into_id = %s WHERE id = %s"
    assert by_sql(merge, other.pk, grievance.pk) == "grievance_merged_into_one"
    actions.post_letter(officer=ana, letter=letter, certified="9407 1", at=NOON)
    assert by_sql("UPDATE relations_letter SET body = 'x'") == "letter_that_left_stays"
    assert by_sql("DELETE FROM relations_letter") == "letter_that_left_stays"
    actions.prove(officer=ana, letter=letter, on=TODAY, at=NOON)
    actions.close(officer=ana, case=grievance, result="done", at=NOON)
    assert (
        by_sql("UPDATE relations_grievance SET steps = 'x'") == "grievance_closed_stays_as_it_was"
    )
    assert by_sql("UPDATE relations_letter SET delivered_at = now()") == "letter_that_left_stays"


def test_a_letter_by_e_mail_goes_to_the_address_that_wrote_and_their_answer_proves_it(
    ana, cy, grievance
):
    cy.emails.update(address="other@people.example")
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)

    letter = actions.mail_letter(officer=ana, letter=letter, at=NOON)
    message = letter.message
    assert (message.address, message.patient_id, message.body) == (THEIRS, cy.pk, letter.body)
    with pytest.raises(actions.CaseRefused):
        actions.prove(officer=ana, letter=letter, on=TODAY, at=NOON)
    with pytest.raises(actions.CaseRefused):
        actions.mail_letter(officer=ana, letter=letter, at=NOON)

    mail_in("Thank you", sender=THEIRS, at=NOON + HOUR, answers=message.outgoing_id)

    letter.refresh_from_db()
    assert (letter.delivered_how, letter.delivered_at) == ("reply", NOON + HOUR)
    actions.close(officer=ana, case=grievance, result="Apologised", at=NOON + DAY)


def test_an_answer_from_elsewhere_proves_nothing(ana, cy, grievance):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    letter = actions.mail_letter(officer=ana, letter=letter, at=NOON)

    mail_in("Thank you", sender="somebody@else.example", answers=letter.message.outgoing_id)

    letter.refresh_from_db()
    assert letter.delivered_at is None


def test_whoever_prefers_spanish_gets_it_in_spanish_and_no_other_letter_closes_it(
    ana, cy, grievance
):
    complete(ana, grievance)
    english = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    actions.post_letter(officer=ana, letter=english, certified="9407 1", at=NOON)
    actions.prove(officer=ana, letter=english, on=TODAY, at=NOON)
    type(cy).objects.filter(pk=cy.pk).update(language="es")

    complete(ana, grievance, steps="Hablamos con ella.", result="Lo siente.")
    with pytest.raises(actions.CaseRefused):
        actions.close(officer=ana, case=grievance, result="done", at=NOON)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)

    assert letter.measure == "fernandez_huerta"
    assert letter.subject == f"Nuestra respuesta a su queja {grievance.number}"
    assert "Lo que hicimos" in letter.body


def test_nobody_is_drafted_a_letter_of_itself_whom_nobody_can_tell(ana):
    row = case(ana, kind=Kind.COMPLAINT)
    actions.classify(officer=ana, case=row, answers=RUDE, at=NOON)

    assert actions.keep_grievances(at=NOON + 9 * DAY) == 0


def of_an_unknown_address(ana):
    row = mail_in("Fue grosera.", sender="who@elsewhere.example", at=NOON - DAY, subject="Queja")
    made = case(ana, kind=Kind.COMPLAINT, things=(("received", row.pk),))
    actions.classify(officer=ana, case=made, answers=RUDE, at=NOON)
    complete(ana, made, language="es")
    return made, row


def test_whoever_complains_from_an_address_nobody_knows_is_answered_there(ana, sent):
    row, wrote = of_an_unknown_address(ana)
    assert actions.keep_grievances(at=NOON + 9 * DAY) == 1  # they hear that it is open, too
    letter = actions.draft(officer=ana, case=row, kind="answer", at=NOON)
    assert letter.body.startswith("Hola, señora o señor:")

    letter = actions.mail_letter(officer=ana, letter=letter, at=NOON)
    message = letter.message
    assert (message.address, message.patient_id) == ("who@elsewhere.example", None)
    assert message.answers == wrote
    with pytest.raises(actions.CaseRefused):
        actions.close(officer=ana, case=row, result="done", at=NOON)

    mail_in("Gracias.", sender="who@elsewhere.example", at=NOON + DAY, answers=message.outgoing_id)
    actions.close(officer=ana, case=row, result="Apologised", at=NOON + DAY)

    assert Case.objects.get(pk=row.pk).state == "closed"


def test_a_letter_that_is_refused_on_its_way_proves_nothing(ana, grievance, settings):
    settings.EMAIL_HOST = ""
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    letter = actions.mail_letter(officer=ana, letter=letter, at=NOON)
    outbox.try_delivery(letter.message.outgoing_id, at=NOON)

    assert queries.is_troubled(letter.message_id)
    assert "delivery" in queries.lacks(grievance.grievance, [letter])
