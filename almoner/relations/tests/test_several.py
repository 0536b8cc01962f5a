"""One act to several cases: each by itself, and what was refused is told row by row."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.patients.tests import make as patients
from almoner.relations import actions, rules
from almoner.relations.models import Case, CaseLine, Mention
from almoner.relations.rules import Desk, Kind
from almoner.relations.tests.make import NOON, case

HTMX = {"HX-Request": "true"}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon(clinic, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + HOUR)


def again(row):
    return Case.objects.get(pk=row.pk)


def at_once(client, act, *rows, **said):
    facts = {"act": act, "case": [row.pk for row in rows]} | said
    return client.post(reverse("cases_at_once"), facts, headers=HTMX)


@pytest.fixture
def seen_by(client, ana):
    client.force_login(ana)
    return client


# --- Each by itself.


def test_what_one_refuses_holds_no_other_back(ana):
    rows = [case(ana) for _each in range(3)]
    actions.close(officer=ana, case=rows[1], result="done", at=NOON)

    outcome = actions.do_all(actions.take, rows, officer=ana, at=NOON)

    assert [each.pk for each in outcome.done] == [rows[0].pk, rows[2].pk]
    assert [(each.pk, why) for each, why in outcome.refused] == [(rows[1].pk, "closed")]
    assert again(rows[0]).taken_at == NOON
    assert again(rows[1]).taken_at is None


def test_no_more_than_a_page_is_changed(ana):
    rows = [case(ana) for _each in range(actions.MOST_AT_ONCE + 2)]

    outcome = actions.do_all(actions.take, rows, officer=ana, at=NOON)

    assert len(outcome.done) == actions.MOST_AT_ONCE
    assert Case.objects.filter(taken_at=None).count() == 2


def test_who_has_no_cases_changes_none(ana):
    rows = [case(ana) for _each in range(2)]

    with pytest.raises(PermissionDenied):
        actions.do_all(actions.take, rows, officer=access.officer("lin", roles=["clinician"]),
                       at=NOON)  # fmt: skip


# --- By the page, act by act.


def test_by_the_page_the_laws_clock_is_moved_by_nobody_and_the_others_is(seen_by, ana, grievance):
    plain = case(ana)
    said = {"due_day": "12/01/2026", "due_at": "10:00 AM", "due_why": "they come then"}

    answer = at_once(seen_by, "due", plain, grievance, **said)

    page = answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#dialog"
    assert "1 case changed." in page
    assert grievance.number in page
    assert "The law does not let it" in page
    assert plain.number not in page
    assert again(grievance).due_at == grievance.due_at
    assert again(plain).due_at.isoformat() == "2026-12-01T16:00:00+00:00"


def test_by_the_page_only_those_close_that_may(seen_by, ana, grievance):
    plain = case(ana)

    answer = at_once(seen_by, "close", plain, grievance, result="All told")

    assert (again(plain).state, again(plain).result) == ("closed", "All told")
    assert again(grievance).state == "open"
    assert grievance.number in answer.content.decode()


def test_by_the_page_several_are_sent_to_another_desk_and_noted(seen_by, ana):
    access.officer("bea")
    rows = [case(ana), case(ana)]

    assert at_once(seen_by, "note", *rows, note="@bea look").headers["HX-Refresh"] == "true"
    assert at_once(seen_by, "move", *rows, desk="records").headers["HX-Refresh"] == "true"

    assert {again(row).desk for row in rows} == {Desk.RECORDS}
    assert Mention.objects.filter(line__case__in=rows).count() == 2
    assert CaseLine.objects.filter(case__in=rows, words="@bea look").count() == 2


def test_by_the_page_a_note_that_asks_somebody_who_may_not_see_it_is_written_nowhere(seen_by, ana):
    rows = [case(ana), case(ana)]

    page = at_once(seen_by, "note", *rows, note="@nobody look").content.decode()

    assert "0 cases changed." in page
    assert all(row.number in page for row in rows)
    assert not CaseLine.objects.filter(verb__in=["noted", "asked"]).exists()


def test_by_the_page_several_are_given_and_set_aside(seen_by, ana):
    bea = access.officer("bea")
    rows = [case(ana), case(ana)]

    at_once(seen_by, "assign", *rows, owner=bea.pk)
    at_once(seen_by, "snooze", *rows, aside="11/24/2026")

    assert {again(row).owner for row in rows} == {bea}
    assert all(again(row).snoozed_until for row in rows)


def test_by_the_page_several_become_one_and_can_be_taken_out_again(seen_by, ana):
    cy = patients.patient(emails=("several@people.example",))
    rows = [case(ana, patient_id=cy.pk) for _each in range(3)]

    answer = at_once(seen_by, "merge", rows[2], rows[0], rows[1])

    assert answer.headers["HX-Redirect"].startswith(reverse("case", args=[rows[0].pk]))
    assert [again(row).merged_into_id for row in rows] == [None, rows[0].pk, rows[0].pk]
    actions.take_out(officer=ana, case=again(rows[1]), at=NOON + HOUR)
    assert again(rows[1]).merged_into is None


def test_by_the_page_what_is_another_persons_is_not_merged(seen_by, ana):
    cy, dot = patients.patient(), patients.patient(given="Dot", phones=())
    rows = [case(ana, patient_id=who.pk) for who in (cy, cy, dot)]

    page = at_once(seen_by, "merge", *rows).content.decode()

    assert [again(row).merged_into_id for row in rows] == [None, rows[0].pk, None]
    assert rows[2].number in page
    assert "must be one" in page


@pytest.mark.parametrize(
    ("act", "said"),
    [("burn", {}), ("close", {}), ("due", {"due_day": "12/01/2026"}), ("note", {"note": " "}),
     ("move", {"desk": "nowhere"}), ("snooze", {"aside": "soon"}), ("assign", {})],
)  # fmt: skip
def test_by_the_page_what_is_not_said_whole_changes_nothing(seen_by, ana, act, said):
    row = case(ana)
    lines = CaseLine.objects.count()

    answer = at_once(seen_by, act, row, **said)

    assert answer.status_code == 204
    assert "HX-Refresh" not in answer.headers
    assert CaseLine.objects.count() == lines


# --- Two at once.


@pytest.mark.django_db(transaction=True)
def test_two_who_close_the_same_cases_at_once_close_each_once(ana):
    bea = access.officer("bea")
    rows = [case(ana) for _each in range(6)]

    def close(officer, some):
        try:
            return actions.do_all(actions.close, some, officer=officer, result="done", at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        ends = list(both.map(close, (ana, bea), (rows, rows[::-1])))

    assert sum(len(each.done) for each in ends) == len(rows)
    assert {why for each in ends for _row, why in each.refused} <= {"closed"}
    assert CaseLine.objects.filter(verb="closed").count() == len(rows)


# --- Which of them the others become part of.

KINDS = st.dictionaries(st.integers(1, 99), st.sampled_from(list(Kind)), max_size=8)


@given(KINDS)
def test_the_whole_is_one_of_several_and_a_grievance_when_there_is_one(kinds):
    whole = rules.whole_of(kinds)

    assert (whole is None) == (len(kinds) < 2)
    if whole is not None:
        alike = [each for each, kind in kinds.items() if kind == kinds[whole]]
        assert (kinds[whole] == Kind.GRIEVANCE) == (Kind.GRIEVANCE in kinds.values())
        assert whole == min(alike if kinds[whole] == Kind.GRIEVANCE else kinds)
