"""A bill far above the estimate that was given: its charges, statement and letter say so."""

from datetime import UTC, date, datetime

import pytest

from almoner.access.tests import make as access
from almoner.billing import actions, queries
from almoner.billing.models import Statement
from almoner.billing.tests import make
from almoner.billing.tests.test_estimates import give, usual
from almoner.scheduling.models import Appointment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clinic():
    make.organisation()
    make.items()


def billed(*, fee, given=True, policy=False):
    """A visit that was estimated at 155.00 and charged with this fee instead."""
    visit = make.encounter()
    if policy:
        make.policy(visit.patient)
    row = _estimate_of(visit.appointment)
    if given:
        give(row)
    lines = [actions.LineEntered("ZZ101", (1,), fee_cents=fee)]
    make.posted(visit, lines=lines)
    return visit


def _estimate_of(visit):
    """What was given before the visit, while it was still to come."""
    usual()
    Appointment.objects.filter(pk=visit.pk).update(status="booked")
    made = actions.write_estimate(
        officer=make.biller(), appointment_id=visit.pk,
        lines=[("ZZ101", 1), ("ZZ201", 1)], at=datetime(2026, 2, 20, 18, tzinfo=UTC),
    )  # fmt: skip
    Appointment.objects.filter(pk=visit.pk).update(status="arrived")
    return made


def over(visit):
    return queries.visit_charges(visit.pk, reading=access.reading(make.biller())).over


def test_charges_four_hundred_dollars_above_what_was_given_say_so():
    assert over(billed(fee=55_500)) == queries.Over(40_000, date(2026, 2, 20))


@pytest.mark.parametrize(
    "facts", [{"fee": 55_499}, {"fee": 90_000, "given": False}, {"fee": 90_000, "policy": True}]
)
def test_less_than_that_or_never_given_or_claimed_says_nothing(facts):
    assert over(billed(**facts)) is None


def test_the_statement_says_the_right_and_its_letter_too(monkeypatch):
    visit = billed(fee=56_700)
    letters = []
    monkeypatch.setattr(
        "almoner.billing.actions.statements.paper.pdf",
        lambda _template, *, data, at: letters.append(data) or b"%PDF",
    )

    row = actions.issue_statement(officer=make.biller(), patient_id=visit.patient_id, at=make.LATER)

    [line] = row.lines
    assert (line["over_cents"], line["estimated_on"]) == (41_200, "2026-02-20")
    [said] = letters[0]["disputes"]
    assert "$412.00" in said
    assert "120 days" in said


def test_a_statement_within_the_estimate_says_nothing_of_it():
    visit = billed(fee=15_500)
    row = actions.issue_statement(officer=make.biller(), patient_id=visit.patient_id, at=make.LATER)

    assert "over_cents" not in row.lines[0]
    assert Statement.objects.get() == row
