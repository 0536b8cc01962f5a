from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from almoner.access.tests import make as access_make
from almoner.ground.constraints import violated
from almoner.ground.models import Event
from almoner.ledger import actions, queries, rules
from almoner.ledger.models import Entry, Journal
from almoner.ledger.rules import Account, Kind, Method
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db
PAYER, VISIT = 3, 7


def check_deferred():
    """What a commit would check, now: tests run inside one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_claims_remittance_is_one_journal_and_leaves_the_patients_part():
    cy = make.patient()
    whose = {"patient_id": cy.pk, "visit_id": VISIT, "payer_id": PAYER}
    make.charged(cy.pk, 15_000, visit_id=VISIT, payer_id=PAYER)

    make.journal(
        [
            *rules.insurance_payment(8_000, **whose),
            *rules.contractual(4_500, **whose),
            *rules.to_patient(2_500, **whose),
        ],
        kind=Kind.REMITTANCE,
    )

    assert queries.balance_of(cy.pk) == queries.Balance(owed=2_500)
    assert queries.visit_balances([VISIT, 8]) == {
        VISIT: queries.Balance(owed=2_500),
        8: queries.Balance(),
    }
    assert sum(queries.account_balances().values()) == 0
    check_deferred()


def test_posting_the_same_again_answers_the_first_journal_and_writes_nothing():
    cy = make.patient()
    lines = rules.charge(500, patient_id=cy.pk, visit_id=VISIT, payer_id=None)

    first = make.journal(lines, external_id="twice")
    second = make.journal(list(reversed(lines)), external_id="twice", at=make.NOON + timedelta(1))

    assert first.new
    assert second == actions.Posted(first.journal_id, new=False)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    "other", [{"cents": 501}, {"on": make.DAY + timedelta(1)}, {"kind": Kind.CHARGE}]
)
def test_the_same_name_with_another_body_is_an_error_that_changes_nothing(other):
    cy = make.patient()
    facts = {"cents": 500, "on": make.DAY, "kind": Kind.TRANSFER}

    def post(cents, **named):
        lines = rules.charge(cents, patient_id=cy.pk, visit_id=VISIT, payer_id=None)
        return make.journal(lines, external_id="twice", **named)

    post(**facts)
    with pytest.raises(actions.PostedDifferently):
        post(**facts | other)

    assert Journal.objects.count() == 1


@transaction.atomic
def write_past_the_rules(patient, *amounts):
    journal = Journal.objects.create(
        kind="charge",
        source="raw",
        external_id="1",
        digest="",
        effective_date=make.DAY,
        recorded_at=make.NOON,
    )
    Entry.objects.bulk_create(
        Entry(journal=journal, account="patient_ar", cents=cents, patient=patient)
        for cents in amounts
    )
    check_deferred()


@pytest.mark.parametrize("amounts", [(), (100,), (100, -99)])
def test_the_database_itself_refuses_what_does_not_balance(amounts):
    with pytest.raises(IntegrityError) as refused:
        write_past_the_rules(make.patient(), *amounts)

    assert violated(refused.value, "journal_is_balanced")


@pytest.mark.django_db(transaction=True)
def test_nothing_can_be_added_to_a_journal_once_it_is_committed():
    cy = make.patient()
    posted = make.charged(cy.pk)
    late = [
        Entry(journal_id=posted.journal_id, account="patient_ar", cents=cents, patient=cy)
        for cents in (100, -100)
    ]

    with pytest.raises(IntegrityError) as refused:
        Entry.objects.bulk_create(late)

    assert violated(refused.value, "journal_is_closed")


@pytest.mark.parametrize("table", [Journal, Entry])
def test_a_posted_row_can_be_neither_changed_nor_deleted(table):
    make.charged(make.patient().pk)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        table.objects.update(id=0)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        table.objects.all()._raw_delete(using="default")


def test_a_mistake_is_undone_by_its_mirror_image_once():
    cy = make.patient()
    manager = access_make.officer("mo", roles=("manager",))
    posted = make.charged(cy.pk, 500)
    undo = {
        "journal_id": posted.journal_id,
        "source": "test",
        "external_id": "undo",
        "reason": "wrong patient",
        "effective_date": make.DAY,
        "at": make.NOON,
        "by": manager,
    }

    first = actions.reverse(**undo)
    again = actions.reverse(**undo)
    with pytest.raises(actions.AlreadyReversed):
        actions.reverse(**undo | {"external_id": "undo twice"})

    assert again == actions.Posted(first.journal_id, new=False)
    assert queries.balance_of(cy.pk) == queries.Balance()
    assert Event.objects.filter(kind="ledger.reversed", patient_id=cy.pk).count() == 1
    check_deferred()


def test_the_database_refuses_a_reversal_that_is_not_the_mirror_image():
    cy = make.patient()
    posted = make.charged(cy.pk, 500)
    lines = rules.reversal(rules.charge(499, patient_id=cy.pk, visit_id=1, payer_id=None))

    @transaction.atomic
    def reverse_wrongly():
        make.journal(lines, kind=Kind.REVERSAL, reverses_id=posted.journal_id)
        check_deferred()

    with pytest.raises(IntegrityError) as refused:
        reverse_wrongly()

    assert violated(refused.value, "journal_reverses_exactly")


def test_an_officer_without_the_permission_reverses_nothing():
    posted = make.charged(make.patient().pk)

    with pytest.raises(PermissionDenied):
        actions.reverse(
            journal_id=posted.journal_id,
            source="test",
            external_id="undo",
            reason="no",
            effective_date=make.DAY,
            at=make.NOON,
            by=access_make.officer(),
        )


def test_a_co_pay_taken_before_the_visit_is_billed_pays_it_later():
    cy = make.patient()
    lines = rules.patient_payment(
        2_500, method=Method.CHECK, patient_id=cy.pk, visit_id=VISIT, debts=[]
    )
    make.journal(lines, kind=Kind.PAYMENT)
    make.charged(cy.pk, 3_000, visit_id=VISIT)
    apply = {
        "patient_id": cy.pk,
        "source": "test.credit",
        "effective_date": make.DAY,
        "at": make.NOON,
    }

    before = queries.balance_of(cy.pk)
    used = actions.apply_credit(**apply, external_id="1")
    nothing = actions.apply_credit(**apply, external_id="2")

    assert (before.owed, before.credit, before.due) == (3_000, 2_500, 500)
    assert used.new
    assert nothing is None
    assert queries.balance_of(cy.pk) == queries.Balance(owed=500)


def test_ageing_counts_from_the_day_the_debt_arose_and_agrees_with_the_ledger():
    cy = make.patient()
    for days, cents in ((0, 100), (30, 200), (31, 400), (90, 800), (120, 1_600), (121, 3_200)):
        make.charged(cy.pk, cents, visit_id=1_000 + days, on=make.DAY - timedelta(days))
    make.charged(cy.pk, 5_000, visit_id=2_000, payer_id=PAYER, on=make.DAY - timedelta(45))
    whose = {"patient_id": cy.pk, "visit_id": 2_001, "payer_id": PAYER}
    make.journal(rules.insurance_payment(70, **whose), kind=Kind.REMITTANCE)

    patients, payers = queries.ageing(on=make.DAY)

    assert patients.buckets == (300, 400, 800, 1_600, 3_200)
    assert (payers.buckets, payers.credit) == ((0, 5_000, 0, 0, 0), -70)
    totals = queries.account_balances()
    assert patients.total == totals[Account.PATIENT_AR]
    assert payers.total == totals[Account.INSURANCE_AR]


def test_what_each_payer_owes_is_told_by_payer():
    cy = make.patient().pk
    make.charged(cy, 700, payer_id=3)
    make.charged(cy, 500, visit_id=2, payer_id=4)
    whose = {"patient_id": cy, "visit_id": 2, "payer_id": 4}
    make.journal(rules.contractual(500, **whose))
    make.journal(rules.provider_level(90, reason="WO", payer_id=4), kind=Kind.RECOUPMENT)

    assert queries.payer_balances() == {3: 700}
    assert queries.payer_balances(Account.RECOUPMENT) == {4: 90}


def test_balances_of_a_whole_list_take_one_query(django_assert_num_queries):
    patients = [make.patient(given=name) for name in ("Cy", "Di", "Ed")]
    make.charged(patients[0].pk, 700)

    with django_assert_num_queries(1):
        found = queries.balances_of([patient.pk for patient in patients])

    assert [found[patient.pk].owed for patient in patients] == [700, 0, 0]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["charge", "remit", "pay", "credit", "refund", "write off"]),
        st.integers(1, 50_000),
        st.integers(1, 3),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_sequence_of_acts_every_journal_and_the_whole_ledger_sum_to_zero(db, steps):
    with transaction.atomic():
        cy = make.patient().pk
        for act, cents, visit in steps:
            _act(act, cents, cy, visit)
        check_deferred()

        assert sum(queries.account_balances().values()) == 0
        ageing = {each.account: each.total for each in queries.ageing(on=make.DAY)}
        balance = queries.balance_of(cy)
        assert ageing[Account.PATIENT_AR] == balance.owed
        assert ageing[Account.INSURANCE_AR] == balance.insurance
        visits = queries.visit_balances([1, 2, 3])
        loose = sum(each.cents for each in queries.credits_of(cy) if each.visit_id is None)
        assert sum(each.due for each in visits.values()) - loose == balance.due
        transaction.set_rollback(True)


def _act(act, cents, cy, visit):
    whose = {"patient_id": cy, "visit_id": visit}
    payer = {**whose, "payer_id": PAYER}
    lines = {
        "charge": lambda: rules.charge(cents, **payer),
        "remit": lambda: [
            *rules.insurance_payment(cents // 2, **payer),
            *rules.contractual(cents // 4, **payer),
            *rules.to_patient(cents - cents // 2 - cents // 4, **payer),
        ],
        "pay": lambda: rules.patient_payment(
            cents,
            method=Method.CARD,
            patient_id=cy,
            visit_id=visit if cents % 2 else None,
            debts=queries.debts_of(cy),
        ),
        "credit": lambda: rules.credit_applied(
            patient_id=cy, credits_=queries.credits_of(cy), debts=queries.debts_of(cy)
        ),
        "refund": lambda: rules.refund_owed(cents, **whose, credits_=queries.credits_of(cy)),
        "write off": lambda: rules.given_up(cents, account=Account.BAD_DEBT, **whose),
    }[act]()
    if lines:
        make.journal(lines)
