"""Visits by video as staff sees them: the board of today, and one of them whole."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import orjson
from django.db import connection
from django.http import Http404

from almoner.access.queries import Reading, WorkItem
from almoner.ground.language import language_for
from almoner.patients.models import Patient
from almoner.patients.queries import wording
from almoner.telehealth import rules
from almoner.telehealth.queries.handing import Paying, paying_as
from almoner.telehealth.rules import Facts, Item, State

MOST = 200
"""Visits on the board; a day of one organisation by video."""


@dataclass(frozen=True, slots=True)
class Line:
    """One visit by video. ``still_open`` is what its gate asks for."""

    appointment_id: int
    visit_id: int | None
    patient_id: int
    name: str
    birth_date: date | None
    interpreter: str
    clinician_id: int
    clinician: str
    visit_type: str
    location: str
    local_day: date
    local_time: time
    starts_at: datetime
    ends_at: datetime
    status: str
    state: State
    state_since: datetime | None
    locked: bool
    facts: Facts
    still_open: tuple[Item, ...]
    note: str
    word: str
    test: dict[str, str]
    by_phone_at: datetime | None
    by_phone_reason: str
    here: tuple[str, ...]
    paying: Paying
    tested_at: datetime | None
    rung_at: datetime | None
    rung_ended: str

    @property
    def key(self) -> str:
        return f"video-{self.appointment_id}"

    @property
    def trouble(self) -> list[str]:
        return rules.trouble(self.test)

    @property
    def untried(self) -> list[str]:
        return rules.untried(self.test)

    @property
    def to_be_rung(self) -> bool:
        """Whether somebody could still help by phone with what the test found."""
        over = self.state is State.ENDED or self.seen_otherwise or self.by_phone_at
        return bool(self.trouble) and not over

    @property
    def rung(self) -> bool:
        """Whether we called since the test."""
        return bool(self.rung_at and self.tested_at and self.rung_at >= self.tested_at)

    @property
    def seen_otherwise(self) -> bool:
        """Whether the patient was seen after all without having come by video."""
        return self.state is State.NOT_OPEN and self.status == "completed"

    @property
    def waits_since(self) -> datetime | None:
        return self.state_since if self.state is State.WAITING else None


# Consent is what was agreed to of the text in force where the patient is; or the form that they
# signed for this visit, unless that state has words of its own, which the form has not.
# The clinician whose licence counts is who looks, when they see patients; else who is booked.
VISITS = """
SELECT visit.id, video.id, patient.id,
       coalesce(nullif(patient.name_used, ''), patient.given) || ' ' || patient.family,
       patient.birth_date, CASE WHEN patient.interpreter_needed THEN patient.language ELSE '' END,
       visit.clinician_id, clinician.given || ' ' || clinician.family, kind.name, place.short_name,
       visit.local_day, visit.local_time, visit.starts_at, visit.ends_at, visit.status,
       coalesce(video.state, 'not_open'), video.state_since, coalesce(video.locked, false),
       video.identified_at IS NOT NULL, coalesce(video.located_state, ''), video.located_at,
       coalesce(video.emergency_address, ''), coalesce(video.callback, ''),
       EXISTS (SELECT FROM telehealth_consent consent
                WHERE consent.visit_id = video.id AND consent.text_id = (
                      SELECT text.id FROM telehealth_consenttext text
                       WHERE text.state IN (video.located_state, '')
                         AND text.valid_from <= visit.local_day
                       ORDER BY text.state DESC, text.valid_from DESC LIMIT 1))
       OR video.located_state <> '' AND EXISTS (
           SELECT FROM records_filling filling JOIN records_form form ON form.id = filling.form_id
            WHERE form.code = 'telehealth_consent' AND filling.visit_id = visit.id
              AND filling.patient_id = visit.patient_id AND filling.state IN ('signed', 'on_paper'))
          AND NOT EXISTS (SELECT FROM telehealth_consenttext text
                           WHERE text.state = video.located_state
                             AND text.valid_from <= visit.local_day),
       EXISTS (SELECT FROM facility_licence licence
                WHERE licence.clinician_id = coalesce(%(clinician)s, visit.clinician_id)
                  AND licence.state = video.located_state
                  AND licence.valid_from <= visit.local_day
                  AND coalesce(licence.valid_until > visit.local_day, true)),
       coalesce(video.note, ''), coalesce(video.word, ''),
       coalesce(video.test, '{}')::text, video.by_phone_at,
       coalesce(video.by_phone_reason, ''),
       coalesce((SELECT array_agg(person.role ORDER BY person.id)
                   FROM telehealth_participant person
                  WHERE person.visit_id = video.id AND person.removed_at IS NULL
                    AND person.away_at IS NULL AND person.seen_at > %(seen_since)s), '{}'),
       coalesce(paying.state, ''), coalesce(paying.cents, 0), video.tested_at, rung.at,
       coalesce(rung.disposition, '')
  FROM scheduling_appointment visit
  JOIN patients_patient patient ON patient.id = visit.patient_id
  JOIN facility_clinician clinician ON clinician.id = visit.clinician_id
  JOIN facility_visittype kind ON kind.id = visit.visit_type_id
  JOIN facility_location place ON place.id = visit.location_id
  LEFT JOIN telehealth_videovisit video ON video.appointment_id = visit.id
  LEFT JOIN LATERAL (
        SELECT payment.state, payment.cents FROM ledger_payment payment
         WHERE payment.patient_id = visit.patient_id AND payment.visit_id = visit.id
           AND payment.method = 'card'
         ORDER BY payment.id DESC LIMIT 1) paying ON true
  LEFT JOIN LATERAL (
        SELECT call.at, call.disposition FROM relations_call call
         WHERE call.patient_id = visit.patient_id AND call.visit_id = visit.id
           AND NOT call.incoming
         ORDER BY call.id DESC LIMIT 1) rung ON true
 WHERE kind.by_video
"""
TODAY = f"""{VISITS}
   AND visit.local_day BETWEEN %(day)s::date - 1 AND %(day)s::date + 1
   AND visit.local_day = (%(at)s AT TIME ZONE visit.time_zone)::date
   AND visit.status IN ('booked', 'arrived', 'completed')
 ORDER BY visit.status = 'completed' OR coalesce(video.state, 'not_open') = 'ended',
       visit.starts_at, visit.id
 LIMIT %(most)s
"""
ONE = f"{VISITS} AND visit.id = %(appointment)s"


def board(*, reading: Reading) -> list[Line]:
    """Everybody seen by video today, what is over last. One query; all count as seen."""
    found = _asked(TODAY, reading.officer.clinician_id, reading.at, most=MOST)
    reading.saw(line.patient_id for line in found)
    return found


def line(appointment_id: int, *, reading: Reading) -> Line:
    """One visit by video, its patient noted as seen for it. Raises Http404. One query."""
    found = of(appointment_id, clinician_id=reading.officer.clinician_id, at=reading.at)
    reading.saw_about(WorkItem("appointment", found.appointment_id), found.patient_id)
    return found


def of(appointment_id: int, *, clinician_id: int | None, at: datetime) -> Line:
    """One visit by video as somebody who would admit it has it. Raises Http404. One query.

    For actions, and for pages of the patient themselves.
    """
    found = _asked(ONE, clinician_id, at, appointment=appointment_id)
    if not found:
        raise Http404
    return found[0]


def spoken(patient_id: int) -> str:
    """The language a patient is spoken to in, of those our words are written in. One query."""
    known = Patient.objects.filter(pk=patient_id).values_list("language", flat=True).first()
    return language_for(known or "")


def _asked(statement: str, clinician_id: int | None, at: datetime, **facts: Any) -> list[Line]:
    facts |= {
        "clinician": clinician_id,
        "at": at,
        "day": at.date(),
        "seen_since": at - rules.SILENT_AFTER,
    }
    used = {name: value for name, value in facts.items() if f"%({name})s" in statement}
    with connection.cursor() as sql:
        sql.execute(statement, used)
        return [_line(row, at=at) for row in sql.fetchall()]


def _line(row: tuple[Any, ...], *, at: datetime) -> Line:
    (
        appointment_id, visit_id, patient_id, name, born, interpreter, clinician_id, clinician,
        kind, place, local_day, local_time, starts_at, ends_at, status, state, since, locked,
        identified, located_state, located_at, emergency, callback, consented, licensed, note, word,
        test,
        phone_at, phone_why, here, pay_state, pay_cents,
        tested_at, rung_at, rung_ended,
    ) = row  # fmt: skip
    facts = Facts(identified, located_state, located_at, emergency, callback, consented, licensed)
    return Line(
        appointment_id=appointment_id,
        visit_id=visit_id,
        patient_id=patient_id,
        name=name,
        birth_date=born,
        interpreter=str(wording.language(interpreter)) if interpreter else "",
        clinician_id=clinician_id,
        clinician=clinician,
        visit_type=kind,
        location=place,
        local_day=local_day,
        local_time=local_time,
        starts_at=starts_at,
        ends_at=ends_at,
        status=status,
        state=State(state),
        state_since=since,
        locked=locked,
        facts=facts,
        still_open=rules.open_items(facts, at=at),
        note=note,
        word=word,
        test=orjson.loads(test),
        by_phone_at=phone_at,
        by_phone_reason=phone_why,
        here=tuple(here),
        paying=paying_as(pay_state, pay_cents),
        tested_at=tested_at,
        rung_at=rung_at,
        rung_ended=rung_ended,
    )
