"""Groups that repeat: a row asks itself, is filled by itself, and goes to FHIR and back whole."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.edges.fhir.structure import validate
from almoner.patients.rules.details import Contact, Details
from almoner.records import rules
from almoner.records.rules import building
from almoner.records.rules.proposing import applied, proposed
from almoner.records.rules.questionnaires import OCCURS, REGISTRATION, Item, Kind
from almoner.records.rules.responses import response
from almoner.records.rules.rows import added, asked_in_rows, emptied, groups, rows
from almoner.records.tests.test_rules_questionnaires import form, item, option, when

MEDICINES = form(
    item("takes", "boolean", required=True),
    item(
        "medicines",
        "group",
        repeats=True,
        required=True,
        extension=[{"url": OCCURS, "valueInteger": 3}],
        enableWhen=[when("takes", "=", answerBoolean=True)],
        item=[
            item("name", required=True),
            item("often", "choice", answerOption=[option("daily"), option("other")]),
            item("how", required=True,
                 enableWhen=[when("often", "=", answerCoding={"code": "other"})]),
            item("since", "date"),
            item("doses", "integer", repeats=True),
        ],
    ),
    item("sports", repeats=True),
    item("visits", "date", repeats=True),
    item("people", "group", repeats=True, item=[item("who"), item("note", "text")]),
)  # fmt: skip
DEFINITION = rules.parsed(MEDICINES)
GROUP = groups(DEFINITION)["medicines"]
TAKES = {"takes": ("true",)}


def says(*items):
    return [fault.says for fault in rules.read(form(*items))[1]]


# --- Rows


def test_a_group_that_must_be_filled_begins_with_a_row_and_another_with_none():
    assert rows(GROUP, {}) == ("1",)
    assert rows(groups(DEFINITION)["people"], {}) == ()


def test_a_condition_in_a_row_asks_its_own_row():
    answers = TAKES | {"medicines": ("1", "4"), "often@1": ("daily",), "often@4": ("other",)}

    asked = rules.enabled(DEFINITION, answers)

    assert "how@4" in asked
    assert "how@1" not in asked


def test_each_row_must_be_answered_by_itself():
    answers = TAKES | {"medicines": ("1", "4"), "name@1": ("Aspirin",), "often@4": ("other",)}

    assert rules.faults(DEFINITION, answers) == {"name@4": "required", "how@4": "required"}


def test_what_is_not_asked_stands_in_nobodys_way():
    assert rules.faults(DEFINITION, {"takes": ("false",)}) == {}


def test_a_row_that_comes_has_a_number_no_other_had():
    answers = {"medicines": ("1", "2"), "name@7": ()}

    stand, fresh = added(GROUP, answers)

    assert (stand, fresh) == (("1", "2", "8"), "8")


def test_a_group_takes_no_more_rows_than_it_says():
    with pytest.raises(rules.Full):
        added(GROUP, {"medicines": ("1", "2", "3")})


def test_a_row_that_goes_takes_all_its_answers():
    assert emptied(GROUP, "4") == ["name@4", "often@4", "how@4", "since@4", "doses@4"]


@pytest.mark.parametrize(
    ("rows_", "code"),
    [
        (("1", "2"), ""),
        (("1", "1"), "not_offered"),
        (("0",), "not_offered"),
        (("x",), "not_offered"),
        (("1", "2", "3", "4"), "not_offered"),
    ],
)
def test_rows_are_numbers_each_once_and_no_more_than_the_group_takes(rows_, code):
    assert rules.fault(GROUP, rows_) == code


# --- What may repeat


def row_group(*items, **facts):
    return item("g", "group", repeats=True, item=list(items), **facts)


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        (
            [row_group(item("a")), item("b", required=True, enableWhen=[when("a")])],
            "Its condition asks a group that repeats, and does not stand in it.",
        ),
        (
            [item("a", required=True), row_group(row_group(item("b")) | {"linkId": "h"})],
            "A group that repeats stands in no other that repeats.",
        ),
        (
            [item("a", required=True),
             row_group(item("b", "choice", answerOption=[option("x", 1)]))],
            "In a group that repeats no answer has points.",
        ),
        (
            [item("a", required=True),
             row_group(item("b", extension=[{"url": REGISTRATION, "valueCode": "phone"}]))],
            "In a group that repeats only emergency contacts are proposed.",
        ),
        (
            [item("a", required=True),
             row_group(item("b"), extension=[{"url": OCCURS, "valueInteger": 21}])],
            "A group repeats at most 20 times.",
        ),
        (
            [row_group(item("a", required=True))],
            "Nothing in it must be answered, so it could be signed blank.",
        ),
        (
            [item("a", "text", required=True, repeats=True)],
            "A longer text and a yes or no do not repeat.",
        ),
        (
            [item("a", required=True), item("g", "group", required=True, item=[item("b")])],
            "Only a question, or a group that repeats, can be required.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_repeat_is_said(items, fault):
    assert says(*items) == [fault]


def test_what_a_designer_says_of_a_group_is_what_is_read_of_it():
    body = form(item("a", required=True), item("g", "group", item=[item("b")]))
    group = next(each for each in rules.parsed(body).every() if each.link_id == "g")

    made = building.changed(
        body, Item("g", Kind.GROUP, group.words, required=True, repeats=True, most=5)
    )

    read = groups(rules.parsed(made))["g"]
    assert (read.required, read.most) == (True, 5)
    assert not validate(json.dumps(made).encode())


# --- Emergency contacts


def contact(link_id, part):
    extension = [{"url": REGISTRATION, "valueCode": f"contact.{part}"}]
    return item(link_id, required=part == "name", extension=extension)


CONTACTS = rules.parsed(
    form(
        item("g", "group", repeats=True, required=True,
             item=[contact("who", "name"), contact("call", "phone")])
    )
)  # fmt: skip


def test_each_row_of_contacts_is_proposed_by_itself_and_they_stay_in_their_order():
    answers = {
        "g": ("1", "3"),
        "who@1": ("Ana Ex",), "call@1": ("312 555 0117",), "who@3": ("Bo Ex",),
    }  # fmt: skip

    told = proposed(CONTACTS, answers)

    assert list(told) == ["contact@1", "contact@3"]
    details = Details(family="Ex", given="Cy", birth_date=date(1980, 1, 1), sex="unknown")
    for subject, parts in told.items():
        details = applied(details, subject, parts)
    assert details.contacts == (Contact(name="Ana Ex", phone="+13125550117"), Contact(name="Bo Ex"))


# --- FHIR


def back(body):
    """The answers of a QuestionnaireResponse, read by its own structure alone."""
    found = {}

    def walk(items, row):
        counted = {}
        for each in items:
            link_id = each["linkId"]
            name = f"{link_id}@{row}" if row else link_id
            if "answer" in each:
                found[name] = tuple(value(one) for one in each["answer"])
            elif link_id in groups(DEFINITION):
                counted[link_id] = counted.get(link_id, 0) + 1
                found[link_id] = (*found.get(link_id, ()), str(counted[link_id]))
                walk(each.get("item", []), str(counted[link_id]))
            else:
                walk(each.get("item", []), row)

    walk(body.get("item", []), "")
    return found


def value(answer):
    ((kind, said),) = answer.items()
    if kind == "valueCoding":
        return said["code"]
    return str(said).lower() if kind == "valueBoolean" else str(said)


VALUES = {
    Kind.BOOLEAN: st.sampled_from(["true", "false"]),
    Kind.CHOICE: st.sampled_from(["daily", "other"]),
    Kind.DATE: st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    Kind.INTEGER: st.integers(-999, 999).map(str),
    Kind.STRING: st.text("abc ñ@.1", min_size=1, max_size=9).filter(str.strip),
    Kind.TEXT: st.text("abc\n@", min_size=1, max_size=9).filter(str.strip),
}


@st.composite
def answered(draw):
    """Answers as they are kept, with rows numbered from one."""
    answers = {}
    for link_id, group in groups(DEFINITION).items():
        stand = tuple(str(row + 1) for row in range(draw(st.integers(0, min(group.most, 3)))))
        answers |= {link_id: stand} if stand else {}
    for name, each in asked_in_rows(DEFINITION, answers).items():
        most = 3 if each.repeats else 1
        said = rules.kept(each, draw(st.lists(VALUES[each.kind], max_size=most)))
        answers |= {name: said} if said else {}
    return answers


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(answered())
def test_what_was_answered_goes_to_fhir_and_back(answers):
    body = response(DEFINITION, answers, language="es", authored="2026-03-02T15:00:00+00:00")

    asked = rules.enabled(DEFINITION, answers)
    assert not validate(json.dumps(body).encode())
    assert back(body) == {
        name: said for name, said in rules.with_rows(DEFINITION, answers).items() if name in asked
    }


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(answered())
def test_what_may_be_signed_has_an_answer_wherever_one_is_needed(answers):
    asked = rules.enabled(DEFINITION, answers)
    needed = {
        name
        for name, each in asked_in_rows(DEFINITION, answers).items()
        if each.required and name in asked and not answers.get(name)
    }

    assert {
        name for name, code in rules.faults(DEFINITION, answers).items() if code == "required"
    } == needed
