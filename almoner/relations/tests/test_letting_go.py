"""A number gets so many texts of one purpose in a day and a week, whoever sends them at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.ground import events, outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.patients.tests import make as patients
from almoner.relations import actions, rules
from almoner.relations.actions import letting_go
from almoner.relations.actions.telling import To, Words, send
from almoner.relations.models import Counted
from almoner.relations.rules.limits import DAY_IS_FULL
from almoner.relations.tests.make import CYS, NOON, SECOND, queued, text_in

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def carried(clinic, sent):
    return sent


def count(item, *, at=NOON, purpose="care", zones=("America/Chicago",), address=CYS):
    """A row written past whoever decides."""
    return Counted.objects.create(
        outgoing=item, address=address, purpose=purpose, at=at, zones=list(zones)
    )


def leave(item, *, at=NOON):
    wait = outbox.try_delivery(item.pk, at=at)
    item.refresh_from_db()
    return wait


def test_the_second_of_a_day_is_held_and_leaves_the_next_morning(sent):
    first, second = queued(), queued()

    assert leave(first) is None
    wait = leave(second)
    assert (len(sent), second.state, second.attempts) == (1, "waiting", 0)

    assert leave(second, at=NOON + wait) is None
    assert (len(sent), second.state) == (2, "sent")


def test_each_purpose_and_each_number_has_its_own(sent):
    other = "+13125550118"

    for item in (queued(), queued(purpose="billing"), queued(other)):
        leave(item)

    assert len(sent) == 3


def test_the_limits_are_settings(sent, settings):
    settings.TEXT_LIMITS = settings.TEXT_LIMITS | {"care": (2, 2)}

    waits = [leave(item) for item in (queued(), queued(), queued())]

    assert waits[:2] == [None, None]
    assert waits[2] == 7 * DAY


def test_what_the_patient_asked_for_is_neither_counted_nor_held(sent):
    for _time in range(3):
        leave(queued(asked_for=True))
    text_in("HELP")
    leave(queued())

    assert len(sent) == 4
    assert Counted.objects.count() == 1


def test_what_did_not_leave_in_the_end_does_not_count(sent, settings):
    settings.SMS_URL = ""
    leave(refused := queued())
    settings.SMS_URL = "http://127.0.0.1:1"
    count(refused)

    assert refused.state == "failed"
    assert leave(queued()) is None


def test_a_text_that_is_tried_again_takes_one_place(sent):
    item = queued()

    assert actions.let_go(outgoing=item, at=NOON) is None
    assert actions.let_go(outgoing=item, at=NOON + SECOND) is None
    assert [each.at for each in Counted.objects.all()] == [NOON + SECOND]


def test_a_held_message_says_why_and_until_when_once(clinic, sent):
    cy = patients.patient()
    leave(queued(patient=cy))
    message = send(To(cy.pk, "sms", CYS), Words("", "en", "", "Please call"), key="k", at=NOON)

    for at in (NOON, NOON + SECOND):
        outbox.try_delivery(message.outgoing_id, at=at)

    message.refresh_from_db()
    assert (message.held_until - NOON, message.held_why) == (20 * 3600 * SECOND, DAY_IS_FULL)
    [told] = Event.objects.filter(kind="relations.waits")
    assert (told.data["until"], told.data["why"]) == ("11/24/2026 8:00 AM CST", DAY_IS_FULL)


def test_the_confirmation_of_a_visit_is_what_the_patient_asked_for(clinic, sent):
    leave(queued())
    event = events.record(
        "scheduling.booked", at=NOON, by=None, about=clinic, patient_id=patients.patient().pk,
        clinician="Linh Ng, MD", clinician_id=1, location="Lakeside", when="soon",
        local_day="2026-12-01", local_time="14:20", starts_at="2026-12-01T20:20:00+00:00",
    )  # fmt: skip
    [message] = actions.tell_about_visit(event=event, at=NOON)

    assert outbox.try_delivery(message.outgoing_id, at=NOON) is None
    assert len(sent) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_both_let_one_go():
    items, gate = [queued() for _ in range(6)], Barrier(6)

    def work(item):
        try:
            gate.wait()
            return actions.let_go(outgoing=item, at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        waits = list(threads.map(work, items))

    assert waits.count(None) == 1
    assert Counted.objects.count() == 1


def test_the_database_knows_what_a_text_can_be_for():
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        count(queued(), purpose="fun")

    assert violated(refused.value, "counted_purpose_known")


def refused(*arguments, **facts):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        count(*arguments, **facts)
    return violated(error.value, "counted_within_limits")


EVENING = datetime(2026, 11, 24, 0, tzinfo=UTC)  # six in the evening in Chicago, on the 23rd


class TestTheDatabaseCountsToo:
    """What is written past `let_go`, or by two who forgot its lock, is refused by a trigger."""

    def test_a_second_of_a_day_of_the_recipients(self):
        count(queued())

        assert refused(queued(), at=EVENING)
        count(queued(), at=EVENING + 7 * HOUR)
        assert Counted.objects.count() == 2

    def test_a_day_is_one_wherever_they_may_be(self):
        """An hour past midnight in Chicago it is still the day before in Denver."""
        count(queued())
        at = EVENING + 6.5 * HOUR

        assert refused(queued(), at=at, zones=("America/Chicago", "America/Denver"))
        count(queued(), at=at)

    def test_a_fourth_of_seven_days(self):
        for day in range(3):
            count(queued(), at=NOON + day * DAY)

        assert refused(queued(), at=NOON + 7 * DAY - SECOND)
        count(queued(), at=NOON + 7 * DAY)

    def test_one_that_is_dated_back_counts_those_after_it(self):
        count(queued())

        assert refused(queued(), at=NOON - HOUR)

    def test_each_purpose_has_its_own_and_what_did_not_leave_takes_no_place(self):
        first = queued()
        count(first)
        count(queued(), purpose="billing")
        assert refused(queued())

        Outgoing.objects.filter(pk=first.pk).update(state="failed")
        count(queued())

    def test_neither_is_one_changed_past_it(self):
        count(queued())
        later = count(queued(), at=NOON + DAY)

        with pytest.raises(IntegrityError) as error, transaction.atomic():
            Counted.objects.filter(pk=later.pk).update(at=NOON)

        assert violated(error.value, "counted_within_limits")
        Counted.objects.filter(pk=later.pk).update(at=NOON + DAY + SECOND)

    def test_the_limits_hold_that_are_told_with_it_and_without_any_the_laws(self, settings):
        settings.TEXT_LIMITS = settings.TEXT_LIMITS | {"care": (2, 2)}
        with transaction.atomic():
            assert [leave(queued()) for _ in range(2)] == [None, None]
            _tell("")

        assert refused(queued())
        with transaction.atomic():
            _tell('{"care": [3, 3]}')
            count(queued())
            assert refused(queued())

    def test_it_says_what_the_rule_says_whenever_and_wherever(self):
        dice = random.Random(47)
        places = [("America/Chicago",), ("America/New_York", "America/Denver"), ("Pacific/Guam",)]
        decided = []
        for number in range(25):
            address, sent = f"+1312555{number:04}", []
            for _each in range(7):
                at = NOON + dice.uniform(0, 10 * 24) * HOUR
                zones = dice.choice(places)
                recent = [each for each in sent if each > at - rules.WEEK]
                may = rules.held(at, recent, zones, hours=(0, 24)) is None
                item = queued(address)
                if may:
                    count(item, at=at, zones=zones, address=address)
                    sent.append(at)
                else:
                    assert refused(item, at=at, zones=zones, address=address)
                decided.append(may)

        assert {True, False} == set(decided)

    def test_it_is_counted_in_some_zone(self):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            count(queued(), zones=())

        assert violated(error.value, "counted_in_a_zone")

    def test_it_looks_by_the_index(self):
        with connection.cursor() as sql:
            sql.execute("SET LOCAL enable_seqscan = off")
            sql.execute(
                "EXPLAIN SELECT FROM relations_counted WHERE address = 'a' AND purpose = 'care'"
                " AND at > now() - interval '168 hours'"
            )
            plan = " ".join(line for (line,) in sql.fetchall())

        assert "counted_of_number" in plan


def _tell(limits):
    with connection.cursor() as sql:
        sql.execute("SELECT set_config('almoner.text_limits', %s, true)", [limits])


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_take_no_lock_do_not_both_count_one(monkeypatch):
    """Both have decided before either has counted: the database lets the first, and no other."""
    items, gate = [queued() for _ in range(4)], Barrier(4)
    monkeypatch.setattr(letting_go, "one_at_a_time", lambda _number: None)
    monkeypatch.setattr(letting_go, "_tell_limits", lambda: gate.wait(timeout=20))

    def work(item):
        try:
            return actions.let_go(outgoing=item, at=NOON)
        except IntegrityError as error:
            return violated(error, "counted_within_limits")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        came = list(threads.map(work, items))

    assert sorted(came, key=str) == [None, True, True, True]
    assert Counted.objects.count() == 1
