"""Keys, calls and reports that come at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Flag
from time import sleep

import pytest
from django.db import connection, transaction

from almoner.edges import voice
from almoner.ground import outbox
from almoner.relations import actions
from almoner.relations.models import Consent, Message, Spoken
from almoner.relations.tests.make import NOON
from almoner.relations.tests.test_phoning.shared import (
    agree,
    answer,
    booked,
    kinds,
    press,
    remind,
    report,
    ringing,
)


@pytest.mark.django_db(transaction=True)
def test_nine_pressed_while_others_are_placed_stops_all_that_come_after_it(
    request, carrier, monkeypatch, settings
):
    """The carrier is slow with one call: the key waits for nobody, and no other call leaves."""
    clinic, ana, cy = (request.getfixturevalue(each) for each in ("clinic", "ana", "cy"))
    settings.TEXT_LIMITS = settings.TEXT_LIMITS | {"care": (99, 99)}
    agree(ana, cy)
    event = booked(clinic, cy)
    first, slow, *rest = (
        remind(clinic, cy, event=event, key=f"reminder-{number}")[0] for number in range(8)
    )
    ringing(first)
    answer(first)
    placing, pressed_nine = Flag(), Flag()

    def place(_carrier, *, to, words_at, report_to):
        carrier.append((to, words_at))
        placing.set()
        assert pressed_nine.wait(20)
        return f"CA{len(carrier)}"

    monkeypatch.setattr(voice, "place", place)

    def leave(message):
        try:
            outbox.try_delivery(message.outgoing_id, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        one = threads.submit(leave, slow)
        assert placing.wait(20)
        press(first, 1, "9")
        pressed_nine.set()
        list(threads.map(leave, rest))
        one.result()

    assert len(carrier) == 2
    states = Message.objects.order_by("id").values_list("outgoing__state", flat=True)
    assert list(states) == ["sent", "sent"] + ["failed"] * 6


@pytest.mark.django_db(transaction=True)
def test_one_key_that_the_carrier_tells_many_times_at_once_acts_once(clinic, ana, cy):
    agree(ana, cy)
    message = ringing(remind(clinic, cy)[0])
    answer(message)
    gate = Barrier(6)

    def work(_number):
        try:
            gate.wait()
            return press(message, 1, "9")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        said = list(threads.map(work, range(6)))

    assert len(set(said)) == 1
    assert Consent.objects.filter(given=False).count() == 4
    assert kinds().count("relations.calls_ended") == 1


@pytest.mark.django_db(transaction=True)
def test_who_presses_nine_and_hangs_up_is_heard_whichever_is_told_first(clinic, ana, cy):
    agree(ana, cy)
    message = ringing(remind(clinic, cy)[0])
    answer(message)
    gate = Barrier(2)

    def told(what):
        try:
            gate.wait()
            return what()
        finally:
            connection.close()

    said = [lambda: press(message, 1, "9"), lambda: report(message, "completed")]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(told, said))

    assert Consent.objects.filter(channel="voice", given=False).count() == 4
    assert kinds().count("relations.calls_ended") == 1
    assert Spoken.objects.get().came == "no_more"


def somebody_waits():
    """Whether another connection waits for what this one has locked."""
    with connection.cursor() as sql:
        sql.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return sql.fetchone() != (0,)


@pytest.mark.django_db(transaction=True)
def test_a_late_report_waits_for_whoever_sees_to_the_message_just_then(request):
    """Without it they would be called about what somebody is telling them."""
    ana, unsure = (request.getfixturevalue(each) for each in ("ana", "unsure"))

    def late():
        try:
            return actions.record_call(
                outgoing=unsure.outgoing, carrier_id="CA7", status="busy", at=NOON
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            actions.handle_otherwise(officer=ana, message=unsure, why="Told them", at=NOON)
            comes = threads.submit(late)
            while not somebody_waits():
                assert not comes.done()
                sleep(0.02)
        assert comes.result(20)

    assert "relations.call_again" not in kinds()
