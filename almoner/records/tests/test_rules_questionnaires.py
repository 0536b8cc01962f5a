"""What a questionnaire may be, what it asks given the answers, and when it may be signed."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner import records
from almoner.edges.fhir.structure import validate
from almoner.records import rules
from almoner.records.rules.elements import TRANSLATION
from almoner.records.rules.questionnaires import ORDINAL

SHIPPED = {
    path.stem: json.loads(path.read_text())["questionnaire"]
    for path in sorted((Path(records.__file__).parent / "data").glob("*.json"))
}


def in_spanish(words):
    return {
        "extension": [
            {
                "url": TRANSLATION,
                "extension": [
                    {"url": "lang", "valueCode": "es"},
                    {"url": "content", "valueString": words},
                ],
            }
        ]
    }


def item(link_id, kind="string", **facts):
    made = {"linkId": link_id, "type": kind, "text": f"Ask {link_id}"}
    return made | {"_text": in_spanish(f"Diga {link_id}")} | facts


def option(code, points=None):
    told = {"code": code, "display": code, "_display": in_spanish(code)}
    extension = [{"url": ORDINAL, "valueDecimal": points}]
    return {"valueCoding": told} | ({} if points is None else {"extension": extension})


def form(*items, **facts):
    made = {"resourceType": "Questionnaire", "title": "Form", "_title": in_spanish("Formulario")}
    return made | {"status": "active", "item": list(items)} | facts


def when(question, operator="exists", **answer):
    return {"question": question, "operator": operator} | (answer or {"answerBoolean": True})


# --- The forms that come with the house


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_form_is_sound_fhir_whole_and_in_both_languages(name):
    definition, faults = rules.read(SHIPPED[name])

    assert faults == []
    assert rules.untranslated(definition) == []
    assert validate(json.dumps(SHIPPED[name]).encode()) == []


def test_the_release_of_information_asks_for_every_core_element():
    """45 CFR 164.508(c)(1): what, who, to whom, what for, until when; (c)(2): the statements."""
    definition = rules.parsed(SHIPPED["release_of_information"])

    required = {one.link_id for one in definition.every() if one.required}
    assert {"what", "from", "to", "purpose", "ends"} <= required
    assert {"revoke", "condition", "again"} <= {one.link_id for one in definition.every()}


# --- What is wrong with a definition

WRONG = [
    (form(item("a"), item("a")), "a", "Two items have this linkId."),
    (form(item("a", "quantity")), "a", "No form can ask a “quantity”."),
    (form(item("a", text="")), "a", "A text is missing."),
    (form(item("a b")), "", "An item has no linkId of letters and digits."),
    (form(item("a", "choice", required=True)), "a", "A choice needs between one and 60 answers."),
    (form(item("a", "group", item=[])), "a", "There is nothing in it."),
    (form(item("a", "boolean", repeats=True)), "a", "A longer text and a yes or no do not repeat."),
    (
        form(item("a", "display", required=True)),
        "a",
        "Only a question, or a group that repeats, can be required.",
    ),
    (form(item("a", item=[item("b")])), "a", "Only a group holds other items."),
    (
        form(item("a", enableWhen=[when("b")]), item("b", required=True)),
        "a",
        "Its condition names no question that stands before.",
    ),
    (
        form(
            item("a", "boolean", required=True),
            item("b", enableWhen=[when("a", ">", answerInteger=1)]),
        ),
        "b",
        "Its condition asks what cannot be answered there.",
    ),
    (
        form(item("a", required=True), item("b", enableWhen=[when("a"), when("a")])),
        "b",
        "Say whether all conditions must hold, or any.",
    ),
    (form(item("a")), "", "Nothing in it must be answered, so it could be signed blank."),
    (form(item("a", "display")), "", "It asks nothing."),
    (
        form(
            item(
                "a",
                extension=[{"url": "urn:almoner:registration-field", "valueCode": "birth_date"}],
            )
        ),
        "a",
        "No such field of the registration, or one asked already.",
    ),
]


@pytest.mark.parametrize(("body", "where", "says"), WRONG)
def test_a_fault_names_the_item_and_says_what_is_wrong(body, where, says):
    with pytest.raises(rules.NotADefinition) as refused:
        rules.parsed(body)

    assert (where, says) in [(fault.link_id, str(fault.says)) for fault in refused.value.faults]


@pytest.mark.parametrize("body", [None, [], "x", {"resourceType": "Patient"}])
def test_what_is_no_questionnaire_is_told_so(body):
    with pytest.raises(rules.NotADefinition):
        rules.parsed(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["linkId", "type", "text", "item", "answerOption", "valueCoding", "code", "display",
             "enableWhen", "question", "operator", "required", "extension", "url", "maxLength",
             "_text", "answerBoolean"]
        ) | st.text(max_size=3),
        inner,
        max_size=6,
    ),
    max_leaves=30,
)  # fmt: skip


@given(JSON)
def test_no_json_at_all_makes_the_reader_fail(anything):
    rules.read({"resourceType": "Questionnaire", "item": anything, "extension": anything})


def test_a_text_without_spanish_is_named():
    body = form(item("a", required=True), item("b", _text={}))

    assert rules.untranslated(rules.parsed(body)) == ["b"]
    assert rules.untranslated(rules.parsed(body | {"_title": None})) == ["", "b"]


# --- What is asked, and what is missing

MOVED = rules.parsed(SHIPPED["registration"])
HOME = ("city", "state", "zip")
WHOLE = {"phone": ("312 555 0188",), "language": ("es",)}


def test_what_is_behind_a_condition_is_asked_only_when_it_holds():
    assert not rules.faults(MOVED, WHOLE)
    moved = WHOLE | {"line": ("9 Elm St",)}

    assert list(rules.faults(MOVED, moved)) == list(HOME)
    assert set(HOME) & rules.enabled(MOVED, WHOLE) == set()


def test_a_condition_on_what_is_not_asked_any_more_does_not_hold():
    chain = rules.parsed(
        form(
            item("a", "boolean", required=True),
            item("b", enableWhen=[when("a", "=", answerBoolean=True)]),
            item("c", required=True, enableWhen=[when("b")]),
        )
    )
    answers = {"a": ("true",), "b": ("x",)}

    assert rules.faults(chain, answers) == {"c": "required"}
    assert rules.faults(chain, answers | {"a": ("false",)}) == {}
    assert rules.standing(chain, answers | {"a": ("false",)}) == {"a": ("false",)}


@pytest.mark.parametrize(
    ("behavior", "answers", "asked"),
    [
        ("any", {"a": ("3",)}, True),
        ("all", {"a": ("3",)}, False),
        ("all", {"a": ("3",), "b": ("2026-01-02",)}, True),
        ("any", {"a": ("2",), "b": ("2025-12-31",)}, False),
        ("any", {}, False),
    ],
)
def test_conditions_hold_together_or_one_of_them(behavior, answers, asked):
    definition = rules.parsed(
        form(
            item("a", "integer", required=True),
            item("b", "date"),
            item(
                "c",
                enableBehavior=behavior,
                enableWhen=[
                    when("a", ">", answerInteger=2), when("b", ">=", answerDate="2026-01-01"),
                ],
            ),
        )
    )  # fmt: skip

    assert ("c" in rules.enabled(definition, answers)) is asked


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("date", "2026-02-30", "no_date"),
        ("date", "0026-02-03", "no_date"),
        ("date", "2026-02-28", ""),
        ("integer", "1.5", "no_number"),
        ("integer", "-3", ""),
        ("boolean", "maybe", "not_offered"),
        ("string", "x" * 201, "too_long"),
        ("text", "x" * 201, ""),
        ("string", "a\0b", "too_long"),
    ],
)
def test_a_wrong_answer_is_told_from_a_right_one(kind, value, code):
    asked = rules.parsed(form(item("a", kind, required=True))).questions["a"]

    assert rules.fault(asked, [value]) == code


def test_an_answer_for_the_registration_is_one_it_can_keep():
    assert rules.faults(MOVED, WHOLE | {"phone": ("12",)}) == {"phone": "no_phone"}
    assert rules.faults(MOVED, WHOLE | {"email": ("cy",)}) == {"email": "no_email"}


VALUES = st.sampled_from(["true", "false", "es", "312 555 0188", "53703", "WI", "x", "12"])
ANSWERS = st.dictionaries(
    st.sampled_from(sorted(MOVED.questions)), st.lists(VALUES, max_size=2).map(tuple)
)


@given(ANSWERS)
def test_answers_to_what_is_not_asked_change_nothing(answers):
    standing = rules.standing(MOVED, answers)

    assert rules.standing(MOVED, standing) == standing
    assert rules.enabled(MOVED, standing) == rules.enabled(MOVED, answers)
    assert rules.faults(MOVED, standing) == rules.faults(MOVED, answers)


@given(ANSWERS)
def test_what_may_be_signed_is_never_blank_and_has_all_that_is_required(answers):
    asked = rules.enabled(MOVED, answers)
    required = {one.link_id for one in MOVED.every() if one.required and one.link_id in asked}

    if not rules.faults(MOVED, answers):
        standing = set(rules.standing(MOVED, answers))
        assert standing
        assert required <= standing
    assert set(rules.faults(MOVED, answers)) <= asked


@given(st.lists(st.text(max_size=8), max_size=6))
def test_what_is_kept_is_kept_as_it_is_the_next_time(typed):
    one = rules.parsed(form(item("a", required=True, repeats=True))).questions["a"]

    kept = rules.kept(one, typed)

    assert rules.kept(one, kept) == kept
    assert all(each.strip() == each and each for each in kept)


# --- Scores

WEEK = rules.parsed(SHIPPED["northlight_week"])
POINTS = {"never": 0, "some": 1, "most": 2, "every": 3}
SCORED = ("kettle", "window", "keys", "stairs")


@given(st.fixed_dictionaries({name: st.sampled_from(sorted(POINTS)) for name in SCORED}))
def test_a_score_is_the_sum_of_its_points_and_has_the_highest_band_it_reaches(said):
    total = sum(POINTS[each] for each in said.values())

    score = rules.score(WEEK, {name: (each,) for name, each in said.items()})

    assert score.total == total
    reached = [band for band in WEEK.bands if band.least <= total]
    assert score.band == max(reached, key=lambda band: band.least).words


@given(st.sets(st.sampled_from(SCORED), max_size=3))
def test_there_is_no_score_while_a_question_with_points_is_open(answered):
    assert rules.score(WEEK, dict.fromkeys(answered, ("some",))) is None


def test_bands_without_points_and_bands_in_no_order_are_faults():
    body = deepcopy(SHIPPED["northlight_week"])
    body["extension"].reverse()

    assert "The bands of the score stand in no order." in [f.says for f in rules.read(body)[1]]
