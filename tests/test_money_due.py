"""Money that comes another way, in a real browser, by keys: second payer, refused rest, bank."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from almoner.edges.x12 import remittance as x12
from almoner.edges.x12.writer import Envelope
from tests.test_money import looks_right
from tests.test_money_undone import asked, bring, read

pytestmark = pytest.mark.browser
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("America/Chicago"))
SECOND = """
    SELECT claim.id, first.id, claim.patient_id, slip.encounter_id
      FROM billing_claim claim
      JOIN billing_claim first ON first.slip_id = claim.slip_id AND first.rank = 1
      JOIN billing_chargeslip slip ON slip.id = claim.slip_id
     WHERE claim.rank = 2 AND claim.state = 'ready' ORDER BY claim.id DESC LIMIT 1
"""


def test_what_the_first_payer_left_goes_to_the_second_by_one_key(window, clinic):
    second, first, patient_id, encounter_id = asked(clinic, SECOND)
    ben = window("ben")
    page = ben.page
    ben.open("/claims/?group=ready")
    assert page.get_by_text("payer 2, $").first.is_visible()
    looks_right(ben, "claims-second-payer")
    ben.open(f"/claims/{first}/?for=claim:{first}")
    assert page.get_by_text("waiting for Blue Harbor Health").is_visible()
    looks_right(ben, "claim-waits-for-second")
    ben.open(f"/money/of/{patient_id}/?for=claim:{first}")
    assert page.get_by_text("waiting for Blue Harbor Health").is_visible()
    looks_right(ben, "account-waits-for-second")
    ben.open(f"/claims/visits/{encounter_id}/?for=claim:{first}")
    assert page.get_by_text("waiting for Blue Harbor Health").is_visible()
    looks_right(ben, "charges-wait-for-second")

    ben.open(f"/claims/{second}/?for=claim:{second}")
    ben.keys.forget()
    ben.press("s")
    page.get_by_role("heading", name="Answered").wait_for(timeout=90_000)

    assert ben.keys.typed == 1
    assert page.get_by_text("the payers before", exact=True).first.is_visible()
    looks_right(ben, "claim-second-answered")


def partly_wrong(trace):
    """A payer we know pays two claims under numbers nobody knows; one says a dollar too much."""
    line = x12.Line(
        procedure=x12.Procedure("HC", "ZZ101"), charged=12_000, paid=12_000,
        service_from=date(2026, 3, 2),
    )  # fmt: skip
    right = x12.Claim(
        account="RIGHT1", status="1", charged=12_000, paid=12_000, patient_share=0, lines=(line,),
        people=(x12.Person("QC", "YOUNG", "CY", id="W1"),),
    )  # fmt: skip
    wrong = replace(right, account="WRONG1", paid=12_100)
    payment = x12.Payment(
        origin="1999999999",
        payer=x12.Party("Blue Harbor Health", references=(x12.Reference("2U", "BLUEH"),)),
        payee=x12.Party("Northlight Clinic", "XX", "1234567893"),
        cents=24_000, trace=trace, paid_on=date(2026, 3, 9),
    )  # fmt: skip
    envelope = Envelope(sender="BLUEH", receiver="ALMONER", control=int(trace), sent_at=NOW)
    return x12.write_835([x12.Remittance(payment, (right, wrong))], envelope)


def test_the_rest_of_a_refused_payment_is_posted_and_the_parked_part_is_work(window, clinic):
    ben = window("ben")
    page = ben.page
    bring(ben, partly_wrong("880011"))
    row, state = read(clinic, "880011")
    assert state == "refused"
    ben.open(f"/claims/remittances/{row}/?for=remittance:{row}")
    assert page.get_by_text("1 claim of it is right").is_visible()
    looks_right(ben, "remittance-divisible")

    ben.press("o")
    page.get_by_role("dialog").wait_for()
    ben.press("Enter")
    page.get_by_text("Refused, and its right claims posted").wait_for()
    assert read(clinic, "880011") == (row, "posted")
    ben.open(f"/claims/remittances/{row}/?for=remittance:{row}")
    assert page.get_by_text("Refused, and its right claims posted").is_visible()
    looks_right(ben, "remittance-divided")

    ben.open("/claims/remittances/answers/")
    looks_right(ben, "answers-parked")
    parked = asked(
        clinic,
        "SELECT id FROM billing_remittedclaim WHERE remittance_id = %s AND state = 'parked'",
        row,
    )[0]
    ben.open(f"/claims/remittances/answers/{parked}/?for=remittance:{row}")
    assert page.get_by_text("This answer was refused").is_visible()
    looks_right(ben, "match-parked")
    ben.press("r")
    page.get_by_role("dialog").wait_for()
    ben.type("Check 4711, they asked for it")
    ben.press("Tab", "Tab", "Enter")
    page.get_by_role("heading", name="Answers to be matched").wait_for()
    left = asked(clinic, "SELECT state FROM billing_remittedclaim WHERE id = %s", parked)
    assert left == ("returned",)


def test_what_the_bank_shows_is_noted_by_keys_and_a_difference_asks_why(window, clinic):
    mara = window("mara")
    page = mara.page
    mara.open("/money/deposits/")
    mara.press("e")
    page.get_by_text("Expected from payers").wait_for()
    looks_right(mara, "money-due")
    mara.keys.forget()
    mara.press("ArrowDown", "Enter")
    page.get_by_label("Bank shows").wait_for()
    looks_right(mara, "sum-due")
    mara.press("Enter")
    page.get_by_text("Noted: the bank shows").last.wait_for()
    assert mara.keys.typed == 3

    page.locator("[data-line]").first.click()
    page.get_by_label("Bank shows").fill("1.00")
    mara.press("Enter")
    page.get_by_text("The bank shows less than announced").first.wait_for()
    looks_right(mara, "sum-due-differs")
    page.get_by_label("Why it is another sum").select_option("short")
    page.get_by_role("button", name="The bank shows this").click()
    page.get_by_text("Noted: the bank shows $1.00").last.wait_for()

    mara.open("/money/deposits/expected/?state=arrived")
    looks_right(mara, "money-arrived")
    page.get_by_text("Less than announced").first.wait_for()
    mara.open("/money/deposits/expected/?state=missing")
    looks_right(mara, "money-missing")
