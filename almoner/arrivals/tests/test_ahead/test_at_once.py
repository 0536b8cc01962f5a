"""Two at the same moment: each change is settled once, each arrival made once."""

import pytest

from almoner.arrivals import actions
from almoner.arrivals.models import EarlyCheckIn, Encounter, Said
from almoner.arrivals.rules.ahead import Thing
from almoner.arrivals.tests import make
from almoner.arrivals.tests.test_ahead.make import (
    accept,
    at_once,
    changed,
    kept,
)
from almoner.ground.models import Event
from almoner.patients.rules.details import Email

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_accept_the_same_change_one_is_told_that_it_is_settled(visit, ana):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    came = at_once(*[lambda: accept(ana, said)] * 3)

    assert came == ["SettledAlready", "SettledAlready", "done"]
    assert kept(visit).emails == (Email("new@example.org"),)
    assert Event.objects.filter(kind="patients.changed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_between_the_look_at_what_is_open_and_the_check_in(visit, ana):
    for _ in range(5):
        came = at_once(
            lambda: changed(visit, Thing.EMAIL, at=visit.starts_at, address="new@example.org"),
            lambda: make.encounter(officer=ana, appointment=visit),
        )
        here = Encounter.objects.filter(state="ready").exists()
        waits = Said.objects.filter(outcome="", verdict="changed").exists()
        assert not (here and waits), came
        assert came in (["CheckInOpen", "done"], ["NotOpen", "done"]), came
        if here:
            break
        Said.objects.all().delete()
        EarlyCheckIn.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_i_am_here_and_the_desks_button_make_one_arrival(visit, ana):
    came = at_once(
        lambda: actions.arrive_own(appointment_id=visit.pk, at=visit.starts_at),
        lambda: actions.arrive(officer=ana, appointment_id=visit.pk, at=visit.starts_at),
        lambda: actions.arrive_own(appointment_id=visit.pk, at=visit.starts_at),
    )

    assert came == ["AlreadyHere", "AlreadyHere", "done"]
    assert Encounter.objects.count() == 1
