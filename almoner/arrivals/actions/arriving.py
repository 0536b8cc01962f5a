"""Somebody is here: arriving and checking in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.arrivals import queries, rules
from almoner.arrivals.models import CheckInItem, EarlyCheckIn, Encounter, Movement
from almoner.arrivals.rules import Identifier, Item, Settled, State
from almoner.coverage import actions as coverage
from almoner.ground import events
from almoner.patients import actions as patients
from almoner.patients import queries as patient_reads
from almoner.records import actions as records
from almoner.records import queries as record_reads
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment

BEFORE_CHECK_IN = (Appointment.Status.BOOKED, Appointment.Status.ARRIVED)


class NotExpected(Exception):
    """The appointment is not one somebody can arrive for: cancelled, missed, or already over."""


class AnotherDay(NotExpected):
    """The appointment is on another day than today at its location."""


class AlreadyHere(Exception):
    """A colleague has checked this patient in already; carries the encounter."""

    def __init__(self, encounter: Encounter) -> None:
        super().__init__(encounter.pk)
        self.encounter = encounter


class CheckInOpen(Exception):
    """Check-in is not complete: which items are open, and what each lacks."""

    def __init__(self, items: Mapping[Item, str]) -> None:
        super().__init__(", ".join(items))
        self.items = items


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A check-in as the officer settled it: who it is by which identifiers, and every item.

    ``on_paper`` are the forms that the officer saw signed on paper.
    """

    identifiers: Sequence[Identifier]
    settled: Sequence[Settled]
    on_paper: Sequence[int] = ()


@transaction.atomic
def begin_check_in(*, officer: Officer, appointment_id: int, at: datetime) -> None:
    """Somebody stands at the desk for this visit: the payer is asked, unless it answered today.

    Who is checked in without having arrived first would else be asked about when it is too late.
    Begun as often as one likes, a payer is asked once. Raises PermissionDenied.
    """
    access.require(officer, "arrivals.check_in")
    visit = Appointment.objects.filter(pk=appointment_id, status__in=BEFORE_CHECK_IN).first()
    if visit is not None and visit.local_day == today_at(visit, at=at):
        coverage.ask_on_arrival(patient_id=visit.patient_id, appointment_id=visit.pk, asked_at=at)


@transaction.atomic
def identify(
    *, officer: Officer, appointment_id: int, identifiers: Collection[Identifier], at: datetime
) -> None:
    """The patient has said who they are: what is opened from now on is opened by that.

    Fewer than two identifiers say nothing, and what was written down half an hour ago or later is
    not written again. Raises PermissionDenied, or Appointment.DoesNotExist.
    """
    access.require(officer, "arrivals.check_in")
    visit = Appointment.objects.get(pk=appointment_id)
    known = patient_reads.said_of_late(visit.patient_id, officer, at)
    if rules.confirmed(identifiers) and not set(identifiers) <= set(known):
        patients.open_record(
            officer=officer,
            patient_id=visit.patient_id,
            said="desk",
            confirmed_by=[one.value for one in identifiers],
            at=at,
        )


@transaction.atomic
def arrive(*, officer: Officer, appointment_id: int, at: datetime) -> Encounter:
    """The patient stands in the room and waits for the desk.

    Raises PermissionDenied, NotExpected, AnotherDay, or AlreadyHere.
    """
    access.require(officer, "arrivals.check_in")
    return arrived(appointment_id, officer=officer, at=at)


@transaction.atomic
def arrive_own(*, appointment_id: int, at: datetime) -> Encounter:
    """The patient says by link that they have come; who it is, the desk asks before it checks in.

    Raises NotExpected, AnotherDay, or AlreadyHere.
    """
    encounter = arrived(appointment_id, officer=None, at=at)
    EarlyCheckIn.objects.update_or_create(
        appointment_id=appointment_id,
        defaults={"here_at": at},
        create_defaults={"here_at": at, "begun_at": at, "patient_id": encounter.patient_id},
    )
    return encounter


def arrived(appointment_id: int, *, officer: Officer | None, at: datetime) -> Encounter:
    """What `arrive` does, whoever says so."""
    appointment = _expected(appointment_id, at=at)
    encounter = Encounter.objects.create(
        appointment=appointment,
        patient_id=appointment.patient_id,
        clinician_id=appointment.clinician_id,
        location_id=appointment.location_id,
        # Who comes before midnight for a visit after it is seen on the visit's own day.
        service_date=max(appointment.local_day, today_at(appointment, at=at)),
        by_video=appointment.visit_type.by_video,
        state=State.ARRIVED,
        state_since=at,
        arrived_at=at,
    )
    by_id = officer.pk if officer else None
    Movement.objects.create(encounter=encounter, state=State.ARRIVED, at=at, by_id=by_id)
    scheduling.arrive(appointment=appointment)
    _record("arrivals.arrived", encounter, officer, at)
    return encounter


@transaction.atomic
def check_in(
    *,
    officer: Officer,
    appointment_id: int,
    clear: Collection[Item],
    check_in: CheckIn,
    at: datetime,
) -> Encounter:
    """Check somebody in who has arrived, or arrives with it.

    ``clear`` are the items that the checklist of this moment asks nothing about. Details that it
    asked about and that are done are reviewed with it, so that the next visit need not ask again.
    Who arrived on the day itself is checked in later too: the patient was here.
    Raises PermissionDenied, NotExpected, AnotherDay, AlreadyHere (a colleague was quicker), or
    CheckInOpen when an item is neither done nor waived for a reason, a change that the patient said
    ahead stands open, a form is still due, or fewer than two identifiers were confirmed.
    """
    access.require(officer, "arrivals.check_in")
    open_items = rules.unsettled(check_in.settled, clear=clear)
    if not rules.confirmed(check_in.identifiers):
        open_items |= {Item.IDENTITY: "two"}
    if open_items:
        raise CheckInOpen(open_items)
    encounter = Encounter.objects.select_for_update().filter(appointment=appointment_id).first()
    if encounter is None:
        arrive(officer=officer, appointment_id=appointment_id, at=at)
        encounter = Encounter.objects.select_for_update().get(appointment=appointment_id)
    if encounter.state != State.ARRIVED:
        raise AlreadyHere(encounter)
    # Looked at under the lock: from here on nothing more is said ahead of this visit.
    said = queries.open_items(appointment_id)
    if open_items := rules.unsettled(check_in.settled, clear=clear, said=said):
        raise CheckInOpen(open_items)
    settle(encounter, check_in.settled, officer=officer, at=at)
    _see_signed(encounter, check_in, officer=officer, at=at)
    # What arrived ticked because it was fresh was not asked: nobody confirmed it today.
    # What the patient confirmed ahead by link is theirs now that the desk knows who it is.
    compared = any(one.item is Item.DETAILS and not one.waived for one in check_in.settled)
    if compared and (Item.DETAILS not in clear or queries.details_said(appointment_id)):
        patients.review(officer=officer, patient_id=encounter.patient_id, at=at)
    encounter.state, encounter.state_since = State.READY, at
    encounter.confirmed_by = sorted(check_in.identifiers)
    encounter.save(update_fields=["state", "state_since", "confirmed_by"])
    Movement.objects.create(encounter=encounter, state=State.READY, at=at, by_id=officer.pk)
    _record("arrivals.checked_in", encounter, officer, at)
    return encounter


def _expected(appointment_id: int, *, at: datetime) -> Appointment:
    """The appointment, locked, so that two officers cannot both bring it here."""
    appointment = Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    if appointment is None:
        raise NotExpected
    here = Encounter.objects.filter(appointment=appointment).first()
    if here:
        raise AlreadyHere(here)
    if appointment.status != Appointment.Status.BOOKED:
        raise NotExpected
    today = today_at(appointment, at=at)
    if rules.another_day(
        appointment.local_day, starts_at=appointment.starts_at, today=today, at=at
    ):
        raise AnotherDay
    return appointment


def today_at(appointment: Appointment, *, at: datetime) -> date:
    """The day it is at the appointment's location."""
    return at.astimezone(ZoneInfo(appointment.time_zone)).date()


def settle(
    encounter: Encounter, settled: Iterable[Settled], *, officer: Officer, at: datetime
) -> None:
    """Keep how each item of a check-in was settled, and by whom."""
    CheckInItem.objects.bulk_create(
        CheckInItem(
            encounter=encounter,
            item=one.item,
            waived=one.waived,
            reason=one.reason.strip(),
            note=one.note,
            at=at,
            by_id=officer.pk,
        )
        for one in settled
    )


def _see_signed(encounter: Encounter, check_in: CheckIn, *, officer: Officer, at: datetime) -> None:
    """Keep what was signed on paper. Raises CheckInOpen when a form is due that is not waived."""
    visit = encounter.appointment
    hand = records.at_the_desk(officer)
    for form_id in sorted(check_in.on_paper):
        try:
            row = records.begin(
                hand=hand,
                patient_id=encounter.patient_id,
                form_id=form_id,
                visit_id=visit.pk,
                at=at,
            )
            records.take_on_paper(hand=hand, filling_id=row.pk, on=encounter.service_date, at=at)
        except (records.Settled, records.NotInUse) as error:
            raise CheckInOpen({Item.FORMS: "missing"}) from error
    if not any(one.item is Item.FORMS and one.waived for one in check_in.settled):
        due = record_reads.due_of(
            encounter.patient_id,
            visit_type_id=visit.visit_type_id,
            on=encounter.service_date,
            visit_id=visit.pk,
        )
        if due:
            raise CheckInOpen({Item.FORMS: "missing"})


def _record(kind: str, encounter: Encounter, officer: Officer | None, at: datetime) -> None:
    events.record(
        kind,
        at=at,
        by=officer,
        about=encounter,
        patient_id=encounter.patient_id,
        location_id=encounter.location_id,
        state=encounter.state,
        visit_id=encounter.appointment_id,
        day=encounter.service_date.isoformat(),
        **({} if officer else {"by_patient": True}),
    )
