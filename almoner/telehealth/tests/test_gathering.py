"""A call of five and more: who may what, before, in and after it. The gateway is pretended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from django.db import IntegrityError, connection, transaction

from almoner.edges import janus
from almoner.ground.models import Event
from almoner.telehealth import actions, queries, rules
from almoner.telehealth.actions import Gone, NoGateway, NoPlace, NotNow, Unsound, gathering
from almoner.telehealth.actions.calling import TooMuch
from almoner.telehealth.models import Leg, Participant, Passage, VideoVisit
from almoner.telehealth.rules import Phone
from almoner.telehealth.tests import make
from almoner.telehealth.tests.make import admitted
from almoner.telehealth.tests.many import OFFER, comes, five, fresh, gets, invited, sends
from tests import gateways

pytestmark = pytest.mark.django_db


def kinds():
    rows = Event.objects.filter(kind__startswith="telehealth.").order_by("id")
    return [kind.removeprefix("telehealth.") for kind in rows.values_list("kind", flat=True)]


def feeds(who):
    told = queries.people(fresh(who), at=make.early(who.visit.appointment))
    return {one["id"]: one["feed"] for one in told}


class TestTheFifthPlace:
    def test_without_a_gateway_four_are_the_most(self):
        visit, linh, *_two = admitted()
        for number in (3, 4):
            comes(visit, linh, number)

        with pytest.raises(NoPlace, match="full"):
            comes(visit, linh, 5)

        assert "four" in rules.WORDS["en"]["full"].lower()

    def test_with_it_the_call_goes_on_through_the_gateway_and_the_record_says_so(self, gateway):
        visit, linh, *_two = admitted()
        for number in (3, 4):
            comes(visit, linh, number)
        assert gateway.rooms == {}

        comes(visit, linh, 5)

        assert kinds()[-3:] == ["gathered", "joined", "came"]
        assert VideoVisit.objects.get().gathered_at == make.early(visit)
        assert len(gateway.rooms) == 1
        comes(visit, linh, 6)
        assert kinds().count("gathered") == 1

    def test_the_patients_place_is_kept_for_them_though_guests_come_first(self, gateway):
        visit = make.appointment()
        make.prepared(visit, at=make.early(visit))
        linh = make.host(visit)
        for number in (3, 4):
            comes(visit, linh, number)
        assert gateway.rooms == {}

        comes(visit, linh, 5)

        assert len(gateway.rooms) == 1

    @pytest.mark.parametrize("fault", ["nonsense", "no handle", "wrong secret"])
    def test_when_it_makes_no_room_nobody_comes_in_and_the_link_is_good_still(
        self, gateway, fault, settings
    ):
        visit, linh, *_two = admitted()
        at = make.early(visit)
        for number in (3, 4):
            comes(visit, linh, number)
        token = invited(visit, linh, at=at)
        gateway.faults.add(fault)
        settings.JANUS_SECRET = "guessed" if fault == "wrong secret" else gateways.SECRET

        with pytest.raises(NoPlace, match="no_gateway"):
            actions.accept(token=token, name="Eve", language="en", at=at)
        assert VideoVisit.objects.get().gathered_at is None

        gateway.faults.clear()
        settings.JANUS_SECRET = gateways.SECRET
        assert actions.accept(token=token, name="Eve", language="en", at=at)

    def test_twelve_are_the_most_and_that_is_said(self, gateway):
        visit, linh, *_two = admitted()
        for number in count(3):
            if number > rules.MOST_GATHERED:
                break
            at = make.early(visit)
            actions.accept(token=invited(visit, linh, at=at), name="Eve", language="en", at=at)

        with pytest.raises(NoPlace, match="full_gathered"):
            comes(visit, linh, 9)

    @pytest.mark.django_db(transaction=True)
    def test_two_who_come_at_once_make_one_room(self, gateway):
        visit, linh, *_two = admitted()
        at = make.early(visit)
        for number in (3, 4):
            comes(visit, linh, number)
        tokens = [invited(visit, linh, at=at) for _two in range(2)]

        def come(token):
            try:
                return actions.accept(token=token, name="Eve", language="en", at=at)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            places = list(pool.map(come, tokens))

        assert len({place.participant_id for place in places}) == 2
        assert (len(gateway.rooms), kinds().count("gathered")) == (1, 1)


class TestTheGate:
    def test_before_anybody_is_let_in_nothing_is_asked_of_the_gateway(self, gateway):
        visit, place = make.waiting()
        linh = make.host(visit)
        for number in (3, 4, 5):
            comes(visit, linh, number)
        make.opened(place, 1, at=make.early(visit))
        gateway.heard.clear()

        for who in Participant.objects.exclude(session=""):
            with pytest.raises(NotNow):
                sends(who)

        assert gateway.heard == []

    def test_a_call_of_four_goes_through_no_gateway(self, gateway):
        _visit, _linh, patient, _host = admitted()

        with pytest.raises(NotNow):
            sends(patient)

    def test_the_database_refuses_a_connection_of_whoever_is_not_in_the_call(self, gateway):
        visit, linh, people = five()
        guest = people[2]
        facts = {"visit_id": guest.visit_id, "feed": 1, "session": 1, "handle": 1}
        facts |= {"near": guest, "at": make.early(visit)}

        def refused(**more):
            with pytest.raises(IntegrityError, match="nobody there"), transaction.atomic():
                Passage.objects.create(**facts | more)

        refused(near_session="another page")
        actions.remove(
            officer=linh, appointment_id=visit.pk, participant_id=guest.pk, at=facts["at"]
        )
        refused(near_session=guest.session)
        actions.go_on_by_phone(
            participant=fresh(people[0]), reason=Phone.OTHER, at=make.early(visit)
        )
        refused(near=people[0], near_session=people[0].session)

    def test_when_the_call_ends_while_the_gateway_answers_it_is_cut_at_once(
        self, gateway, monkeypatch
    ):
        visit, linh, people = five()
        who = fresh(people[2])
        answered = janus.send

        def ends_meanwhile(*what, **more):
            sent = answered(*what, **more)
            actions.end(officer=linh, appointment_id=visit.pk, at=make.early(visit))
            return sent

        monkeypatch.setattr(janus, "send", ends_meanwhile)
        before = dict(gateway.sessions)

        with pytest.raises(NotNow):
            sends(who)

        assert gateway.sessions == before

    @pytest.mark.parametrize("sdp", [None, 7, "", "v=0\0", "x" * 40_000, ["v=0"]])
    def test_what_no_browser_offers_is_refused(self, gateway, sdp):
        _visit, _linh, people = five()
        who = fresh(people[0])
        gateway.heard.clear()

        with pytest.raises(Unsound):
            gathering.send(
                participant=who, session=who.session, offer=sdp,
                at=make.early(who.visit.appointment),
            )  # fmt: skip

        assert gateway.heard == []

    def test_another_page_of_the_same_place_gets_nothing(self, gateway):
        _visit, _linh, people = five()
        feed = sends(people[0])
        who = fresh(people[1])
        at = make.early(who.visit.appointment)

        for session in ("", "another page"):
            with pytest.raises(Unsound):
                gathering.get(participant=who, session=session, to=people[0].pk, feed=feed, at=at)

    def test_a_connection_of_somebody_else_is_nobodys_to_answer(self, gateway):
        _visit, _linh, people = five()
        mine = gets(people[1], sends(people[0]))
        who = fresh(people[2])

        with pytest.raises(Gone):
            gathering.answer(participant=who, session=who.session, passage_id=mine, sdp=OFFER)
        with pytest.raises(Gone):
            gathering.trickle(participant=who, session=who.session, passage_id=mine, bodies=[])

    def test_only_what_somebody_else_sends_now_in_the_same_visit_can_be_got(self, gateway):
        _visit, _linh, people = five()
        feed = sends(people[0])

        with pytest.raises(Gone):
            gets(people[0], feed)  # their own
        stranger = fresh(people[1])
        stranger.visit = VideoVisit(pk=0, state="admitted", gathered_at=stranger.visit.gathered_at)
        with pytest.raises(Gone):
            gathering.get(
                participant=stranger, session=stranger.session, to=people[0].pk, feed=feed,
                at=stranger.seen_at,
            )  # fmt: skip
        Participant.objects.filter(pk=people[0].pk).update(session="a page opened since")
        with pytest.raises(Gone):
            gets(people[1], feed)


class TestPassing:
    def test_the_others_and_what_they_send_are_found_by_two_queries(
        self, gateway, django_assert_num_queries
    ):
        visit, _linh, people = five()
        for who in people:
            sends(who)
        me = fresh(people[0])

        with django_assert_num_queries(2):
            told = queries.people(me, at=make.early(visit))

        assert [one["feed"] is not None for one in told] == [True] * 4

    def test_what_one_sends_is_told_to_the_others_once_it_is_there(self, gateway):
        _visit, _linh, people = five()

        feed = sends(people[0], up=False)
        assert feeds(people[1])[people[0].pk] is None
        who = fresh(people[0])
        at = make.early(who.visit.appointment)
        gathering.stay(participant=who, session=who.session, ids=[feed], at=at)

        assert feeds(people[1])[people[0].pk] == feed
        mine = gets(people[1], feed)
        who = fresh(people[1])
        gathering.answer(participant=who, session=who.session, passage_id=mine, sdp=OFFER)
        assert gateway.heard[-2:] == ["join", "start"]

    def test_whoever_sends_anew_sends_once(self, gateway):
        _visit, _linh, people = five()
        first = sends(people[0])

        second = sends(people[0])

        assert first != second
        assert list(Passage.objects.values_list("pk", flat=True)) == [second]
        assert len(gateway.sessions) == 1

    def test_a_room_that_the_gateway_forgot_is_made_again(self, gateway):
        _visit, _linh, people = five()
        gateway.rooms.clear()

        assert sends(people[0])

        assert len(gateway.rooms) == 1

    def test_the_page_is_told_which_connections_the_gateway_forgot(self, gateway):
        visit, _linh, people = five()
        feed = sends(people[0])
        kept = gets(people[0], sends(people[1]))
        row = Passage.objects.get(pk=feed)
        del gateway.sessions[row.session]
        who = fresh(people[0])
        at = make.early(visit)

        told = gathering.stay(participant=who, session=who.session, ids=[feed, kept, 999], at=at)

        assert told == {"lost": [feed, 999]}
        assert feeds(people[1])[people[0].pk] is None

    def test_what_a_page_does_not_name_is_ended_unless_it_is_new(self, gateway):
        visit, _linh, people = five()
        feed = sends(people[0])
        got = gets(people[0], sends(people[1]))
        who = fresh(people[0])
        at = make.early(visit)

        for later, still in ((timedelta(seconds=5), True), (timedelta(seconds=16), False)):
            gathering.stay(participant=who, session=who.session, ids=[feed], at=at + later)
            assert Passage.objects.filter(pk=got).exists() is still

    def test_while_the_gateway_is_silent_the_page_is_told_and_nothing_is_forgotten(self, gateway):
        _visit, _linh, people = five()
        feed = sends(people[0])
        gateway.faults.add("nonsense")
        who = fresh(people[0])
        at = make.early(who.visit.appointment)

        with pytest.raises(NoGateway):
            gathering.stay(participant=who, session=who.session, ids=[feed], at=at)
        with pytest.raises(NoGateway):
            sends(people[1])

        assert Passage.objects.filter(pk=feed).exists()

    def test_one_page_has_so_many_connections_and_no_more(self, gateway, monkeypatch):
        _visit, _linh, people = five()
        feeds_of_two = [sends(people[0]), sends(people[2])]
        for _twice in range(2):  # what is got anew takes the place of what was got before
            gets(people[1], feeds_of_two[0])
        assert Passage.objects.filter(near=people[1]).count() == 1
        monkeypatch.setattr(rules, "MOST_PASSAGES", 1)

        with pytest.raises(TooMuch):
            gets(people[1], feeds_of_two[1])

    def test_a_line_from_browser_to_browser_and_one_through_the_gateway_are_two_legs(self, gateway):
        visit, _linh, people = five()
        near, far = fresh(people[0]), fresh(people[1])
        said = {"to": far.pk, "session": far.session}

        actions.note_quality(
            participant=near,
            legs=[
                said | {"candidate": "host", "cause": "gathered"},
                said | {"candidate": "host", "first_frame_ms": 300, "by_gateway": True},
            ],
            at=make.early(visit),
        )

        legs = Leg.objects.order_by("id").values_list("by_gateway", "cause")
        assert list(legs) == [(False, "gathered"), (True, "")]
