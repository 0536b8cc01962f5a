"""The next case one can do: by desk, skill and kind; and what nobody here can do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from almoner.access.models import Session
from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.models import Case, CaseLine, OfficerSkills, Routine
from almoner.relations.rules import Desk, Kind, abilities
from almoner.relations.tests.make import NOON, SECOND, case, mail_in

HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def bea(db):
    bea = access.officer("bea")
    OfficerSkills.objects.create(officer=bea, skills=["spanish"])
    return bea


@pytest.fixture
def mara(db):
    return access.officer("mara", roles=("manager",))


def here(officer, *, at):
    """They did something at a desk at that moment."""
    Session.objects.create(
        session_key=f"s{officer.pk}", session_data="", officer=officer,
        expire_date=at + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )  # fmt: skip


def nobody_can(row, *, at):
    return queries.without_anybody([Case.objects.get(pk=row.pk)], at) == {row.pk}


def test_an_officer_takes_what_has_no_skill_or_theirs_at_their_desks_and_of_their_kinds():
    able = abilities(("front", "records"), only=("front",), skills=("spanish",), kinds=("task",))

    assert able.can(desk="front", skill="", kind="task")
    assert able.can(desk="front", skill="spanish", kind="task")
    assert not able.can(desk="front", skill="coding", kind="task")
    assert not able.can(desk="records", skill="", kind="task")
    assert not able.can(desk="front", skill="", kind="question")
    assert abilities(("front",)).can(desk="front", skill="", kind="question")


def test_the_next_is_what_is_due_first_of_all_one_can_do(ana, bea, mara):
    spanish = case(mara, kind=Kind.CALL_BACK, skill="spanish")
    plain, later = case(mara), case(mara, at=NOON + SECOND)
    case(mara, kind=Kind.BILLING)

    assert actions.take_next(officer=ana, at=NOON).pk == plain.pk
    assert actions.take_next(officer=ana, at=NOON).pk == later.pk
    assert actions.take_next(officer=ana, at=NOON) is None
    assert actions.take_next(officer=bea, at=NOON).pk == spanish.pk
    assert set(Case.objects.exclude(taken_at=None).values_list("owner__username", flat=True)) == {
        "ana", "bea",
    }  # fmt: skip


def test_what_is_set_aside_or_waits_or_is_part_of_another_is_not_next(ana, mara, cy):
    first, second = case(mara, patient_id=cy.pk), case(mara, patient_id=cy.pk)
    actions.snooze(officer=mara, case=first, until=NOON + HOUR, at=NOON)
    waits = case(mara)
    actions.wait(officer=mara, case=waits, reason="patient", words="", at=NOON)
    actions.merge(officer=mara, case=second, into=first, at=NOON)

    assert actions.take_next(officer=ana, at=NOON) is None
    assert actions.take_next(officer=ana, at=NOON + 2 * HOUR).pk == first.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_next_at_one_moment_get_two_cases(ana, bea, mara):
    made = {case(mara).pk, case(mara, at=NOON + SECOND).pk}

    def alone():
        try:
            return actions.take_next(officer=bea, at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        mine = actions.take_next(officer=ana, at=NOON).pk
        theirs = pool.submit(alone).result(timeout=30)

    assert {mine, theirs} == made


def test_a_case_of_whoever_is_written_to_in_spanish_asks_for_spanish(ana, cy):
    ines = patients.patient(language="es", emails=("ines@people.example",))
    assert case(ana, patient_id=ines.pk).skill == "spanish"
    assert case(ana, patient_id=ines.pk, skill="clinical").skill == "clinical"
    assert case(ana, patient_id=cy.pk).skill == ""

    wrote = mail_in("Hola", sender="ines@people.example")
    unknown = case(ana, things=(("received", wrote.pk),))
    assert unknown.skill == ""
    actions.recognise(officer=ana, received=wrote, patient_id=ines.pk, at=NOON)
    assert Case.objects.get(pk=unknown.pk).skill == "spanish"


def test_who_is_here_did_something_in_the_last_quarter_of_an_hour(ana, bea):
    row = case(ana, skill="spanish")
    assert nobody_can(row, at=NOON)

    here(ana, at=NOON)
    assert nobody_can(row, at=NOON)
    here(bea, at=NOON)
    assert not nobody_can(row, at=NOON)
    assert nobody_can(row, at=NOON + HOUR)


def test_the_lead_hears_once_that_nobody_here_has_the_skill(ana, bea, mara):
    row = case(ana, skill="spanish")
    actions.assign(officer=mara, case=case(ana, skill="spanish"), owner=ana, at=NOON)
    here(ana, at=NOON + 2 * HOUR)

    at_lunch, just_after = NOON + HOUR / 2, NOON + HOUR + timedelta(minutes=20)
    assert actions.tell_of_stranded(at=at_lunch) == 0
    assert actions.tell_of_stranded(at=just_after) == 0
    assert actions.tell_of_stranded(at=NOON + 2 * HOUR) == 1
    assert actions.tell_of_stranded(at=NOON + 2 * HOUR) == 0

    row.refresh_from_db()
    assert row.escalated_to == mara
    last = CaseLine.objects.filter(case=row).latest("id")
    assert (last.verb, last.words) == ("stranded", "Mara")


def test_nobody_hears_of_it_while_somebody_can_or_the_desks_are_closed(ana, bea):
    case(ana, skill="spanish")
    night = NOON + 12 * HOUR
    assert actions.tell_of_stranded(at=night) == 0

    here(bea, at=NOON + 2 * HOUR)
    assert actions.tell_of_stranded(at=NOON + 2 * HOUR) == 0


def test_the_list_offers_the_next_shows_what_nobody_can_and_leads_there(client, ana, mara):
    plain, _spanish = case(mara), case(mara, skill="spanish")
    client.force_login(ana)

    page = client.get(reverse("cases") + "?show=unassigned").content.decode()
    assert "Take the next (1)" in page
    assert page.count("Nobody here has the skill") == 1
    able = client.get(reverse("cases") + "?show=able").content.decode()
    assert f"case-{plain.pk}" in able
    assert f"case-{_spanish.pk}" not in able

    answer = client.post(reverse("take_next"), headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith(reverse("case", args=[plain.pk]))
    answer = client.post(reverse("take_next"), headers=HTMX)
    assert "Nothing waits that you can take." in answer.headers["HX-Trigger"]


# --- Several acts at once.


def routine(**facts):
    return Routine.objects.create(name="All of it", **facts)


def test_a_set_does_all_its_acts(ana, mara):
    row = case(mara)
    chosen = routine(take=True, note="Asked for the form.", waits_for="patient")

    actions.run_routine(officer=ana, case=row, routine=chosen, at=NOON)

    row.refresh_from_db()
    assert (row.owner, row.state, row.waiting_for) == (ana, "waiting", "patient")
    said = list(CaseLine.objects.filter(case=row).order_by("id").values_list("verb", "words"))
    assert said[1:] == [("taken", ""), ("noted", "Asked for the form."), ("waits", "All of it")]


def test_when_one_act_cannot_be_done_none_is(ana, mara):
    row = case(mara)
    actions.wait(officer=mara, case=row, reason="payer", words="", at=NOON)
    chosen = routine(take=True, waits_for="patient")

    with pytest.raises(actions.CaseRefused):
        actions.run_routine(officer=ana, case=row, routine=chosen, at=NOON)

    row.refresh_from_db()
    assert (row.taken_at, row.waiting_for) == (None, "payer")


def test_a_set_that_sends_a_case_away_does_so_last(ana, mara):
    row = case(mara)
    chosen = routine(note="For the biller.", desk=Desk.BILLING)

    actions.run_routine(officer=ana, case=row, routine=chosen, at=NOON)

    row.refresh_from_db()
    assert row.desk == "billing"


def test_a_set_for_another_kind_or_role_is_neither_offered_nor_done(client, ana):
    row = case(ana)
    for facts in ({"kind": "task"}, {"roles": ["biller"]}):
        chosen = Routine.objects.create(name=str(facts), take=True, **facts)
        assert chosen not in queries.routines(ana, kind=row.kind)
        with pytest.raises(actions.CaseRefused):
            actions.run_routine(officer=ana, case=row, routine=chosen, at=NOON)


def test_the_page_does_a_set_by_its_button(client, ana):
    row = case(ana)
    chosen = routine(take=True, note="Called twice.")
    client.force_login(ana)
    assert "takes it, notes" in client.get(reverse("case", args=[row.pk])).content.decode()

    where = reverse("run_routine", args=[row.pk])
    assert client.post(where, {"routine": chosen.pk}, headers=HTMX).status_code == 204
    assert "Called twice." in client.get(reverse("case", args=[row.pk])).content.decode()
    row.refresh_from_db()
    assert row.owner == ana
