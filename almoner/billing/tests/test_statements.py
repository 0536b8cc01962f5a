"""Statements: the patient's part only, to who answers for it, closed when it is paid."""

from datetime import date, timedelta

import pytest

from almoner.access.queries import WorkItem, reason_for
from almoner.access.tests import make as access
from almoner.billing import actions, queries, reactions
from almoner.billing.models import Statement, StatementTerms
from almoner.billing.rules import statements
from almoner.billing.tests import make
from almoner.facility.models import Organisation
from almoner.ground import paper
from almoner.ground.models import Event, Outgoing
from almoner.ledger import actions as money
from almoner.ledger import queries as ledger
from almoner.ledger import rules as shapes
from almoner.patients.tests import make as patients
from almoner.patients.tests.make import Phone
from almoner.relations.rules import texts

pytestmark = pytest.mark.django_db


def owing(patient=None, cents=3_000, *refused):
    """Cy's claim is answered: this much is the patient's, perhaps the second line refused."""
    claim = make.sent(patient)
    make.post(
        make.era(
            make.answer(claim, (("PR", "1", cents),), refused),
            envelope=claim.pk,
            trace=f"EFT{claim.pk}",
        )
    )
    return claim.patient


def issue(patient, at=make.LATER):
    return actions.issue_statement(officer=make.biller(), patient_id=patient.pk, at=at)


def pay(patient, cents):
    money.post(
        kind=shapes.Kind.PAYMENT,
        source="test",
        external_id=f"pay-{patient.pk}-{cents}",
        lines=shapes.patient_payment(
            cents, method=shapes.Method.CHECK, patient_id=patient.pk, visit_id=None,
            debts=ledger.debts_of(patient.pk),
        ),
        effective_date=make.DAY,
        at=make.LATER,
    )  # fmt: skip
    reactions.close_statements(Event(patient_id=patient.pk))


def test_a_statement_asks_for_the_share_and_not_for_what_the_payer_refused_at_its_cost():
    cy = owing(None, 3_000, ("CO", "197", 3_500))

    statement = issue(cy)

    assert statement.cents == 3_000
    [line] = statement.lines
    assert (line["charged"], line["insurance_paid"], line["owed"]) == (15_500, 9_000, 3_000)
    assert (statement.issued_date, statement.due_date) == (date(2026, 3, 9), date(2026, 4, 8))
    assert bytes(statement.pdf).startswith(b"%PDF")
    assert statement.number.startswith("S-2603-")


def test_a_returned_check_is_owed_again_on_the_next_statement_and_so_is_its_fee():
    cy, biller = owing(None, 3_000), make.biller()
    taking = money.Taking(
        key="check", patient_id=cy.pk, visit_id=None, cents=3_000, location=make.location()
    )
    check = money.take_check(officer=biller, taking=taking, number="1041", at=make.LATER)

    money.bounce_check(
        officer=biller, payment_id=check.pk, fee_cents=2_500, reason="no funds", at=make.LATER
    )

    statement = issue(cy)
    owed = {line["clinician"]: (line["patient_paid"], line["owed"]) for line in statement.lines}
    assert statement.cents == 5_500
    assert sorted(owed.values()) == [(0, 2_500), (0, 3_000)]
    assert [line["charged"] for line in statement.lines if line["owed"] == 2_500] == [2_500]


def test_a_parent_is_billed_for_the_child():
    cy = patients.patient()
    kit = patients.patient(given="Kit", birth_date=date(2018, 5, 6))
    type(kit).objects.filter(pk=kit.pk).update(guarantor=cy)
    owing(kit)

    statement = issue(kit)

    assert statement.guarantor == cy
    assert statement.lines[0]["patient_name"] == "Kit Garcia"


def test_spanish_is_written_to_who_speaks_it():
    cy = patients.patient(language="es-MX")
    type(cy).objects.filter(pk=cy.pk).update(language="es-MX")
    cy.emails.create(address="cy@example.org")

    statement = issue(owing(cy))

    assert statement.language == "es"
    assert statements.words("es").keys() == statements.words("en").keys()
    assert "su estado" in Outgoing.objects.get(channel="email").payload["subject"]


def test_an_email_says_that_a_statement_is_there_and_not_what_it_says():
    cy = patients.patient()
    cy.emails.create(address="cy@example.org")

    statement = issue(owing(cy))

    [letter] = Outgoing.objects.filter(channel="email")
    assert statement.way == "email"
    assert letter.payload["to"] == "cy@example.org"
    assert statement.number in letter.payload["body"]
    assert "30" not in letter.payload["body"].replace(statement.number, "")


def patients_reach_us(monkeypatch, where="https://clinic.example/my/bills/"):
    monkeypatch.setattr("almoner.billing.actions.statements._read_at", [lambda: where])


@pytest.mark.parametrize(
    ("language", "leads"), [("en", "Sign in to read and pay it"), ("es", "Entre para leerlo")]
)
def test_where_patients_reach_us_the_message_leads_to_the_account_and_to_the_desk(
    monkeypatch, language, leads
):
    patients_reach_us(monkeypatch)
    cy = patients.patient(language=language)
    cy.emails.create(address="cy@example.org")

    statement = issue(owing(cy))

    [letter] = Outgoing.objects.filter(channel="email")
    assert f"{leads}" in letter.payload["body"]
    assert "https://clinic.example/my/bills/ " in letter.payload["body"]
    assert Organisation.objects.get().phone[-4:] in letter.payload["body"]
    assert statement.number not in letter.payload["body"]
    assert "30" not in letter.payload["body"]


def test_who_has_no_email_is_texted_where_it_is_read_and_gets_the_paper_too(monkeypatch):
    patients_reach_us(monkeypatch)
    cy = patients.patient(phones=(Phone("+16085550173", may_text=True),))

    statement = issue(owing(cy))

    [text] = Outgoing.objects.filter(channel="sms")
    assert "https://clinic.example/my/bills/" in text.payload["body"]
    assert "$" not in text.payload["body"]
    assert statement.way == "print"


@pytest.mark.parametrize(
    ("where", "may"), [("", True), ("https://clinic.example/my/bills/", False)]
)
def test_nobody_is_texted_without_their_leave_or_a_place_to_lead_to(monkeypatch, where, may):
    patients_reach_us(monkeypatch, where)
    cy = patients.patient(phones=(Phone("+16085550173", may_text=may),))

    issue(owing(cy))

    assert not Outgoing.objects.filter(channel="sms").exists()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", [statements.TOLD, statements.TOLD_ONLINE])
def test_the_words_are_short_plain_and_tell_of_nobodys_health(kind, language):
    subject, words = kind.shipped[language]

    found = texts.lint(kind, language, subject=subject, body=words, english=kind.shipped["en"][1])

    assert found.findings == ()


def test_our_phone_stands_on_paper_and_in_the_email_as_people_write_it(monkeypatch):
    make.organisation()
    Organisation.objects.update(phone="+16085550100")
    cy = patients.patient()
    cy.emails.create(address="cy@example.org")
    printed, pdf = [], paper.pdf

    def printing(template, *, data, at):
        printed.append(data)
        return pdf(template, data=data, at=at)

    monkeypatch.setattr(paper, "pdf", printing)
    issue(owing(cy))

    assert "calling (608) 555-0100." in Outgoing.objects.get(channel="email").payload["body"]
    assert printed[0]["from"]["lines"][-1] == "(608) 555-0100"


@pytest.mark.parametrize("cents", [0, 499])
def test_no_statement_for_nothing_or_next_to_nothing(cents):
    cy = owing(None, cents) if cents else make.sent().patient

    with pytest.raises(actions.NoStatementDue):
        issue(cy)

    assert not Statement.objects.exists()


def test_terms_in_force_on_the_day_decide():
    StatementTerms.objects.create(
        starts=date(2026, 1, 1), smallest_cents=5_000, due_days=10, again_days=5
    )

    with pytest.raises(actions.NoStatementDue, match="smallest"):
        issue(owing())


def test_a_second_statement_waits_and_then_takes_the_place_of_the_first():
    cy = owing()
    first = issue(cy)
    with pytest.raises(actions.NoStatementDue, match="too early"):
        issue(cy)

    second = issue(cy, make.LATER + timedelta(days=30))

    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "sent")


def test_a_statement_closes_when_nothing_is_owed_any_more():
    cy = owing()
    statement = issue(cy)

    pay(cy, 1_000)
    statement.refresh_from_db()
    assert statement.state == "sent"
    pay(cy, 2_000)

    statement.refresh_from_db()
    assert statement.state == "paid"
    assert Event.objects.filter(kind="billing.statement_paid").exists()


def test_what_was_paid_ahead_lowers_what_is_asked_for():
    cy = owing()
    pay(cy, 1_000)

    statement = issue(cy)

    assert statement.cents == 2_000
    assert statement.lines[0]["patient_paid"] == 1_000


def test_all_that_are_due_are_sent_and_again_none():
    owing(patients.patient(given="Ann"))
    owing(patients.patient(given="Bob"))
    owing(patients.patient(given="Tiny"), 100)

    assert actions.issue_due(at=make.LATER) == 2
    assert actions.issue_due(at=make.LATER) == 0


def test_reading_a_statement_is_noted_as_a_look_at_its_guarantor():
    statement = issue(owing())
    reading = access.reading(make.biller())

    queries.statement(statement.pk, reading=reading)

    assert reading.patient_ids == {statement.guarantor_id}


def test_everybody_a_statement_names_is_noted_for_it():
    parent = owing()
    child = patients.patient(given="Kit", birth_date=date(2018, 5, 6))
    type(child).objects.filter(pk=child.pk).update(guarantor=parent)
    owing(child)
    statement = issue(parent)
    reading = access.reading(make.biller("carl"), work_item=WorkItem("statement", statement.pk))

    queries.statement(statement.pk, reading=reading)

    assert {line["patient_id"] for line in statement.lines} == {parent.pk, child.pk}
    assert reading.patient_ids == {parent.pk, child.pk}
    assert {reason_for(reading, one).kind for one in reading.patient_ids} == {"statement"}
