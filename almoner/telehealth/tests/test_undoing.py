"""An end, going on by phone and a move: what is taken back, and what begins anew."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from almoner.access.tests import make as access
from almoner.ground.models import Event
from almoner.scheduling import actions as scheduling
from almoner.scheduling.tests import make as schedule
from almoner.telehealth import actions, reactions
from almoner.telehealth.actions import NotNow
from almoner.telehealth.models import VideoVisit
from almoner.telehealth.rules import Phone
from almoner.telehealth.tests import make

pytestmark = pytest.mark.django_db


def fresh(visit):
    return VideoVisit.objects.get(appointment=visit)


def moved(visit, *, kind="scheduling.moved", at=None):
    """The event of a move, as the schedule records it."""
    return Event.objects.create(
        kind=kind, at=at or make.early(visit) + timedelta(minutes=5), about_kind="appointment",
        about_id=visit.pk, patient_id=visit.patient_id, data={},
    )  # fmt: skip


class TestTakingBack:
    def test_an_end_taken_back_lets_the_patient_wait_again_with_what_they_said(self):
        visit, linh, patient, _host = make.admitted()
        at = make.early(visit)
        actions.end(officer=linh, appointment_id=visit.pk, at=at)

        actions.take_back_end(officer=linh, appointment_id=visit.pk, at=at)
        actions.come(participant_id=patient.pk, session=f"{make.PAGE}7", at=at)
        actions.admit(officer=linh, appointment_id=visit.pk, reasons={}, at=at)
        actions.end(officer=linh, appointment_id=visit.pk, at=at)

        assert fresh(visit).state == "ended"

    def test_it_is_taken_back_by_who_may_hold_visits_while_there_is_time(self):
        visit, linh, *_people = make.admitted()
        at = make.early(visit)
        asked = {"appointment_id": visit.pk, "at": at}
        with pytest.raises(NotNow):
            actions.take_back_end(officer=linh, **asked)
        actions.end(officer=linh, appointment_id=visit.pk, at=at)

        with pytest.raises(PermissionDenied):
            actions.take_back_end(officer=access.officer("ana-2"), **asked)
        with pytest.raises(NotNow):
            actions.take_back_end(officer=linh, **asked | {"at": visit.ends_at + timedelta(days=1)})

    def test_a_visit_by_phone_goes_on_by_video_after_all(self):
        visit, linh, patient, _host = make.admitted()
        at = make.early(visit)
        actions.go_on_by_phone(participant=patient, reason=Phone.CAMERA, at=at)

        actions.take_back_phone(officer=linh, appointment_id=visit.pk, at=at)

        row = fresh(visit)
        assert (row.state, row.by_phone_at, row.by_phone_reason) == ("admitted", None, "")
        with pytest.raises(NotNow):
            actions.take_back_phone(officer=linh, appointment_id=visit.pk, at=at)

    def test_whoever_took_it_to_the_phone_takes_that_back_for_some_seconds(self):
        visit, _linh, patient, host = make.admitted()
        at = make.early(visit)
        actions.go_on_by_phone(participant=patient, reason=None, at=at)

        with pytest.raises(NotNow):  # it was not theirs
            actions.undo_phone(participant=host, at=at)
        with pytest.raises(NotNow):
            actions.undo_phone(participant=patient, at=at + timedelta(seconds=16))
        actions.undo_phone(participant=patient, at=at + timedelta(seconds=9))

        row = fresh(visit)
        assert (row.by_phone_at, row.by_phone_reason, row.by_phone_role) == (None, "", "")
        assert Event.objects.filter(kind="telehealth.phone_taken_back").count() == 1
        with pytest.raises(NotNow):
            actions.undo_phone(participant=patient, at=at)

    def test_why_is_said_afterwards_and_is_the_test_s_until_then(self):
        visit, linh, patient, _host = make.admitted()
        at = make.early(visit)
        with pytest.raises(NotNow):
            actions.say_why(participant=patient, reason=Phone.SOUND, at=at)
        said = {"microphone": "failed", "network": "failed"}
        actions.keep_test(appointment_id=visit.pk, said=said, at=at)

        actions.go_on_by_phone(participant=patient, reason=None, at=at)
        assert fresh(visit).by_phone_reason == Phone.SOUND
        actions.say_why(participant=patient, reason=Phone.CONNECTION, at=at)
        actions.say_why(participant=patient, reason=Phone.CONNECTION, at=at)
        assert fresh(visit).by_phone_reason == Phone.CONNECTION
        actions.take_to_phone(officer=linh, appointment_id=visit.pk, reason=Phone.CAMERA, at=at)

        row = fresh(visit)
        assert (row.by_phone_reason, row.by_phone_role) == (Phone.CAMERA, "patient")
        assert Event.objects.filter(kind="telehealth.phone_why").count() == 2

    def test_one_press_of_the_desk_is_undone_by_the_toast(self, client):
        visit, linh, *_people = make.admitted()
        client.force_login(linh, backend="allauth.account.auth_backends.AuthenticationBackend")

        client.post(f"/video/{visit.pk}/phone/")
        assert fresh(visit).by_phone_reason == Phone.OTHER
        page = client.get(f"/video/{visit.pk}/?for=appointment:{visit.pk}").content.decode()
        assert f"/video/{visit.pk}/phone/back/?for=appointment:{visit.pk}" in page
        client.post(f"/video/{visit.pk}/phone/", {"reason": "sound"})
        assert fresh(visit).by_phone_reason == Phone.SOUND

    @pytest.mark.parametrize("name", ["video_end_back", "video_phone_back"])
    def test_what_is_not_so_is_not_taken_back_by_the_page(self, client, name):
        visit, linh, *_people = make.admitted()
        client.force_login(linh, backend="allauth.account.auth_backends.AuthenticationBackend")

        answer = client.post(f"/video/{visit.pk}/{WHERE[name]}/")

        assert answer.status_code == 302
        assert fresh(visit).state == "admitted"


WHERE = {"video_end_back": "end/back", "video_phone_back": "phone/back"}


class TestMoving:
    def test_a_visit_that_was_ended_or_by_phone_begins_anew_when_it_is_moved(self):
        visit, _place = make.waiting()
        linh, at = make.host(visit), make.early(visit)
        actions.end(officer=linh, appointment_id=visit.pk, at=at)
        ana = access.officer("ana-2")
        free = schedule.at(10)
        scheduling.move(
            officer=ana, appointment=visit, clinician=visit.clinician, location=visit.location,
            starts_at=free, asked_at=at + timedelta(minutes=1),
        )  # fmt: skip

        reactions.begin_anew(Event.objects.get(kind="scheduling.moved"))

        row = fresh(visit)
        assert (row.state, row.identified_at, row.located_state) == ("not_open", None, "")
        assert (row.emergency_address, row.callback, row.note) == ("", "", "")
        actions.enter(appointment_id=visit.pk, language="en", at=free - timedelta(minutes=10))
        assert fresh(visit).state == "waiting"

    def test_it_does_so_once_and_not_past_who_came_for_the_new_time(self, monkeypatch):
        visit, place = make.waiting()
        now = make.early(visit)
        monkeypatch.setattr(reactions.clock, "now", lambda: now + timedelta(minutes=6))
        event = moved(visit)

        reactions.begin_anew(event)
        make.prepared(visit, at=now + timedelta(minutes=7))
        make.opened(place, 1, at=now + timedelta(minutes=7))
        reactions.begin_anew(event)

        row = fresh(visit)
        assert (row.state, row.located_state) == ("waiting", "WI")

    def test_a_move_taken_back_changes_nothing(self):
        visit, _place = make.waiting()
        event = moved(visit)
        moved(visit, kind="scheduling.undone")

        reactions.begin_anew(event)

        assert fresh(visit).state == "waiting"

    def test_what_is_held_is_left_alone(self):
        visit, *_people = make.admitted()

        reactions.begin_anew(moved(visit))

        assert fresh(visit).state == "admitted"
