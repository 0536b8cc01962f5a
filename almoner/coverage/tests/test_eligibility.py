from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.coverage import actions, jobs, queries, reactions
from almoner.coverage.models import EligibilityCheck, ExpectedVisit
from almoner.coverage.rules import Collect, State
from almoner.coverage.tests import make
from almoner.edges import clearinghouse
from almoner.edges.x12.eligibility import read_270
from almoner.ground import events
from almoner.ground.models import Event
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def reading():
    return access.reading(make.clerk())


def settle(check, body, after=2 * SECOND):
    return actions.settle_answer(check_id=check.pk, body=body, at=check.asked_at + after)


def test_a_question_is_kept_whole_before_it_is_sent():
    check = make.check()

    inquiry = read_270(bytes(check.inquiry))

    assert (inquiry.payer.id, inquiry.subscriber.member_id) == ("BLUEH", "W1234567")
    assert (inquiry.service_date, inquiry.service_types) == (make.DAY, ("98",))
    assert inquiry.trace == check.trace
    assert Event.objects.filter(kind="coverage.asked", about_id=check.pk).exists()


def test_a_question_names_both_ends_as_the_clearinghouse_knows_them(settings):
    settings.CLEARINGHOUSE_ID, settings.CLEARINGHOUSE_SENDER = "ELMHOUSE1", "ALM4711"

    inquiry = bytes(make.check().inquiry)

    assert b"GS*HS*ALM4711*ELMHOUSE1*" in inquiry


def test_a_dependents_question_names_the_subscriber():
    policy = make.policy(relation="19", subscriber_family="Garcia", subscriber_given="Ana")

    inquiry = read_270(bytes(make.check(policy).inquiry))

    assert (inquiry.subscriber.given, inquiry.dependent.given) == ("ANA", "CY")


def test_an_answer_is_kept_byte_for_byte_and_says_what_to_collect():
    body = make.answer_bytes()

    check = settle(make.check(), body)
    page = queries.check(check.pk, reading=reading())

    assert (check.state, bytes(check.answer)) == (State.ANSWERED, body)
    assert isinstance(page.line.decision, Collect)
    assert page.line.cents == 2500
    assert page.segments[2].startswith("ST*271")
    assert Event.objects.filter(kind="coverage.answered").exists()


def test_a_rejection_says_who_must_mend_what():
    check = settle(make.check(), make.answer_bytes(rejections=["75"]))
    line = queries.check(check.pk, reading=reading()).line

    assert check.state == State.REJECTED
    assert [refusal.field for refusal in line.refusals] == ["member_id"]
    assert line.cents is None


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"ISA*00*", b"\x00" * 200])
def test_what_is_no_answer_is_kept_as_unreadable(body):
    check = settle(make.check(), body)

    assert (check.state, bytes(check.answer)) == (State.UNREADABLE, body)
    assert queries.check(check.pk, reading=reading()).line.decision is None


def test_a_question_is_settled_once():
    check = settle(make.check(), make.answer_bytes())

    settle(check, make.answer_bytes(rejections=["75"]))
    with pytest.raises(IntegrityError, match="settled once"), transaction.atomic():
        EligibilityCheck.objects.filter(pk=check.pk).update(state="silent", answer=None)
    with pytest.raises(IntegrityError, match="settled once"), transaction.atomic():
        check.delete()

    check.refresh_from_db()
    assert check.state == State.ANSWERED


def test_an_unanswered_question_is_not_repeated_for_ninety_seconds():
    policy = make.policy()
    check = make.check(policy)
    actions.begin_sending(check_id=check.pk, at=make.NOON + SECOND)
    actions.settle_trouble(
        check_id=check.pk, state=State.SILENT, trouble="", at=make.NOON + 61 * SECOND
    )

    with pytest.raises(actions.AskedJustNow):
        make.check(policy, at=make.NOON + 90 * SECOND)

    assert make.check(policy, at=make.NOON + 92 * SECOND).state == State.ASKED


def test_a_corrected_policy_may_be_asked_about_at_once():
    policy = make.policy()
    settle(make.check(policy), make.answer_bytes(rejections=["72"]))

    assert make.check(policy, at=make.NOON + 5 * SECOND).state == State.ASKED


def test_a_question_is_sent_once_even_by_two_workers():
    check = make.check()

    first = actions.begin_sending(check_id=check.pk, at=make.NOON + SECOND)
    second = actions.begin_sending(check_id=check.pk, at=make.NOON + 2 * SECOND)

    assert (first, second) == (bytes(check.inquiry), None)


def test_a_question_whose_sender_died_becomes_silent_and_one_never_sent_failed():
    sent, lost = (
        make.check(),
        make.check(make.policy(patients.patient(given="Dot"), member_id="W9")),
    )
    actions.begin_sending(check_id=sent.pk, at=make.NOON)

    assert actions.give_up(at=make.NOON + 60 * SECOND) == 0
    assert actions.give_up(at=make.NOON + 76 * SECOND) == 1
    assert actions.give_up(at=make.NOON + timedelta(minutes=11)) == 1

    sent.refresh_from_db()
    lost.refresh_from_db()
    assert (sent.state, lost.state) == (State.SILENT, State.FAILED)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (clearinghouse.TimedOut("no answer within 60 s"), State.SILENT),
        (clearinghouse.NotReached("no connection"), State.FAILED),
        (clearinghouse.Refused(503, "down"), State.FAILED),
    ],
)
def test_silence_is_told_from_a_question_that_never_arrived(monkeypatch, error, state):
    check = make.check(at=make.NOON)
    monkeypatch.setattr(jobs.clock, "now", lambda: make.NOON + SECOND)

    def ask(inquiry, timeout):
        assert (inquiry, timeout) == (bytes(check.inquiry), 60)
        raise error

    monkeypatch.setattr(clearinghouse, "ask_eligibility", ask)
    jobs.put_question(check_id=check.pk)

    check.refresh_from_db()
    assert (check.state, check.trouble) == (state, str(error))


def test_a_payer_that_answers_nothing_is_not_asked():
    comp = make.payer("COMP", name="State Fund", kind="workers_comp", answers_eligibility=False)
    policy = make.policy(plan=make.plan("Injury", of=comp))

    with pytest.raises(queries.NotAskable):
        make.check(policy)


def test_a_patient_without_birth_date_cannot_be_asked_about():
    policy = make.policy(patients.patient(birth_date=None))

    with pytest.raises(queries.NotAskable) as missing:
        make.check(policy)

    assert missing.value.field == "birth_date"


def test_dot_may_not_ask():
    policy = make.policy()
    dot = access.officer("dot", roles=("clinician",))

    with pytest.raises(PermissionDenied):
        actions.ask(officer=dot, policy=policy, service_type="98", service_date=make.DAY,
                    asked_at=make.NOON)  # fmt: skip

    assert not EligibilityCheck.objects.exists()


class Appointment:
    pk = 41


def booked(patient, kind="scheduling.booked", day="2026-03-09", **data):
    return events.record(
        kind, at=make.NOON, by=None, about=Appointment(), patient_id=patient.pk, local_day=day,
        service_type="98", **data,
    )  # fmt: skip


def test_a_booking_asks_every_payer_once_however_often_it_is_told():
    cy = patients.patient()
    make.policy(cy)
    make.policy(cy, member_id="W2", rank=2)
    event = booked(cy)

    reactions.ask_at_booking(event)
    reactions.ask_at_booking(event)

    found = EligibilityCheck.objects.filter(occasion="booking", appointment_id=41)
    assert sorted(found.values_list("policy__member_id", flat=True)) == ["W1234567", "W2"]


def test_a_move_to_another_day_asks_about_that_day():
    cy = patients.patient()
    make.policy(cy)
    reactions.ask_at_booking(booked(cy))

    reactions.ask_at_booking(booked(cy, "scheduling.moved", day="2026-03-16"))

    days = EligibilityCheck.objects.order_by("id").values_list("service_date", flat=True)
    assert list(days) == [date(2026, 3, 9), date(2026, 3, 16)]
    assert ExpectedVisit.objects.get().service_date == date(2026, 3, 16)


def test_a_visit_three_days_ahead_is_asked_about_once_more():
    cy = patients.patient()
    make.policy(cy)
    actions.expect_visit(appointment_id=41, patient_id=cy.pk, service_date=make.DAY,
                         service_type="98", location_id=None)  # fmt: skip
    sixth = date(2026, 3, 6)

    too_early = actions.ask_ahead(today=date(2026, 3, 5), at=make.NOON)
    written = actions.ask_ahead(today=sixth, at=make.NOON + timedelta(days=4))
    again = actions.ask_ahead(today=sixth, at=make.NOON + timedelta(days=4, hours=1))

    assert (too_early, written, again) == (0, 1, 0)


def test_a_cancelled_visit_is_asked_about_no_more():
    cy = patients.patient()
    make.policy(cy)
    reactions.ask_at_booking(booked(cy))

    reactions.forget_visit(booked(cy, "scheduling.cancelled"))

    assert actions.ask_ahead(today=make.DAY, at=make.NOON + timedelta(days=7)) == 0


def test_a_cancellation_taken_back_is_expected_again_and_a_booking_taken_back_is_not():
    cy = patients.patient()
    reactions.forget_visit(booked(cy, "scheduling.cancelled"))

    reactions.follow_undo(booked(cy, "scheduling.undone", undone="scheduling.cancelled"))
    stands_again = ExpectedVisit.objects.filter(appointment_id=41).exists()
    reactions.follow_undo(booked(cy, "scheduling.undone", undone="scheduling.booked"))

    assert stands_again
    assert not ExpectedVisit.objects.exists()


def test_the_arrival_of_a_patient_asks(monkeypatch):
    cy = patients.patient()
    make.policy(cy)
    monkeypatch.setattr(reactions.clock, "now", lambda: make.NOON)

    reactions.ask_at_arrival(booked(cy, "arrivals.arrived", visit_id=41))

    check = EligibilityCheck.objects.get()
    assert (check.occasion, check.appointment_id, check.service_date) == (
        "arrival", 41, date(2026, 3, 2),
    )  # fmt: skip


def test_arrival_asks_unless_the_payer_has_answered_that_day():
    cy = patients.patient()
    policy = make.policy(cy)
    arrived = make.NOON + timedelta(days=7)

    (first,) = actions.ask_on_arrival(patient_id=cy.pk, appointment_id=41, asked_at=arrived)
    settle(first, make.answer_bytes())
    second = actions.ask_on_arrival(
        patient_id=cy.pk, appointment_id=41, asked_at=arrived + timedelta(hours=1)
    )

    assert (first.policy_id, first.occasion, first.service_date) == (policy.pk, "arrival", make.DAY)
    assert second == []


def test_the_newest_question_of_each_policy_is_read_in_one_query(django_assert_num_queries):
    cy = patients.patient()
    for rank in (1, 2):
        policy = make.policy(cy, member_id=f"W{rank}", rank=rank)
        settle(make.check(policy), make.answer_bytes())
        make.check(policy, at=make.NOON + 5 * SECOND, service_date=date(2026, 4, 1))
    look = reading()

    with django_assert_num_queries(1):
        lines = queries.latest(cy.pk, reading=look)

    assert [(line.rank, line.state) for line in lines] == [(1, "asked"), (2, "asked")]
    assert look.patient_ids == {cy.pk}


def test_a_policy_that_has_ended_does_not_say_what_to_collect():
    cy = patients.patient()
    old = make.policy(cy)
    settle(make.check(old), make.answer_bytes())
    actions.end_policy(
        officer=make.clerk(),
        policy_id=old.pk,
        last_day=make.DAY - timedelta(days=1),
        reason="new job",
        at=make.NOON,
    )
    new = make.policy(cy, member_id="W2", valid_from=make.DAY)

    before = queries.cover_on(cy.pk, on=make.DAY, reading=reading())
    make.check(new)
    after = queries.cover_on(cy.pk, on=make.DAY, reading=reading())

    assert before is None
    assert after.stands.policy_id == new.pk


def expected(patient, appointment_id):
    return actions.expect_visit(
        appointment_id=appointment_id, patient_id=patient.pk, service_date=make.DAY,
        service_type="98", location_id=None,
    )  # fmt: skip


def test_a_member_id_no_payer_can_be_sent_is_not_asked_about():
    policy = make.policy()
    policy.member_id = "AB*12"  # from before the database refused it

    with pytest.raises(queries.NotAskable) as odd:
        make.check(policy)

    assert odd.value.field == "member_id"


def test_a_payer_whose_number_cannot_be_sent_keeps_nobody_else_from_being_asked_about():
    odd, cy = patients.patient(given="Odd"), patients.patient()
    make.policy(odd, plan=make.plan("Star", of=make.payer("ST*R")))
    make.policy(cy)
    for number, patient in enumerate((odd, cy), 41):
        expected(patient, number)

    written = actions.ask_ahead(today=make.DAY, at=make.NOON)

    assert written == 1
    assert EligibilityCheck.objects.get().patient_id == cy.pk


def test_a_visit_that_fails_is_told_of_after_all_others_were_asked_about(monkeypatch):
    first, second = patients.patient(), patients.patient(given="Dot")
    for number, patient in enumerate((first, second), 41):
        make.policy(patient)
        expected(patient, number)
    whole = actions.asking.write_270

    def write(inquiry, envelope):
        if inquiry.subscriber.given == first.given:
            raise ZeroDivisionError
        return whole(inquiry, envelope)

    monkeypatch.setattr(actions.asking, "write_270", write)
    with pytest.raises(ExceptionGroup) as failed:
        actions.ask_ahead(today=make.DAY, at=make.NOON)

    assert failed.value.exceptions[0].__notes__ == ["visit 41"]
    assert EligibilityCheck.objects.get().patient_id == second.pk


def test_visits_with_nothing_left_to_ask_cost_one_query(django_assert_num_queries):
    comp = make.payer("COMP", name="State Fund", kind="workers_comp", answers_eligibility=False)
    for number in range(5):
        cy = patients.patient(given=f"Cy {number}")
        make.policy(cy, plan=make.plan("Injury", of=comp))
        expected(cy, number)

    with django_assert_num_queries(2):  # forget the past, and find nobody
        assert actions.ask_ahead(today=make.DAY, at=make.NOON) == 0


def test_coming_visits_are_taken_in_batches_and_none_is_left_out(monkeypatch):
    monkeypatch.setattr(queries.ahead, "BATCH", 2)
    for number in range(5):
        cy = patients.patient(given=f"Cy {number}")
        make.policy(cy)
        expected(cy, number)

    assert actions.ask_ahead(today=make.DAY, at=make.NOON) == 5
