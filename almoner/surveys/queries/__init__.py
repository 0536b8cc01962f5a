"""Surveys: whom to ask, what is asked, what was answered and what it comes to."""

from almoner.surveys.queries.answering import Given, Sheet, answerable, sheet
from almoner.surveys.queries.answers import SHOWN, answers, evidence, of_patient, one
from almoner.surveys.queries.choosing import (
    applying,
    are_sent,
    in_use,
    is_over,
    to_ask,
    to_remind,
    way_of,
    without_case,
)
from almoner.surveys.queries.designs import (
    Design,
    SurveyLine,
    design,
    locations,
    newest,
    survey_lines,
    visit_types,
)
from almoner.surveys.queries.results import BY, DAYS, choices, figures, filters

__all__ = [
    "BY",
    "DAYS",
    "SHOWN",
    "Design",
    "Given",
    "Sheet",
    "SurveyLine",
    "answerable",
    "answers",
    "applying",
    "are_sent",
    "choices",
    "design",
    "evidence",
    "figures",
    "filters",
    "in_use",
    "is_over",
    "locations",
    "newest",
    "of_patient",
    "one",
    "sheet",
    "survey_lines",
    "to_ask",
    "to_remind",
    "visit_types",
    "way_of",
    "without_case",
]
