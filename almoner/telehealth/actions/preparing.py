"""What is said and tried before a visit by video, by the patient or by an officer for them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.telehealth import queries, rules
from almoner.telehealth.actions.rooms import NotNow, Unsound, locked, record
from almoner.telehealth.models import Consent, VideoVisit
from almoner.telehealth.rules import State


class NotSaid(Exception):
    """What was said of the place cannot be: ``fields`` are of state, address and callback."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


class NoText(Exception):
    """There is no text to agree to in that state, or another one is in force meanwhile."""


@transaction.atomic
def identify(*, officer: Officer | None, appointment_id: int, at: datetime) -> None:
    """It is known who this is: by link and birth date, or by the officer who compared two.

    Raises PermissionDenied or NotByVideo.
    """
    _require(officer)
    visit = locked(appointment_id, at=at)
    if visit.identified_at is None:
        visit.identified_at, visit.identified_by_id = at, officer.pk if officer else None
        visit.save(update_fields=["identified_at", "identified_by_id"])
        record("identified", visit, at=at, by=officer, by_patient=officer is None)


@transaction.atomic
def say_where(
    *,
    officer: Officer | None,
    appointment_id: int,
    state: str,
    address: str,
    callback: str,
    at: datetime,
) -> None:
    """Where the patient is now, where help goes, and by which number they are reached.

    Raises PermissionDenied, NotByVideo, or NotSaid with each of them that cannot be.
    """
    _require(officer)
    code, number = rules.state_named(state), rules.number_to_call(callback)
    where = " ".join(address.split())
    said = {"state": code, "address": where, "callback": number}
    wrong = [name for name, value in said.items() if not 0 < len(value) <= rules.LONGEST_ADDRESS]
    if wrong:
        raise NotSaid(wrong)
    visit = locked(appointment_id, at=at)
    visit.located_state, visit.emergency_address = code, where
    visit.callback, visit.located_at = number, at
    visit.save(update_fields=["located_state", "emergency_address", "callback", "located_at"])
    record("located", visit, at=at, by=officer, by_patient=officer is None, state=code)


@transaction.atomic
def agree(
    *, officer: Officer | None, appointment_id: int, text_id: int, language: str, at: datetime
) -> None:
    """The patient agrees to the text in force where they are; once for each visit and text.

    Raises PermissionDenied, NotByVideo, or NoText when that is not the text in force there.
    """
    _require(officer)
    visit = locked(appointment_id, at=at)
    text = queries.consent_text(visit.located_state, on=visit.appointment.local_day)
    if text is None or text.pk != text_id:
        raise NoText
    _row, made = Consent.objects.get_or_create(
        visit=visit,
        text=text,
        defaults={
            "language": language,
            "digest": hashlib.sha256(text.words(language).encode()).digest(),
            "at": at,
            "taken_by_id": officer.pk if officer else None,
        },
    )
    if made:
        record(
            "agreed", visit, at=at, by=officer, by_patient=officer is None, version=text.version,
            state=visit.located_state,
        )  # fmt: skip


@transaction.atomic
def keep_test(*, appointment_id: int, said: Mapping[str, Any], at: datetime) -> VideoVisit:
    """What the test of camera, sound and connection came to. Raises NotByVideo."""
    visit = locked(appointment_id, at=at)
    visit.test, visit.tested_at = rules.tested(said), at
    visit.save(update_fields=["test", "tested_at"])
    record("tested", visit, at=at, by=None, by_patient=True, failed=rules.trouble(visit.test))
    return visit


@transaction.atomic
def tell_waiting(*, officer: Officer, appointment_id: int, words: str, at: datetime) -> None:
    """Tell a patient who waits something: it stands on their page until other words, or none, do.

    Raises PermissionDenied, NotByVideo; NotNow once they are let in or it is over, Unsound when it
    is too long.
    """
    _require(officer)
    said = " ".join(words.split())
    if len(said) > rules.LONGEST_REASON:
        raise Unsound
    visit = locked(appointment_id, at=at)
    if visit.state not in (State.NOT_OPEN, State.WAITING):
        raise NotNow
    if visit.word != said:
        visit.word = said
        visit.save(update_fields=["word"])
        record("told", visit, at=at, by=officer)


def _require(officer: Officer | None) -> None:
    if officer:
        access.require(officer, "telehealth.prepare")
