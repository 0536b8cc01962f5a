"""The clock of grievances: it starts with the first of all, warns, and keeps what was promised."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.relations import actions, jobs, queries
from almoner.relations.actions import escalating
from almoner.relations.models import Case, CaseLine, Grievance, GrievanceTerm, Letter
from almoner.relations.rules import Kind, WaitsFor
from almoner.relations.tests.make import NOON, RUDE, THEIRS, case, complete, mail_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def house(clinic, sent):
    return sent


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
            sql.execute(f"UPDATE relations_grievance SET {column} = {column} + interval '1 day'")  # noqa: S608 (our own words)
        assert violated(refused.value, "grievance_clock_never_later")


def test_the_laws_clock_runs_while_a_case_waits(ana, grievance):
    actions.wait(officer=ana, case=grievance, reason=WaitsFor.CLINICIAN, words="", at=NOON)
    assert actions.escalate(at=grievance.warn_at) == 1
    actions.resume(officer=ana, case=grievance, at=NOON + 3 * DAY)

    assert Case.objects.get(pk=grievance.pk).due_at == grievance.due_at


def answered(row):
    """Of whom nobody is told that they wait for a first answer."""
    Case.objects.filter(pk=row.pk).update(answered_at=NOON)


def test_nobody_moves_what_the_law_says(ana, grievance):
    with pytest.raises(actions.CaseRefused) as refused:
        actions.set_due(officer=ana, case=grievance, due_at=NOON + 90 * DAY, words="busy", at=NOON)

    assert refused.value.reason == "law"


def test_day_five_warns_and_day_seven_drafts_the_letter_that_it_is_open_once(ana, grievance):
    received = grievance.grievance.received_at
    answered(grievance)

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
    say, draft = escalating.line, escalating.draft_of

    def fails(row, *arguments, **facts):
        if row.pk == rows[0].pk:
            raise LookupError
        say(row, *arguments, **facts)

    def has_no_letter(row, *arguments, **facts):
        if row.pk == broken.pk:
            raise LookupError
        return draft(row, *arguments, **facts)

    monkeypatch.setattr(escalating, "line", fails)
    monkeypatch.setattr(escalating, "draft_of", has_no_letter)
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
    answered(grievance)
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
