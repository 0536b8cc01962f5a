import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from almoner.edges import card
from almoner.ground import outbox
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.ledger import actions, jobs, queries
from almoner.ledger.actions import cards
from almoner.ledger.models import Journal, Payment
from almoner.ledger.rules import Account
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db


def taken():
    return queries.account_balances().get(Account.CARD_CLEARING, 0)


def test_a_card_is_charged_once_and_the_money_is_in_the_ledger(ana, cy, processor):
    before = processor.charges

    payment = make.completed_card(ana, cy, 2_500)

    assert payment.state == "completed"
    assert payment.card_brand == "VISA"
    assert len(payment.card_last_four) == 4
    assert processor.charges == before + 1
    assert taken() == 2_500
    assert queries.balance_of(cy.pk).credit == 2_500
    assert Event.objects.filter(kind="ledger.paid", patient_id=cy.pk).count() == 1


def test_the_payment_and_its_key_are_written_before_the_processor_hears_of_it(ana, cy):
    payment = make.card_payment(ana, cy)

    assert payment.state == "asked"
    assert Outgoing.objects.get().key == payment.key


@pytest.mark.parametrize(
    ("cents", "outcome"),
    [
        (2_501, ("declined", "insufficient funds")),
        (2_502, ("cancelled", "the customer cancelled")),
    ],
)
def test_a_card_that_is_not_taken_moves_no_money(ana, cy, processor, cents, outcome):
    payment = make.completed_card(ana, cy, cents)

    assert (payment.state, payment.trouble) == outcome
    assert taken() == 0


@pytest.mark.parametrize("cents", [2_503, 2_505, 2_510])
def test_money_taken_without_an_answer_is_unknown_until_it_is_looked_up(ana, cy, processor, cents):
    before = processor.charges

    payment = make.deliver(make.card_payment(ana, cy, cents))
    unknown = payment.state
    with pytest.raises(actions.Unresolved):
        make.card_payment(ana, cy, cents)
    payment = make.settled(payment)

    assert unknown == "unknown"
    assert Outgoing.objects.get().state == Outgoing.State.UNKNOWN
    assert payment.state == "completed"
    assert processor.charges == before + 1
    assert taken() == cents


def test_a_request_that_never_arrived_is_cancelled_before_anybody_says_so(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_504))
    unknown = payment.state

    payment = make.settled(payment)
    late = card.charge(key=payment.key, cents=2_500, reference="", device="")

    assert (unknown, payment.state) == ("unknown", "failed")
    assert "Nothing was charged" in payment.trouble
    assert late.status == card.Status.CANCELLED
    assert taken() == 0


def test_when_the_processor_cannot_be_reached_nothing_was_charged(ana, cy, settings):
    settings.CARD_PROCESSOR_URL = "http://127.0.0.1:9"

    payment = make.deliver(make.card_payment(ana, cy))

    assert payment.state == "failed"
    assert "Nothing was charged" in payment.trouble
    assert Outgoing.objects.get().state == Outgoing.State.FAILED


def test_an_outage_at_the_processor_leaves_the_outcome_unknown_and_later_resolves(
    ana, cy, processor
):
    processor.outage(60)
    payment = make.deliver(make.card_payment(ana, cy))
    first = payment.state
    processor.outage(0)
    payment = make.settled(payment)

    assert (first, payment.state) == ("unknown", "failed")


def test_a_worker_that_dies_after_sending_leaves_a_payment_that_is_found_again(
    ana, cy, processor, monkeypatch
):
    payment = make.card_payment(ana, cy)

    def die(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cards, "adopt", die)
    with pytest.raises(KeyboardInterrupt):
        actions.send_card(payment_id=payment.pk, at=make.NOON)
    monkeypatch.undo()
    payment.refresh_from_db()
    crashed = payment.state
    with pytest.raises(outbox.Refused):
        actions.send_card(payment_id=payment.pk, at=make.NOON)
    payment = make.settled(payment)

    assert (crashed, payment.state) == ("sent", "completed")
    assert taken() == payment.cents


@pytest.mark.parametrize("kind", ["payment", "refund"])
def test_what_a_worker_that_died_never_sent_was_never_charged(ben, cy, processor, kind):
    before = processor.charges
    row = make.card_payment(ben, cy)
    if kind == "refund":
        payment = make.settled(make.deliver(row))
        row = actions.refund(
            officer=ben, payment_id=payment.pk, cents=100, reason="x", key="rd", at=make.NOON
        )
        before = processor.charges
    Outgoing.objects.filter(key=row.key).update(state=Outgoing.State.SENDING)

    waiting = make.settled(row, tries=1).state
    row = make.settled(make.deliver(row))

    assert (waiting, row.state) == ("asked", "failed")
    assert "never sent" in row.trouble
    assert processor.charges == before


def test_the_same_page_sent_twice_is_one_payment(ana, cy):
    first = make.card_payment(ana, cy, key="page")
    second = make.card_payment(ana, cy, key="page")

    assert first == second
    assert Outgoing.objects.count() == 1


@pytest.mark.parametrize("other", [{"cents": 2_600}, {"visit_id": 8}, {"for_item": "statement:1"}])
def test_the_same_page_with_other_facts_is_refused(ana, cy, other):
    make.card_payment(ana, cy, key="page")

    with pytest.raises(actions.KeyReused):
        make.card_payment(ana, cy, **{"cents": 2_500, "key": "page"} | other)


def test_a_second_officer_is_told_the_co_pay_was_just_paid(ana, ben, cy, processor):
    make.completed_card(ana, cy, seen=0)

    with pytest.raises(actions.JustPaid) as refused:
        make.card_payment(ben, cy, seen=0)
    again = make.card_payment(ben, cy, seen=refused.value.payment.pk)

    assert refused.value.payment.asked_by == ana
    assert again.state == "asked"


def test_an_officer_gives_up_before_anything_was_sent(ana, cy, processor):
    before = processor.charges
    payment = make.card_payment(ana, cy)

    actions.give_up_card(officer=ana, payment_id=payment.pk, at=make.NOON)
    payment = make.deliver(payment)

    assert payment.state == "cancelled"
    assert processor.charges == before


def test_an_officer_gives_up_while_the_customer_searches_for_the_card(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))

    payment = actions.give_up_card(officer=ana, payment_id=payment.pk, at=make.NOON)
    asked = payment.state
    payment = actions.withdraw_card(payment_id=payment.pk, at=make.NOON)

    assert (asked, payment.state) == ("sent", "cancelled")


def test_giving_up_too_late_takes_the_money_into_the_books(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))
    processor.press(payment.key, "approve")

    payment = actions.withdraw_card(payment_id=payment.pk, at=make.NOON)

    assert payment.state == "completed"
    assert taken() == 2_509


def test_another_amount_than_asked_settles_nothing(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))

    payment = actions.adopt(
        payment_id=payment.pk, answer=make.answer(payment, "COMPLETED", cents=1), at=make.NOON
    )

    assert payment.state == "unknown"
    assert "another amount" in payment.trouble
    assert taken() == 0


def test_money_that_moved_after_all_is_believed_over_what_we_said_before(ana, cy, processor):
    payment = make.completed_card(ana, cy, 2_501)

    payment = actions.adopt(
        payment_id=payment.pk, answer=make.answer(payment, "COMPLETED"), at=make.NOON
    )

    assert payment.state == "completed"
    assert taken() == 2_501


def test_the_minutes_round_finds_what_everybody_forgot(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_503))

    jobs.resolve(timestamp=0)

    assert Payment.objects.get(pk=payment.pk).state == "completed"


def queued(task):
    """Jobs of this name that wait to be run."""
    jobs_of = ProcrastinateJob.objects.filter(task_name=task, status="todo")
    return [job.args for job in jobs_of]


def test_the_database_itself_holds_one_unresolved_card_payment_for_a_visit(ana, cy):
    first = make.card_payment(ana, cy)
    facts = {"location": first.location, "method": "card", "asked_at": make.NOON, "asked_by": ana}

    for visit_id in (first.visit_id, None):
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Payment.objects.bulk_create(
                Payment(key=key, patient=cy, visit_id=visit_id, cents=9, state=state, **facts)
                for key, state in (("a", "sent"), ("b", "unknown"))
            )
        assert violated(refused.value, "payment_one_unresolved")


@pytest.mark.parametrize("status", ["PENDING", "DECLINED", "COMPLETED"])
def test_news_about_a_settled_payment_changes_nothing(ana, cy, processor, status):
    payment = make.completed_card(ana, cy)

    actions.adopt(payment_id=payment.pk, answer=make.answer(payment, status), at=make.NOON)
    actions.resolve_card(payment_id=payment.pk, at=make.NOON)
    actions.withdraw_card(payment_id=payment.pk, at=make.NOON)

    payment.refresh_from_db()
    assert payment.state == "completed"
    assert Journal.objects.filter(source="payment").count() == 1
    assert actions.look_now(officer=ana, payment_id=payment.pk) is False


def test_a_declined_payment_stays_declined_whatever_else_is_said_but_paid(ana, cy, processor):
    payment = make.completed_card(ana, cy, 2_501)

    payment = actions.adopt(
        payment_id=payment.pk, answer=make.answer(payment, "CANCELLED"), at=make.NOON
    )

    assert payment.state == "declined"


def test_when_cancelling_gets_no_answer_the_outcome_is_unknown(ana, cy, processor, settings):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))
    settings.CARD_PROCESSOR_URL = "http://127.0.0.1:9"

    payment = actions.withdraw_card(payment_id=payment.pk, at=make.NOON)

    assert payment.state == "unknown"


def test_a_payment_not_yet_sent_is_not_looked_up(ana, cy):
    payment = make.card_payment(ana, cy)

    assert actions.resolve_card(payment_id=payment.pk, at=make.NOON).state == "asked"
    assert actions.withdraw_card(payment_id=payment.pk, at=make.NOON).state == "asked"


def test_after_sending_the_worker_looks_again_until_it_is_settled(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))
    first = queued("ledger.follow_card")

    jobs.follow_card(row_id=payment.pk, looks=1)
    processor.press(payment.key, "approve")
    jobs.follow_card(row_id=payment.pk, looks=2)

    assert first == [{"row_id": payment.pk, "looks": 1}]
    assert [job["looks"] for job in queued("ledger.follow_card")] == [1, 2]
    assert Payment.objects.get(pk=payment.pk).state == "completed"


def test_after_many_looks_only_the_minutes_round_is_left(ana, cy, processor):
    payment = make.deliver(make.card_payment(ana, cy, 2_509))

    jobs.follow_card(row_id=payment.pk, looks=60)

    assert len(queued("ledger.follow_card")) == 1


def test_a_payment_explains_a_look_by_who_made_it(ana, cy, processor):
    by_card = make.completed_card(ana, cy)
    waiting = make.card_payment(ana, cy, visit_id=8)

    assert queries.evidence_of_payment(by_card.pk).made_by_id is None
    assert queries.evidence_of_payment(waiting.pk).made_by_id == ana.pk
    assert queries.evidence_of_payment(0) is None
