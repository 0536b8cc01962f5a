"""A child's parents see less from the age on that the law of the child's own state says."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.facility.models import Location
from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.patients.models import Address
from almoner.patients.tests.details import Phone
from almoner.portal import actions
from almoner.portal.models import Acting, ActingTold, MinorTerms
from almoner.portal.queries.accounts import access_of
from almoner.portal.queries.laws import laws
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import account, ana, body, patient
from almoner.relations.models import Message
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()
    facility.organisation()  # in Wisconsin
    for state, age in (("IL", 12), ("WI", 14)):
        MinorTerms.objects.create(state=state, age=age, parts=["visits"], starts=date(2020, 1, 1))


def child(name="Kiki", *, years=13, days=0, state="", **facts):
    """A child that becomes so old in so many days, and lives in a state."""
    turns = TODAY + timedelta(days=days)
    born = turns.replace(year=turns.year - years)
    row = patient(given=name, birth_date=born, **facts)
    row.addresses.all().delete()
    if state:
        lives(row, state)
    return row


def lives(row, state, *, rank=1, **facts):
    Address.objects.create(patient=row, rank=rank, state=state, **facts)


def state_of(row, *, on=TODAY):
    return laws([row.pk], on=on).states[row.pk]


class TestWhoseLaw:
    def test_it_is_that_of_the_first_home_address(self):
        kiki = child()
        lives(kiki, "NY", rank=1, use="old")
        lives(kiki, "MN", rank=2, use="mail")
        lives(kiki, "ON", rank=3, country="CA")
        lives(kiki, " il ", rank=4)
        lives(kiki, "WI", rank=5)

        assert state_of(kiki) == "IL"

    @pytest.mark.parametrize("state", ["", "Illinois"])
    def test_without_one_it_is_the_location_they_are_seen_at_next(self, state):
        kiki = child()
        lives(kiki, state)
        here = facility.location(short_name="A", state="MN")
        there = facility.location(short_name="B", state="IA")
        seen(kiki, here, days=-3, status="completed")
        seen(kiki, there, days=2)
        seen(kiki, here, days=9)

        assert state_of(kiki) == "IA"
        assert state_of(kiki, on=TODAY + timedelta(days=5)) == "MN"

    def test_else_where_they_were_seen_last(self):
        kiki = child()
        here = facility.location(short_name="A", state="MN")
        there = facility.location(short_name="B", state="IA")
        seen(kiki, here, days=-9, status="completed")
        seen(kiki, there, days=-3, status="completed")
        seen(kiki, here, days=-2, status="no_show")
        seen(kiki, here, days=2, status="cancelled")

        assert state_of(kiki) == "IA"

    def test_else_it_is_the_clinics(self):
        assert state_of(child()) == "WI"

    def test_many_cost_no_more_than_one(self, django_assert_num_queries):
        here = facility.location(short_name="A", state="MN")
        rows = [child(state="IL"), child(), child(state="IL"), child()]
        seen(rows[1], here, days=2)

        with django_assert_num_queries(4):
            found = laws([row.pk for row in rows], on=TODAY)
        assert [found.of(row.pk)["state"] for row in rows] == ["IL", "MN", "IL", "WI"]
        with django_assert_num_queries(0):
            laws([], on=TODAY)


def seen(row, location: Location, *, days, status="booked"):
    starts_at = NOW.replace(hour=15) + timedelta(days=days)
    visit = make.appointment(patient=row, location=location, starts_at=starts_at)
    gone = {"cancelled_at": NOW} if status == "cancelled" else {}
    Appointment.objects.filter(pk=visit.pk).update(status=status, **gone)


class TestTwoChildren:
    """Both are thirteen; the one of Illinois is past its age, the one of Wisconsin is not."""

    @pytest.fixture
    def two(self):
        return child("Kiki", state="IL"), child("Lulu", state="WI")

    def sees(self, row):
        client, _secret = account(row, Kind.PARENT, login=row.given.lower(), name="Ines")
        page = client.get(reverse("my_bills"))
        [proxy] = access_of(row, at=NOW).proxies
        return page.status_code == 200, "bills" in proxy.sees

    def test_a_parent_sees_what_the_childs_own_state_leaves(self, two):
        assert [self.sees(row) for row in two] == [(False, False), (True, True)]

    def test_one_account_for_both_sees_each_by_its_own(self, two):
        client, _secret = account(two[0], Kind.PARENT, login="ines", name="Ines")
        _row, code = actions.invite(
            officer=ana(), patient=two[1], kind=Kind.PARENT, proof="paper", at=NOW,
            parts={"visits", "bills"}, until=None,
        )  # fmt: skip
        born = two[1].birth_date
        said = {"code": code, "month": born.month, "day": born.day, "year": born.year}
        client.post(reverse("my_join"), said)

        both = {row.patient.given: row for row in Acting.objects.select_related("patient")}
        for name, status in (("Kiki", 302), ("Lulu", 200)):
            client.post(reverse("my_act_for"), {"acting": both[name].pk})
            assert client.get(reverse("my_bills")).status_code == status, name

    def test_each_side_is_told_of_its_own_birthday(self):
        """One is soon twelve in Illinois, one fourteen in Wisconsin; a third is neither."""
        kiki = child("Kiki", years=12, days=40, state="IL")
        lulu = child("Lulu", years=14, days=50, state="WI")
        nini = child("Nini", years=12, days=40, state="WI")
        pages = {}
        for row in (kiki, lulu, nini):
            mother, _secret = account(row, Kind.PARENT, login=row.given.lower(), name="Ines")
            pages[row.given] = body(mother.get(reverse("my_home")))

        assert actions.tell_of_the_calendar(at=NOW) == 2

        days = dict(ActingTold.objects.filter(change="narrows").values_list(
            "acting__patient__given", "day"
        ))  # fmt: skip
        assert days == {"Kiki": TODAY + timedelta(days=40), "Lulu": TODAY + timedelta(days=50)}
        assert "From April 10, 2026 on, you will see less of the record of Kiki" in pages["Kiki"]
        assert "From April 20, 2026 on, you will see less of the record of Lulu" in pages["Lulu"]
        assert "will see less" not in pages["Nini"]

    def test_the_child_reads_the_day_of_its_own_state(self):
        for name, years, state, day in (("Kiki", 12, "IL", 40), ("Lulu", 14, "WI", 50)):
            row = child(name, years=years, days=day, state=state)
            mine, _secret = account(row, login=name.lower())
            account(row, Kind.PARENT, login=f"of-{name}", name="Ines")
            turns = TODAY + timedelta(days=day)
            said = f"From {turns:%B} {turns.day}, {turns.year} on, because of age: visits"
            assert said in body(mine.get(reverse("my_people")))

    def test_who_is_told_of_a_new_right_is_by_the_childs_own_state(self):
        """Of a child whose parents see everything the child is not told; else it is."""
        reached = {"phones": (Phone("+16085550141"),)}
        kiki = child("Kiki", state="IL", **reached)
        lulu = child("Lulu", state="WI", **reached)
        for row in (kiki, lulu):
            account(row, Kind.PARENT, login=row.given.lower(), name="Ines")

        told = Message.objects.filter(template="account-others-began")
        assert [each.patient_id for each in told] == [kiki.pk]

    def test_who_moves_is_under_the_law_of_the_new_home(self, two):
        kiki, _lulu = two
        Address.objects.filter(patient=kiki).update(use="old")
        lives(kiki, "WI", rank=2)

        assert self.sees(kiki) == (True, True)
