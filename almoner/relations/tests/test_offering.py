"""In a conversation stand canned answers and passages: of its desk, in the patient's language."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.patients.tests import make as patients
from almoner.relations import actions, queries, rules
from almoner.relations.models import Macro
from almoner.relations.rules import Desk, Kind, Topic
from almoner.relations.tests.make import NOON, SECOND, case, text_in
from almoner.relations.tests.test_articles import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)


@pytest.fixture
def mara():
    return access.officer("mara", roles=("manager", "administrator"))


@pytest.fixture
def ana(client):
    officer = access.officer("ana")
    client.force_login(officer)
    return officer


def macro(mara, name, body, *, language="en", kind=""):
    """A canned answer that somebody has signed."""
    row = Macro(name=name, language=language, kind=kind, body=body)
    row.written_by(mara.pk + 1)
    row.save()
    seen = queries.seen_words(row)
    return actions.sign_words(officer=mara, code="macro", row_id=row.pk, seen=seen, at=NOON)


def writes(officer, patient, words="Where do I park?"):
    row = text_in(words)
    return actions.recognise(officer=officer, received=row, patient_id=patient.pk, at=NOON)


def page_of(client, patient):
    return client.get(reverse("conversation_with", args=[patient.pk])).content.decode()


def test_a_canned_answer_stands_by_a_key_with_its_facts(client, ana, mara):
    ines = patients.patient(given="Ines", family="Garcia")
    macro(mara, "Parking", "Hello {name}, behind the house. {clinic}, {phone}")
    writes(ana, ines)

    page = page_of(client, ines)

    assert 'data-words="Hello Ines Garcia, behind the house. Northlight, 608-555-0100"' in page
    assert 'data-fill="id_words"' in page
    assert 'data-key="1"' in page
    assert "relations/macros" in page


def test_in_the_patients_language(client, ana, mara):
    ines = patients.patient(language="es")
    macro(mara, "Parking", "Behind the house.")
    macro(mara, "Aparcar", "Detrás de la casa.", language="es")
    writes(ana, ines)

    page = page_of(client, ines)

    assert "Detrás de la casa." in page
    assert "Behind the house." not in page


def test_one_that_names_a_case_is_offered_from_a_case_alone(client, ana, mara):
    ines = patients.patient()
    macro(mara, "Number", "Your number is {number}.")
    writes(ana, ines)
    row = case(ana, patient_id=ines.pk)

    assert "Your number is" not in page_of(client, ines)
    answering = client.get(reverse("answer_case", args=[row.pk])).content.decode()
    assert f"Your number is {row.number}." in answering


def test_those_of_the_desk_that_answers(client, ana, mara):
    ines = patients.patient()
    macro(mara, "Park", "Of a question.", kind=Kind.QUESTION)
    macro(mara, "Bill", "Of a dispute.", kind=Kind.BILLING)
    row = writes(ana, ines)
    assert row.desk == Desk.FRONT

    page = page_of(client, ines)
    assert "Of a question." in page
    assert "Of a dispute." not in page

    actions.see_to_text(officer=ana, received=row, why="done", at=NOON)
    writer = actions.Writer(ines.pk, 5, "Ines")
    actions.open_thread(
        writer=writer, topic=Topic.BILL, subject="Bill", words="Why?", key="0" * 32, at=NOON
    )
    page = page_of(client, ines)
    assert "Of a dispute." in page
    assert "Of a question." not in page


def test_passages_of_articles_stand_after_them(client, ana, mara):
    ines = patients.patient()
    macro(mara, "Parking", "Behind the house.")
    published(ana, mara, desk="front")
    writes(ana, ines, "How do I read my statement?")

    page = page_of(client, ines)

    assert 'data-add="id_words" data-words="The total is at the foot."' in page


def test_a_translation_that_is_not_reviewed_is_not_put_in(client, ana, mara):
    ines = patients.patient(language="es")
    published(ana, mara, desk="front")
    writes(ana, ines)

    page = page_of(client, ines)

    assert "is not reviewed in Spanish: it cannot be put in." in page
    assert "The total is at the foot." not in page


def test_where_nothing_can_be_sent_nothing_is_offered(client, ana, mara):
    ines = patients.patient(phones=(), emails=(), addresses=())
    macro(mara, "Parking", "Behind the house.")

    assert "Behind the house." not in page_of(client, ines)


def test_to_somebody_unknown_without_a_name(client, ana, mara):
    macro(mara, "Parking", "Hello {name}, behind the house.")
    row = text_in("Where do I park?", sender="+16085550199")

    page = client.get(reverse("conversation_from", args=[row.conversation_id])).content.decode()

    assert 'data-words="Hello, behind the house."' in page


def test_many_of_them_cost_no_more_queries(client, ana, mara, django_assert_max_num_queries):
    ines = patients.patient()
    writes(ana, ines)
    for number in range(9):
        macro(mara, f"Answer {number}", "Yes.")

    with django_assert_max_num_queries(45):
        page_of(client, ines)


@given(named=st.sets(st.sampled_from(rules.FACTS)), known=st.sets(st.sampled_from(rules.FACTS)))
def test_what_can_be_filled_leaves_no_place_open(named, known):
    body = " ".join(f"{{{name}}}" for name in sorted(named)) + " {other}"
    facts = dict.fromkeys(known, "x")

    assert rules.can_be_filled(body, facts) == (named <= known)
    left = [name for name in rules.FACTS if f"{{{name}}}" in rules.filled(body, facts)]
    assert bool(left) != rules.can_be_filled(body, facts)


def test_each_kind_is_a_desks():
    assert {kind for desk in Desk for kind in rules.kinds_of(desk)} == set(Kind)
    assert rules.kinds_of("") == frozenset()


def test_of_an_unknown_sender_the_first_digits_say_who_wrote_it(client, ana, mara):
    patients.patient(given="Ines", family="Garcia")  # who is reached at that number
    macro(mara, "Parking", "Behind the house.")
    row = text_in("Where do I park?")

    page = client.get(reverse("conversation_from", args=[row.conversation_id])).content.decode()

    assert re.search(r'data-words="Behind the house." data-key="2"', page)
