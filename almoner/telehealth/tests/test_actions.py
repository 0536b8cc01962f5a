"""Preparing, admitting and holding a visit by video, against the database that guards it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from almoner.access.tests import make as access
from almoner.arrivals.tests import make as arrivals
from almoner.ground.models import Event
from almoner.records import actions as records
from almoner.records.tests import make as forms
from almoner.scheduling.tests import make as scheduling
from almoner.telehealth import actions, queries
from almoner.telehealth.actions import GateOpen, NoPlace, NotNow
from almoner.telehealth.models import (
    Consent,
    ConsentText,
    GateItem,
    Participant,
    VideoVisit,
)
from almoner.telehealth.rules import Item, Phone, Role
from almoner.telehealth.tests import make
from almoner.telehealth.tests.make import admitted, person

pytestmark = pytest.mark.django_db
OFFER = json.dumps({"type": "offer", "sdp": "v=0"})


def fresh(visit):
    return VideoVisit.objects.get(appointment=visit)


def kinds():
    rows = Event.objects.filter(kind__startswith="telehealth.").order_by("id")
    return [kind.removeprefix("telehealth.") for kind in rows.values_list("kind", flat=True)]


def hears(place, *, session, at):
    return queries.hear(
        place.participant_id, place.secret, session=session, told=(), chat_after=0, at=at
    )


class TestPreparing:
    def test_only_a_visit_by_video_has_a_room(self):
        visit = scheduling.appointment()

        with pytest.raises(actions.NotByVideo):
            actions.enter(appointment_id=visit.pk, language="en", at=make.early(visit))

    @pytest.mark.parametrize(
        ("wrong", "fields"),
        [
            ({"state": "Ontario"}, ["state"]),
            ({"address": " "}, ["address"]),
            ({"callback": "5"}, ["callback"]),
            ({"state": "", "address": "", "callback": ""}, ["state", "address", "callback"]),
        ],
    )  # fmt: skip
    def test_a_place_that_cannot_be_is_refused_and_nothing_is_kept(self, wrong, fields):
        visit = make.appointment()

        with pytest.raises(actions.NotSaid) as refused:
            actions.say_where(
                officer=None, appointment_id=visit.pk, at=make.early(visit), **make.WHERE | wrong
            )

        assert list(refused.value.fields) == fields
        assert not VideoVisit.objects.filter(appointment=visit).exists()

    def test_the_text_agreed_to_is_of_the_state_where_the_patient_is(self):
        visit = make.appointment()
        everywhere, iowa = make.text(), make.text("IA")
        newer = make.text("IA", valid_from=visit.local_day, version="2")
        make.text("IA", valid_from=visit.local_day + timedelta(days=1), version="3")
        at = make.early(visit)
        where = {"officer": None, "appointment_id": visit.pk, "at": at} | make.WHERE

        actions.say_where(**where | {"state": "IA"})
        for other in (everywhere, iowa):
            with pytest.raises(actions.NoText):
                actions.agree(
                    officer=None, appointment_id=visit.pk, text_id=other.pk, language="es", at=at
                )
        for _twice in range(2):
            actions.agree(
                officer=None, appointment_id=visit.pk, text_id=newer.pk, language="es", at=at
            )
        actions.say_where(**where)

        row = Consent.objects.get()
        assert (row.text, row.language) == (newer, "es")
        of_wisconsin = queries.of(visit.pk, clinician_id=None, at=at)
        assert Item.CONSENT in of_wisconsin.still_open

    def test_what_was_agreed_to_can_never_be_changed(self):
        make.waiting()

        for rows in (ConsentText.objects, Consent.objects):
            with pytest.raises(Exception, match="append"), transaction.atomic():
                rows.update(id=1000)

    def test_an_officer_may_write_it_down_for_the_patient(self):
        visit, ana = make.appointment(), access.officer("ana-2")
        at = make.early(visit)

        actions.identify(officer=ana, appointment_id=visit.pk, at=at)
        actions.say_where(officer=ana, appointment_id=visit.pk, at=at, **make.WHERE)

        row = fresh(visit)
        assert (row.identified_by_id, row.located_state) == (ana.pk, "WI")
        assert list(
            Event.objects.filter(kind="telehealth.located").values_list("by_id", flat=True)
        ) == [ana.pk]
        with pytest.raises(PermissionDenied):
            actions.identify(
                officer=access.officer("paul", roles=("privacy",)), appointment_id=visit.pk, at=at
            )


class TestEntering:
    def test_the_room_opens_an_hour_before_and_not_on_another_day(self):
        visit = make.appointment()

        for at in (visit.starts_at - timedelta(minutes=61), visit.ends_at + timedelta(hours=4)):
            with pytest.raises(NotNow):
                actions.enter(appointment_id=visit.pk, language="en", at=at)
        actions.enter(
            appointment_id=visit.pk, language="en", at=visit.starts_at - timedelta(minutes=60)
        )

        assert fresh(visit).state == "waiting"

    def test_another_device_takes_the_place_over_and_the_first_holds_it_no_more(self):
        visit, first = make.waiting()

        second = actions.enter(appointment_id=visit.pk, language="en", at=make.early(visit))

        assert second.participant_id == first.participant_id
        at = make.early(visit)
        assert queries.seat(first.participant_id, first.secret, at=at) is None
        assert queries.seat(second.participant_id, second.secret, at=at) is not None

    def test_who_leaves_the_waiting_room_is_not_here(self):
        visit, place = make.waiting()

        actions.leave(participant=person(place), at=make.early(visit))

        assert fresh(visit).state == "not_open"

    def test_an_invitation_is_used_once(self):
        visit, _place = make.waiting()
        at, ana = make.early(visit), access.officer("ana-2")
        token = actions.invite(
            officer=ana, appointment_id=visit.pk, role=Role.INTERPRETER, language="es", at=at
        )

        place = actions.accept(token=token, name=" Rosa  Díaz ", language="es", at=at)

        assert person(place).name == "Rosa Díaz"
        with pytest.raises(NoPlace, match="over"):
            actions.accept(token=token, name="Somebody", language="es", at=at)
        assert bytes(person(place).link) != token.encode()

    def test_a_locked_room_and_a_full_one_take_nobody_new(self):
        visit, linh, *_people = admitted()
        at = make.early(visit)
        tokens = [
            actions.invite(
                officer=linh, appointment_id=visit.pk, role=Role.FAMILY, language="en", at=at
            )
            for _number in range(4)
        ]

        actions.lock(officer=linh, appointment_id=visit.pk, closed=True, at=at)
        with pytest.raises(NoPlace, match="is_locked"):
            actions.accept(token=tokens[0], name="Eve", language="en", at=at)
        actions.lock(officer=linh, appointment_id=visit.pk, closed=False, at=at)
        for token in tokens[:2]:
            actions.accept(token=token, name="Eve", language="en", at=at)
        with pytest.raises(NoPlace, match="full"):
            actions.accept(token=tokens[2], name="Eve", language="en", at=at)

    def test_who_is_taken_out_holds_no_place_any_more(self):
        visit, linh, *_people = admitted()
        at = make.early(visit)
        token = actions.invite(
            officer=linh, appointment_id=visit.pk, role=Role.FAMILY, language="en", at=at
        )
        place = actions.accept(token=token, name="Eve", language="en", at=at)
        session = make.opened(place, 3, at=at)

        actions.remove(
            officer=linh, appointment_id=visit.pk, participant_id=place.participant_id, at=at
        )

        assert hears(place, session=session, at=at) == "removed"
        with pytest.raises(NoPlace):
            actions.accept(token=token, name="Eve", language="en", at=at)

    @pytest.mark.django_db(transaction=True)
    def test_a_link_used_while_somebody_is_taken_out_of_the_visit_waits_and_is_worth_nothing(self):
        visit, _place = make.waiting()
        at, ana = make.early(visit), access.officer("ana-2")
        token = actions.invite(
            officer=ana, appointment_id=visit.pk, role=Role.FAMILY, language="en", at=at
        )
        guest = Participant.objects.get(role=Role.FAMILY)

        def comes():
            try:
                actions.accept(token=token, name="Eve", language="en", at=at)
            except NoPlace as refused:
                return refused.why
            finally:
                connection.close()
            return "in"

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                VideoVisit.objects.select_for_update().get(appointment=visit)
                coming = pool.submit(comes)
                sleep(0.5)  # until it waits for the visit
                actions.remove(officer=ana, appointment_id=visit.pk, participant_id=guest.pk, at=at)
            assert coming.result(timeout=10) == "over"


class TestAdmitting:
    def test_a_gate_with_nothing_open_lets_the_patient_in(self):
        visit, linh, _patient, host = admitted()

        row = fresh(visit)
        assert (row.state, row.clinician) == ("admitted", visit.clinician)
        assert host.officer_id == linh.pk
        assert GateItem.objects.filter(visit=row, overridden=False).count() == len(Item)

    def test_what_is_open_is_named_and_nothing_is_written(self):
        visit = make.appointment()
        at = make.early(visit)
        actions.enter(appointment_id=visit.pk, language="en", at=at)

        with pytest.raises(GateOpen) as gate:
            actions.admit(
                officer=make.host(visit),
                appointment_id=visit.pk,
                reasons={Item.IDENTITY: "I know her voice"},
                at=at,
            )

        assert gate.value.items == tuple(item for item in Item if item is not Item.IDENTITY)
        assert fresh(visit).state == "waiting"
        assert not GateItem.objects.exists()

    def test_each_open_item_goes_by_for_a_reason_that_is_kept(self):
        visit, _place = make.waiting(state="Iowa")
        linh = make.host(visit)

        actions.admit(
            officer=linh,
            appointment_id=visit.pk,
            reasons={Item.LICENCE: "Compact privilege, number to follow"},
            at=make.early(visit),
        )

        passed = GateItem.objects.get(overridden=True)
        assert (passed.item, passed.reason) == ("licence", "Compact privilege, number to follow")
        assert passed.by_id == linh.pk
        assert Event.objects.get(kind="telehealth.admitted").data["overridden"] == "licence"

    def test_the_licence_asked_for_is_of_who_admits_and_holds_on_that_day(self):
        visit, _place = make.waiting(state="Iowa")
        made = make.licence(visit.clinician, "IA", valid_until=visit.local_day)
        at = make.early(visit)
        who = {"clinician_id": visit.clinician_id, "at": at}

        assert queries.of(visit.pk, **who).still_open == (Item.LICENCE,)
        made.valid_until += timedelta(days=1)
        made.save()
        assert queries.of(visit.pk, **who).still_open == ()
        other = scheduling.facility.clinician("Other")
        assert queries.of(visit.pk, clinician_id=other.pk, at=at).still_open == (Item.LICENCE,)

    def test_the_form_signed_for_the_visit_is_consent_unless_the_state_has_words_of_its_own(self):
        visit = make.appointment()
        at, linh = make.early(visit), make.host(visit)
        forms.ship(at)
        actions.identify(officer=None, appointment_id=visit.pk, at=at)
        actions.enter(appointment_id=visit.pk, language="en", at=at)

        def still_open():
            return queries.of(visit.pk, clinician_id=linh.clinician_id, at=at).still_open

        def signs(visit_id):
            row = records.begin(
                hand=forms.hand(), patient_id=visit.patient_id, visit_id=visit_id, at=at,
                form_id=forms.form("telehealth_consent").pk,
            )  # fmt: skip
            records.take_on_paper(hand=forms.hand(), filling_id=row.pk, on=visit.local_day, at=at)

        signs(None)  # for no visit, so not for this one
        actions.say_where(officer=None, appointment_id=visit.pk, at=at, **make.WHERE)
        assert still_open() == (Item.CONSENT,)
        signs(visit.pk)
        assert still_open() == ()
        actions.admit(officer=linh, appointment_id=visit.pk, reasons={}, at=at)
        assert fresh(visit).state == "admitted"

        make.text("WI")
        assert still_open() == (Item.CONSENT,)

    def test_the_database_itself_admits_nobody_past_an_open_gate(self):
        visit, _place = make.waiting()
        row = fresh(visit)
        row.state, row.clinician = "admitted", visit.clinician

        with pytest.raises(IntegrityError, match="the gate is open"), transaction.atomic():
            row.save()
        for item in Item:
            GateItem.objects.create(visit=row, item=item, at=make.early(visit), by_id=1)
        VideoVisit.objects.filter(pk=row.pk).update(emergency_address="")
        row.emergency_address = ""
        with pytest.raises(IntegrityError, match="the gate is open"), transaction.atomic():
            row.save()

    def test_the_database_itself_knows_what_follows_what(self):
        visit, _place = make.waiting()
        actions.end(officer=make.host(visit), appointment_id=visit.pk, at=make.early(visit))

        for state in ("waiting", "admitted"):
            with pytest.raises(IntegrityError, match="does not follow"), transaction.atomic():
                VideoVisit.objects.update(state=state)

    def test_an_earlier_clinician_has_no_power_over_a_colleagues_call(self):
        visit, linh, _patient, host = admitted()
        at = make.early(visit)
        actions.leave(participant=host, at=at)
        colleague = access.officer("noor", roles=("clinician",), location=visit.location)
        colleague.clinician = scheduling.facility.clinician("Noor")
        colleague.save()
        make.licence(colleague.clinician)
        actions.admit(officer=colleague, appointment_id=visit.pk, reasons={}, at=at)

        actions.leave(participant=host, at=at)
        with pytest.raises(NotNow):
            actions.come_back(officer=linh, appointment_id=visit.pk, at=at)

        host.refresh_from_db()
        assert (host.device, host.session) == (None, "")
        assert fresh(visit).state == "admitted"

    def test_who_sees_no_patients_lets_nobody_in(self):
        visit, _place = make.waiting()
        without = access.officer("cliff", roles=("clinician",))
        asked = {"appointment_id": visit.pk, "reasons": {}, "at": make.early(visit)}

        with pytest.raises(actions.NotAClinician):
            actions.admit(officer=without, **asked)
        with pytest.raises(PermissionDenied):
            actions.admit(officer=access.officer("ana-2"), **asked)

    @pytest.mark.django_db(transaction=True)
    def test_two_clinicians_at_once_admit_once(self):
        visit, _place = make.waiting()
        linh = make.host(visit)
        at = make.early(visit)

        def admit(_number):
            try:
                actions.admit(officer=linh, appointment_id=visit.pk, reasons={}, at=at)
            except NotNow:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(admit, range(4))) == 1
        assert kinds().count("admitted") == 1


def test_who_is_before_in_the_building_counts_as_who_waits_by_video():
    visit, _place = make.waiting()
    clinic = scheduling.appointment(
        clinician=visit.clinician,
        location=visit.location,
        starts_at=visit.starts_at - timedelta(minutes=30),
    )
    at = make.early(visit)

    assert queries.waiting(visit, at=at) == (0, 10)
    arrivals.encounter(appointment=clinic, at=at)

    assert queries.waiting(visit, at=at) == (1, 20)


def test_every_change_is_one_event_with_whom_it_is_about():
    visit, linh, patient, _host = admitted()
    actions.go_on_by_phone(participant=patient, reason=Phone.SOUND, at=make.early(visit))
    actions.end(officer=linh, appointment_id=visit.pk, at=make.early(visit))

    assert kinds() == [
        "identified", "located", "agreed", "entered", "admitted", "came", "came", "by_phone",
        "ended",
    ]  # fmt: skip
    rows = Event.objects.filter(kind__startswith="telehealth.").exclude(kind="telehealth.came")
    assert {row.patient_id for row in rows} == {visit.patient_id}
    assert {row.data["visit_id"] for row in rows} == {visit.pk}
