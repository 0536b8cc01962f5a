"""A place comes free and finds who waits for it; the time is kept, taken, or passed on."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.facility.models import WeeklyHours
from almoner.facility.tests import make as facility
from almoner.ground import events
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling import actions
from almoner.scheduling.actions import OfferOver, offering
from almoner.scheduling.models import Appointment, FreedPlace, Hold, PlaceOffer, WaitEntry
from almoner.scheduling.queries import days, openings, waitlist
from almoner.scheduling.queries.openings import Search
from almoner.scheduling.rules import CancelReason
from almoner.scheduling.tests import make
from almoner.scheduling.tests.waits import Desk

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SUNDAY = make.SUNDAY
BOOKED = events.reaction_named(
    "scheduling.booked", "almoner.scheduling.reactions.wait_no_longer_once_booked"
)


@pytest.fixture
def desk(reach):
    return Desk()


@pytest.fixture
def reach(monkeypatch):
    """Patients who cannot be told now, and why."""
    barred = {}
    monkeypatch.setattr(
        offering, "_reaches", [lambda patient, _where, *, at: barred.get(patient, "")]
    )
    return barred


def in_order():
    return not days.mismatches(days.everything(), make.MONDAY, make.MONDAY + timedelta(days=14))


def test_a_cancelled_visit_is_offered_to_who_waits_and_kept_for_them(desk):
    entry = desk.waits()
    gone = desk.full_day()[2]

    [offer] = desk.cancels(gone)

    assert (offer.entry_id, offer.starts_at) == (entry.pk, gone.starts_at)
    assert offer.expires_at - offer.made_at == 20 * MINUTE
    [kept] = Hold.objects.filter(offer=offer)
    assert (kept.kind, kept.resource_id) == (Hold.Kind.CLINICIAN, desk.ng.pk)
    with pytest.raises(actions.OpeningTaken):
        desk.book(starts_at=gone.starts_at)
    assert in_order()


def test_the_first_in_order_is_offered_it_and_who_it_would_not_suit_is_not(desk):
    desk.waits(weekdays=frozenset({5}))
    desk.waits(clinician_ids=frozenset({desk.other.pk}))
    desk.waits(last_day=make.MONDAY - timedelta(days=1))
    desk.waits(since=make.at(13).time())
    second = desk.waits()
    first = desk.waits(priority=1, reason="in pain")

    [offer] = desk.cancels(desk.full_day()[0])

    assert offer.entry_id == first.pk != second.pk


def test_accepting_moves_the_visit_it_replaces_and_frees_its_old_time(desk):
    visits = desk.full_day()
    theirs = visits[-1]
    entry = desk.waits(patient=theirs.patient, visit=theirs)
    nine = visits[0].starts_at
    [offer] = desk.cancels(visits[0])

    visit = actions.accept(offer_id=offer.pk, at=SUNDAY)

    assert (visit.pk, visit.starts_at, visit.status) == (theirs.pk, nine, "booked")
    entry.refresh_from_db()
    assert entry.ended == "booked"
    assert desk.book(starts_at=theirs.starts_at).pk
    assert in_order()


def test_a_visit_is_offered_only_an_earlier_place(desk):
    visits = desk.full_day()
    desk.waits(patient=visits[0].patient, visit=visits[0])

    assert desk.cancels(visits[3]) == []


def test_without_a_visit_accepting_books_one_and_says_that_nobody_of_the_desk_did(desk):
    entry = desk.waits(note="the knee again")
    [offer] = desk.cancels(desk.full_day()[0])

    visit = actions.accept(offer_id=offer.pk, at=SUNDAY)

    assert (visit.patient_id, visit.booked_by_id, visit.note) == (
        entry.patient_id, None, "the knee again",
    )  # fmt: skip
    assert actions.accept(offer_id=offer.pk, at=SUNDAY) == visit
    booked = Event.objects.get(kind="scheduling.booked", about_id=visit.pk)
    assert booked.data["by_patient"] is True


def test_what_one_declines_the_next_is_offered_and_not_the_first_again(desk):
    first, second = desk.waits(), desk.waits()
    [offer] = desk.cancels(desk.full_day()[0])

    actions.decline(offer_id=offer.pk, at=SUNDAY)
    [passed] = desk.reacts()

    assert (offer.entry_id, passed.entry_id) == (first.pk, second.pk)
    with pytest.raises(OfferOver):
        actions.accept(offer_id=offer.pk, at=SUNDAY)
    actions.decline(offer_id=passed.pk, at=SUNDAY)
    assert desk.reacts() == []
    assert FreedPlace.objects.get().settled_at
    assert desk.book(starts_at=offer.starts_at).pk


def test_an_offer_that_is_over_binds_nobody_although_no_job_has_run(desk):
    desk.waits()
    [offer] = desk.cancels(desk.full_day()[0])
    later = offer.expires_at
    search = Search(desk.follow_up.pk, frozenset({desk.ng.pk}), earliest=make.MONDAY)

    before = openings.find(search, at=later - MINUTE, limit=1)
    found = openings.find(search, at=later, limit=1)

    assert before[0].starts_at != offer.starts_at == found[0].starts_at
    with pytest.raises(OfferOver):
        actions.accept(offer_id=offer.pk, at=later)
    assert desk.book(starts_at=offer.starts_at, asked_at=later).starts_at == offer.starts_at
    assert actions.pass_on(at=later) == 0
    assert PlaceOffer.objects.get().state == "expired"
    assert in_order()


def test_the_minute_passes_on_what_nobody_answered(desk):
    _first, second = desk.waits(), desk.waits()
    [offer] = desk.cancels(desk.full_day()[0])

    assert actions.pass_on(at=offer.expires_at - MINUTE) == 0
    assert actions.pass_on(at=offer.expires_at) == 1
    assert PlaceOffer.objects.get(state="open").entry == second


def test_of_a_long_place_several_are_offered_their_part(desk):
    one, two = desk.waits(), desk.waits()
    long = desk.long_visit(minutes=40, starts_at=make.at(9))
    offers = desk.cancels(long)

    assert [(each.entry_id, each.starts_at) for each in offers] == [
        (one.pk, make.at(9)), (two.pk, make.at(9, 20)),
    ]  # fmt: skip
    assert in_order()


def test_a_longer_visit_that_fills_the_place_goes_before_a_shorter_of_the_same_need(desk):
    desk.waits()
    desk.ng.visit_types.add(longer := facility.visit_type("Physical", minutes=40))
    fills = desk.waits(visit_type=longer)

    [offer] = desk.cancels(desk.long_visit(minutes=40, starts_at=make.at(9)))

    assert offer.entry_id == fills.pk


def test_who_cannot_be_told_now_is_passed_over_and_nobody_left_is_the_desks_work(desk, reach):
    night, day = desk.waits(), desk.waits()
    reach[night.patient_id] = "night"

    [offer] = desk.cancels(desk.full_day()[0])
    assert offer.entry_id == day.pk
    actions.decline(offer_id=offer.pk, at=SUNDAY)
    assert desk.reacts() == []

    [told] = waitlist.barred(SUNDAY)
    assert (told.barred, told.minutes) == ("night", 20)
    assert Event.objects.filter(kind="scheduling.nobody_told").count() == 1
    reach.clear()
    assert actions.pass_on(at=SUNDAY) == 1
    assert waitlist.barred(SUNDAY) == []


def test_who_has_another_visit_then_is_not_offered_it(desk):
    entry, other = desk.waits(), desk.waits()
    desk.book(patient=entry.patient, clinician=desk.other, starts_at=make.at(8))

    [offer] = desk.cancels(desk.full_day()[0])

    assert offer.entry_id == other.pk


def test_what_begins_within_the_hour_is_not_offered_by_itself(desk):
    desk.waits()
    gone = desk.full_day()[0]

    assert desk.cancels(gone, at=gone.starts_at - timedelta(minutes=59)) == []


def test_hours_that_are_opened_are_offered(desk):
    entry = desk.waits(clinician_ids=frozenset({desk.other.pk}), weekdays=frozenset({6}))
    mara = access.officer("mara", roles=("manager",))
    saturday = WeeklyHours(
        clinician=desk.other, location=desk.harbor, weekday=6, starts=make.at(9).time(),
        ends=make.at(12).time(), valid_from=make.MONDAY,
    )  # fmt: skip

    actions.change_hours(officer=mara, change=saturday.save, row=saturday, at=SUNDAY)
    offer = desk.reacts()[0]

    assert (offer.entry_id, offer.local_day.isoweekday()) == (entry.pk, 6)


def test_a_cancellation_that_is_taken_back_takes_its_time_back_from_who_has_not_answered(desk):
    entry = desk.waits()
    gone = desk.full_day()[0]
    [offer] = desk.cancels(gone)

    actions.undo(officer=desk.ana, appointment=gone, at=SUNDAY + timedelta(seconds=5))

    gone.refresh_from_db()
    offer.refresh_from_db()
    assert (gone.status, offer.state) == ("booked", "withdrawn")
    with pytest.raises(OfferOver):
        actions.accept(offer_id=offer.pk, at=SUNDAY)
    entry.refresh_from_db()
    assert entry.ended_at is None
    assert in_order()


def test_once_somebody_took_it_the_cancellation_stands(desk):
    desk.waits()
    gone = desk.full_day()[0]
    [offer] = desk.cancels(gone)
    actions.accept(offer_id=offer.pk, at=SUNDAY)

    with pytest.raises(actions.OpeningTaken):
        actions.undo(officer=desk.ana, appointment=gone, at=SUNDAY + timedelta(seconds=5))


def test_an_offer_by_hand_goes_to_whom_the_officer_says(desk):
    desk.waits(priority=1, reason="first by rights")
    chosen = desk.waits()
    make.days()

    offer = actions.offer_by_hand(
        officer=desk.ana, entry=chosen, clinician=desk.ng, location=desk.harbor,
        starts_at=make.at(11), at=SUNDAY,
    )  # fmt: skip

    assert (offer.entry_id, offer.made_by_id) == (chosen.pk, desk.ana.pk)
    actions.decline(offer_id=offer.pk, at=SUNDAY, by=desk.ana)
    [passed] = desk.reacts()
    assert passed.entry.priority == 1


def test_removing_takes_a_reason_and_lets_go_of_what_was_kept(desk):
    entry = desk.waits()
    [offer] = desk.cancels(desk.full_day()[0])

    with pytest.raises(actions.BookingRefused):
        actions.remove(officer=desk.ana, entry=entry, why=" ", at=SUNDAY)
    actions.remove(officer=desk.ana, entry=entry, why="moved away", at=SUNDAY)

    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    with pytest.raises(actions.BookingRefused):
        actions.leave(entry_id=entry.pk, at=SUNDAY)


def test_the_visit_to_be_replaced_is_given_up_and_with_it_the_waiting(desk):
    visits = desk.full_day()
    entry = desk.waits(patient=visits[-1].patient, visit=visits[-1])
    [offer] = desk.cancels(visits[0])

    actions.cancel_own(appointment=visits[-1], at=SUNDAY)
    actions.visit_gone(visit_id=visits[-1].pk, at=SUNDAY)

    entry.refresh_from_db()
    offer.refresh_from_db()
    assert (entry.ended, offer.state) == ("visit_gone", "withdrawn")


def test_one_waits_once_for_one_thing_and_what_hurries_says_why(desk):
    who = a_patient()
    desk.waits(patient=who)

    with pytest.raises(actions.BookingRefused, match="waits_already"):
        desk.waits(patient=who)
    with pytest.raises(actions.BookingRefused, match="no_why"):
        desk.waits(priority=1)
    for far in (-3, 500):
        with pytest.raises(actions.BookingRefused, match="last_day"):
            desk.waits(last_day=make.MONDAY + timedelta(days=far))


def test_who_may_not_book_puts_nobody_on_the_list(desk):
    linh = access.officer("linh", roles=("clinician",))

    with pytest.raises(PermissionDenied):
        actions.wait(officer=linh, wanted=desk.wanted(), at=SUNDAY)


def test_a_hold_belongs_to_a_visit_or_to_an_offer_and_the_database_says_so(desk):
    desk.waits()
    [offer] = desk.cancels(desk.full_day()[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.filter(offer=offer).update(appointment=Appointment.objects.first())
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceOffer.objects.filter(pk=offer.pk).update(state="accepted", answered_at=SUNDAY)


def test_a_cancellation_nobody_waits_for_leaves_nothing_behind(desk):
    assert desk.cancels(desk.full_day()[0]) == []
    assert not FreedPlace.objects.exists()


def test_cancelling_twenty_waiting_people_costs_few_queries(desk, django_assert_max_num_queries):
    for _ in range(20):
        desk.waits()
    gone = desk.full_day()[0]
    actions.cancel(officer=desk.ana, appointment=gone, reason=CancelReason.PATIENT, at=SUNDAY)

    with django_assert_max_num_queries(45):
        assert len(desk.reacts()) == 1


def test_who_said_no_to_a_place_offered_by_hand_is_not_offered_it_again(desk):
    chosen = desk.waits()
    offer = actions.offer_by_hand(
        officer=desk.ana, entry=chosen, clinician=desk.ng, location=desk.harbor,
        starts_at=make.at(11), at=SUNDAY,
    )  # fmt: skip

    actions.decline(offer_id=offer.pk, at=SUNDAY)

    assert desk.reacts() == []
    desk.waits()
    [another] = desk.cancels(desk.full_day()[0])
    assert another.entry_id == chosen.pk


def test_who_moves_to_a_later_time_is_not_offered_the_time_they_gave_up(desk):
    visit = desk.full_day()[0]
    desk.waits(patient=visit.patient, visit=visit)

    actions.move(
        officer=desk.ana, appointment=visit, clinician=desk.ng, location=desk.harbor,
        starts_at=make.at(15), asked_at=SUNDAY,
    )  # fmt: skip

    assert desk.reacts() == []


@pytest.mark.parametrize("is_moved", [True, False])
def test_a_place_kept_in_time_is_taken_although_its_notice_is_over_by_then(desk, is_moved):
    visits = desk.full_day()
    theirs = visits[-1]
    desk.waits(**({"patient": theirs.patient, "visit": theirs} if is_moved else {}))
    desk.follow_up.notice_minutes = 120
    desk.follow_up.save()
    nine = visits[3].starts_at
    [offer] = desk.cancels(visits[3], at=nine - timedelta(minutes=125))
    at = offer.expires_at - MINUTE
    assert nine - at < timedelta(minutes=120)

    assert actions.accept(offer_id=offer.pk, at=at).starts_at == nine


def test_who_books_what_they_waited_for_waits_no_longer(desk):
    entry = desk.waits()
    sooner = desk.waits(patient=entry.patient, visit=desk.book(
        patient=entry.patient, starts_at=make.at(16)))  # fmt: skip
    [offer] = desk.cancels(desk.full_day()[0])
    assert offer.entry_id == entry.pk
    visit = desk.book(patient=entry.patient, starts_at=make.at(15))

    BOOKED(desk.last("scheduling.booked"))

    for row in (entry, sooner, offer):
        row.refresh_from_db()
    assert (entry.ended, entry.ended_by_id, sooner.ended) == ("booked", None, "")
    assert offer.state == "withdrawn"
    assert desk.last("scheduling.wait_ended").data["by_patient"] is False
    assert visit.status == "booked"


def test_a_booking_taken_back_or_made_before_they_waited_ends_no_waiting(desk):
    entry = desk.waits()
    visit = desk.book(patient=entry.patient, starts_at=make.at(15))
    booked = desk.last("scheduling.booked")
    actions.undo(officer=desk.ana, appointment=visit, at=SUNDAY)
    BOOKED(booked)

    desk.book(patient=entry.patient, starts_at=make.at(15), asked_at=SUNDAY - MINUTE)
    BOOKED(desk.last("scheduling.booked"))

    entry.refresh_from_db()
    assert entry.ended_at is None


def test_nobody_who_waits_no_longer_is_offered_a_place_or_takes_one(desk, monkeypatch):
    entry = desk.waits()
    visits = desk.full_day()
    [offer] = desk.cancels(visits[0])
    WaitEntry.objects.filter(pk=entry.pk).update(ended_at=SUNDAY, ended="left")

    with pytest.raises(OfferOver):
        actions.accept(offer_id=offer.pk, at=SUNDAY)
    assert not Appointment.objects.filter(patient=entry.patient).exists()

    keep_time = offering._keep_time

    def left_meanwhile(order, claim, row, **facts):
        WaitEntry.objects.filter(pk=row.pk).update(ended_at=SUNDAY, ended="left")
        return keep_time(order, claim, row, **facts)

    monkeypatch.setattr(offering, "_keep_time", left_meanwhile)
    other = desk.waits()
    [withdrawn] = desk.cancels(visits[1])
    assert (withdrawn.entry_id, withdrawn.state) == (other.pk, "withdrawn")
    by_hand = desk.waits()
    with pytest.raises(actions.BookingRefused, match="not_waiting"):
        actions.offer_by_hand(
            officer=desk.ana, entry=by_hand, clinician=desk.ng, location=desk.harbor,
            starts_at=make.at(11), at=SUNDAY,
        )  # fmt: skip
    assert in_order()
