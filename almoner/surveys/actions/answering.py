"""What a patient answers by the link, question by question; a low answer opens a case."""

from datetime import datetime

from django.db import transaction

from almoner.ground import events
from almoner.ground.turns import in_turn
from almoner.ground.words import gettext_noop
from almoner.relations import actions as relations
from almoner.relations import rules as conversing
from almoner.surveys import queries, rules
from almoner.surveys.actions.choosing import withdraw
from almoner.surveys.models import Answer, Survey
from almoner.surveys.rules import Dropped, Kind, Question


class NotOpen(Exception):
    """The survey was not sent, is finished, or its link is over. Nothing was kept."""


class NotAnAnswer(Exception):
    """No such question, or an answer that is none of its scale. Nothing was kept."""


@transaction.atomic
def answer(*, appointment_id: int, key: str, said: str, at: datetime) -> Survey:
    """Keep one answer; another to the same question takes its place until the survey is finished.

    The first low one opens a case in this same transaction, with the visit in it. The answer is
    kept too when no case can be opened, since its desk has no lead: then it is tried again.
    Raises NotOpen, NotAnAnswer.
    """
    row = _open(appointment_id, at=at)
    question = next((each for each in rules.read(row.version.body) if each.key == key), None)
    if question is None:
        raise NotAnAnswer
    score, words = _read(question, said)
    Answer.objects.update_or_create(
        survey=row, key=key, defaults={"kind": question.kind, "score": score, "words": words,
                                       "at": at},
    )  # fmt: skip
    facts = {} if score is None else {"score": score, "of": question.scale[-1]}
    if score is not None or words:
        _record(row, "said" if score is None else "scored", at=at, **facts)
    if row.opened_at is None:
        row.opened_at = at
        row.save(update_fields=["opened_at"])
    if score is not None and question.is_low(score) and row.low_at is None:
        row.low_at = at
        row.save(update_fields=["low_at"])
        _open_case(row, at=at)
    return row


@transaction.atomic
def finish(*, appointment_id: int, at: datetime) -> None:
    """The patient has nothing to add: the answers stay as they are. Raises NotOpen."""
    row = _open(appointment_id, at=at)
    row.finished_at = at
    row.save(update_fields=["finished_at"])
    withdraw(row, at=at)
    _record(row, "finished", at=at)


@transaction.atomic
def ask_no_more(*, appointment_id: int, at: datetime) -> None:
    """The patient wants no more surveys: none leaves from here on. Raises NotOpen."""
    row = _sent(appointment_id, at=at)
    relations.agree_to_surveys_own(patient_id=row.patient_id, given=False, at=at)
    if row.finished_at is None and not row.dropped:
        row.dropped = Dropped.NO_MORE
        row.save(update_fields=["dropped"])
    withdraw(row, at=at)


def open_missing(*, at: datetime) -> int:
    """Open the cases that could not be opened when the answers came in; how many were."""
    return in_turn(queries.without_case(), lambda each: _open_missing(each, at=at), named="survey")


@transaction.atomic
def _open_missing(survey_id: int, *, at: datetime) -> int:
    row = Survey.objects.select_for_update().get(pk=survey_id)
    if row.case_id is None:
        _open_case(row, at=at)
    return int(row.case_id is not None)


SUBJECT = gettext_noop("Low answer after a visit")


def _open_case(row: Survey, *, at: datetime) -> None:
    things = (("appointment", row.appointment_id), ("survey", row.pk))
    new = relations.New(
        kind=conversing.Kind.COMPLAINT,
        subject=SUBJECT,
        patient_id=row.patient_id,
        things=things,
    )
    try:
        with transaction.atomic():
            row.case = relations.open_by_itself(new=new, at=at)
            row.save(update_fields=["case"])
    except relations.CaseRefused as refused:
        row.case = None
        if refused.reason is not relations.CaseRefusal.NO_OWNER:
            raise


def _read(question: Question, said: str) -> tuple[int | None, str]:
    if question.kind is Kind.WORDS:
        words = said.replace("\0", "").strip()
        if len(words) > rules.LONGEST_WORDS:
            raise NotAnAnswer
        return None, words
    score = int(said) if said.isascii() and said.isdigit() and len(said) <= 2 else -1  # noqa: PLR2004 (digits of the largest)
    if score not in question.scale:
        raise NotAnAnswer
    return score, ""


def _open(appointment_id: int, *, at: datetime) -> Survey:
    row = _sent(appointment_id, at=at)
    if row.finished_at:
        raise NotOpen
    return row


def _sent(appointment_id: int, *, at: datetime) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related("version")
    row = rows.filter(appointment_id=appointment_id, closes_at__gt=at).first()
    if row is None:
        raise NotOpen
    return row


def _record(row: Survey, verb: str, *, at: datetime, **facts: int) -> None:
    events.record(
        f"surveys.{verb}", at=at, by=None, about=row, patient_id=row.patient_id,
        location_id=row.location_id, by_patient=True, visit_id=row.appointment_id, **facts,
    )  # fmt: skip
