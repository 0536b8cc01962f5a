"""The history of what may be sent: each grant and withdrawal, by whom, when and how."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.patients import actions as people
from almoner.patients import queries as records
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries
from almoner.relations.queries import said as history
from almoner.relations.tests.make import CYS, NOON, SECOND, text_in


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


@pytest.fixture
def cy(ana):
    """Said yes at the desk in January, no at noon, then wrote STOP."""
    who = patients.patient(officer=ana, phones=(patients.Phone(CYS),))
    version, kept = records.kept(who.pk)
    people.change(
        officer=ana, patient_id=who.pk, version=version, at=NOON,
        details=replace(kept, phones=(patients.Phone(CYS, may_text=False),)),
    )  # fmt: skip
    text_in("STOP", sender=CYS, at=NOON + SECOND)
    return who


def lines(who, number=1):
    keys = [each.key for each in queries.places(who.pk, at=NOON)]
    return queries.said_of(who.pk, keys, number=number).object_list


def test_it_is_whole_and_the_newest_comes_first(cy, ana):
    said = [(each.purposes, each.given, each.how, each.by) for each in lines(cy)]

    assert said[-2:] == [
        (("care", "billing"), False, "desk", ana.name),
        (("care", "billing"), True, "desk", ana.name),
    ]
    assert {how for _purposes, _given, how, _by in said[:-2]} == {"text"}
    assert lines(cy)[-1].at == patients.REGISTERED


def test_the_words_of_another_of_the_house_are_not_shown(ana, cy):
    kit = patients.patient(officer=ana, given="Kit", phones=(patients.Phone(CYS),))
    row = queries.places(cy.pk, at=NOON)[0]
    kept = {"channel": "sms", "address": CYS, "purpose": "survey", "given": False}

    actions.record_consent(
        officer=ana, patient_id=cy.pk, words="My ulcer is nobody's business", at=NOON + SECOND * 2,
        **kept,
    )  # fmt: skip

    assert "My ulcer is nobody's business" in {each.evidence for each in lines(cy)}
    assert "My ulcer is nobody's business" not in {each.evidence for each in lines(kit)}
    assert row.address == CYS


def test_it_is_paged(cy, monkeypatch):
    monkeypatch.setattr(history, "SIZE", 2)
    every = [lines(cy, number) for number in (1, 2, 3)]

    assert [len(each) for each in every] == [2, 2, 2]
    assert len({id(line) for each in every for line in each}) == 6
    assert [line.at for each in every for line in each] == sorted(
        (line.at for each in every for line in each), reverse=True
    )


def test_the_page_shows_who_said_what_when_and_how(client, ana):
    who = patients.patient(officer=ana, phones=(patients.Phone(CYS),))

    page = client.get(reverse("may_be_sent", args=[who.pk])).content.decode()

    assert page.count("said at the desk") == 3  # of care, of billing, and in the history
    assert f"to {ana.name}" in page
    assert "Agreed" in page


def test_it_costs_the_same_however_much_was_said(cy, django_assert_num_queries):
    keys = [each.key for each in queries.places(cy.pk, at=NOON)]
    with django_assert_num_queries(3):
        queries.said_of(cy.pk, keys, number=1)
    text_in("START", sender=CYS, at=NOON + timedelta(hours=1))
    with django_assert_num_queries(3):
        queries.said_of(cy.pk, keys, number=1)
