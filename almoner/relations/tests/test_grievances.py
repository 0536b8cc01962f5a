"""Grievances: by the questions, on the law's clock, and closed by a letter that has arrived."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.access.tests import make as access
from almoner.ground import clock, outbox
from almoner.ground.constraints import violated
from almoner.patients.tests import make as patients
from almoner.relations import actions, jobs, queries
from almoner.relations.actions import conversing, escalating, telling
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.models import Case, CaseLine, Grievance, GrievanceTerm, Letter
from almoner.relations.rules import Desk, Kind, Question, WaitsFor
from almoner.relations.tests.make import ANSWERS, NOON, RUDE, case, mail_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 11, 23)
THEIRS = "cy@people.example"
WHOLE = "grievance_closed_with_its_letter"


@pytest.fixture(autouse=True)
def house(clinic, sent):
    return sent


@pytest.fixture
def ana(db):
    return access.officer("ana")


@pytest.fixture
def cy(db):
    return patients.patient(emails=(THEIRS,))


@pytest.fixture
def wrote(ana, cy):
    """What the grievance is about, and came in a day before the case was opened."""
    row = mail_in("She was rude.", sender=THEIRS, at=NOON - DAY, subject="Rude")
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON - DAY)
    return row


@pytest.fixture
def grievance(ana, wrote):
    row = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),))
    actions.classify(officer=ana, case=row, answers=RUDE, at=NOON)
    return Case.objects.get(pk=row.pk)


def complete(ana, row, **facts):
    said = {"contact": "Ana Silva", "contact_phone": "+16085550100", "steps": "We asked her.",
            "result": "She is sorry.", "completed_on": TODAY} | facts  # fmt: skip
    return actions.complete(officer=ana, case=row, at=NOON, **said)


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


def test_a_state_may_want_it_sooner(ana, clinic, wrote):
    clinic.state = "FL"
    clinic.save()
    GrievanceTerm.objects.create(
        state="FL", warn_day=2, tell_day=4, source="state", valid_from=date(2026, 6, 1)
    )
    row = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),))

    actions.classify(officer=ana, case=row, answers=RUDE, at=NOON)

    known = Grievance.objects.get(case=row)
    assert known.tell_on == TODAY + 3 * DAY
    assert known.source.endswith("state")


def test_what_came_in_earlier_starts_the_clock_earlier_and_nothing_starts_it_later(
    ana, cy, grievance
):
    known = grievance.grievance
    early, late = (mail_in("Again", sender=THEIRS, at=at) for at in (NOON - 3 * DAY, NOON + HOUR))
    for row in (early, late):
        actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
        actions.attach(officer=ana, case=grievance, things=[("received", row.pk)], at=NOON)

    now = Grievance.objects.get(case=grievance)
    assert now.received_at == NOON - 3 * DAY
    assert known.tell_on - now.tell_on == 2 * DAY
    assert Case.objects.get(pk=grievance.pk).due_at == grievance.due_at - 2 * DAY
    for column in ("received_at", "warn_on", "tell_on"):
        with (
            pytest.raises(IntegrityError) as refused,
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(f"UPDATE relations_grievance SET {column} = {column} + interval '1 day'")  # noqa: S608
        assert violated(refused.value, "grievance_clock_never_later")


def test_the_laws_clock_runs_while_a_case_waits(ana, grievance):
    actions.wait(officer=ana, case=grievance, reason=WaitsFor.CLINICIAN, words="", at=NOON)
    assert actions.escalate(at=grievance.warn_at) == 1
    actions.resume(officer=ana, case=grievance, at=NOON + 3 * DAY)

    assert Case.objects.get(pk=grievance.pk).due_at == grievance.due_at


def test_nobody_moves_what_the_law_says(ana, grievance):
    with pytest.raises(actions.CaseRefused) as refused:
        actions.set_due(officer=ana, case=grievance, due_at=NOON + 90 * DAY, words="busy", at=NOON)

    assert refused.value.reason == "law"


def test_day_five_warns_and_day_seven_drafts_the_letter_that_it_is_open_once(ana, grievance):
    received = grievance.grievance.received_at

    assert actions.escalate(at=received + 4 * DAY) == 0
    assert actions.escalate(at=received + 5 * DAY) == 1
    assert actions.keep_grievances(at=received + 6 * DAY) == 0
    assert [actions.keep_grievances(at=received + 7 * DAY) for _time in range(2)] == [1, 0]

    [letter] = Letter.objects.all()
    assert (letter.kind, letter.drafted_by_id, letter.sent_at) == ("still_open", None, None)
    assert grievance.number in letter.body
    assert queries.letters(grievance)[0].easy


def test_nobody_hears_that_it_is_open_once_its_answer_has_left(ana, grievance):
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    actions.post_letter(officer=ana, letter=letter, certified="9407 1", at=NOON)

    assert actions.keep_grievances(at=NOON + 9 * DAY) == 0


def test_a_letter_that_it_is_open_promises_a_day_for_which_owner_and_lead_are_told_again(
    ana, cy, grievance
):
    said = grievance.due_at - 2 * HOUR
    actions.escalate(at=grievance.warn_at)
    letter = actions.draft(officer=ana, case=grievance, kind="still_open", at=said)
    assert "by 12/13/2026" in letter.body
    actions.post_letter(officer=ana, letter=letter, certified="9407 1", at=said + DAY)

    now, known = Case.objects.get(pk=grievance.pk), Grievance.objects.get(case=grievance)
    assert now.due_at == grievance.due_at + 14 * DAY
    assert now.warn_at == grievance.warn_at + 14 * DAY
    assert known.tell_on == grievance.grievance.tell_on
    assert actions.escalate(at=now.warn_at - HOUR) == 0
    assert [actions.escalate(at=now.warn_at) for _time in range(2)] == [1, 0]
    assert [actions.escalate(at=now.due_at) for _time in range(2)] == [1, 0]

    early = mail_in("Before", sender=THEIRS, at=NOON - 3 * DAY)
    actions.recognise(officer=ana, received=early, patient_id=cy.pk, at=said + DAY)
    actions.attach(officer=ana, case=now, things=[("received", early.pk)], at=said + DAY)
    assert Case.objects.get(pk=now.pk).due_at == now.due_at  # they have heard, and were promised


def test_one_case_that_fails_silences_neither_those_behind_it_nor_the_letters(
    ana, cy, grievance, monkeypatch
):
    rows = [case(ana, patient_id=cy.pk) for _each in range(2)]
    broken = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk, at=NOON - 2 * DAY)  # due first
    actions.classify(officer=ana, case=broken, answers=RUDE, at=NOON)
    Grievance.objects.filter(case=broken).update(language="xx")  # in which there is no letter
    say = escalating.line

    def fails(row, *arguments, **facts):
        if row.pk == rows[0].pk:
            raise LookupError
        say(row, *arguments, **facts)

    monkeypatch.setattr(escalating, "line", fails)
    monkeypatch.setattr(clock, "now", lambda: NOON + 60 * DAY)
    with pytest.raises(ExceptionGroup) as failed:
        jobs.escalate(0)

    told = {each.__notes__[0] for each in failed.value.exceptions}
    told |= {each.__notes__[0] for each in failed.value.__context__.exceptions}
    assert told == {f"case {broken.pk}", f"case {rows[0].pk}"}
    assert Case.objects.get(pk=rows[0].pk).escalated_at is None
    assert Case.objects.get(pk=rows[1].pk).escalated_at
    assert Letter.objects.get().case == grievance


def test_what_came_in_late_in_the_evening_may_be_completed_on_that_day_and_no_day_before(ana, cy):
    late = NOON + 11 * HOUR  # 11 PM in Chicago, tomorrow in UTC
    row = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk, at=late)
    actions.classify(officer=ana, case=row, answers=RUDE, at=late)
    said = {"contact": "Ana", "contact_phone": "", "steps": "We asked.", "result": "Sorry."}

    with pytest.raises(actions.CaseRefused):
        actions.complete(officer=ana, case=row, completed_on=TODAY - DAY, at=NOON + 2 * DAY, **said)
    known = actions.complete(officer=ana, case=row, completed_on=TODAY, at=NOON + 2 * DAY, **said)

    assert known.completed_on == TODAY


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


def test_a_grievance_of_nobody_known_has_no_letter_yet(ana):
    row = case(ana, kind=Kind.COMPLAINT)
    actions.classify(officer=ana, case=row, answers=RUDE, at=NOON)
    complete(ana, row)

    with pytest.raises(actions.CaseRefused) as refused:
        actions.draft(officer=ana, case=row, kind="answer", at=NOON)

    assert refused.value.reason == "not_theirs"
    assert actions.keep_grievances(at=NOON + 9 * DAY) == 0


def test_two_grievances_that_become_one_count_from_the_first_of_both(ana, grievance, cy):
    later = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk)
    actions.classify(officer=ana, case=later, answers=RUDE, at=NOON)

    actions.merge(officer=ana, case=grievance, into=later, at=NOON)

    assert Grievance.objects.get(case=later).received_at == NOON - DAY
    with pytest.raises(actions.CaseRefused):
        actions.merge(officer=ana, case=later, into=case(ana, patient_id=cy.pk), at=NOON)


def test_the_owner_is_warned_of_the_laws_day_whoever_was_warned_of_the_desks(ana):
    row = case(ana, kind=Kind.BILLING)
    actions.escalate(at=row.warn_at)
    actions.escalate(at=row.due_at)

    actions.classify(officer=ana, case=row, answers=RUDE, at=row.due_at)

    now = Case.objects.get(pk=row.pk)
    assert (now.warned_at, now.escalated_at) == (None, None)
    assert actions.escalate(at=now.warn_at) == 1
    assert CaseLine.objects.filter(case=row, verb="warned").count() == 2


def test_a_clock_that_starts_earlier_warns_earlier_and_again(ana, cy, grievance):
    actions.escalate(at=grievance.warn_at)
    row = mail_in("She was rude before.", sender=THEIRS, at=NOON - 3 * DAY)
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)

    actions.attach(officer=ana, case=grievance, things=[("received", row.pk)], at=NOON)

    now = Case.objects.get(pk=grievance.pk)
    assert now.warn_at == grievance.warn_at - 2 * DAY
    assert actions.escalate(at=now.warn_at - HOUR) == 0
    assert actions.escalate(at=now.warn_at) == 1


def earlier(ana, cy):
    """A complaint that came in two days before what the grievance is about."""
    row = mail_in("She was rude before.", sender=THEIRS, at=NOON - 3 * DAY)
    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)
    return case(ana, kind=Kind.COMPLAINT, things=(("received", row.pk),))


def test_a_grievance_counts_from_the_complaint_that_was_merged_into_it(ana, cy, grievance):
    actions.merge(officer=ana, case=earlier(ana, cy), into=grievance, at=NOON)

    known = Grievance.objects.get(case=grievance)
    assert (known.received_at, known.tell_on) == (NOON - 3 * DAY, TODAY + 4 * DAY)
    assert Case.objects.get(pk=grievance.pk).due_at == grievance.due_at - 2 * DAY


def test_a_complaint_that_becomes_a_grievance_counts_from_the_first_of_its_parts(ana, cy, wrote):
    whole = case(ana, kind=Kind.COMPLAINT, things=(("received", wrote.pk),))
    actions.merge(officer=ana, case=earlier(ana, cy), into=whole, at=NOON)

    actions.classify(officer=ana, case=whole, answers=RUDE, at=NOON)

    assert Grievance.objects.get(case=whole).received_at == NOON - 3 * DAY


def test_what_was_told_at_the_desk_counts_from_then_whatever_they_write_afterwards(ana, cy):
    row = case(ana, kind=Kind.COMPLAINT, patient_id=cy.pk)
    wrote = mail_in("As I said", sender=THEIRS, at=NOON + DAY)
    actions.recognise(officer=ana, received=wrote, patient_id=cy.pk, at=NOON + DAY)
    actions.attach(officer=ana, case=row, things=[("received", wrote.pk)], at=NOON + DAY)

    actions.classify(officer=ana, case=row, answers=RUDE, at=NOON + DAY)

    assert Grievance.objects.get(case=row).received_at == NOON


def test_a_letter_that_is_refused_on_its_way_proves_nothing(ana, grievance, settings):
    settings.EMAIL_HOST = ""
    complete(ana, grievance)
    letter = actions.draft(officer=ana, case=grievance, kind="answer", at=NOON)
    letter = actions.mail_letter(officer=ana, letter=letter, at=NOON)
    outbox.try_delivery(letter.message.outgoing_id, at=NOON)

    assert queries.is_troubled(letter.message_id)
    assert "delivery" in queries.lacks(grievance.grievance, [letter])
