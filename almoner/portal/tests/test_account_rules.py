"""Who may act for whom, on which day, and what of them they see: by table."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.portal.rules import accounts
from almoner.portal.rules.account_words import ACCOUNT_WORDS
from almoner.portal.rules.accounts import EVERYTHING, Invited, Kind, Part, Terms

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
TODAY = AT.date()
BORN = date(2012, 3, 3)
TERMS = (
    Terms("", 12, frozenset({"visits", "bills"}), date(2020, 1, 1)),
    Terms("", 18, frozenset(), date(2020, 1, 1)),
    Terms("OR", 15, frozenset({"bills"}), date(2020, 1, 1)),
    Terms("", 12, frozenset({"bills"}), date(2027, 1, 1)),
)


def sees(kind=Kind.PARENT, *, granted=EVERYTHING, born=BORN, state="WI", on=TODAY, terms=TERMS):
    return accounts.may_see(kind, granted, born=born, state=state, terms=terms, on=on)


@pytest.mark.parametrize(
    ("facts", "parts"),
    [
        ({"on": date(2024, 3, 2)}, EVERYTHING),  # eleven: nothing is taken away yet
        ({"on": date(2024, 3, 3)}, {"visits", "bills"}),  # the twelfth birthday
        ({"on": date(2024, 3, 3), "granted": {Part.LOOKS}}, set()),  # never more than was granted
        ({"on": date(2027, 3, 2)}, {"bills"}),  # other terms hold since
        ({"on": date(2030, 3, 2)}, {"bills"}),
        ({"on": date(2030, 3, 3)}, set()),  # the eighteenth birthday
        ({"state": "OR", "on": date(2026, 3, 3)}, EVERYTHING),  # a state of its own terms
        ({"state": "OR", "on": date(2027, 3, 3)}, {"bills"}),
        ({"terms": (), "on": date(2030, 3, 2)}, EVERYTHING),  # without terms: until of age
        ({"terms": (), "on": date(2030, 3, 3)}, set()),
        ({"born": None}, set()),
        ({"kind": Kind.GUARDIAN, "on": date(2030, 3, 3)}, set()),
        ({"kind": Kind.SELF, "on": date(2040, 1, 1)}, EVERYTHING),
        ({"kind": Kind.REPRESENTATIVE, "granted": {"bills"}, "on": date(2040, 1, 1)}, {"bills"}),
        ({"kind": Kind.HELPER, "granted": {"bills", "everything"}}, {"bills"}),
    ],
)  # fmt: skip
def test_what_an_account_sees_of_a_patient(facts, parts):
    assert sees(**facts) == parts


@given(st.dates(date(2012, 3, 3), date(2032, 1, 1)), st.integers(0, 800))
def test_a_parent_never_sees_more_as_the_child_grows_under_the_same_terms(day, days):
    terms = TERMS[:2]
    later = day + timedelta(days=days)

    assert sees(on=later, terms=terms) <= sees(on=day, terms=terms)


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        ({}, True),
        ({"until": AT.date()}, True),  # its last day counts
        ({"until": AT.date() - timedelta(days=1)}, False),
        ({"since": AT.date() + timedelta(days=1)}, False),
        ({"ended_at": AT}, False),
    ],
)
def test_a_right_to_act_holds_on_its_days(facts, holds):
    given_ = {"until": None, "since": AT.date(), "ended_at": None, "on": AT.date()} | facts
    assert accounts.is_open(**given_) is holds


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, Invited.GOOD),
        ({"fits": False}, Invited.WRONG),
        ({"used": True, "fits": False}, Invited.USED),
        ({"withdrawn": True}, Invited.LATE),
        ({"expires_at": AT}, Invited.LATE),
        ({"tries": accounts.TRIES}, Invited.SPENT),  # whatever is said: nobody learns that it fits
    ],
)
def test_what_a_code_comes_to(facts, outcome):
    given_ = {"used": False, "withdrawn": False, "expires_at": AT + timedelta(days=1), "tries": 0,
              "fits": True, "at": AT} | facts  # fmt: skip
    assert accounts.invited(**given_) is outcome


def test_a_code_is_read_as_people_type_it():
    code = accounts.code_of(lambda letters: letters[5])

    assert code == "FFFFF-FFFFF"
    assert accounts.normal(" fffff fffff\n") == accounts.normal(code) == "FFFFFFFFFF"


@pytest.mark.parametrize(
    ("facts", "over"),
    [
        ({"in_at": None}, False),
        ({"in_at": None, "made_at": AT - accounts.WAY_IN_LASTS}, True),
        ({}, False),
        ({"seen_at": AT - accounts.IDLE}, True),
        ({"in_at": AT - accounts.ABSOLUTE}, True),  # however busy
    ],
)
def test_when_a_browser_has_to_get_in_again(facts, over):
    given_ = {"in_at": AT, "made_at": AT, "seen_at": AT, "at": AT} | facts
    assert accounts.is_over(**given_) is over


def test_every_text_stands_in_every_language_with_the_same_facts():
    english, spanish = ACCOUNT_WORDS["en"], ACCOUNT_WORDS["es"]

    assert english.keys() == spanish.keys()
    facts = [word for word in english if ("{" in english[word]) != ("{" in spanish[word])]
    assert facts == []
