"""Both sides are told of who may act for a patient; the patient sees it, and may end some of it."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from almoner.facility.tests import make as facility
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients import actions as patients
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests.details import Phone
from almoner.portal import actions
from almoner.portal.models import Acting, ActingTold, MinorTerms
from almoner.portal.rules.accounts import Kind
from almoner.portal.tests.joining import (
    PASSWORD,
    account,
    ana,
    body,
    enters,
    patient,
    shown_by_app,
)
from almoner.relations.models import Message
from almoner.relations.templatetags.timeline import sentence
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NOW = make.SUNDAY
TODAY = NOW.date()
PEOPLE, HOME = reverse("my_people"), reverse("my_home")
CELL = (Phone("+16085550141"),)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    told = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    cache.clear()
    facility.organisation()
    return told


@pytest.fixture
def rosa():
    return patient(given="Rosa", phones=CELL)


def child(*, years, days=0, **facts):
    """A child that becomes so old in so many days."""
    turns = TODAY + timedelta(days=days)
    return patient(given="Kiki", birth_date=turns.replace(year=turns.year - years), **facts)


def terms():
    """From twelve on a parent sees visits, from eighteen on nothing."""
    for age, parts in ((12, ["visits"]), (18, [])):
        MinorTerms.objects.create(state="", age=age, parts=parts, starts=date(2020, 1, 1))


def told(person):
    sent = Message.objects.filter(patient=person, template__startswith="account-")
    return list(sent.order_by("id").values_list("template", flat=True))


def acting(name):
    return Acting.objects.get(account__name=name, ended_at=None)


def ends(name, person):
    row = acting(name)
    actions.end_acting(officer=ana(), patient=person, acting_id=row.pk, because="asked", at=NOW)


def parent(person, name="Ines", **facts):
    """A parent who is a patient here, too, with an account of their own; their record."""
    own = patient(given=name, phones=(Phone("+16085550142"),))
    mother, secret = account(own, login=name.lower())
    _row, code = actions.invite(
        officer=ana(), patient=person, kind=Kind.PARENT, proof="birth certificate", at=NOW,
        parts={"visits", "bills", "results"}, until=facts.get("until"),
    )  # fmt: skip
    born = person.birth_date
    said = {"code": code, "month": born.month, "day": born.day, "year": born.year}
    mother.post(reverse("my_join"), said)
    acts = Acting.objects.get(patient=person, account__name__startswith=name)
    mother.post(reverse("my_act_for"), {"acting": acts.pk})
    return mother, own, secret


class TestThePage:
    def test_it_says_how_to_let_somebody(self, rosa):
        client, _secret = account(rosa)

        page = client.get(reverse("my_people")).content.decode()

        assert "Nobody else may act for you." in page
        assert "call us or ask at the desk" in page
        assert f'href="{reverse("my_share")}"' in page


class TestBeginning:
    def test_the_patient_is_told_and_by_no_name(self, rosa):
        account(rosa, Kind.HELPER, login="ines", name="Ines")

        sent = Message.objects.get(template="account-others-began")
        assert sent.patient == rosa
        assert "somebody else may now act for you" in sent.body
        assert "Ines" not in sent.body

    def test_in_their_language(self):
        account(patient(phones=CELL, language="es"), Kind.HELPER, login="ines")

        assert "otra persona ya puede actuar" in Message.objects.get().body

    def test_nobody_is_told_of_their_own_account(self, rosa):
        account(rosa)

        assert told(rosa) == []

    def test_only_where_they_asked_to_be_reached(self, rosa):
        ways = Ways(phone="+16085550199", may_text=True, email="", address="")
        patients.ask_confidential_own(patient_id=rosa.pk, ways=ways, at=NOW)
        account(rosa, Kind.HELPER, login="ines")

        assert Message.objects.get(template="account-others-began").address == "+16085550199"

    def test_of_a_small_child_the_other_parent_is_told_and_the_child_is_not(self):
        kiki = child(years=8, phones=CELL)
        mother, own, _secret = parent(kiki)
        before = told(own)
        account(kiki, Kind.PARENT, login="otto", name="Otto")

        assert told(kiki) == []
        assert told(own) == [*before, "account-acting"]
        assert "Otto may act for Kiki since March 1, 2026" in body(mother.get(HOME))

    def test_of_a_child_of_an_age_the_child_is_told_and_no_parent(self):
        terms()
        kiki = child(years=14, phones=CELL)
        mother, own, _secret = parent(kiki)
        before = told(own)
        account(kiki, Kind.HELPER, login="otto", name="Otto")

        assert told(kiki) == ["account-others-began"] * 2
        assert told(own) == before
        assert "Otto" not in body(mother.get(HOME))

    def test_the_first_page_of_the_patient_says_who_for_a_month(self, rosa, now):
        mine, secret = account(rosa)
        account(rosa, Kind.HELPER, login="ines", name="Ines")

        assert "Ines may act for you since March 1, 2026" in body(mine.get(HOME))
        now["now"] = NOW + timedelta(days=31)
        mine = enters(secret)[1]
        assert "Ines" not in body(mine.get(HOME))


class TestEnding:
    def test_by_the_desk_both_are_told(self, now):
        kiki = child(years=8)
        _ines, own, secret = parent(kiki)
        row = Acting.objects.get(kind="parent")
        actions.end_acting(officer=ana(), patient=kiki, acting_id=row.pk, because="asked", at=NOW)

        assert told(own) == ["account-acting"]
        now["now"] = NOW + timedelta(minutes=1)
        ines = enters(secret, login="ines")[1]
        assert "You may act for Kiki no longer, since March 1, 2026" in body(ines.get(HOME))

    def test_the_patient_is_told(self, rosa):
        mine, _secret = account(rosa)
        account(rosa, Kind.REPRESENTATIVE, login="ines", name="Ines")
        ends("Ines", rosa)

        assert told(rosa) == ["account-others-began", "account-others-ended"]
        assert "Ines may act for you no longer, since March 1" in body(mine.get(HOME))

    def test_what_goes_on_under_another_code_did_not_end(self, rosa, now):
        mine, _secret = account(rosa)
        ines, _secret = account(rosa, Kind.HELPER, login="ines", name="Ines")
        _row, code = actions.invite(
            officer=ana(), patient=rosa, kind=Kind.HELPER, parts={"bills"}, until=None,
            proof="asked", at=NOW,
        )  # fmt: skip
        born = rosa.birth_date
        said = {"code": code, "month": born.month, "day": born.day, "year": born.year}
        ines.post(reverse("my_join"), said)

        assert Acting.objects.filter(kind="helper").count() == 2
        assert "no longer" not in body(mine.get(HOME))
        assert "no longer" not in body(ines.get(HOME))
        assert "account-others-ended" not in told(rosa)

    def test_by_its_last_day_both_are_told_once_the_day_after(self, rosa, now):
        account(rosa, Kind.HELPER, login="ines", name="Ines", until=TODAY)
        assert actions.tell_of_the_calendar(at=NOW) == 0

        later = NOW + timedelta(days=1)
        assert actions.tell_of_the_calendar(at=later) == 1
        assert actions.tell_of_the_calendar(at=later + timedelta(hours=1)) == 0
        assert told(rosa) == ["account-others-began", "account-others-ended"]
        line = Event.objects.get(kind="portal.acting_over")
        said = "Ines may not sign in any more: the last day was 03/01/2026"
        assert sentence(line.kind, line.data) == said

    def test_of_the_dead_nobody_is_told(self, rosa):
        account(rosa, Kind.HELPER, login="ines", name="Ines")
        rosa.deceased = True
        rosa.save(update_fields=["deceased"])
        ends("Ines", rosa)

        assert told(rosa) == ["account-others-began"]


class TestNarrowing:
    def test_sixty_days_before_both_are_told_once(self, now):
        terms()
        kiki = child(years=12, days=60, phones=CELL)
        _mother, own, _secret = parent(kiki)
        assert actions.tell_of_the_calendar(at=NOW - timedelta(days=1)) == 0

        assert actions.tell_of_the_calendar(at=NOW) == 1
        assert actions.tell_of_the_calendar(at=NOW + timedelta(days=30)) == 0
        assert told(kiki) == ["account-others-narrow"]
        assert "from April 30, 2026" in Message.objects.get(patient=kiki).body
        assert told(own) == ["account-acting"]
        assert ActingTold.objects.get().day == TODAY + timedelta(days=60)
        assert Event.objects.filter(kind="portal.acting_narrows", patient_id=kiki.pk).count() == 1

    def test_the_parent_reads_on_the_first_page_what_is_left(self):
        terms()
        kiki = child(years=12, days=60)
        mother, _own, _secret = parent(kiki)

        shown = body(mother.get(HOME))
        assert "From April 30, 2026 on, you will see less of the record of Kiki" in shown
        assert "You will see: visits." in shown

    def test_the_child_with_an_account_reads_it(self):
        terms()
        kiki = child(years=18, days=20)
        mine, _secret = account(kiki, login="kiki")
        parent(kiki)

        assert "will see less of your record" in body(mine.get(HOME))
        assert "From March 21, 2026 on, because of age: nothing" in body(mine.get(PEOPLE))

    def test_not_of_whom_it_does_not_narrow_for(self):
        kiki = child(years=12, days=30, phones=CELL)
        parent(kiki)
        parent(child(years=18, days=40), name="Otto", until=TODAY + timedelta(days=10))

        assert actions.tell_of_the_calendar(at=NOW) == 0


class TestPage:
    def test_says_who_may_do_what_since_and_until_when(self, rosa):
        mine, _secret = account(rosa)
        until = TODAY + timedelta(days=90)
        account(rosa, Kind.HELPER, login="ines", name="Ines", parts=("visits", "bills"),
                until=until)  # fmt: skip

        shown = " ".join(body(mine.get(PEOPLE)).split())
        assert "<b>Ines</b>" in shown
        assert "(chosen by the patient)</span>: visits, bills" in shown
        assert "Since March 1, 2026, until May 30, 2026, the last day" in shown
        assert "Visitas" not in shown
        assert "elegido por el paciente" in body(mine.get(PEOPLE + "?lang=es"))

    def test_what_the_patient_granted_they_end_at_once(self, rosa):
        mine, _secret = account(rosa)
        ines, _s = account(rosa, Kind.HELPER, login="ines", name="Ines")

        shown = body(mine.post(PEOPLE, {"end": acting("Ines").pk}))

        assert "Ines may act for you no longer" in shown
        assert "Nobody else may act for you" in shown
        assert ines.get(HOME).url == reverse("my_enter")
        assert told(rosa)[-1] == "account-others-ended"
        line = Event.objects.get(kind="portal.acting_ended")
        assert line.patient_id == rosa.pk
        said = "Ines may not sign in any more: ended by the patient"
        assert sentence(line.kind, line.data) == said

    def test_only_with_a_fresh_proof_that_leads_back(self, rosa, now):
        mine, secret = account(rosa)
        account(rosa, Kind.HELPER, login="ines", name="Ines")
        now["now"] = NOW + timedelta(minutes=6)

        asked = mine.post(PEOPLE, {"end": acting("Ines").pk})

        assert asked.url == reverse("my_prove") + "?then=people"
        proof = {"password": PASSWORD, "digits": shown_by_app(secret)}
        assert mine.post(asked.url, proof).url == PEOPLE
        assert "no longer" in body(mine.post(PEOPLE, {"end": acting("Ines").pk}))

    @pytest.mark.parametrize("kind", [Kind.REPRESENTATIVE, Kind.PARENT, Kind.GUARDIAN])
    def test_what_a_law_or_a_court_gives_is_ended_by_calling(self, kind):
        kiki = child(years=15)
        mine, _secret = account(kiki, login="kiki")
        account(kiki, kind, login="ines", name="Ines")

        shown = body(mine.get(PEOPLE))
        assert "Ines" in shown
        assert "End it now" not in shown
        assert "To change it, call us" in shown
        assert mine.post(PEOPLE, {"end": acting("Ines").pk}).status_code == 404
        assert acting("Ines")

    def test_nobody_ends_what_is_of_another_patient(self, rosa):
        mine, _secret = account(rosa)
        account(patient(), Kind.HELPER, login="ines", name="Ines")

        assert mine.post(PEOPLE, {"end": acting("Ines").pk}).status_code == 404
        assert mine.post(PEOPLE, {"end": "x"}).status_code == 404
        assert acting("Ines")

    def test_a_helper_sees_nobody_and_who_stands_in_the_patients_place_ends_nobody(self, rosa):
        account(rosa, Kind.HELPER, login="otto", name="Otto")
        helper, _s = account(rosa, Kind.HELPER, login="ines", name="Ines")
        attorney, _s = account(rosa, Kind.REPRESENTATIVE, login="anwalt", name="Law")

        assert helper.get(PEOPLE).url == HOME
        assert PEOPLE not in body(helper.get(HOME))
        assert "Otto" in body(attorney.get(PEOPLE))
        assert "End it now" not in body(attorney.get(PEOPLE))
        assert attorney.post(PEOPLE, {"end": acting("Otto").pk}).status_code == 404

    def test_who_sees_nothing_any_more_is_not_on_it(self):
        kiki = child(years=17)
        mine, _secret = account(kiki, login="kiki")
        account(kiki, Kind.PARENT, login="ines", name="Ines")
        assert "Ines" in body(mine.get(PEOPLE))
        kiki.birth_date = child(years=18).birth_date
        kiki.save(update_fields=["birth_date"])

        assert "Nobody else may act for you" in body(mine.get(PEOPLE))

    def test_it_asks_as_many_questions_for_many(self, rosa, django_assert_max_num_queries):
        mine, _secret = account(rosa)
        for each in range(6):
            account(rosa, Kind.HELPER, login=f"helper{each}", name=f"Helper {each}")

        with django_assert_max_num_queries(34):
            assert body(mine.get(PEOPLE)).count("End it now") == 12
