"""A visit confirmed by a key in a call, from the reminder that is due to the day board."""

from datetime import timedelta

import pytest

from almoner.access.tests import make as access
from almoner.edges import voice
from almoner.facility.tests import make as facility
from almoner.ground import outbox
from almoner.patients.tests.make import Phone
from almoner.patients.tests.make import patient as a_patient
from almoner.portal import actions
from almoner.portal.tests.make import BORN, NOW
from almoner.relations import actions as relations
from almoner.relations.models import Message
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment
from almoner.scheduling.tests import make

pytestmark = pytest.mark.django_db
NUMBER = "+16085550142"
TUESDAY = make.MONDAY + timedelta(days=8)


@pytest.fixture(autouse=True)
def clinic(db, settings, monkeypatch):
    facility.organisation()
    settings.VOICE_URL = "http://127.0.0.1:1"
    settings.VOICE_WEBHOOK_URL = "https://desk.example/messages/calls/"
    monkeypatch.setattr(voice, "place", lambda *_a, **_k: "CA1")


@pytest.fixture
def visit():
    """A visit of somebody who asked to be called, nine days after it is booked."""
    person = a_patient(birth_date=BORN, phones=(Phone(NUMBER, "home", may_text=False),))
    booked = make.appointment(patient=person, starts_at=make.at(9, day=TUESDAY), asked_at=NOW)
    relations.record_consent(
        officer=access.officer("bea"), patient_id=person.pk, channel="voice", address=NUMBER,
        purpose="care", given=True, words="Please call me", at=NOW,
    )  # fmt: skip
    return booked


def called(visit):
    """The reminder of a day before, placed and picked up, and the listener has said who it is."""
    at = visit.starts_at - timedelta(hours=22)  # eleven in the morning
    assert actions.remind(steps=(24,), days=3, at=at) == 1
    message = Message.objects.get(channel="voice")
    outbox.try_delivery(message.outgoing_id, at=at)
    message.outgoing.refresh_from_db()
    relations.answer_call(outgoing=message.outgoing, carrier_id="CA1", by="human", at=at)
    return message, at


def press(message, turn, keys, at):
    return relations.press(outgoing=message.outgoing, carrier_id="CA1", turn=turn, keys=keys, at=at)


def test_a_key_confirms_the_visit_and_the_board_shows_it(visit):
    message, at = called(visit)
    read = press(message, 1, "1", at)
    assert "on Tuesday, March 10 at 9:00 AM" in read.words[0]

    thanked = press(message, 2, "1", at)

    visit.refresh_from_db()
    assert (visit.confirmed_at, thanked.digits) == (at, 0)
    assert thanked.words == ("Thank you. We expect you. Goodbye.",)


def test_a_visit_that_is_confirmed_already_offers_no_key_for_it(visit):
    message, at = called(visit)
    scheduling.confirm(appointment=visit, at=at)

    assert press(message, 1, "1", at).words[1].startswith("To hear it again, press 2.")


def test_a_time_that_was_read_and_is_another_since_is_not_confirmed(visit):
    """It moves after the words were found true and before the key has it locked."""
    message, at = called(visit)
    press(message, 1, "1", at)
    Appointment.objects.filter(pk=visit.pk).update(
        starts_at=visit.starts_at + timedelta(minutes=20),
        ends_at=visit.ends_at + timedelta(minutes=20),
    )

    said = press(message, 2, "1", at)

    visit.refresh_from_db()
    assert visit.confirmed_at is None
    assert said.words[0].endswith("Goodbye.")
    assert "appointment" not in said.words[0]


def test_a_cancelled_visit_is_not_confirmed(visit):
    message, at = called(visit)
    press(message, 1, "1", at)
    scheduling.cancel_own(appointment=visit, at=at)

    press(message, 2, "1", at)

    visit.refresh_from_db()
    assert visit.confirmed_at is None
