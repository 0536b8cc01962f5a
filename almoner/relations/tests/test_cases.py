"""Cases: always somebody's and due, never lost, of one person; clocks stand by rules."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries, rules
from almoner.relations.models import (
    Case,
    CaseLine,
    CaseThing,
    DeskHours,
    DeskLead,
    Message,
    ServiceLevel,
)
from almoner.relations.rules import Desk, Kind, WaitsFor
from almoner.relations.templatetags.timeline import SENTENCES, says
from almoner.relations.tests.make import CYS, NOON, case, mail_in, text_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THEIRS = "cy@people.example"


@pytest.fixture(autouse=True)
def house(clinic, sent):
    return sent


@pytest.fixture
def ana(db):
    return access.officer("ana")


@pytest.fixture
def mara(db):
    return access.officer("mara", roles=("manager",))


@pytest.fixture
def cy(db):
    return patients.patient(emails=(THEIRS,))


def again(row):
    return Case.objects.get(pk=row.pk)


def verbs(row):
    return list(CaseLine.objects.filter(case=row).order_by("id").values_list("verb", flat=True))


# --- Opening.


def test_a_level_holds_from_the_morning_of_its_day_on_the_clinics_clock(ana):
    """At seven in the evening of Chicago it is tomorrow in UTC already."""
    ServiceLevel.objects.create(
        kind="question", first_answer=60, resolution=60, valid_from=date(2026, 11, 24)
    )
    evening = datetime(2026, 11, 24, 1, tzinfo=UTC)

    before, after = case(ana, at=evening), case(ana, at=evening + 6 * HOUR)

    assert before.due_at - after.due_at > HOUR


def test_a_case_nobody_has_taken_is_its_desks_leads_and_due(ana, mara):
    bea = access.officer("bea")
    DeskLead.objects.create(desk=Desk.RECORDS, officer=bea)

    records, task = case(ana, kind=Kind.RECORDS), case(ana, kind=Kind.TASK)

    assert (records.owner, task.owner) == (bea, mara)
    assert records.taken_at is None
    assert NOON < records.answer_by < records.warn_at < records.due_at
    assert verbs(records) == ["opened"]


def test_where_nobody_leads_it_is_whoever_opened_it(ana):
    assert case(ana).owner == ana


def test_the_database_lets_no_case_be_without_owner_or_due_time(ana):
    row = case(ana)

    for column in ("owner_id", "due_at", "answer_by"):
        with (
            pytest.raises(IntegrityError, match=column),
            transaction.atomic(),
            connection.cursor() as sql,
        ):
            sql.execute(f"UPDATE relations_case SET {column} = NULL WHERE id = %s", [row.pk])  # noqa: S608 (our own words)


def test_whoever_may_not_is_refused():
    linh = access.officer("linh", roles=("clinician",))

    with pytest.raises(PermissionDenied):
        case(linh)


def test_nobody_opens_a_grievance_without_the_questions(ana):
    with pytest.raises(actions.CaseRefused) as refused:
        case(ana, kind=Kind.GRIEVANCE)

    assert refused.value.reason == "law"


def test_two_cases_of_one_message_are_the_patients_once_somebody_says_who_wrote(ana, cy):
    row = mail_in("The bill is wrong, and she was rude.", sender=THEIRS)
    about = (("received", row.pk),)
    bill, rude = (case(ana, kind=kind, things=about) for kind in (Kind.BILLING, Kind.COMPLAINT))
    assert (bill.patient_id, rude.patient_id) == (None, None)
    row.refresh_from_db()
    assert row.handled_at is None

    actions.recognise(officer=ana, received=row, patient_id=cy.pk, at=NOON)

    row.refresh_from_db()
    assert {again(bill).patient_id, again(rude).patient_id} == {cy.pk}
    assert row.handled_why == "a case was opened"
    assert verbs(rude) == ["opened", "decided"]


def test_a_case_of_an_unknown_sender_stays_so_until_a_person_decides(ana, cy):
    dee = patients.patient(family="Dee")
    row = case(ana, things=(("received", mail_in("Hello", sender="x@y.example").pk),))

    actions.decide(officer=ana, case=row, patient_id=dee.pk, at=NOON)

    assert again(row).patient_id == dee.pk
    with pytest.raises(actions.CaseRefused):
        actions.decide(officer=ana, case=row, patient_id=cy.pk, at=NOON)


def test_a_case_is_never_about_two_people(ana, cy):
    dee = patients.patient(family="Dee")
    theirs = mail_in("Hello", sender=THEIRS)
    actions.recognise(officer=ana, received=theirs, patient_id=cy.pk, at=NOON)

    with pytest.raises(actions.CaseRefused) as refused:
        case(ana, patient_id=dee.pk, things=(("received", theirs.pk),))

    assert refused.value.reason == "not_theirs"
    assert not Case.objects.exists()


# --- Working.


def test_each_change_is_a_line_and_an_event_without_words(ana, cy):
    row = case(ana, patient_id=cy.pk, note="her rash")
    actions.take(officer=ana, case=row, at=NOON)
    actions.note(officer=ana, case=row, words="about her rash", at=NOON)
    actions.close(officer=ana, case=row, result="Told about the rash cream", at=NOON)

    kinds = list(
        Event.objects.filter(about_kind="case").order_by("id").values_list("kind", "patient_id")
    )
    assert verbs(row) == ["opened", "taken", "noted", "closed"]
    assert kinds == [(f"relations.case_{verb}", cy.pk) for verb in verbs(row)]
    assert "rash" not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_line_is_never_changed(ana):
    case(ana)

    with pytest.raises(Exception, match="append"), transaction.atomic():
        CaseLine.objects.update(words="x")


def test_what_the_privacy_desk_works_on_stands_on_nobodys_timeline(ana, cy):
    case(ana, kind=Kind.COMPLAINT, desk=Desk.PRIVACY, patient_id=cy.pk)

    event = Event.objects.get(kind="relations.case_opened")
    assert (event.patient_id, event.data["case_kind"]) == (None, "")


def test_a_biller_sees_the_billing_desk_and_what_is_hers_and_nothing_else(ana, mara):
    ben = access.officer("ben", roles=("biller",))
    bill, question = case(ana, kind=Kind.BILLING), case(ana)

    assert list(queries.visible_to(ben)) == [bill]
    assert set(queries.visible_to(mara)) == {bill, question}
    with pytest.raises(actions.CaseRefused) as refused:
        actions.take(officer=ben, case=question, at=NOON)
    assert refused.value.reason == "not_yours"


def test_while_it_waits_the_desks_clock_stands(ana):
    DeskHours.objects.all().delete()  # the desks always work
    row = case(ana)
    due = row.due_at
    actions.wait(officer=ana, case=row, reason=WaitsFor.PAYER, words="", at=NOON)

    assert actions.escalate(at=due + DAY) == 0
    actions.resume(officer=ana, case=row, at=NOON + 9 * DAY)

    assert again(row).due_at == due + 9 * DAY


def test_whoever_is_waited_for_writes_and_the_case_goes_on_by_itself(ana, cy):
    row = case(ana, patient_id=cy.pk)
    actions.wait(officer=ana, case=row, reason=WaitsFor.PATIENT, words="the form", at=NOON)

    wrote = mail_in("Here it is", sender=THEIRS, at=NOON + DAY)
    actions.recognise(officer=ana, received=wrote, patient_id=cy.pk, at=NOON + DAY)

    assert again(row).state == "open"
    assert verbs(row)[-1] == "resumed"


def test_the_owner_is_warned_once_and_what_is_overdue_is_the_leads_too_once(ana, mara):
    DeskLead.objects.create(desk=Desk.FRONT, officer=mara)
    row = case(ana)
    actions.take(officer=ana, case=row, at=NOON)
    actions.snooze(officer=ana, case=row, until=row.due_at, at=NOON)

    assert [actions.escalate(at=row.warn_at) for _time in range(2)] == [1, 0]
    assert [actions.escalate(at=row.due_at) for _time in range(2)] == [1, 0]

    row = again(row)
    assert (row.owner, row.escalated_to, row.snoozed_until) == (ana, mara, None)
    assert verbs(row)[-2:] == ["warned", "overdue"]


def test_the_owner_is_told_once_that_the_first_answer_is_late(ana, cy):
    asked = case(ana, patient_id=cy.pk)
    case(ana, patient_id=cy.pk, kind=Kind.TASK)
    late = asked.answer_by

    assert [actions.escalate(at=late) for _time in range(2)] == [1, 0]

    assert verbs(asked)[-1] == "unanswered"
    assert again(asked).unanswered_at == late


def test_what_was_answered_in_time_is_not_late(ana, cy):
    asked = case(ana, patient_id=cy.pk)
    Case.objects.filter(pk=asked.pk).update(answered_at=NOON)

    assert actions.escalate(at=asked.answer_by) == 0


def test_nobody_snoozes_past_the_time_it_is_due(ana):
    row = case(ana)

    with pytest.raises(actions.CaseRefused):
        actions.snooze(officer=ana, case=row, until=row.due_at + HOUR, at=NOON)


def test_a_closed_case_is_changed_by_nobody_until_it_is_opened_again(ana):
    row = case(ana)
    actions.close(officer=ana, case=row, result="done", at=NOON)

    with pytest.raises(actions.CaseRefused):
        actions.note(officer=ana, case=row, words="more", at=NOON)
    actions.reopen(officer=ana, case=row, words="they wrote again", at=NOON + 30 * DAY)

    assert again(row).due_at > NOON + 30 * DAY


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_case_at_once_are_one_after_the_other(clinic):
    ana, bea = access.officer("ana"), access.officer("bea")
    row = case(ana)
    start = threading.Barrier(2)

    def take(officer):
        start.wait()
        try:
            actions.take(officer=officer, case=row, at=NOON)
        finally:
            connection.close()

    both = [threading.Thread(target=take, args=(each,)) for each in (ana, bea)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    taken = CaseLine.objects.filter(case=row, verb="taken").order_by("id")
    assert again(row).owner_id == taken.last().by_id
    assert taken.count() == 2


# --- Merging and splitting.


def whole(row):
    """Everything that is shown of a case."""
    ids = queries.group(row.pk)
    return {(each.by, each.verb, each.words) for each in queries.lines(row, ids)}, set(
        queries.things_of(ids)
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from("mtsn"), st.integers(0, 5), st.integers(0, 5)), max_size=12)
)
def test_after_any_merges_and_splits_nothing_is_lost_and_no_answer_goes_elsewhere(ana, cy, steps):
    with transaction.atomic():
        wrote = [mail_in(f"w{n}", sender=f"{n}-{THEIRS}") for n in range(3)]
        rows = [case(ana, things=(("received", each.pk),), subject=f"s{each.pk}") for each in wrote]
        said = {(row.pk, each) for row in rows for each in queries.things_of([row.pk])}
        for step, first, second in steps:
            one, other = rows[first % len(rows)], rows[second % len(rows)]
            before = {row.pk: Case.objects.filter(pk=row.pk).values().get() for row in rows}
            try:
                if step == "m":
                    actions.merge(officer=ana, case=one, into=other, at=NOON)
                    shown = whole(again(other))
                    assert all(part <= all_ for part, all_ in zip(whole(one), shown, strict=True))
                elif step == "t":
                    actions.take_out(officer=ana, case=one, at=NOON)
                elif step == "s":
                    things = tuple(queries.things_of(queries.group(one.pk))[:1])
                    new = actions.New(kind=Kind.TASK, subject="part", things=things)
                    rows.append(actions.split(officer=ana, case=one, new=new, at=NOON))
                else:
                    actions.note(officer=ana, case=one, words=f"n{len(verbs(one))}", at=NOON)
            except actions.CaseRefused:
                assert all(
                    Case.objects.filter(pk=key).values().get() == value
                    for key, value in before.items()
                )
        kept = {(row.case_id, (row.kind, row.item_id)) for row in CaseThing.objects.all()}
        roots = [row for row in rows if again(row).merged_into_id is None]
        everything = [each for row in roots for each in queries.group(row.pk)]
        answers = [
            actions.answer(officer=ana, received=each, words="x", key=f"{each.pk:032x}",
                           about=None, up_to=each.pk, at=NOON)
            for each in wrote
        ]  # fmt: skip
        assert said <= kept
        assert sorted(everything) == sorted(
            row.pk for row in rows
        )  # each in one group, none in a ring
        assert [each.address for each in answers] == [each.sender for each in wrote]
        transaction.set_rollback(True)


def test_what_was_merged_comes_out_as_it_was(ana):
    one, other = case(ana, subject="One"), case(ana, subject="Other")
    actions.wait(officer=ana, case=one, reason=WaitsFor.PAYER, words="", at=NOON)
    before = Case.objects.filter(pk=one.pk).values().get()

    actions.merge(officer=ana, case=one, into=other, at=NOON)
    with pytest.raises(actions.CaseRefused):
        actions.note(officer=ana, case=one, words="x", at=NOON)
    actions.take_out(officer=ana, case=one, at=NOON)

    assert Case.objects.filter(pk=one.pk).values().get() == before


def test_cases_of_two_people_are_never_one(ana, cy):
    dee = patients.patient(family="Dee")
    one, other = case(ana, patient_id=cy.pk), case(ana, patient_id=dee.pk)

    with pytest.raises(actions.CaseRefused):
        actions.merge(officer=ana, case=one, into=other, at=NOON)


# --- Reading.


def test_a_list_shows_what_is_due_first_in_a_few_queries(ana, cy, django_assert_num_queries):
    late, early = case(ana, kind=Kind.BILLING), case(ana, kind=Kind.CALL_BACK, patient_id=cy.pk)
    for row in (late, early):
        actions.take(officer=ana, case=row, at=NOON)
    reading = access.reading(ana, at=NOON)

    with django_assert_num_queries(2):
        page, _nobody = queries.cases(narrowed={"show": "mine"}, number=1, reading=reading)

    assert [line.id for line in page.object_list] == [early.pk, late.pk]
    assert reading.patient_ids == {cy.pk}
    assert reading.strangers == {None}


def test_a_list_is_narrowed_by_known_names_and_values_alone():
    asked = {"show": "overdue", "kind": "task", "owner": "1", "desk": "'; drop", "order": "-due"}

    assert queries.filters(asked) == {"show": "overdue", "kind": "task", "order": "-due"}


def test_a_case_is_a_reason_of_the_patients_making_until_it_is_closed(ana, cy):
    wrote = text_in("hello", sender=CYS)
    row = case(ana, patient_id=cy.pk)
    evidence = queries.evidence_of_case(row.pk)
    assert (evidence.patient_ids, evidence.made_by_id) == ({cy.pk}, ana.pk)
    actions.recognise(officer=ana, received=wrote, patient_id=cy.pk, at=NOON)
    actions.attach(officer=ana, case=row, things=[("received", wrote.pk)], at=NOON)
    assert queries.evidence_of_case(row.pk).made_by_id is None
    actions.close(officer=ana, case=row, result="done", at=NOON)

    assert queries.evidence_of_case(row.pk).until > NOON


def test_an_answer_is_part_of_the_case_and_stops_its_first_clock(ana, cy):
    wrote = text_in("hello", sender=CYS)
    row = case(ana, things=(("received", wrote.pk),))
    message = actions.answer(officer=ana, received=wrote, words="Yes", key="0" * 32, about=None,
                             up_to=wrote.pk, at=NOON)  # fmt: skip

    actions.record_answer(officer=ana, case=row, message=message, at=NOON + HOUR)

    row = again(row)
    assert (row.answered_at, row.owner, row.taken_at) == (NOON + HOUR, ana, NOON + HOUR)
    assert ("message", message.pk) in queries.things_of([row.pk])
    assert Message.objects.count() == 1


def test_a_database_refuses_a_case_that_waits_for_nobody_or_ends_without_a_result(ana):
    row = case(ana)

    for change, rule in (
        ({"state": "waiting"}, "case_waits_for_somebody"),
        ({"state": "closed", "closed_at": NOON}, "case_closed_with_a_result"),
    ):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Case.objects.filter(pk=row.pk).update(**change)
        assert violated(refused.value, rule)


def test_macros_are_for_the_role_the_language_and_the_kind(ana):
    spanish = queries.macros(ana, language="es-MX", kinds=[Kind.BILLING])
    usual = queries.macros(ana, language="fr", kinds=[Kind.TASK])

    assert {each.language for each in spanish} == {"es"}
    assert len(spanish) == len(usual) + 1
    assert {each.language for each in usual} == {"en"}
    assert rules.desks_of(["biller"]) == {Desk.BILLING}


def test_the_patients_timeline_says_each_thing_that_became_of_a_case(ana, cy):
    row = case(ana, kind=Kind.BILLING, patient_id=cy.pk)
    actions.close(officer=ana, case=row, result="Mended", at=NOON)

    lines, _more = queries.timeline(cy.pk, reading=access.reading(ana), only="cases")

    assert {f"relations.case_{verb}" for verb in rules.Verb} <= set(SENTENCES)
    assert [says(line) for line in lines] == [
        f"Case {row.number} closed", f"Case {row.number} opened: billing dispute",
    ]  # fmt: skip
