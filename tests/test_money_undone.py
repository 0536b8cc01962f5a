"""Money that went another way, in a real browser, by keys: returned, unmatched, refused, banked."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import psycopg
import pytest

from almoner.edges.x12 import remittance as x12
from almoner.edges.x12.writer import Envelope
from tests.test_money import PATIENT, looks_right
from tests.waiting import until

pytestmark = pytest.mark.browser
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("America/Chicago"))


def asked(clinic, sql, *facts):
    with psycopg.connect(clinic.database_url) as database:
        return database.execute(sql, facts).fetchone()


@pytest.fixture
def lucia(clinic):
    """Somebody who reads Spanish and of whom nobody has taken money."""
    return asked(clinic, PATIENT.replace("'en'", "'es'"))[0]


def take_check(desk, patient_id, visit):
    desk.open(f"/money/of/{patient_id}/take/?amount=2500&visit={visit}")
    desk.page.get_by_label("Check", exact=True).check()
    desk.page.get_by_label("Check number").fill("1041")
    desk.page.get_by_role("button", name="Take payment").click()
    desk.page.get_by_role("heading", name="Recibo").wait_for()


def test_a_returned_check_is_a_key_and_a_reason_and_its_receipt_is_spanish(window, lucia):
    ben = window("ben")
    page = ben.page
    take_check(ben, lucia, 900_101)
    looks_right(ben, "receipt-spanish")
    assert page.get_by_text("Conserve este recibo").is_visible()

    ben.keys.forget()
    ben.press("r")
    page.get_by_role("heading", name="The bank returned the check").wait_for()
    looks_right(ben, "check-returned-form")
    page.get_by_label("Fee for the patient").focus()
    ben.type("25")
    ben.press("Tab")
    ben.type("insufficient funds")
    ben.press("Enter")
    page.get_by_text("The patient owes a fee of $25.00 besides").wait_for()
    looks_right(ben, "check-returned")

    assert page.get_by_text("No pagado: el banco devolvió el cheque").is_visible()
    ben.open(f"/money/of/{lucia}/")
    assert page.get_by_text("Reversal").first.is_visible()
    looks_right(ben, "account-check-returned")


def test_a_wrong_entry_is_reversed_or_moved_by_keys(window, lucia):
    ben = window("ben")
    page = ben.page
    take_check(ben, lucia, 900_102)
    ben.press("w")
    page.get_by_role("heading", name="From another patient").wait_for()
    looks_right(ben, "payment-moved-form")
    page.get_by_role("link", name="Leave it").click()
    page.get_by_role("heading", name="Recibo").wait_for()
    ben.press("e")
    page.get_by_role("heading", name="Entered by mistake").wait_for()
    looks_right(ben, "payment-undone-form")
    page.get_by_label("Why it is wrong").focus()
    ben.type("typed twice")
    ben.press("Enter")
    page.get_by_text("This payment was entered by mistake").wait_for()


def test_the_days_checks_are_brought_to_the_bank_by_keys(window, lucia):
    mara = window("mara")
    page = mara.page
    take_check(mara, lucia, 900_103)
    mara.open("/money/")
    mara.press("k")
    page.get_by_role("heading", name="Bank deposits").wait_for()
    looks_right(mara, "deposits")
    page.locator("body").click(position={"x": 2, "y": 2})
    mara.press("d")
    page.get_by_text("Prepared", exact=True).first.wait_for()
    looks_right(mara, "deposit-prepared")
    mara.press("b")
    page.get_by_text("At the bank", exact=True).wait_for()
    looks_right(mara, "deposit-brought")


CLAIM = """
    SELECT claim.number, patient.family, patient.given, claim.service_date, policy.member_id,
           line.procedure, line.charge_cents, claim.total_cents
      FROM billing_claim claim
      JOIN patients_patient patient ON patient.id = claim.patient_id
      JOIN coverage_policy policy ON policy.id = claim.policy_id
      JOIN billing_chargeline line ON line.slip_id = claim.slip_id AND line.number = 1
     WHERE claim.state IN ('sent', 'accepted', 'pending', 'paid')
       AND line.charge_cents = claim.total_cents
     ORDER BY claim.state = 'paid', claim.id DESC LIMIT 1
"""


def remittance(clinic, *, trace, wrong_by=0):
    """A payer nobody knows pays a claim of ours under a number of its own, and takes back $5."""
    number, family, given, day, member_id, procedure, charge, _ = asked(clinic, CLAIM)
    line = x12.Line(
        procedure=x12.Procedure("HC", procedure), charged=charge, paid=charge, service_from=day
    )
    claim = x12.Claim(
        account=f"OLD-{trace}", status="1", charged=charge, paid=charge, patient_share=0,
        payer_claim_number=f"ICN{trace}", lines=(line,),
        people=(x12.Person("QC", family, given, id=member_id),),
    )  # fmt: skip
    taken = x12.ProviderAdjustment("1234567893", date(2026, 12, 31), "WO", 500, "OLD17")
    payment = x12.Payment(
        origin="1777777777", payer=x12.Party("Old Harbor Mutual"),
        payee=x12.Party("Blue Harbor Clinic", "XX", "1234567893"),
        cents=charge - 500, trace=trace, paid_on=date(2026, 3, 9),
    )  # fmt: skip
    envelope = Envelope(sender="OLDHM", receiver="ALMONER", control=int(trace), sent_at=NOW)
    body = x12.write_835([x12.Remittance(payment, (claim,), (taken,))], envelope)
    if wrong_by:
        body = re.sub(rb"BPR\*I\*[0-9.]+", b"BPR*I*%d" % (charge // 100 + wrong_by), body)
    return number, body


def bring(desk, body):
    desk.open("/claims/remittances/")
    file = {"name": "old.835", "mimeType": "text/plain", "buffer": body}
    desk.page.get_by_label("835 file").set_input_files(file)
    desk.page.get_by_role("button", name="Read and post").click()
    desk.page.get_by_text("Kept. It is being read").last.wait_for()


def read(clinic, trace):
    """Wait for the job that reads the file; answers the payment's id and state."""

    def found():
        return asked(
            clinic,
            "SELECT max(id), max(state) FROM billing_remittance"
            " WHERE trace_number = %s AND state <> 'posting' HAVING count(*) > 0",
            trace,
        )

    return until(found)


def test_an_answer_that_names_no_claim_is_matched_by_one_key(window, clinic):
    number, body = remittance(clinic, trace="880001")
    ben = window("ben")
    page = ben.page
    bring(ben, body)
    row, state = read(clinic, "880001")
    assert state == "posted"
    ben.open(f"/claims/remittances/{row}/?for=remittance:{row}")
    assert page.get_by_text("Not posted yet: the payer is not known here").is_visible()
    looks_right(ben, "remittance-unmatched")

    ben.open("/claims/remittances/")
    ben.press("m")
    page.get_by_role("heading", name="Answers to be matched").wait_for()
    looks_right(ben, "answers-to-match")
    page.get_by_role("row").filter(has_text="OLD-880001").get_by_role("link").first.click()
    page.get_by_role("heading", name="Whose answer is this?").wait_for()
    looks_right(ben, "match-answer")
    first = page.locator("[id^=candidate-]").first
    assert number in first.inner_text()
    assert "✓ same member id" in first.inner_text()
    ben.keys.forget()
    ben.press("1")
    page.get_by_text(f"Posted to claim {number}.").last.wait_for()

    assert ben.keys.typed == 1
    ben.open(f"/claims/remittances/{row}/?for=remittance:{row}")
    assert page.get_by_text("Taken back by payers").is_visible()
    looks_right(ben, "remittance-matched")


def test_a_refused_payment_says_where_and_why_and_what_to_do(window, clinic):
    _number, body = remittance(clinic, trace="880002", wrong_by=7)
    ben = window("ben")
    page = ben.page
    bring(ben, body)
    row, state = read(clinic, "880002")
    assert state == "refused"

    ben.open(f"/claims/remittances/{row}/?for=remittance:{row}")

    assert page.get_by_text("Please send a corrected 835").is_visible()
    looks_right(ben, "remittance-refused")
    ben.press("n")
    page.get_by_role("dialog").wait_for()
    ben.type("They send it anew on Friday")
    ben.press("Tab", "Tab", "Enter")
    page.get_by_text("They send it anew on Friday").last.wait_for()


def test_a_claim_speaks_of_its_money_in_the_words_of_the_desk(window, clinic):
    claim_id = asked(clinic, "SELECT max(id) FROM billing_claim WHERE state = 'paid'")[0]
    ben = window("ben")

    ben.open(f"/claims/{claim_id}/?for=claim:{claim_id}")

    said = ben.page.locator("main").inner_text()
    assert "Owed by insurance" in said
    assert not re.search(r"\b(insurance_ar|patient_ar|contractual|unapplied)\b", said)
    looks_right(ben, "claim-money")
