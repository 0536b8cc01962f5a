"""A carrier of calls, and reminders that were placed by it."""

import pytest

from almoner.access.tests import make as access
from almoner.edges import sms, voice
from almoner.patients.tests import make as patients
from almoner.patients.tests.make import Phone
from almoner.relations import queries
from almoner.relations.tests.make import CYS
from almoner.relations.tests.test_phoning.shared import BORN, agree, answer, remind, ringing
from almoner.relations.tests.test_texts import reviewed


@pytest.fixture(autouse=True)
def carrier(clinic, sent, settings, monkeypatch):
    """What was placed, as (number, where its words are asked for); the carrier names each."""
    settings.VOICE_URL = "http://127.0.0.1:1"
    settings.VOICE_WEBHOOK_URL = "https://desk.example/messages/calls/"
    settings.CALL_AGAIN = (45, 180)
    placed = []

    def place(_carrier, *, to, words_at, report_to):
        placed.append((to, words_at))
        return f"CA{len(placed)}"

    monkeypatch.setattr(voice, "place", place)
    return placed


@pytest.fixture
def cy(db):
    return patients.patient(birth_date=BORN, phones=(Phone(CYS, "home", may_text=True),))


@pytest.fixture
def unsure(clinic, ana, cy, monkeypatch):
    """A reminder of which nobody knows whether it was placed."""

    def silent(*_a, **_k):
        raise sms.OutcomeUnknown("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(voice, "place", silent)
        agree(ana, cy)
        message = ringing(remind(clinic, cy)[0])
    assert queries.is_troubled(message.pk)
    return message


@pytest.fixture
def called(clinic, ana, cy):
    """A reminder that was placed as a call, and rings."""
    agree(ana, cy)
    [message] = remind(clinic, cy)
    return ringing(message)


@pytest.fixture
def telling(clinic, ana, cy):
    """A call that would tell more than when the visit is, answered."""
    reviewed(
        access.officer("mara", roles=("manager",)),
        access.officer("ada", roles=("administrator",)),
        text="call-reminder",
        body="You have an appointment on {day} at {time} with {clinician}.",
    )
    agree(ana, cy)
    message = ringing(remind(clinic, cy)[0])
    answer(message)
    return message
