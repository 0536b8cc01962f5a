"""A wish that comes while somebody else charges the same visit ends as one after the other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal
from time import sleep

import pytest
from django.db import connection, transaction

from almoner.billing import actions, queries
from almoner.billing.actions import charges
from almoner.billing.models import ChargeSlip, Claim
from almoner.billing.rules.claims import GONE
from almoner.billing.rules.private import Reason
from almoner.billing.tests import make
from almoner.billing.tests.test_private import covered, desk
from almoner.ledger import queries as ledger

pytestmark = pytest.mark.django_db(transaction=True)


def keep_from_the_plan(officer, slip):
    actions.keep_private(
        officer=officer, appointment_id=slip.encounter.appointment_id,
        from_guarantor=False, from_plan=True, reason=Reason.PAID_IN_FULL, at=make.NOON,
    )  # fmt: skip


def test_posting_and_asking_at_once_end_as_one_after_the_other():
    slip = make.saved(make.encounter(covered()))
    officer, biller, start = desk(), make.biller(), Barrier(2)

    def post():
        start.wait()
        try:
            actions.post_charges(officer=biller, slip=slip, version=slip.version, at=make.NOON)
        except (actions.SlipChanged, actions.KeptFromThePlan) as refused:
            return refused
        finally:
            connection.close()
        return None

    def ask():
        start.wait()
        try:
            keep_from_the_plan(officer, slip)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        done = [both.submit(post), both.submit(ask)]
        [each.result() for each in done]

    assert queries.is_kept_from_plan(slip.encounter.appointment_id)
    assert not Claim.objects.exclude(state__in=GONE).exists()
    assert ledger.balance_of(slip.patient_id).insurance == 0
    assert sum(ledger.account_balances().values()) == 0


def until_somebody_waits_for_a_row(held):
    """Until another connection waits for what this one has locked."""
    while not held.is_set():
        with connection.cursor() as sql:
            sql.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if sql.fetchone()[0]:
                return
        sleep(0.01)


def test_charges_that_are_corrected_while_they_are_waited_for_become_the_patients_too():
    slip = make.posted(make.encounter(covered()))
    biller, officer = make.biller(), desk()
    changed, over = Signal(), Signal()
    lines = [charges.entered(line) for line in slip.lines.order_by("number")]

    def correct():
        try:
            with transaction.atomic():
                charges.correct_charges(
                    officer=biller, slip=slip, diagnoses=slip.diagnoses, lines=lines,
                    because="Again", at=make.NOON,
                )  # fmt: skip
                changed.set()
                until_somebody_waits_for_a_row(over)
        finally:
            connection.close()

    def ask():
        changed.wait(30)
        try:
            keep_from_the_plan(officer, slip)
        finally:
            over.set()
            connection.close()

    with ThreadPoolExecutor(2) as both:
        done = [both.submit(correct), both.submit(ask)]
        [each.result(60) for each in done]

    assert not Claim.objects.exclude(state__in=GONE).exists()
    live = ChargeSlip.objects.exclude(state="reversed").get(encounter=slip.encounter)
    assert live.policy is None
    assert ledger.balance_of(slip.patient_id).insurance == 0
