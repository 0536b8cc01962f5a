"""When a call gathers, what its room is known by, what of a browser's addresses is passed on."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.telehealth import rules

HOST = "candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host"
LOCAL = "candidate:2 1 udp 2113937151 6f1c-4b.local 50001 typ host"


def as_said(candidate):
    return json.dumps({"candidate": candidate, "sdpMid": "0", "usernameFragment": "abcd"})


@pytest.mark.parametrize(("invited", "gathers"), [(0, False), (2, False), (3, True), (9, True)])
def test_with_patient_and_clinician_the_third_who_is_invited_makes_five(invited, gathers):
    assert rules.gathers(invited) is gathers


def test_four_take_part_without_a_gateway_and_twelve_with_one():
    assert rules.most_people(with_gateway=False) == 4
    assert rules.most_people(with_gateway=True) == 12


@given(st.integers(1, 2**40), st.integers(1, 2**40))
def test_each_visit_has_a_room_of_its_own_and_always_the_same(one, other):
    names = [rules.names("a secret", visit) for visit in (one, one, other)]

    assert names[0] == names[1]
    assert (names[0].number == names[2].number) is (one == other)
    assert 0 < names[0].number < 2**53  # what JSON carries whole


def test_who_does_not_know_the_secret_works_out_no_name_and_no_token():
    assert rules.names("a secret", 1) != rules.names("another", 1)
    mine = rules.token("a secret", 1, 2, "page")
    others = [("another", 1, 2, "page"), ("a secret", 3, 2, "page"), ("a secret", 1, 3, "page")]
    assert mine not in [rules.token(*one) for one in others]
    assert mine != rules.token("a secret", 1, 2, "another page")


def test_addresses_are_passed_on_but_for_names_that_only_their_network_knows():
    told = rules.candidates([as_said(HOST), as_said(LOCAL), as_said("")])

    assert told == [
        {"candidate": HOST, "sdpMid": "0", "sdpMLineIndex": None},
        {"completed": True},
    ]


@pytest.mark.parametrize(
    "body", [None, 7, "", "[]", '{"candidate": 7}', '{"evil": ""}', "x" * 3000]
)
def test_what_no_browser_says_of_an_address_is_refused_with_all_beside_it(body):
    assert rules.candidates([as_said(HOST), body]) is None


def test_a_description_keeps_everything_but_such_names():
    sdp = f"v=0\r\na={HOST}\r\na={LOCAL}\r\na=mid:0\r\n"

    assert rules.without_local(sdp) == f"v=0\r\na={HOST}\r\na=mid:0\r\n"
