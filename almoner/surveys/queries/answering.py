"""The survey behind a link, as whoever answers it reads it."""

from dataclasses import dataclass
from datetime import date, datetime

from almoner.surveys import rules
from almoner.surveys.models import Survey
from almoner.surveys.rules import Question


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered so far to one question."""

    question: Question
    score: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A survey as it stands: what was answered, what is asked next (None: nothing is open)."""

    id: int
    visit_on: date
    questions: tuple[Question, ...]
    given: tuple[Given, ...]
    open: Question | None
    finished: bool

    def question(self, key: str) -> Question | None:
        return next((each for each in self.questions if each.key == key), None)

    def given_to(self, key: str) -> Given | None:
        return next((each for each in self.given if each.question.key == key), None)


def answerable(appointment_id: int, *, at: datetime) -> bool:
    """Whether a visit's survey was sent and its link is still open. One query."""
    return Survey.objects.filter(appointment_id=appointment_id, closes_at__gt=at).exists()


def sheet(appointment_id: int) -> Sheet | None:
    """The survey of a visit, for the patients' role too. Two queries."""
    rows = Survey.objects.select_related("version").only(
        "id", "appointment_id", "patient_id", "visit_on", "finished_at",
        "version__id", "version__body",
    )  # fmt: skip
    row = rows.filter(appointment_id=appointment_id).first()
    if row is None:
        return None
    questions = rules.read(row.version.body)
    known = {
        each.key: each for each in row.answers.only("id", "survey_id", "key", "score", "words")
    }
    return Sheet(
        id=row.pk,
        visit_on=row.visit_on,
        questions=questions,
        given=tuple(
            Given(each, known[each.key].score, known[each.key].words)
            for each in questions
            if each.key in known
        ),
        open=rules.next_open(questions, set(known)),
        finished=row.finished_at is not None,
    )
