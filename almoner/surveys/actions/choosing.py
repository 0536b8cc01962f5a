"""After a visit: who is asked, the text that asks, and the one reminder."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from almoner.arrivals.models import Encounter
from almoner.ground import events, outbox
from almoner.ground.constraints import violated
from almoner.ground.language import language_for
from almoner.ground.locks import hold
from almoner.ground.turns import in_turn
from almoner.patients.rules.details import age
from almoner.relations import actions as relations
from almoner.relations.models import Message
from almoner.relations.rules import TextKind, day_text
from almoner.surveys import queries, rules
from almoner.surveys.models import Rule, Survey
from almoner.surveys.rules import Dropped

Way = Callable[[int, str, datetime], str]
_ways: list[Way] = []


def answered_at(way: Way) -> None:
    """Register where patients answer: the visit, their language and the time give an address."""
    _ways.append(way)


@transaction.atomic
def choose(*, appointment_id: int, at: datetime) -> Survey | None:
    """Settle whether the patient of a visit that is over is asked how it was, and when.

    Once a visit, however often this runs (constraint). None when no rule says so, when it is not
    in the share that is asked, or when they were asked too short a time ago.
    """
    visit = (
        Encounter.objects.select_for_update(of=("self",))
        .select_related("appointment", "patient")
        .get(appointment=appointment_id)
    )
    rule = queries.applying(visit) if queries.is_over(visit) and _may_be_asked(visit) else None
    version = queries.in_use(rule.questionnaire_id) if rule else None
    if rule is None or version is None:
        return None
    if not rules.in_sample(appointment_id, rule_id=rule.pk, share=rule.share):
        return None
    ask_at = at + timedelta(minutes=rule.after_minutes)
    _one_at_a_time(visit.patient_id)
    try:
        with transaction.atomic():
            return Survey.objects.create(
                appointment_id=appointment_id, patient_id=visit.patient_id, version=version,
                rule=rule, clinician_id=visit.clinician_id, location_id=visit.location_id,
                visit_type_id=visit.appointment.visit_type_id, way=queries.way_of(visit),
                visit_on=visit.service_date, peace=_peace(rule, ask_at), chosen_at=at,
                ask_at=ask_at, language=language_for(visit.patient.language),
            )  # fmt: skip
    except IntegrityError as error:
        for known in ("survey_once_a_visit", "survey_patient_left_in_peace"):
            if violated(error, known):
                return None
        raise


def _one_at_a_time(patient_id: int) -> None:
    """Two that meet in an exclusion constraint may wait for each other, and one dies of it."""
    hold("survey", patient_id)


def _may_be_asked(visit: Encounter) -> bool:
    """Grown, and alive: a child's phone is a parent's, and the dead are asked nothing."""
    born = visit.patient.birth_date
    grown = born is not None and age(born, on=visit.service_date) >= rules.ADULT
    return grown and not visit.patient.deceased


def _peace(rule: Rule, ask_at: datetime) -> DateTimeTZRange:
    """Even without a pause it holds the instant itself, so that it meets an earlier one's."""
    since, until = rules.left_in_peace(ask_at, timedelta(days=rule.pause_days))
    return DateTimeTZRange(since, until, "[]" if since == until else "[)")


def ask(*, at: datetime) -> int:
    """Ask whoever is to be asked by now; how many texts were queued.

    Each is its own transaction. Raises an ExceptionGroup of what failed once all had their turn.
    """
    return in_turn(queries.to_ask(at=at), lambda each: _ask(each, at=at), named="survey")


@transaction.atomic
def _ask(survey_id: int, *, at: datetime) -> int:
    row = _locked(survey_id)
    if row.message_id or row.dropped or row.ask_at > at:
        return 0
    visit = Encounter.objects.get(appointment=row.appointment_id)
    if not queries.is_over(visit):
        return _drop(row, Dropped.TAKEN_BACK)
    if rules.too_late(row.ask_at, at=at):
        return _drop(row, Dropped.TOO_LATE)
    link = _link(row, at)
    if not link:
        return _drop(row, Dropped.NO_LINK)
    row.message = _text(row, rules.ASKS, link, at=at)
    if row.message is None:
        return _drop(row, Dropped.NO_CONSENT)
    row.closes_at = at + timedelta(days=row.rule.open_days)
    row.remind_at = at + timedelta(days=row.rule.remind_days) if row.rule.remind_days else None
    row.save(update_fields=["message", "closes_at", "remind_at"])
    _record(row, "asked", at=at)
    return 1


def remind(*, at: datetime) -> int:
    """Remind, once, whoever has not finished; how many texts were queued. Raises as `ask` does."""
    return in_turn(queries.to_remind(at=at), lambda each: _remind(each, at=at), named="survey")


@transaction.atomic
def _remind(survey_id: int, *, at: datetime) -> int:
    row = _locked(survey_id)
    if row.reminder_id or row.finished_at or row.dropped:
        return 0
    link = _link(row, at)
    row.reminder = _text(row, rules.ASKS_AGAIN, link, at=at) if link else None
    if row.reminder is None:
        return _drop(row, Dropped.NO_CONSENT if link else Dropped.NO_LINK)
    row.save(update_fields=["reminder"])
    _record(row, "reminded", at=at)
    return 1


def withdraw(row: Survey, *, at: datetime) -> None:
    """Have nothing leave any more that asks about this visit; the caller holds the row."""
    texts = (each.outgoing_id for each in (row.message, row.reminder) if each)
    outbox.withdraw(list(filter(None, texts)), at=at)


def _locked(survey_id: int) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("rule")
    return rows.get(pk=survey_id)


def _link(row: Survey, at: datetime) -> str:
    return next(filter(None, (way(row.appointment_id, row.language, at) for way in _ways)), "")


def _text(row: Survey, text: TextKind, link: str, *, at: datetime) -> Message | None:
    return relations.ask(
        patient_id=row.patient_id,
        visit_id=row.appointment_id,
        text=text,
        facts=lambda language: {"day": day_text(row.visit_on, language), "link": link},
        step=f"{text.code}-{row.appointment_id}",
        at=at,
    )


def _drop(row: Survey, why: Dropped) -> int:
    row.dropped = why
    row.save(update_fields=["dropped"])
    return 0


def _record(row: Survey, verb: str, *, at: datetime) -> None:
    events.record(
        f"surveys.{verb}", at=at, by=None, about=row, patient_id=row.patient_id,
        location_id=row.location_id, visit_id=row.appointment_id,
    )  # fmt: skip
