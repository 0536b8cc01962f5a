"""A visit kept from whoever pays is on no statement to them; one kept from the plan is no claim."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.arrivals import queries as arrivals
from almoner.arrivals.rules import Item
from almoner.billing import actions, queries, reactions
from almoner.billing.actions.claims import draft_claim
from almoner.billing.models import ChargeSlip, Claim, PrivateVisit, Statement
from almoner.billing.rules.claims import GONE, UNSENT, State
from almoner.billing.rules.private import Reason, is_claimed
from almoner.billing.tests import make
from almoner.coverage import actions as coverage
from almoner.coverage.models import EligibilityCheck
from almoner.edges import sms
from almoner.ground import outbox, paper
from almoner.ground.constraints import violated
from almoner.ground.models import Event, Outgoing
from almoner.ledger import actions as money
from almoner.ledger import queries as ledger
from almoner.ledger import rules as shapes
from almoner.patients import actions as people
from almoner.patients.models import Patient
from almoner.patients.rules.confidential import Ways
from almoner.patients.tests import make as patients
from almoner.relations import actions as relations

pytestmark = pytest.mark.django_db
OTHER = date(2026, 3, 3)


def desk():
    return Officer.objects.filter(username="ana").first() or access.officer("ana")


def keep(visit, *, guarantor=False, plan=False, at=make.NOON):
    return actions.keep_private(
        officer=desk(), appointment_id=visit.appointment_id, from_guarantor=guarantor,
        from_plan=plan, reason=Reason.PAID_IN_FULL, at=at,
    )  # fmt: skip


@pytest.fixture
def family():
    """Cy pays for Kit, who owes nothing yet; nobody has coverage."""
    cy = patients.patient()
    kit = patients.patient(given="Kit", birth_date=date(2010, 5, 6))
    Patient.objects.filter(pk=kit.pk).update(guarantor=cy)
    return cy, Patient.objects.get(pk=kit.pk)


def issue(patient, **facts):
    return actions.issue_statement(
        officer=make.biller(), patient_id=patient.pk, at=make.LATER, **facts
    )


def days(statement):
    return [line["service_date"] for line in statement.lines]


def sums(statement):
    return sum(line["owed"] for line in statement.lines)


def test_the_statement_of_whoever_pays_leaves_it_out_and_adds_up(family):
    cy, kit = family
    make.posted(make.encounter(kit))
    secret = make.posted(make.encounter(kit, day=OTHER)).encounter
    keep(secret, guarantor=True)

    theirs, own = issue(kit), issue(kit, private=True)

    assert (theirs.guarantor, own.guarantor) == (cy, kit)
    assert (days(theirs), days(own)) == ([make.DAY.isoformat()], [OTHER.isoformat()])
    assert theirs.cents == sums(theirs) == 15_500
    assert own.cents == sums(own) == 15_500
    assert ledger.balance_of(kit.pk).due == theirs.cents + own.cents


def test_nothing_else_owed_is_no_statement_to_whoever_pays(family):
    _cy, kit = family
    keep(make.posted(make.encounter(kit)).encounter, guarantor=True)

    with pytest.raises(actions.NoStatementDue):
        issue(kit)
    assert actions.issue_due(at=make.LATER) == 1
    assert Statement.objects.get().private


def test_the_private_one_goes_where_the_patient_asked(family, monkeypatch):
    _cy, kit = family
    visit = make.posted(make.encounter(kit)).encounter
    keep(visit, guarantor=True)
    printed, pdf = [], paper.pdf
    monkeypatch.setattr(
        paper, "pdf", lambda name, *, data, at: printed.append(data) or pdf(name, data=data, at=at)
    )
    people.ask_confidential(
        officer=desk(), patient_id=kit.pk, ways=Ways(address="PO Box 7\nPeoria IL 61602"),
        at=make.NOON,
    )  # fmt: skip

    assert issue(kit, private=True).way == "print"
    assert printed[0]["to"] == ["Kit Garcia", "PO Box 7", "Peoria IL 61602"]


@pytest.mark.parametrize(
    ("ways", "way", "letters"),
    [
        (Ways(email="kit@people.example"), "email", ["kit@people.example"]),
        (Ways(phone="+13125550144", may_text=True), "account", []),
        (Ways(), "account", []),
    ],
)
def test_and_is_told_of_there_alone(family, ways, way, letters):
    _cy, kit = family
    kit.emails.create(address="family@people.example")
    keep(make.posted(make.encounter(kit)).encounter, guarantor=True)
    people.ask_confidential(officer=desk(), patient_id=kit.pk, ways=ways, at=make.NOON)

    assert issue(kit, private=True).way == way
    told = Outgoing.objects.filter(channel="email").values_list("payload", flat=True)
    assert [each["to"] for each in told] == letters


def test_until_they_say_how_it_is_in_their_account_and_at_the_desk(family, monkeypatch):
    _cy, kit = family
    kit.emails.create(address="family@people.example")
    keep(make.posted(make.encounter(kit)).encounter, guarantor=True)
    printed, pdf = [], paper.pdf
    monkeypatch.setattr(
        paper, "pdf", lambda name, *, data, at: printed.append(data) or pdf(name, data=data, at=at)
    )

    assert issue(kit, private=True).way == "account"
    assert printed[0]["to"] == ["Kit Garcia"]
    assert not Outgoing.objects.filter(channel="email").exists()


def test_nothing_of_it_leaves_to_a_phone_that_may_be_the_familys(family, monkeypatch, settings):
    _cy, kit = family
    visit = make.encounter(kit)
    settings.SMS_URL = "http://127.0.0.1:1"
    left = []
    monkeypatch.setattr(
        sms, "send", lambda _carrier, *, to, body, report_to: left.append(to) or f"SM{len(left)}"
    )

    def leaves(step):
        relations.tell(
            patient_id=kit.pk, text="family-link", facts=lambda _: {"link": "x"}, step=step,
            visit_id=visit.appointment_id, asked_for=True, at=make.NOON,
        )  # fmt: skip
        item = Outgoing.objects.latest("id")
        outbox.try_delivery(item.pk, at=make.NOON)
        item.refresh_from_db()
        return item

    assert leaves("before").state == "sent"
    keep(visit, guarantor=True)
    assert leaves("private").trouble.startswith("The visit is kept private")
    people.ask_confidential(
        officer=desk(), patient_id=kit.pk, ways=Ways(phone="+13125550144", may_text=True),
        at=make.NOON,
    )  # fmt: skip
    assert leaves("asked").state == "sent"
    assert left == ["+13125550117", "+13125550144"]


def pays(patient, cents, *, key, visit_id=None, for_item=""):
    taking = money.Taking(
        key=key, patient_id=patient.pk, visit_id=visit_id, cents=cents, location=make.location(),
        for_item=for_item,
    )  # fmt: skip
    row = money.take_check(officer=make.biller(), taking=taking, number=key, at=make.LATER)
    reactions.close_statements(Event(patient_id=patient.pk))
    return row


def test_what_whoever_pays_has_paid_is_not_spent_on_it(family):
    _cy, kit = family
    secret = make.posted(make.encounter(kit)).encounter
    keep(secret, guarantor=True)
    make.posted(make.encounter(kit, day=OTHER))
    theirs = issue(kit)

    pays(kit, 15_500, key="1", for_item=f"statement:{theirs.pk}")

    assert queries.owed_by(theirs.guarantor_id) == []
    theirs.refresh_from_db()
    assert theirs.state == "paid"
    [left] = queries.owed_privately(kit.pk)
    assert (left.visit_id, left.owed, left.patient_paid) == (secret.appointment_id, 15_500, 0)


def test_and_what_is_paid_of_the_private_one_is_spent_on_it_alone(family):
    _cy, kit = family
    make.posted(make.encounter(kit))
    keep(make.posted(make.encounter(kit, day=OTHER)).encounter, guarantor=True)
    theirs, own = issue(kit), issue(kit, private=True)

    pays(kit, 15_500, key="1", for_item=f"statement:{own.pk}")

    assert queries.owed_privately(kit.pk) == []
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.state, theirs.state) == ("paid", "sent")
    assert sum(each.owed for each in queries.owed_by(theirs.guarantor_id)) == 15_500


def test_loose_credit_is_not_used_up_by_it(family):
    _cy, kit = family
    pays(kit, 20_000, key="ahead")
    visit = make.encounter(kit)
    keep(visit, guarantor=True)

    make.posted(visit)

    assert ledger.balance_of(kit.pk).credit == 20_000
    assert sum(each.owed for each in queries.owed_privately(kit.pk)) == 15_500


def test_taken_back_it_is_on_the_next_statement(family):
    _cy, kit = family
    visit = make.posted(make.encounter(kit)).encounter
    row = keep(visit, guarantor=True)

    actions.end_private(officer=desk(), private_id=row.pk, at=make.NOON)

    assert days(issue(kit)) == [make.DAY.isoformat()]
    with pytest.raises(actions.AskedOtherwise):
        actions.end_private(officer=desk(), private_id=row.pk, at=make.NOON)


@pytest.mark.parametrize("private", [False, True])
def test_a_statement_on_which_nothing_is_owed_any_more_stands_open_no_longer(family, private):
    _cy, kit = family
    visit = make.posted(make.encounter(kit)).encounter
    row = keep(visit, guarantor=True) if private else None
    left = issue(kit, private=private)

    if row:
        actions.end_private(officer=desk(), private_id=row.pk, at=make.NOON)
    else:
        keep(visit, guarantor=True)

    left.refresh_from_db()
    assert (left.state, left.closed_at) == ("over", make.NOON)
    assert Event.objects.get(kind="billing.statement_over").patient_id == left.guarantor_id
    pays(kit, 15_500, key="1")
    assert not Event.objects.filter(kind="billing.statement_paid").exists()


def test_one_that_was_paid_a_moment_before_is_told_as_paid(family):
    _cy, kit = family
    visit = make.posted(make.encounter(kit)).encounter
    left = issue(kit)
    pays(kit, 15_500, key="1")  # what follows a payment has not run yet

    keep(visit, guarantor=True)

    left.refresh_from_db()
    assert left.state == "paid"
    assert Event.objects.filter(kind="billing.statement_paid", about_id=left.pk).exists()


def test_kept_from_the_plan_alone_no_statement_is_over(family):
    _cy, kit = family
    visit = make.posted(make.encounter(kit)).encounter
    left = issue(kit)

    keep(visit, plan=True)

    left.refresh_from_db()
    assert left.state != "over"


def test_one_that_still_asks_for_another_visit_stands_open(family):
    _cy, kit = family
    make.posted(make.encounter(kit))
    secret = make.posted(make.encounter(kit, day=OTHER)).encounter
    theirs = issue(kit)

    keep(secret, guarantor=True)

    theirs.refresh_from_db()
    assert theirs.state == "sent"


def covered():
    cy = patients.patient()
    make.policy(cy)
    return cy


def test_a_visit_kept_from_the_plan_is_the_patients_and_no_claim():
    visit = make.encounter(covered())
    keep(visit, plan=True)

    slip = make.posted(visit)

    assert slip.policy is None
    assert not Claim.objects.exists()
    assert ledger.balance_of(visit.patient_id).owed == 15_500
    assert ledger.balance_of(visit.patient_id).insurance == 0


def test_charges_that_stand_become_the_patients_and_the_ledger_stays_balanced():
    slip = make.posted(make.encounter(covered()))
    claim = slip.claims.get()

    keep(slip.encounter, plan=True)

    claim.refresh_from_db()
    assert claim.state == State.VOID
    balance = ledger.balance_of(slip.patient_id)
    assert (balance.owed, balance.insurance) == (15_500, 0)
    assert sum(ledger.account_balances().values()) == 0
    live = ChargeSlip.objects.exclude(state="reversed").get(encounter=slip.encounter)
    assert (live.policy, live.replaces) == (None, slip)


def test_what_has_left_cannot_be_kept_from_the_plan_any_more():
    slip = make.sent(covered()).slip

    with pytest.raises(actions.ClaimedAlready):
        keep(slip.encounter, plan=True)
    assert not PrivateVisit.objects.exists()
    assert keep(slip.encounter, guarantor=True).from_guarantor


def test_the_database_takes_no_claim_of_it_whoever_drafts_one():
    cy = covered()
    slip = make.posted(make.encounter(cy))
    keep(slip.encounter, plan=True)
    live = ChargeSlip.objects.exclude(state="reversed").get(encounter=slip.encounter)

    with pytest.raises(actions.KeptFromThePlan):
        draft_claim(slip=live, policy=cy.policies.get(), officer=None, at=make.NOON)


def test_nor_such_a_wish_while_there_is_a_claim():
    slip = make.sent(covered()).slip
    with connection.cursor() as sql:
        sql.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        PrivateVisit.objects.create(
            appointment=slip.encounter.appointment, patient_id=slip.patient_id, from_plan=True,
            from_guarantor=False, reason="agreed", asked_at=make.NOON, taken_by_id=1,
        )  # fmt: skip
    assert violated(refused.value, "private_visit_not_claimed")


def test_its_plan_is_not_even_asked():
    visit = make.encounter(covered())
    keep(visit, plan=True)

    asked = coverage.ask_about_visit(
        occasion=EligibilityCheck.Occasion.ARRIVAL, appointment_id=visit.appointment_id,
        patient_id=visit.patient_id, service_type="98", service_date=visit.service_date,
        asked_at=make.NOON,
    )  # fmt: skip

    assert asked == []


def test_taken_back_its_plan_is_asked_ahead_again():
    visit = make.encounter(covered())
    coverage.expect_visit(
        appointment_id=visit.appointment_id, patient_id=visit.patient_id,
        service_date=visit.service_date, service_type="98", location_id=None,
    )  # fmt: skip
    row = keep(visit, plan=True)
    ahead = {"today": visit.service_date, "at": make.NOON}
    assert coverage.ask_ahead(**ahead) == 0

    actions.end_private(officer=desk(), private_id=row.pk, at=make.NOON)

    assert coverage.ask_ahead(**ahead) == 1


def test_check_in_asks_for_no_co_pay_of_it_and_says_who_pays():
    visit = make.encounter(covered())

    def lines():
        found = arrivals.checklist(visit.appointment_id, reading=access.reading(desk()))
        return found.lines[Item.COVERAGE].says, found.lines[Item.COPAY].says

    assert lines() == ("Nothing is known for today.", "No co-pay is known.")
    keep(visit, plan=True)

    about_plan, about_money = lines()
    assert about_plan.startswith("Kept from the plan")
    assert about_money.startswith("The patient pays this visit in full")
    assert arrivals.due(visit.appointment_id) is None


@given(st.lists(st.sampled_from(list(State)), max_size=4))
def test_only_what_never_left_is_unclaimed(states):
    assert is_claimed(states) is not (set(states) <= UNSENT | GONE)


OWED = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5_000)), max_size=5, unique_by=lambda one: one[0]
)


@given(OWED, OWED, st.integers(0, 5_000), st.sets(st.integers(1, 5)))
def test_credit_pays_what_stands_apart_from_its_own_visit_alone(debts, credits_, loose, apart):
    lines = shapes.credit_applied(
        patient_id=1,
        credits_=[*(shapes.Owed(*one) for one in credits_), shapes.Owed(None, loose)],
        debts=[shapes.Owed(*one) for one in debts],
        apart=apart,
    )

    assert sum(line.cents for line in lines) == 0
    for visit in apart:
        spent = -sum(x.cents for x in lines if x.visit_id == visit and x.cents < 0)
        assert spent <= dict(credits_).get(visit, 0)
