"""Coverage asks the demo's payers, each in its own process, over the wire."""

import subprocess
import sys
import time
from datetime import timedelta

import httpx
import pytest

from almoner.access.tests import make as access
from almoner.coverage import actions, jobs, queries
from almoner.coverage.rules import CannotTell, Collect, State, Why
from almoner.coverage.tests import make
from almoner.demo.payer.plans import BY_ID
from almoner.demo.tests.test_payer import free_port
from almoner.ground import clock
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def address():
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "almoner.demo.payer", "--port", str(port)])
    for _ in range(200):
        try:
            httpx.get(f"http://127.0.0.1:{port}/alive")
            break
        except httpx.ConnectError:
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(5)


@pytest.fixture(autouse=True)
def configured(address, settings):
    settings.CLEARINGHOUSE_URL = address


def asked(member_id, payer_id="BLUEH", **facts):
    """Ask about a visit of tomorrow and let the job put the question; what came of it."""
    plan = BY_ID[payer_id]
    payer = make.payer(payer_id, name=plan.payer, kind=plan.kind, claim_filing=plan.filing)
    policy = make.policy(
        patients.patient(), plan=make.plan(plan.plan, of=payer), member_id=member_id, **facts
    )
    now = clock.now()
    check = actions.ask(
        officer=make.clerk(),
        policy=policy,
        service_type="98",
        service_date=(now + timedelta(days=1)).date(),
        asked_at=now,
    )
    jobs.put_question(check_id=check.pk)
    return queries.check(check.pk, reading=access.reading(make.clerk()))


@pytest.mark.parametrize(("payer_id", "cents"), [("BLUEH", 2500), ("LAKES", 1500), ("STFAM", 0)])
def test_a_payer_answers_and_the_desk_knows_what_to_collect(payer_id, cents):
    page = asked("W100", payer_id)

    assert page.line.state == State.ANSWERED
    assert isinstance(page.line.decision, Collect)
    assert page.line.cents == cents


def test_a_dependent_is_known_to_the_payer():
    page = asked(
        "W101", relation="19", subscriber_family="Garcia", subscriber_given="Ana",
        subscriber_birth_date=None,
    )  # fmt: skip

    assert page.answer.dependent.given == "CY"
    assert page.line.cents == 2500


@pytest.mark.parametrize(
    ("member_id", "why"),
    [("W1C0", Why.SEVERAL_COPAYS), ("W1D0", Why.NEEDS_PRICE), ("W1I0", Why.INACTIVE),
     ("W1O0", Why.OTHER_PAYER_FIRST)],
)  # fmt: skip
def test_an_answer_that_does_not_tell_is_said_not_to(member_id, why):
    decision = asked(member_id).line.decision

    assert isinstance(decision, CannotTell)
    assert decision.why is why


@pytest.mark.parametrize(
    ("member_id", "state"),
    [("W1N0", State.REJECTED), ("W1X0", State.UNREADABLE), ("W1H0", State.FAILED)],
)
def test_what_goes_wrong_there_is_told_apart_here(member_id, state):
    assert asked(member_id).line.state == state


def test_a_payer_that_stays_silent_is_given_up(monkeypatch):
    monkeypatch.setattr(jobs, "HARD_STOP", timedelta(seconds=0.5))

    assert asked("W1T0").line.state == State.SILENT
