"""What becomes of a call: tried again, work, or over; who hangs up is heard all the same."""

from datetime import timedelta

import pytest

from almoner.ground import outbox
from almoner.ground.models import Outgoing
from almoner.relations import actions, queries
from almoner.relations.models import Consent, Counted, Delivery, Spoken
from almoner.relations.tests.make import NOON
from almoner.relations.tests.test_phoning.shared import (
    MINUTE,
    answer,
    booked,
    kinds,
    press,
    report,
    ringing,
)


def test_a_call_nobody_takes_is_tried_again_so_often_and_then_is_work(called, carrier, cy):
    report(called, "no-answer")
    called.refresh_from_db()
    again = called.outgoing
    assert (again.key, called.held_why) == (
        "reminder-1 call-reminder en1 try 2", "Nobody answered",
    )  # fmt: skip
    assert called.held_until == NOON + 45 * MINUTE
    assert outbox.try_delivery(again.pk, at=NOON) == 45 * MINUTE

    ringing(called, at=NOON + 45 * MINUTE)
    report(called, "busy", at=NOON + 46 * MINUTE)
    called.refresh_from_db()
    assert not queries.is_troubled(called.pk)
    ringing(called, at=NOON + 226 * MINUTE)
    report(called, "no-answer", at=NOON + 227 * MINUTE)

    assert [len(carrier), Counted.objects.count()] == [3, 1]
    assert queries.is_troubled(called.pk)
    tries = Spoken.objects.order_by("id").values_list("tries", "status")
    assert list(tries) == [(1, "no-answer"), (2, "busy"), (3, "no-answer")]


def test_a_report_that_comes_twice_tries_once_more(called):
    assert [report(called, "no-answer", item=called.outgoing) for _ in range(3)] == [
        True, False, False,
    ]  # fmt: skip
    assert Outgoing.objects.filter(channel="voice").count() == 2


def test_reports_in_any_order_end_alike(called):
    answer(called)
    press(called, 1, "1")

    for status in ("completed", "ringing", "in-progress", "initiated", "completed"):
        report(called, status)

    assert Delivery.objects.get().state == "delivered"
    assert [kinds().count(each) for each in ("relations.phoned",)] == [1]


def test_a_visit_that_moved_is_not_called_about_again(clinic, cy, called):
    booked(clinic, cy, kind="scheduling.cancelled")
    report(called, "no-answer")

    assert Outgoing.objects.filter(channel="voice").count() == 1


def test_a_call_that_was_answered_and_said_nothing_is_work(called):
    report(called, "completed")

    assert queries.is_troubled(called.pk)
    assert queries.trouble_of(Outgoing.objects.get(pk=called.outgoing_id)) == (
        "It was answered, and nothing could be said"
    )


def test_what_did_not_reach_anybody_is_called_again_by_hand_and_never_texted(called, ana):
    for at in (NOON, NOON + 45 * MINUTE, NOON + 225 * MINUTE):
        ringing(called, at=at)
        report(called, "no-answer", at=at)
        called.refresh_from_db()

    again = actions.send_again(officer=ana, message=called, at=NOON + 300 * MINUTE)
    assert (again.channel, again.body) == ("voice", called.body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sid": "CA-another"},
        {"at": NOON + timedelta(minutes=16)},
    ],
)
def test_a_call_that_is_not_ours_or_too_old_gets_no_words(called, wrong):
    with pytest.raises(actions.NotOurCall):
        answer(called, **wrong)
    assert not Spoken.objects.exists()


def test_a_call_that_is_over_gets_no_words(called):
    answer(called)
    report(called, "completed")

    with pytest.raises(actions.NotOurCall):
        press(called, 1, "1")
    with pytest.raises(actions.NotOurCall):
        answer(called)


@pytest.mark.parametrize("status", ["completed", "failed", "busy"])
def test_nine_counts_once_also_when_the_carrier_tells_first_that_they_hung_up(called, status):
    item = called.outgoing
    answer(called)
    report(called, status)

    late = {"outgoing": item, "carrier_id": item.partner_reference, "turn": 1, "keys": "9"}
    said = actions.press(**late, at=NOON)
    assert (said.words, said.digits) == ((), 0)
    with pytest.raises(actions.NotOurCall):
        actions.press(**late, at=NOON)

    assert Consent.objects.filter(channel="voice", given=False).count() == 4
    assert kinds().count("relations.calls_ended") == 1
    spoken = Spoken.objects.get()
    assert (spoken.came, spoken.course) == ("no_more", ["says:call-greeting", "key:9"])


@pytest.mark.parametrize(
    "other",
    [
        {"turn": 2},
        {"turn": 0},
        {"carrier_id": "CA-another"},
        {"at": NOON + timedelta(minutes=16)},
    ],
)  # fmt: skip
def test_after_the_end_nine_is_nobodys_of_another_turn_or_call_or_much_later(called, other):
    answer(called)
    report(called, "completed")

    item = called.outgoing
    told = {"carrier_id": item.partner_reference, "turn": 1, "keys": "9", "at": NOON}
    with pytest.raises(actions.NotOurCall):
        actions.press(outgoing=item, **(told | other))
    assert not Consent.objects.filter(given=False).exists()


def test_a_call_nobody_took_has_no_turn_in_which_nine_was_pressed(called):
    item = called.outgoing
    report(called, "no-answer")

    with pytest.raises(actions.NotOurCall):
        actions.press(outgoing=item, carrier_id=item.partner_reference, turn=0, keys="9", at=NOON)


@pytest.mark.parametrize("answers_first", [True, False])
def test_what_is_told_of_another_call_changes_nothing(called, answers_first):
    if answers_first:
        answer(called)

    with pytest.raises(actions.NotOurCall):
        actions.record_call(
            outgoing=called.outgoing, carrier_id="CA-another", status="no-answer", at=NOON
        )
    assert not Delivery.objects.exists()


def test_a_call_of_which_nobody_knows_whether_it_was_placed_is_spoken_in_when_it_is(unsure):
    assert answer(unsure, sid="CA7").digits == 1
    with pytest.raises(actions.NotOurCall):
        answer(unsure, sid="CA8")
    actions.record_call(outgoing=unsure.outgoing, carrier_id="CA7", status="completed", at=NOON)
    assert not queries.is_troubled(unsure.pk)


@pytest.mark.parametrize("do", ["handle_otherwise", "send_again", None])
def test_nobody_is_called_again_about_what_somebody_saw_to(unsure, ana, do):
    """The carrier says late that the line was busy; a message somebody saw to is seen to."""
    if do == "handle_otherwise":
        actions.handle_otherwise(officer=ana, message=unsure, why="Told them", at=NOON)
    if do == "send_again":
        actions.send_again(officer=ana, message=unsure, at=NOON)
    before = Outgoing.objects.count()

    actions.record_call(outgoing=unsure.outgoing, carrier_id="CA7", status="busy", at=NOON)

    assert Outgoing.objects.count() - before == (0 if do else 1)
    assert kinds().count("relations.call_again") == (0 if do else 1)
