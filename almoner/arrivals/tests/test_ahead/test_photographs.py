"""Photographs of cards: kept, thrown away, and never left where nobody sees them."""

import pytest

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.arrivals import actions, queries
from almoner.arrivals.models import CardTaken
from almoner.arrivals.rules import Item
from almoner.arrivals.rules.ahead import Thing, Verdict
from almoner.arrivals.tests import make
from almoner.arrivals.tests.test_ahead.make import (
    DAYS,
    accept,
    before,
    changed,
    check_in_page,
    policy_of,
    say,
    settle,
    takes_photo,
)
from almoner.coverage.models import CardImage, Policy
from almoner.coverage.tests import make as coverage
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.patients.tests.make import picture

pytestmark = pytest.mark.django_db


def test_a_photograph_is_looked_at_and_kept(visit, desk, monkeypatch):
    policy = policy_of(visit)
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy.pk, uploads={"back": picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip
    taken = CardTaken.objects.get()

    assert f"/board/cards/{taken.pk}/" in check_in_page(desk, visit, monkeypatch)
    shown = desk.get(f"/board/cards/{taken.pk}/")
    assert shown.content.startswith(b"\xff\xd8")
    settle(desk, visit, do="keep", item="coverage", policy=policy.pk)

    assert CardImage.objects.get().side == "back"
    assert not CardTaken.objects.exists()
    assert desk.get(f"/board/cards/{taken.pk}/").status_code == 404


def test_a_photograph_that_shows_nothing_is_thrown_away(visit, desk):
    policy = policy_of(visit)
    actions.take_cards(
        appointment_id=visit.pk, policy_id=policy.pk, uploads={"front": picture().read()},
        days=DAYS, at=before(visit),
    )  # fmt: skip

    settle(desk, visit, do="drop", item="coverage", policy=policy.pk, reason="black")

    assert not CardTaken.objects.exists()
    assert not CardImage.objects.exists()
    assert Event.objects.get(kind="arrivals.card_refused").data["reason"] == "black"


def stands_open(visit, desk):
    """Whether something of the coverage waits: as check-in judges it, and as its page shows it."""
    asked = queries.checklist(visit.pk, reading=access.reading(Officer.objects.get(username="ana")))
    page = desk.get(f"/board/visits/{visit.pk}/check-in/?for=appointment:{visit.pk}")
    shown = "/board/cards/" in page.content.decode()
    assert asked.said == queries.open_items(visit.pk)
    assert (Item.COVERAGE in asked.said) is shown
    return shown


def test_a_photograph_of_a_new_card_alone_is_kept_of_the_policy_the_officer_chooses(
    visit, desk, on_the_day
):
    takes_photo(visit)
    assert stands_open(visit, desk)

    _status, item = settle(desk, visit, do="keep", item="coverage", policy="")
    assert 'name="of"' in item
    assert not CardImage.objects.exists()
    settle(desk, visit, do="keep", item="coverage", policy="", of=policy_of(visit).pk)

    assert CardImage.objects.get().policy_id == policy_of(visit).pk
    assert not stands_open(visit, desk)
    assert make.encounter(officer=Officer.objects.get(username="ana"), appointment=visit)


def test_a_photograph_of_a_new_card_is_kept_of_no_policy_of_somebody_else(visit, desk):
    takes_photo(visit)
    other = coverage.policy(a_patient(), member_id="W999")

    settle(desk, visit, do="keep", item="coverage", policy="", of=other.pk)

    assert CardTaken.objects.exists()
    assert not CardImage.objects.exists()


def test_a_photograph_of_a_new_card_that_shows_nothing_is_thrown_away(visit, desk, on_the_day):
    takes_photo(visit)

    settle(desk, visit, do="drop", item="coverage", policy="", reason="black")

    assert not stands_open(visit, desk)


def test_the_photograph_of_a_coverage_that_is_gone_goes_with_it(visit, desk, ana, on_the_day):
    policy = policy_of(visit)
    takes_photo(visit, policy.pk)

    accept(ana, say(visit, Thing.POLICY, Verdict.GONE, policy_id=policy.pk))

    assert not stands_open(visit, desk)


def test_a_photograph_of_a_coverage_the_desk_ended_meanwhile_still_waits(
    visit, desk, ana, on_the_day
):
    policy = policy_of(visit)
    takes_photo(visit, policy.pk)
    changed(visit, Thing.EMAIL, address="new@example.org")  # of no policy, and no coverage
    Policy.objects.filter(pk=policy.pk).update(valid_until=visit.local_day)

    assert stands_open(visit, desk)
    settle(desk, visit, do="drop", item="coverage", policy=policy.pk, reason="old")
    assert not stands_open(visit, desk)
