"""Whoever is not in a call of many any more gets nothing of it through the gateway either."""

from datetime import timedelta

import pytest

from almoner.telehealth import actions
from almoner.telehealth.actions import NoGateway
from almoner.telehealth.models import Passage, VideoVisit
from almoner.telehealth.rules import Phone
from almoner.telehealth.tests import make
from almoner.telehealth.tests.many import comes, five, fresh, gets, sends

pytestmark = pytest.mark.django_db


class TestCuttingOff:
    def test_of_a_gateway_that_is_configured_no_more_nothing_is_kept(self, gateway, settings):
        visit, linh, people = five()
        sends(people[0])
        actions.end(officer=linh, appointment_id=visit.pk, at=make.early(visit))
        settings.JANUS_URL = ""

        actions.sweep(at=make.early(visit))

        assert not Passage.objects.exists()

    def test_whoever_is_taken_out_is_cut_off_and_the_others_go_on(self, gateway):
        visit, linh, people = five()
        out, stays = people[2], people[3]
        feed = sends(out)
        gets(stays, feed)
        kept = sends(stays)
        gets(out, kept)
        at = make.early(visit)

        actions.remove(officer=linh, appointment_id=visit.pk, participant_id=out.pk, at=at)
        for _twice in range(2):
            actions.cut_off(visit_id=out.visit_id)

        assert list(Passage.objects.values_list("pk", flat=True)) == [kept]
        assert len(gateway.sessions) == len(gateway.rooms) == 1

    @pytest.mark.parametrize("how", ["end", "phone", "host"])
    def test_with_the_call_its_room_ends(self, gateway, how):
        visit, linh, people = five()
        gets(people[1], sends(people[0]))
        at = make.early(visit)
        if how == "end":
            actions.end(officer=linh, appointment_id=visit.pk, at=at)
        elif how == "phone":
            actions.go_on_by_phone(participant=fresh(people[0]), reason=Phone.SOUND, at=at)
        else:
            actions.leave(participant=fresh(people[1]), at=at)

        actions.cut_off(visit_id=people[0].visit_id)

        assert (gateway.sessions, gateway.rooms) == ({}, {})
        assert not Passage.objects.exists()

    @pytest.mark.parametrize("fault", ["nonsense", "no handle"])
    def test_what_the_gateway_could_not_be_told_is_told_it_later(self, gateway, fault):
        visit, linh, people = five()
        sends(people[0])
        at = make.early(visit)
        actions.end(officer=linh, appointment_id=visit.pk, at=at)
        gateway.faults.add(fault)

        with pytest.raises(NoGateway):
            actions.cut_off(visit_id=people[0].visit_id)
        actions.cut_off_all()
        assert Passage.objects.count() == 1

        gateway.faults.clear()
        line = Passage.objects.get().session
        actions.sweep(at=at + timedelta(minutes=1))
        assert gateway.rooms == {}
        assert line not in gateway.sessions
        assert not Passage.objects.exists()

    def test_a_visit_that_is_moved_begins_without_the_gateway(self, gateway):
        visit, _place = make.waiting()
        at, linh = make.early(visit), make.host(visit)
        for number in (3, 4, 5):
            comes(visit, linh, number)
        assert VideoVisit.objects.get().gathered_at

        actions.begin_anew(appointment_id=visit.pk, moved_at=at, at=at + timedelta(minutes=1))

        assert VideoVisit.objects.get().gathered_at is None
