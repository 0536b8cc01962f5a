"""What passes in a call, what does not, and what time alone does."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from almoner.access.tests import make as access
from almoner.ground.models import Event
from almoner.telehealth import actions, queries
from almoner.telehealth.actions import NotNow, sweeping
from almoner.telehealth.models import (
    ChatLine,
    Leg,
    Participant,
    Signal,
    VideoVisit,
)
from almoner.telehealth.rules import Phone, Role
from almoner.telehealth.tests import make
from almoner.telehealth.tests.make import admitted, person

pytestmark = pytest.mark.django_db
OFFER = json.dumps({"type": "offer", "sdp": "v=0"})


def fresh(visit):
    return VideoVisit.objects.get(appointment=visit)


def kinds():
    rows = Event.objects.filter(kind__startswith="telehealth.").order_by("id")
    return [kind.removeprefix("telehealth.") for kind in rows.values_list("kind", flat=True)]


def says(sender, to, *, kind="description", body=OFFER, session=None):
    return actions.pass_on(
        participant=sender,
        session=sender.session,
        said=[{"to": to.pk, "session": session or to.session, "kind": kind, "body": body}],
        at=make.early(sender.visit.appointment),
    )


def hears(place, *, session, at):
    return queries.hear(
        place.participant_id, place.secret, session=session, told=(), chat_after=0, at=at
    )


class TestCalling:
    def test_a_signal_reaches_the_page_it_is_for(self):
        visit, place = make.waiting()
        at = make.early(visit)
        host = actions.admit(officer=make.host(visit), appointment_id=visit.pk, reasons={}, at=at)
        session = make.opened(place, 1, at=at)
        other = make.opened(host, 2, at=at)

        assert says(person(host), person(place)) == 1

        heard = hears(place, session=session, at=at)
        assert [(one["kind"], one["body"]) for one in heard.signals] == [("description", OFFER)]
        assert [one["id"] for one in heard.room["people"]] == [host.participant_id]
        assert hears(host, session=other, at=at).signals == []
        told = {one["id"] for one in heard.signals}
        again = queries.hear(
            place.participant_id, place.secret, session=session, told=told, chat_after=0, at=at
        )
        assert again.signals == []

    def test_before_somebody_is_admitted_no_signal_passes_whoever_tries(self):
        visit, place = make.waiting()
        at = make.early(visit)
        token = actions.invite(
            officer=access.officer("ana-2"),
            appointment_id=visit.pk,
            role=Role.FAMILY,
            language="en",
            at=at,
        )
        guest = actions.accept(token=token, name="Eve", language="en", at=at)
        session = make.opened(place, 1, at=at)
        make.opened(guest, 2, at=at)

        with pytest.raises(NotNow):
            says(person(guest), person(place))
        with pytest.raises(IntegrityError, match="is not admitted"), transaction.atomic():
            Signal.objects.create(
                visit=fresh(visit), sender=person(guest), sender_session="", at=at,
                to=person(place), to_session=session, kind="description", body=OFFER,
            )  # fmt: skip
        heard = hears(place, session=session, at=at)
        assert (heard.signals, heard.room["people"]) == ([], [])
        with pytest.raises(NotNow):
            actions.relay_for(person(place), at=at)
        with pytest.raises(NotNow):
            actions.write(participant=person(place), words="Hello", at=at)

    def test_when_who_admitted_leaves_everybody_waits_and_what_was_said_is_heard_by_nobody(self):
        visit, _linh, patient, host = admitted()
        says(host, patient)

        actions.leave(participant=host, at=make.early(visit))

        assert fresh(visit).state == "waiting"
        with pytest.raises(NotNow):
            says(person_of(patient), person_of(host), session=host.session)

    def test_a_page_opened_later_takes_the_place_over(self):
        visit, place = make.waiting()
        at = make.early(visit)
        first = make.opened(place, 1, at=at)

        second = make.opened(place, 2, at=at)

        assert hears(place, session=first, at=at) == "elsewhere"
        assert hears(place, session=second, at=at).room["state"] == "waiting"

    def test_what_no_browser_says_is_refused_whole(self):
        _visit, _linh, patient, host = admitted()
        good = {"to": host.pk, "session": host.session, "kind": "description", "body": OFFER}

        for wrong in (
            {"kind": "chat"}, {"body": "x"}, {"to": str(host.pk)}, {"to": patient.pk},
            {"to": True}, {"session": 5}, {"body": None},
        ):  # fmt: skip
            with pytest.raises(actions.Unsound):
                actions.pass_on(
                    participant=patient,
                    session=patient.session,
                    said=[good, good | wrong],
                    at=make.early(patient.visit.appointment),
                )
        assert not Signal.objects.exists()

    def test_to_a_page_that_closed_or_somebody_of_another_visit_nothing_is_kept(self):
        _visit, _linh, patient, host = admitted()
        other, stranger = make.waiting(make.appointment())
        make.opened(stranger, 4, at=make.early(other))

        assert says(patient, host, session=f"{make.PAGE}9") == 0
        assert says(patient, person(stranger)) == 0
        assert not Signal.objects.exists()

    def test_more_than_a_call_needs_is_too_much(self, monkeypatch):
        monkeypatch.setattr("almoner.telehealth.rules.MOST", 2)
        _visit, _linh, patient, host = admitted()

        says(patient, host)
        says(patient, host)

        with pytest.raises(actions.TooMuch):
            says(patient, host)

    def test_the_relay_is_for_who_is_in_the_call(self, settings):
        settings.TURN_URLS, settings.TURN_SECRET = ("turn:relay.example:3478",), "secret"
        visit, _linh, patient, _host = admitted()

        told = actions.relay_for(patient, at=make.early(visit))

        [server] = told["iceServers"]
        assert server["urls"] == ["turn:relay.example:3478"]
        assert server["username"].endswith(f":{patient.pk}")

    def test_the_chat_stays_with_the_visit(self):
        visit, _linh, patient, _host = admitted()

        actions.write(participant=patient, words=" 128 over 80 ", at=make.early(visit))

        assert ChatLine.objects.get().words == "128 over 80"
        with pytest.raises(Exception, match="append"), transaction.atomic():
            ChatLine.objects.update(words="120 over 80")

    def test_whoever_is_invited_reads_nothing_of_before_they_came(self):
        visit, linh, patient, _host = admitted()
        at, later = make.early(visit), make.early(visit) + timedelta(seconds=5)
        actions.write(participant=patient, words="Only for you", at=at)
        token = actions.invite(
            officer=linh, appointment_id=visit.pk, role=Role.FAMILY, language="en", at=at
        )
        guest = actions.accept(token=token, name="Eve", language="en", at=later)
        session = make.opened(guest, 3, at=later)
        actions.write(participant=patient, words="For all", at=later)

        heard = hears(guest, session=session, at=later)

        assert [one["words"] for one in heard.chat] == ["For all"]

    def test_a_page_opened_late_is_told_the_newest_lines_in_order(self, monkeypatch):
        monkeypatch.setattr("almoner.telehealth.queries.seats._MOST_LINES", 2)
        visit, place = make.waiting()
        at = make.early(visit)
        actions.admit(officer=make.host(visit), appointment_id=visit.pk, reasons={}, at=at)
        session = make.opened(place, 1, at=at)
        for words in ("One", "Two", "Three"):
            actions.write(participant=person(place), words=words, at=at)

        heard = hears(place, session=session, at=at)

        assert [one["words"] for one in heard.chat] == ["Two", "Three"]

    def test_nobody_writes_faster_than_people_type(self, monkeypatch):
        monkeypatch.setattr("almoner.telehealth.rules.MOST_LINES", 1)
        visit, _linh, patient, _host = admitted()
        at = make.early(visit)

        actions.write(participant=patient, words="One", at=at)
        with pytest.raises(actions.TooMuch):
            actions.write(participant=patient, words="Two", at=at)
        actions.write(participant=patient, words="Later", at=at + timedelta(seconds=11))

        assert ChatLine.objects.count() == 2

    def test_one_key_and_the_visit_goes_on_by_phone_for_a_reason(self):
        visit, _linh, patient, host = admitted()
        at = make.early(visit)

        actions.go_on_by_phone(participant=patient, reason=Phone.CAMERA, at=at)
        actions.go_on_by_phone(participant=host, reason=Phone.SOUND, at=at)

        row = fresh(visit)
        assert (row.by_phone_at, row.by_phone_reason, row.by_phone_role) == (
            at,
            "camera",
            "patient",
        )
        assert kinds().count("by_phone") == 1
        with pytest.raises(NotNow):
            says(person_of(patient), person_of(host))
        with pytest.raises(IntegrityError), transaction.atomic():
            VideoVisit.objects.update(by_phone_reason="")

    def test_somebody_invited_does_not_decide_that(self):
        visit, linh, *_people = admitted()
        at = make.early(visit)
        token = actions.invite(
            officer=linh, appointment_id=visit.pk, role=Role.FAMILY, language="en", at=at
        )
        guest = actions.accept(token=token, name="Eve", language="en", at=at)

        with pytest.raises(NotNow):
            actions.go_on_by_phone(participant=person(guest), reason=Phone.CAMERA, at=at)

    def test_the_quality_of_a_connection_is_one_row_that_grows(self):
        visit, _linh, patient, host = admitted()
        at = make.early(visit)
        of_host = {"to": host.pk, "session": host.session}

        for said in (
            {"candidate": "host", "first_frame_ms": 600}, {"loss": 20}, {"cause": "left"},
        ):  # fmt: skip
            actions.note_quality(
                participant=patient, legs=[of_host | said, {"to": 999_999, "session": ""}], at=at
            )

        row = Leg.objects.get()
        assert (row.candidate, row.first_frame_ms, row.loss, row.cause) == ("host", 600, 20, "left")

    def test_no_more_is_kept_of_connections_than_a_call_has(self, monkeypatch):
        monkeypatch.setattr("almoner.telehealth.rules.MOST_LEGS", 1)
        visit, _linh, patient, host = admitted()
        at = make.early(visit)
        right = {"to": host.pk, "session": host.session}

        def kept(*legs):
            actions.note_quality(participant=person_of(patient), legs=legs, at=at)
            return Leg.objects.count()

        for wrong in (
            {"to": [host.pk]}, {"to": True}, {"to": str(host.pk)}, {"to": patient.pk},
            {"session": "made up"}, {"session": ""}, {"session": None},
        ):  # fmt: skip
            assert kept(right | wrong) == 0
        assert kept(right) == 1
        again = make.opened_again(host, 8, at=at)
        assert kept({"to": host.pk, "session": again}) == 1

        Leg.objects.all().delete()
        actions.leave(participant=host, at=at)
        assert kept({"to": host.pk, "session": again}) == 0

    def test_who_has_gone_goes_once(self):
        visit, _linh, patient, _host = admitted()
        at = make.early(visit)

        for _twice in range(2):
            actions.leave(participant=patient, at=at)

        assert kinds().count("left") == 1


class TestTimeAlone:
    def test_a_room_whose_clinician_was_lost_waits_again_after_ninety_seconds(self):
        visit, _linh, _patient, host = admitted()
        at = make.early(visit)
        actions.go_away(participant_id=host.pk, session=host.session, at=at)

        actions.sweep(at=at + timedelta(seconds=60))
        assert fresh(visit).state == "admitted"
        actions.sweep(at=at + timedelta(seconds=95))
        assert fresh(visit).state == "waiting"

    def test_a_waiting_patient_who_was_lost_is_not_here_until_their_page_is_open_again(self):
        visit, place = make.waiting()
        at = make.early(visit)
        session = make.opened(place, 1, at=at)
        actions.go_away(participant_id=place.participant_id, session=session, at=at)

        actions.sweep(at=at + timedelta(seconds=80))
        assert fresh(visit).state == "waiting"
        actions.sweep(at=at + timedelta(seconds=95))
        assert fresh(visit).state == "not_open"

        make.opened(place, 1, at=at + timedelta(seconds=120))
        assert fresh(visit).state == "waiting"

    def test_who_waits_with_an_open_page_is_left_in_peace(self):
        visit, place = make.waiting()
        later = make.early(visit) + timedelta(minutes=5)
        session = make.opened(place, 1, at=make.early(visit))
        actions.stay(participant_id=place.participant_id, session=session, at=later)

        actions.sweep(at=later)

        assert fresh(visit).state == "waiting"

    def test_a_visit_by_phone_needs_no_page(self):
        visit, _linh, patient, host = admitted()
        at = make.early(visit)
        actions.go_on_by_phone(participant=patient, reason=Phone.OTHER, at=at)
        actions.go_away(participant_id=host.pk, session=host.session, at=at)

        actions.sweep(at=at + timedelta(minutes=10))

        assert fresh(visit).state == "admitted"

    def test_one_visit_that_fails_keeps_no_other_waiting(self, monkeypatch):
        first, *_people = admitted()
        other, _place = make.waiting(make.appointment())
        at = make.early(first) + timedelta(minutes=5)
        wanted = sweeping.record

        def fails(kind, visit, **facts):
            if visit.appointment_id == first.pk:
                raise ValueError
            wanted(kind, visit, **facts)

        monkeypatch.setattr(sweeping, "record", fails)
        with pytest.raises(ExceptionGroup, match="1 failed"):
            actions.sweep(at=at)

        assert (fresh(first).state, fresh(other).state) == ("admitted", "not_open")

    def test_old_signals_go(self):
        visit, _linh, patient, host = admitted()
        says(patient, host)

        actions.sweep(at=make.early(visit) + timedelta(minutes=1))
        assert Signal.objects.exists()
        actions.sweep(at=make.early(visit) + timedelta(minutes=3))
        assert not Signal.objects.exists()


def person_of(row):
    return Participant.objects.select_related("visit__appointment").get(pk=row.pk)


class TestAWordToWhoWaits:
    def told(self, visit, words, officer=None):
        actions.tell_waiting(
            officer=officer or make.host(visit), appointment_id=visit.pk, words=words,
            at=make.early(visit),
        )  # fmt: skip

    def test_it_stands_on_the_patients_page_until_it_is_taken_away(self):
        visit, place = make.waiting()
        session = make.opened(place, 1, at=make.early(visit))

        def reads():
            return hears(place, session=session, at=make.early(visit)).room["word"]

        linh = make.host(visit)
        self.told(visit, "  We are 10 minutes late. ", linh)
        assert reads() == "We are 10 minutes late."
        self.told(visit, " ", linh)
        assert reads() == ""
        assert kinds().count("told") == 2

    def test_nobody_who_was_invited_reads_it(self):
        visit, _place = make.waiting()
        linh, at = make.host(visit), make.early(visit)
        link = actions.invite(
            officer=linh, appointment_id=visit.pk, role=Role.FAMILY, language="en", at=at
        )
        guest = actions.accept(token=link, name="Rosa", language="en", at=at)
        session = make.opened(guest, 2, at=at)
        self.told(visit, "Please stay.", linh)

        assert hears(guest, session=session, at=at).room["word"] == ""

    def test_too_much_is_refused(self):
        waits, _place = make.waiting()
        with pytest.raises(actions.Unsound):
            self.told(waits, "x" * 301)

    def test_who_was_let_in_waits_no_more(self):
        visit, linh, _patient, _host = admitted(make.appointment())
        with pytest.raises(NotNow):
            self.told(visit, "Please stay.", linh)
