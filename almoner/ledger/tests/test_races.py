"""Many at once, against real transactions."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from almoner.access.tests import make as access_make
from almoner.ground.models import Outgoing
from almoner.ledger import actions, queries
from almoner.ledger.models import Deposit, Journal, Payment, Refund, Undoing
from almoner.ledger.rules import Account
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act, number, *, workers=12):
    """Run ``act(i)`` in threads, each with a connection of its own; answers or exceptions."""

    def run(index):
        try:
            return act(index)
        except actions.PaymentRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(run, range(number)))


def test_a_hundred_requests_of_one_page_charge_the_card_once(processor):
    ana, cy = access_make.officer("ana"), make.patient()
    place = make.location()
    before = processor.charges

    def ask(_):
        taking = make.taking(cy, 2_500, key="page", location=place)
        return actions.ask_card(officer=ana, taking=taking, at=make.NOON).pk

    payments = at_once(ask, 100)
    item = Outgoing.objects.get()
    at_once(lambda _: make.deliver(Payment.objects.get()), 8)
    payment = make.settled(Payment.objects.get())

    assert len(set(payments)) == 1
    assert item.key == "page"
    assert payment.state == "completed"
    assert processor.charges == before + 1
    assert queries.account_balances()[Account.CARD_CLEARING] == 2_500


def test_two_officers_charging_the_same_co_pay_charge_it_once():
    officers = [access_make.officer(name) for name in ("ana", "bea")]
    cy, place = make.patient(), make.location()

    def ask(index):
        taking = make.taking(cy, 2_500, key=f"of-{index}", location=place, seen=0)
        return actions.ask_card(officer=officers[index % 2], taking=taking, at=make.NOON)

    answers = at_once(ask, 10)

    assert sum(isinstance(answer, Payment) for answer in answers) == 1
    assert sum(isinstance(answer, actions.Unresolved) for answer in answers) == 9
    assert Outgoing.objects.count() == 1


def test_cash_and_card_for_one_co_pay_at_the_same_moment_are_one_payment():
    ana, bea = access_make.officer("ana"), access_make.officer("bea")
    cy, place = make.patient(), make.location()
    make.drawer(ana)

    def pay(index):
        taking = make.taking(cy, 2_500, key=f"of-{index}", location=place, seen=0)
        if index % 2:
            return actions.ask_card(officer=bea, taking=taking, at=make.NOON)
        return actions.take_cash(officer=ana, taking=taking, tendered=2_500, at=make.NOON)

    answers = at_once(pay, 6)

    assert sum(isinstance(answer, Payment) for answer in answers) == 1


def test_one_key_for_many_patients_at_once_is_one_payment():
    ana, place = access_make.officer("ana"), make.location()
    patients = [make.patient() for _ in range(12)]

    def ask(index):
        taking = make.taking(patients[index], key="one", location=place)
        return actions.ask_card(officer=ana, taking=taking, at=make.NOON)

    answers = at_once(ask, 12)

    assert sum(isinstance(answer, Payment) for answer in answers) == 1
    assert sum(isinstance(answer, actions.KeyReused) for answer in answers) == 11


def test_many_refunds_at_once_never_give_back_more_than_was_paid():
    ben, cy = access_make.officer("ben", roles=("manager",)), make.patient()
    make.drawer(ben)
    payment = actions.take_cash(
        officer=ben, taking=make.taking(cy, 2_500), tendered=2_500, at=make.NOON
    )

    def give(index):
        return actions.refund(
            officer=ben,
            payment_id=payment.pk,
            cents=1_000,
            reason="x",
            key=f"r-{index}",
            at=make.NOON,
        )

    answers = at_once(give, 8)

    assert sum(isinstance(answer, Refund) for answer in answers) == 2
    payment.refresh_from_db()
    assert payment.refunded_cents == 2_000
    assert queries.balance_of(cy.pk).credit == 500


def test_webhook_and_look_up_at_the_same_moment_post_once(processor):
    ana, cy = access_make.officer("ana"), make.patient()
    payment = make.deliver(make.card_payment(ana, cy, 2_509))
    processor.press(payment.key, "approve")

    at_once(lambda _: actions.resolve_card(payment_id=payment.pk, at=make.NOON).state, 12)

    assert Journal.objects.filter(source="payment").count() == 1
    assert queries.account_balances()[Account.CARD_CLEARING] == 2_509


def test_posting_one_journal_from_many_sides_at_once_posts_it_once():
    cy = make.patient().pk
    lines = actions.journals.rules.charge(500, patient_id=cy, visit_id=1, payer_id=None)

    answers = at_once(lambda _: make.journal(lines, external_id="one"), 24)

    assert sum(posted.new for posted in answers) == 1
    assert len({posted.journal_id for posted in answers}) == 1
    assert queries.balance_of(cy).owed == 500


WORKER = """
import django; django.setup()
from almoner.ledger import actions
from almoner.ground import clock, outbox
from almoner.ground.models import Outgoing
import almoner.ledger.jobs
print("ready", flush=True)
outbox.try_delivery(Outgoing.objects.get().pk, at=clock.now())
"""


@pytest.mark.parametrize("cents", [2_500, 2_503, 2_505, 2_510])
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3])
def test_a_worker_killed_at_any_moment_loses_nothing_and_charges_once(processor, cents, seconds):
    ana, cy = access_make.officer("ana"), make.patient()
    payment = make.card_payment(ana, cy, cents)
    before = processor.charges
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/almoner?", f"/{name}?")
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        env=os.environ
        | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
            "ALMONER_CARD_PROCESSOR_URL": processor.url,
            "ALMONER_CARD_PROCESSOR_TOKEN": "a token",
        },
    )
    assert worker.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    if seconds > 0.2:
        assert Outgoing.objects.get().attempts == 1  # the killed one had begun

    make.deliver(payment)  # the worker that is started in its place
    payment = make.settled(payment)

    assert payment.state in {"completed", "failed"}
    charged = processor.charges - before
    assert charged == (1 if payment.state == "completed" else 0)
    assert queries.account_balances().get(Account.CARD_CLEARING, 0) == charged * cents


def test_officers_marking_one_check_as_returned_reverse_it_once():
    ben = access_make.officer("ben", roles=("biller",), location=make.location())
    cy = make.patient()
    make.charged(cy.pk, 2_500, visit_id=7)
    check = actions.take_check(officer=ben, taking=make.taking(cy), number="1", at=make.NOON)

    answers = at_once(
        lambda _: actions.bounce_check(
            officer=ben, payment_id=check.pk, fee_cents=2_000, reason="no funds", at=make.NOON
        ),
        12,
    )

    assert sum(isinstance(answer, Undoing) for answer in answers) == 1
    assert queries.balance_of(cy.pk).due == 4_500
    assert sum(queries.account_balances().values()) == 0


def test_a_check_goes_into_one_deposit_or_is_undone_never_both():
    mo = access_make.officer("mo", roles=("manager",), location=make.location())
    place = make.location()
    check = actions.take_check(
        officer=mo, taking=make.taking(make.patient()), number="1", at=make.NOON
    )

    def act(index):
        if index % 2:
            return actions.undo_payment(officer=mo, payment_id=check.pk, reason="x", at=make.NOON)
        return actions.prepare_deposit(
            officer=mo, location=place, drawer_ids=[], check_ids=[check.pk], at=make.NOON
        )

    answers = at_once(act, 12)

    assert sum(isinstance(answer, Undoing | Deposit) for answer in answers) == 1
