"""Building a form step by step: what a step does, and that it breaks nothing it does not touch."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.records import rules
from almoner.records.rules import Condition, Kind, Option, Words, building
from almoner.records.tests.test_rules_questionnaires import SHIPPED

TITLE = Words("Form", "Formulario")
ASK = Words("Ask?", "¿Pregunta?")


def ids(body):
    """The items as one reads them, with the depth of each."""
    definition, _faults = rules.read(body)
    return [(line.item.link_id, line.depth) for line in building.outline(definition.items)]


def built(*kinds):
    body = building.blank("form", TITLE)
    for kind in kinds:
        body, _link_id = building.added(body, kind, ASK)
    return body


def test_a_form_is_built_from_nothing_to_one_that_can_be_published():
    body, link_id = building.added(building.blank("form", TITLE), Kind.BOOLEAN, ASK)
    item = rules.read(body)[0].questions[link_id]

    whole = building.changed(body, rules.Item(link_id, item.kind, item.words, required=True))

    definition, faults = rules.read(whole)
    assert faults == []
    assert rules.untranslated(definition) == []


def test_up_and_down_lead_into_groups_and_out_of_them():
    body = built(Kind.STRING, Kind.GROUP, Kind.STRING)
    body, _inner = building.added(body, Kind.STRING, ASK, after="q2")
    assert ids(body) == [("q1", 0), ("q2", 0), ("q4", 1), ("q3", 0)]

    into = building.moved(body, "q3", up=True)
    assert ids(into) == [("q1", 0), ("q2", 0), ("q4", 1), ("q3", 1)]
    out = building.moved(building.moved(into, "q3", up=True), "q3", up=True)
    assert ids(out) == [("q1", 0), ("q3", 0), ("q2", 0), ("q4", 1)]
    assert ids(building.moved(body, "q1", up=True)) == ids(body)


def test_options_points_and_conditions_are_written_as_fhir_and_read_again():
    body = built(Kind.CHOICE, Kind.STRING, Kind.INTEGER)
    options = (Option("a", Words("A", "A."), 1), Option("b", Words("B", ""), None))
    choice = rules.Item("q1", Kind.CHOICE, ASK, required=True, repeats=True, options=options)
    body = building.changed(body, choice)
    conditions = (Condition("q1", "=", "b"), Condition("q1", "exists", "true"))
    number = rules.Item("q3", Kind.INTEGER, ASK, conditions=conditions, any_of=True)

    definition, faults = rules.read(building.changed(body, number))

    assert faults == []
    assert definition.questions["q1"] == choice
    assert definition.questions["q3"] == number
    assert rules.untranslated(definition) == ["q1"]


def test_what_a_step_knows_nothing_of_stays():
    body = built(Kind.STRING)
    french = {
        "url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{"url": "lang", "valueCode": "fr"}, {"url": "content", "valueString": "?"}],
    }
    body["item"][0] |= {"maxLength": 12, "extension": [{"url": "urn:theirs", "valueCode": "x"}]}
    body["item"][0]["_text"]["extension"].insert(0, french)

    made = building.changed(
        body, rules.Item("q1", Kind.STRING, Words("New", "Nuevo"), field="phone")
    )

    [item] = made["item"]
    assert item["maxLength"] == 12
    assert {"url": "urn:theirs", "valueCode": "x"} in item["extension"]
    assert french in item["_text"]["extension"]
    assert rules.read(made)[0].questions["q1"].field == "phone"


@pytest.mark.parametrize("step", [building.removed, lambda b, i: building.moved(b, i, up=True)])
def test_an_item_that_is_gone_is_told_so(step):
    with pytest.raises(building.NoSuchItem):
        step(built(Kind.STRING), "q9")


BODIES = st.sampled_from([SHIPPED[name] for name in sorted(SHIPPED)])


def every_id(body):
    return sorted(link_id for link_id, _depth in ids(body))


@given(BODIES, st.data())
def test_a_step_down_after_a_step_up_is_where_it_was(body, data):
    link_id = data.draw(st.sampled_from(every_id(body)))

    up = building.moved(body, link_id, up=True)

    assert every_id(up) == every_id(body)
    if up != body:
        assert building.moved(up, link_id, up=False) == body


@given(BODIES, st.sampled_from(Kind), st.data())
def test_any_steps_keep_every_linkid_once_and_the_body_they_were_made_of(body, kind, data):
    before = deepcopy(body)
    after = data.draw(st.sampled_from(["", *every_id(body)]))

    made, link_id = building.added(body, kind, ASK, after=after)

    assert body == before
    assert every_id(made) == sorted([*every_id(body), link_id])
    assert every_id(building.removed(made, link_id)) == every_id(body)


@given(BODIES, st.data())
def test_saving_an_item_as_it_is_changes_nothing_that_is_read(body, data):
    definition = rules.parsed(body)
    link_id = data.draw(st.sampled_from(every_id(body)))
    item = next(one for one in definition.every() if one.link_id == link_id)

    assert rules.parsed(building.changed(body, item)) == definition
