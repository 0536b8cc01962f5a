from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.models import AccessEvent
from almoner.access.tests import make as access
from almoner.edges import sms
from almoner.ground import events, outbox
from almoner.ground.language import PATIENTS_READ
from almoner.ground.models import Event, Outgoing
from almoner.patients.models import Email, Phone
from almoner.patients.tests import make as patients
from almoner.relations import actions, rules
from almoner.relations.models import Message

NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)


FACTS = {
    "clinician": "Linh Ng, MD",
    "clinician_id": 1,
    "location": "Lakeside",
    "local_day": "2026-12-01",
    "local_time": "14:20",
    "starts_at": "2026-12-01T20:20:00+00:00",
    "when": "Tuesday, December 1, 2026 at 2:20 PM",
    "visit_type": "New patient",
}


def changed(kind, cy, *, at=NOON, **data) -> Event:
    """An event of the one visit of this patient."""
    return events.record(
        f"scheduling.{kind}", at=at, by=None, about=cy, patient_id=cy.pk, **(FACTS | data)
    )


def booked(cy, **data) -> Event:
    return changed("booked", cy, **data)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "you are booked Tue, Dec 1 at 2:20 PM with Linh Ng, MD, Lakeside"),
        ("es-MX", "tiene cita el mar 1 dic a las 2:20 p. m. con Linh Ng, MD, Lakeside"),
        ("hmn", "you are booked Tue, Dec 1"),
    ],
)
def test_a_booking_is_confirmed_by_text_in_the_patients_language(clinic, language, expected):
    cy = patients.patient(language=language)

    (message,) = actions.tell_about_visit(event=booked(cy), at=NOON)

    assert expected in message.body
    assert (message.channel, message.address) == ("sms", "+13125550117")
    assert message.outgoing.payload["body"] == message.body


def test_a_confirmation_names_neither_the_reason_nor_the_kind_of_visit(clinic):
    (message,) = actions.tell_about_visit(event=booked(patients.patient()), at=NOON)

    assert "New patient" not in message.body


def test_the_same_event_is_told_once_however_often_the_job_runs(clinic):
    event = booked(patients.patient())

    actions.tell_about_visit(event=event, at=NOON)
    actions.tell_about_visit(event=event, at=NOON)

    assert Message.objects.count() == Outgoing.objects.count() == 1


def test_without_a_phone_that_takes_texts_the_e_mail_is_used_and_without_both_nothing_is_sent(
    clinic,
):
    cy = patients.patient()
    Phone.objects.filter(patient=cy).update(may_text=False)

    assert actions.tell_about_visit(event=booked(cy), at=NOON) == []
    Email.objects.create(patient=cy, address="cy@people.example")
    (message,) = actions.tell_about_visit(event=booked(cy), at=NOON)

    assert (message.channel, message.address) == ("email", "cy@people.example")


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (sms.NotReached("nobody there"), "waiting"),
        (sms.OutcomeUnknown("silence"), "unknown"),
        (sms.Refused("no such number"), "failed"),
        (None, "sent"),
    ],
)
def test_what_became_of_a_text_is_known_as_far_as_it_can_be(
    clinic, monkeypatch, settings, trouble, state
):
    def carrier(*_arguments, **_more):
        if trouble:
            raise trouble
        return "SM1"

    monkeypatch.setattr(sms, "send", carrier)
    settings.SMS_URL = "http://127.0.0.1:1"
    (message,) = actions.tell_about_visit(event=booked(patients.patient()), at=NOON)

    wait = outbox.try_delivery(message.outgoing_id, at=NOON)

    message.outgoing.refresh_from_db()
    assert message.outgoing.state == state
    assert (wait is not None) is (state == "waiting")


@pytest.mark.parametrize(
    ("language", "where"),
    [("en", "Ng, MD, by video, from where you are."), ("es", "por video, desde donde usted esté.")],
)
def test_of_a_visit_by_video_no_street_is_told_that_somebody_would_go_to(clinic, language, where):
    (message,) = actions.tell_about_visit(
        event=booked(patients.patient(language=language), by_video=True), at=NOON
    )

    assert where in message.body
    assert "1 Quay" not in message.body
    assert "Lakeside" not in message.body


def test_a_worker_that_died_while_sending_leaves_an_unknown_outcome_and_sends_nothing_twice(
    clinic, monkeypatch
):
    (message,) = actions.tell_about_visit(event=booked(patients.patient()), at=NOON)
    Outgoing.objects.update(state="sending")
    monkeypatch.setattr(sms, "send", lambda *_a, **_k: pytest.fail("sent twice"))

    outbox.try_delivery(message.outgoing_id, at=NOON)

    message.outgoing.refresh_from_db()
    assert message.outgoing.state == "unknown"


@given(st.times(), st.dates(), st.sampled_from(PATIENTS_READ))
def test_every_time_and_day_has_its_words(at, day, language):
    assert rules.time_text(at, language)[0] != "0"
    assert str(day.day) in rules.day_text(day, language)


@pytest.mark.parametrize(
    ("at", "words"),
    [(time(0, 5), "12:05 AM"), (time(12, 0), "12:00 PM"), (time(23, 59), "11:59 PM")],
)
def test_noon_and_midnight_are_twelve(at, words):
    assert rules.time_text(at, "en") == words


def test_nobody_without_the_permission_sees_a_timeline(client, clinic):
    cy = patients.patient()
    client.force_login(
        access.officer("dot", roles=("administrator",)),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )

    answer = client.get(f"/messages/{cy.pk}/timeline/")

    assert answer.status_code == 403
    assert not AccessEvent.objects.exists()
