from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.arrivals import rules
from almoner.arrivals.rules import Identifier, Item, Refused, Settled, State, ahead
from almoner.arrivals.rules.ahead import Thing
from almoner.patients.rules.details import Details, Phone

NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)
S = State


@pytest.mark.parametrize(
    ("state", "to", "facts", "expected"),
    [
        (S.ARRIVED, S.READY, {"checked_in": False}, Refused.CHECK_IN_FIRST),
        (S.READY, S.ROOMED, {"has_room": False}, Refused.NEEDS_ROOM),
        (S.READY, S.ROOMED, {}, None),
        (S.READY, S.WITH_CLINICIAN, {}, Refused.NOT_NEXT),
        (S.ROOMED, S.READY, {}, Refused.NOT_NEXT),
        (S.WITH_CLINICIAN, S.DONE, {"has_room": False}, None),
        (S.DONE, S.LEFT, {}, None),
        (S.READY, S.LEFT, {}, Refused.NEEDS_REASON),
        (S.READY, S.LEFT, {"reason": "felt better"}, None),
        (S.ARRIVED, S.LEFT, {"checked_in": False, "reason": "no time"}, None),
        (S.LEFT, S.READY, {}, Refused.GONE),
    ],
)
def test_a_visit_goes_forward_one_step_at_a_time(state, to, facts, expected):
    usual = {"checked_in": True, "has_room": True, "reason": ""}

    assert rules.refusal(state=state, to=to, **(usual | facts)) == expected


@given(
    st.sampled_from(State),
    st.sampled_from(State),
    st.booleans(),
    st.booleans(),
    st.text(max_size=3),
)
def test_nobody_gets_past_the_desk_without_check_in_nor_into_an_unnamed_room(
    state, to, checked_in, has_room, reason
):
    refused = rules.refusal(
        state=state, to=to, checked_in=checked_in, has_room=has_room, reason=reason
    )

    if refused is None and to is not State.LEFT:
        assert checked_in
        assert has_room or to not in rules.IN_ROOM
        assert rules.following(state) is to


def test_an_item_left_out_or_waived_without_a_reason_keeps_check_in_open():
    settled = [
        Settled(Item.IDENTITY),
        Settled(Item.DETAILS, waived=True, reason="in pain"),
        Settled(Item.COVERAGE, waived=True, reason="  "),
        Settled(Item.FORMS),
    ]

    assert rules.unsettled(settled, clear=[]) == {Item.COPAY: "missing", Item.COVERAGE: "reason"}


@given(st.sets(st.sampled_from(Item)))
def test_what_an_answer_or_a_payment_settles_is_not_done_by_saying_so(clear):
    settled = [Settled(item) for item in Item]

    open_items = rules.unsettled(settled, clear=clear)

    assert open_items == dict.fromkeys({Item.COVERAGE, Item.COPAY} - clear, "unproven")


@pytest.mark.parametrize(
    ("said", "enough"),
    [
        ([], False),
        ([Identifier.NAME], False),
        ([Identifier.NAME, Identifier.NAME], False),
        ([Identifier.NAME, Identifier.PHONE], True),
    ],
)
def test_two_different_identifiers_confirm_a_person(said, enough):
    assert rules.confirmed(said) is enough


@pytest.mark.parametrize(
    ("arrived", "appointed", "minutes"),
    [(-20, 0, 10), (5, 0, 5), (-20, 30, 0)],
)
def test_coming_early_is_not_waiting_for_the_clinic(arrived, appointed, minutes):
    assert rules.waited(
        arrived_at=NOON + timedelta(minutes=arrived),
        appointed_at=NOON + timedelta(minutes=appointed),
        at=NOON + timedelta(minutes=10),
    ) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("days", "fresh"), [(None, False), (90, True), (91, False)])
def test_details_confirmed_within_ninety_days_are_not_asked_again(days, fresh):
    reviewed = None if days is None else NOON - timedelta(days=days)

    assert rules.details_are_fresh(reviewed, at=NOON) is fresh


def wrong_day(visit: str, now: str, *, zone: str = "America/Chicago") -> bool:
    """Whether a visit at that wall-clock time is one of another day at this one."""
    starts, at = (
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in (visit, now)
    )
    return rules.another_day(starts.date(), starts_at=starts, today=at.date(), at=at)


@pytest.mark.parametrize("zone", ["America/Chicago", "Pacific/Honolulu", "Asia/Tokyo"])
@pytest.mark.parametrize(
    ("visit", "now", "another"),
    [
        ("2026-03-02T09:00", "2026-03-02T08:55", False),
        ("2026-03-02T09:00", "2026-03-02T23:59", False),  # however late, it is the day
        ("2026-03-02T23:00", "2026-03-02T07:00", False),  # and however early
        ("2026-03-02T09:00", "2026-03-03T09:00", True),
        ("2026-03-03T09:00", "2026-03-02T09:00", True),
        ("2026-03-02T23:50", "2026-03-03T00:05", False),
        ("2026-03-03T00:05", "2026-03-02T23:50", False),
        ("2026-03-02T17:00", "2026-03-03T00:05", True),
        ("2026-03-02T23:50", "2026-03-03T07:30", True),
    ],
)
def test_a_visit_is_arrived_for_on_its_day_and_midnight_alone_parts_nothing(
    visit, now, another, zone
):
    assert wrong_day(visit, now, zone=zone) is another


@pytest.mark.parametrize(
    ("status", "state", "ahead_of", "is_open"),
    [
        ("booked", None, 3, True),
        ("booked", None, 4, False),
        ("booked", None, -1, False),
        ("arrived", "arrived", 0, True),
        ("arrived", "ready", 0, False),
        ("cancelled", None, 1, False),
        ("completed", "left", 0, False),
    ],
)
def test_a_visit_is_prepared_from_some_days_before_it_until_check_in(
    status, state, ahead_of, is_open
):
    today = date(2026, 3, 2)
    day = today + timedelta(days=ahead_of)

    assert ahead.is_open(status=status, state=state, day=day, today=today, days=3) is is_open


def test_what_is_left_to_say_is_asked_in_order_each_policy_by_itself():
    said = {(thing, None) for thing in ahead.DETAILS} | {(Thing.POLICY, 7)}

    assert ahead.left([7, 9], said) == [(Thing.POLICY, 9), (Thing.NEW_POLICY, None)]


def test_what_a_patient_writes_is_one_printable_line():
    read = ahead.read(Thing.NAME_USED, {"name_used": "  M\x00e\u202el \n ann "})

    assert read == {"name_used": "M e l ann"}


@pytest.mark.parametrize("typed", ["a@b", "a b@c.org", "@c.org", "a@.org.", "é@c.org", "a@b..org"])
def test_what_is_no_e_mail_address_is_not_taken(typed):
    with pytest.raises(ahead.Unreadable):
        ahead.read(Thing.EMAIL, {"address": typed})


def test_an_old_number_is_neither_shown_nor_replaced():
    details = Details(
        "Garcia", "Cy", phones=(Phone("+13125550100", use="old"), Phone("+13125550101"))
    )

    became = ahead.applied(details, Thing.PHONE, {"number": "+13125550102", "may_text": False})

    assert ahead.kept(details, Thing.PHONE) == {"number": "+13125550101"}
    assert [one.number for one in became.phones] == ["+13125550100", "+13125550102"]
