"""How long a text is as a carrier counts it, and what of an e-mail is its writer's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.relations.rules import filled, measure, without_quote


@pytest.mark.parametrize(
    ("text", "parts", "wide"),
    [
        ("", 0, ""),
        ("a" * 160, 1, ""),
        ("a" * 161, 2, ""),
        ("a" * 306, 2, ""),
        ("a" * 307, 3, ""),
        ("€" * 80, 1, ""),
        ("€" * 81, 2, ""),
        ("mañana, señor", 1, ""),
        ("í" + "a" * 69, 1, "í"),
        ("í" + "a" * 70, 2, "í"),
        ("😀" * 35, 1, "😀"),
        ("😀" * 36, 2, "😀"),
    ],
)
def test_a_text_is_as_many_parts_as_the_carrier_makes_of_it(text, parts, wide):
    assert (measure(text).parts, measure(text).wide) == (parts, wide)


@given(st.text(max_size=400), st.text(max_size=40))
def test_more_words_are_never_fewer_parts(text, more):
    assert measure(text + more).parts >= measure(text).parts
    assert measure(text).characters == len(text)


def test_the_words_of_an_answer_stand_before_what_it_quotes():
    mail = "Thank you.\n\nOn Tue, Dec 1, 2026 Northlight wrote:\n> You are booked"

    assert without_quote(mail) == (
        "Thank you.", "On Tue, Dec 1, 2026 Northlight wrote:\n> You are booked",
    )  # fmt: skip


@pytest.mark.parametrize(
    "head",
    ["El mar, 1 dic 2026 Northlight escribió:", "-----Original Message-----", "_" * 32],
)
def test_a_quotation_is_known_by_its_head(head):
    assert without_quote(f"Gracias\n{head}\nhola")[0] == "Gracias"


def test_lines_marked_as_quoted_at_the_end_are_no_words_of_theirs():
    assert without_quote("Yes\n> Will you come?\n>\n") == ("Yes", "> Will you come?\n>")


@pytest.mark.parametrize("text", ["> only this", "plain", "", "> asked\nanswered between"])
def test_what_is_no_answer_above_a_quotation_is_left_whole(text):
    assert without_quote(text) == (text, "")


@given(st.text(alphabet="a>\n :", max_size=80))
def test_no_words_are_lost(text):
    own, tail = without_quote(text)

    assert "".join((own + tail).split()) == "".join(text.split())


def test_a_canned_answer_names_what_it_knows_and_leaves_other_braces_as_they_were():
    facts = {"name": "", "number": "C-7"}

    assert filled("Hello {name}, it is {number} {of}", facts) == "Hello, it is C-7 {of}"
