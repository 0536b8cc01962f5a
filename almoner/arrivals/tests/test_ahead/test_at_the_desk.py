"""What the desk sees of it: on check-in, on the board, in every header; and its keys."""

import pytest

from almoner.access.tests import make as access
from almoner.arrivals import actions, queries
from almoner.arrivals.forms import LETTERS
from almoner.arrivals.rules.ahead import DETAILS, Thing, Verdict
from almoner.arrivals.tests.test_ahead.make import (
    WORDS,
    accept,
    changed,
    check_in_page,
    kept,
    policy_of,
    say,
    say_all_is_right,
    settle,
    takes_photo,
)
from almoner.ground import clock
from almoner.patients.rules.details import Email

pytestmark = pytest.mark.django_db


def test_the_desk_sees_each_change_beside_what_is_kept(visit, desk, monkeypatch):
    changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.INTERPRETER, interpreter_needed=True)
    say(visit, Thing.REASON, Verdict.TOLD, text="my knee")

    page = check_in_page(desk, visit, monkeypatch)

    assert "cy@example.org" in page
    assert "new@example.org" in page
    assert "my knee" in page
    assert "Accept all" in page
    assert "The patient changed details" in page
    assert "9 answers are left" in page


def letters(visit, ana):
    """By each thing or card that waits, the key that accepts it."""
    found = queries.told(visit.pk, reading=access.reading(ana))
    keys = {one.thing: one.letter for one in [*found.details, *found.coverage]}
    return keys | {one.policy_id: one.letter for one in found.cards}


def test_a_key_means_the_same_change_whatever_else_is_settled_or_said_again(visit, ana):
    first = changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.PRONOUNS, pronouns="they/them")
    say(visit, Thing.NEW_POLICY, Verdict.CHANGED, **WORDS[Thing.NEW_POLICY])
    takes_photo(visit, policy_of(visit).pk)
    before = letters(visit, ana)

    accept(ana, first)

    del before[Thing.EMAIL]
    assert letters(visit, ana) == before
    say(visit, Thing.PRONOUNS, Verdict.CHANGED, at=visit.starts_at, pronouns="she/her")
    assert letters(visit, ana) == before


def test_no_key_of_a_change_is_the_key_of_the_forms(visit, ana):
    for thing in (*DETAILS, Thing.NEW_POLICY):
        changed(visit, thing, **WORDS[thing])
    say(visit, Thing.POLICY, Verdict.CHANGED, policy_id=policy_of(visit).pk, member_id="Z1")
    takes_photo(visit)

    keys = [key for key in letters(visit, ana).values() if key]

    assert len(keys) == len(set(keys)) == 11
    assert not {"s", "a", "p", *LETTERS.values()} & set(keys)


def test_all_changes_are_accepted_by_one_key_and_the_item_is_done(visit, desk):
    changed(visit, Thing.EMAIL, address="new@example.org")
    changed(visit, Thing.PRONOUNS, pronouns="they/them")

    status, item = settle(desk, visit, do="all", item="details")

    assert status == 200
    assert "new@example.org" in item
    assert "Accept" not in item
    assert (kept(visit).emails, kept(visit).pronouns) == ((Email("new@example.org"),), "they/them")


def test_refusing_takes_a_reason_and_leaves_the_record(visit, desk):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    settle(desk, visit, do="refuse", item="details", said=said.pk)
    said.refresh_from_db()
    assert said.outcome == ""

    settle(desk, visit, do="refuse", item="details", said=said.pk, reason="took it back")
    said.refresh_from_db()
    assert (said.outcome, said.why) == ("refused", "took it back")
    assert kept(visit).emails == (Email("cy@example.org"),)


def test_accepting_what_was_overtaken_says_so_and_replaces_nothing(visit, desk):
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    status, _item = settle(desk, visit, do="accept", item="details", said=said.pk, seen="other")

    assert status == 200
    assert kept(visit).emails == (Email("cy@example.org"),)


@pytest.mark.parametrize(
    "facts",
    [
        {"do": "x", "item": "details"},
        {"do": "all", "item": "copay?"},
        {"do": "accept", "item": "details", "said": "x"},
    ],
)
def test_what_is_not_there_is_not_settled(visit, desk, facts):
    assert settle(desk, visit, **facts)[0] == 404


def test_nobody_without_check_in_settles_anything(visit, client):
    client.force_login(access.officer("bil", roles=("biller",)))
    said = changed(visit, Thing.EMAIL, address="new@example.org")

    assert settle(client, visit, do="accept", item="details", said=said.pk)[0] == 403


def test_the_board_says_how_far_somebody_is(visit, desk, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    board = f"/board/?location={visit.location_id}"

    say(visit, Thing.EMAIL)
    assert "Check-in begun by the patient" in desk.get(board).content.decode()
    say_all_is_right(visit)
    assert "Details confirmed by the patient" in desk.get(board).content.decode()
    changed(visit, Thing.EMAIL, address="new@example.org")
    assert "1 change to review" in desk.get(board).content.decode()
    actions.arrive_own(appointment_id=visit.pk, at=visit.starts_at)
    assert "Here, by own word" in desk.get(board).content.decode()


def test_every_header_says_what_waits_to_be_reviewed(visit, desk, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: visit.starts_at)
    page = f"/patients/{visit.patient_id}/?for=appointment:{visit.pk}"

    say_all_is_right(visit)
    assert "Details confirmed by the patient" in desk.get(page).content.decode()
    changed(visit, Thing.EMAIL, address="new@example.org")
    assert "1 change to review" in desk.get(page).content.decode()
