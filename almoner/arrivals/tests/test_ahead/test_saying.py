"""What is said, said again, accepted and refused; and what it leaves alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.arrivals import actions, queries
from almoner.arrivals.models import CardTaken, EarlyCheckIn, Encounter, Said
from almoner.arrivals.rules import Item, Settled, ahead
from almoner.arrivals.rules.ahead import DETAILS, Thing, Verdict
from almoner.arrivals.tests import make
from almoner.arrivals.tests.test_ahead.make import (
    DAYS,
    WORDS,
    accept,
    before,
    changed,
    everything,
    kept,
    policy_of,
    say,
    say_all_is_right,
    seen_of,
)
from almoner.coverage.models import CardImage, EligibilityCheck, Policy
from almoner.coverage.tests import make as coverage
from almoner.ground.models import Event
from almoner.patients import actions as patients
from almoner.patients import queries as records
from almoner.patients.rules.details import Email
from almoner.patients.tests.make import Phone, picture
from almoner.patients.tests.make import patient as a_patient

pytestmark = pytest.mark.django_db


def test_a_check_in_ahead_is_finished_with_the_last_answer_and_confirms_the_visit(visit):
    say_all_is_right(visit)

    early = EarlyCheckIn.objects.get()
    assert (early.begun_at, early.finished_at) == (before(visit), before(visit))
    visit.refresh_from_db()
    assert visit.confirmed_at == before(visit)
    assert Event.objects.filter(kind="arrivals.prepared", by_id=None).count() == 1


def test_what_is_said_again_replaces_what_was_said_and_nothing_is_asked_twice(visit):
    changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.EMAIL, address="newer@example.org")

    [said] = Said.objects.all()
    assert said.words == {"address": "newer@example.org"}
    assert (Thing.EMAIL, None) not in queries.left(visit.pk, [])


def test_a_change_that_is_accepted_is_written_by_the_patients_duty(visit, ana):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    accept(ana, said)

    assert kept(visit).emails == (Email("new@example.org"),)
    said.refresh_from_db()
    assert (said.outcome, said.settled_by_id) == ("accepted", ana.pk)
    assert Event.objects.get(kind="patients.changed").by_id == ana.pk
    with pytest.raises(actions.SettledAlready):
        accept(ana, said)


def test_a_new_number_takes_the_place_of_the_old_and_is_texted_by_the_patients_word_only(
    visit, ana
):
    said = changed(visit, Thing.PHONE, number="+16085550199", may_text=False)

    accept(ana, said)

    assert kept(visit).phones == (Phone(number="+16085550199", may_text=False),)


def test_an_emergency_contact_that_is_gone_is_taken_away(visit, ana):
    accept(ana, say(visit, Thing.EMERGENCY, Verdict.GONE))

    assert kept(visit).contacts == ()


def test_a_change_is_refused_for_a_reason_and_changes_nothing(visit, ana):
    was = everything(visit)
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    with pytest.raises(ValueError, match=" "):
        actions.refuse(officer=ana, said_id=said.pk, why=" ", at=before(visit))
    actions.refuse(officer=ana, said_id=said.pk, why="said it was a slip", at=before(visit))

    assert everything(visit) == was
    said.refresh_from_db()
    assert (said.outcome, said.why) == ("refused", "said it was a slip")


def test_what_the_desk_changed_meanwhile_is_shown_and_not_replaced_blindly(visit, ana):
    said = changed(visit, Thing.EMAIL, address="new@example.org")
    seen = seen_of(visit, Thing.EMAIL)
    version, details = records.kept(visit.patient_id)
    patients.change(
        officer=ana,
        patient_id=visit.patient_id,
        version=version,
        details=replace(details, emails=(Email("desk@example.org"),)),
        at=before(visit),
    )

    with pytest.raises(actions.Overtaken):
        accept(ana, said, seen=seen)
    assert actions.accept_details(officer=ana, appointment_id=visit.pk, at=before(visit)) == 0
    assert kept(visit).emails == (Email("desk@example.org"),)

    [proposal] = queries.told(visit.pk, reading=access.reading(ana)).details
    assert proposal.overtaken
    assert ([one.text for one in proposal.kept], [one.text for one in proposal.was]) == (
        ["desk@example.org"], ["cy@example.org"],
    )  # fmt: skip
    accept(ana, said)
    assert kept(visit).emails == (Email("new@example.org"),)


def test_the_mark_of_a_value_is_another_for_each_patient_and_each_thing():
    number = {"number": "+16085550142"}

    marks = {
        queries.fingerprint(patient_id, thing, number)
        for patient_id in (1, 2)
        for thing in (Thing.PHONE, Thing.OTHER_PHONE)
    }

    assert len(marks) == 4


def test_an_answer_to_a_page_that_is_stale_is_not_taken(visit):
    old = queries.fingerprint(visit.patient_id, Thing.EMAIL, {"address": "old@example.org"})

    with pytest.raises(actions.ChangedMeanwhile):
        say(visit, Thing.EMAIL, seen=old)

    assert not Said.objects.exists()


def test_a_member_id_that_is_accepted_has_the_payer_asked_again(visit, ana):
    policy = policy_of(visit)
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy.pk, uploads={"front": picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip
    said = say(visit, Thing.POLICY, Verdict.CHANGED, policy_id=policy.pk, member_id="W7654321")
    asked = EligibilityCheck.objects.count()

    accept(ana, said)

    policy.refresh_from_db()
    assert policy.member_id == "W7654321"
    assert EligibilityCheck.objects.count() == asked + 1
    assert CardImage.objects.get().added_by_id == ana.pk
    assert not CardTaken.objects.exists()


def test_a_new_coverage_is_added_when_its_plan_is_chosen(visit, ana):
    said = say(
        visit, Thing.NEW_POLICY, Verdict.CHANGED,
        payer="Lakeside", member_id="L100200", group_number="",
    )  # fmt: skip
    with pytest.raises(actions.PlanNeeded):
        accept(ana, said)

    accept(ana, said, plan_id=coverage.plan().pk)

    added = Policy.objects.get(patient=visit.patient_id, member_id="L100200")
    assert added.rank == 2


def test_a_coverage_that_is_gone_ends_before_the_visit(visit, ana):
    policy = policy_of(visit)

    accept(ana, say(visit, Thing.POLICY, Verdict.GONE, policy_id=policy.pk))

    policy.refresh_from_db()
    assert policy.valid_until == visit.local_day


def test_a_policy_of_somebody_else_cannot_be_spoken_of(visit):
    other = coverage.policy(a_patient(), member_id="W999")

    with pytest.raises(Policy.DoesNotExist):
        say(visit, Thing.POLICY, policy_id=other.pk)


@pytest.mark.parametrize("days", [-4, 1])
def test_nothing_is_said_before_it_opens_or_after_the_day(visit, days):
    with pytest.raises(actions.NotOpen):
        say(visit, Thing.EMAIL, at=visit.starts_at + timedelta(days=days))


def test_it_closes_with_the_check_in_at_the_desk(visit, ana):
    say_all_is_right(visit)

    make.encounter(officer=ana, appointment=visit)

    with pytest.raises(actions.NotOpen):
        say(visit, Thing.EMAIL, at=visit.starts_at)


def test_nobody_is_checked_in_past_a_change_that_is_neither_accepted_nor_refused(visit, ana):
    changed(visit, Thing.EMAIL, address="new@example.org")

    with pytest.raises(actions.CheckInOpen) as refused:
        make.encounter(officer=ana, appointment=visit)
    assert refused.value.items == {Item.DETAILS: "said"}
    assert not Encounter.objects.exists()

    waived = [Settled(item) for item in Item if item is not Item.DETAILS]
    waived.append(Settled(Item.DETAILS, waived=True, reason="asks again next time"))
    assert make.encounter(officer=ana, appointment=visit, settled=waived).state == "ready"


def test_details_confirmed_ahead_are_reviewed_with_the_check_in(visit, ana):
    say_all_is_right(visit)

    make.encounter(officer=ana, appointment=visit)

    assert Event.objects.filter(kind="patients.reviewed", by_id=ana.pk).count() == 1


def test_i_am_here_puts_somebody_on_the_board_and_checks_nobody_in(visit):
    actions.set_out(appointment_id=visit.pk, at=visit.starts_at - timedelta(minutes=50))
    encounter = actions.arrive_own(
        appointment_id=visit.pk, at=visit.starts_at - timedelta(minutes=9)
    )

    assert encounter.state == "arrived"
    assert encounter.movements.get().by_id is None
    early = EarlyCheckIn.objects.get()
    assert early.coming_at < early.here_at
    assert Event.objects.get(kind="arrivals.arrived").data["by_patient"] is True


def test_nobody_is_on_the_way_a_day_before(visit):
    with pytest.raises(actions.NotExpected):
        actions.set_out(appointment_id=visit.pk, at=before(visit))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(Thing), st.sampled_from(Verdict)), max_size=15))
def test_no_answers_in_any_order_change_the_record_without_the_desk(visit, answers):
    was = everything(visit)

    for thing, verdict in answers:
        policy_id = policy_of(visit).pk if thing is Thing.POLICY else None
        say(visit, thing, verdict, policy_id=policy_id, **WORDS[thing])

    assert everything(visit) == was
    assert not EligibilityCheck.objects.filter(occasion="demand").exists()


@pytest.mark.parametrize("thing", DETAILS)
def test_each_thing_that_is_accepted_is_kept_as_it_was_said(visit, ana, thing):
    accept(ana, changed(visit, thing, **WORDS[thing]))

    found = ahead.kept(kept(visit), thing)
    assert found == {name: WORDS[thing][name] for name in found}
