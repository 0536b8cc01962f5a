"""Asking a payer in a real browser: one key, and the answer comes by itself."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

INSURED = """
    SELECT policy.patient_id FROM coverage_policy policy
      JOIN coverage_plan plan ON plan.id = policy.plan_id
      JOIN coverage_payer payer ON payer.id = plan.payer_id
     WHERE payer.payer_id = %s AND policy.member_id LIKE %s AND policy.relation = '18'
       AND NOT EXISTS (SELECT FROM coverage_eligibilitycheck asked
                        WHERE asked.policy_id = policy.id)
     ORDER BY policy.patient_id LIMIT 1
"""


@pytest.fixture
def insured(clinic):
    def find(payer_id, ending=""):
        with psycopg.connect(clinic.database_url) as connection:
            row = connection.execute(INSURED, [payer_id, f"%{ending}"]).fetchone()
        assert row, f"nobody of the demo has {payer_id} with a member id ending in {ending}"
        return row[0]

    return find


def test_one_key_asks_and_the_answer_appears_without_a_touch(window, insured):
    desk = window("ana")
    desk.open(f"/coverage/patients/{insured('LAKES')}/")

    desk.press("a")

    questions = desk.page.locator("#questions")
    expect(questions).to_contain_text("$15.00", timeout=20_000)
    desk.look("coverage-answered")
    questions.get_by_role("link").first.click()
    expect(desk.page.locator(".collect")).to_contain_text("Collect now")
    desk.look("coverage-collect")
    assert desk.faults() == []


def test_an_answer_that_does_not_tell_shows_both_rows(window, insured):
    desk = window("ana")
    desk.open(f"/coverage/patients/{insured('BLUEH', 'C0')}/")
    desk.press("a")
    expect(desk.page.locator("#questions")).to_contain_text("Answered", timeout=20_000)

    desk.page.locator("#questions").get_by_role("link").first.click()

    expect(desk.page.get_by_role("heading", name=re.compile("Cannot tell"))).to_be_visible()
    expect(desk.page.locator("#rows")).to_contain_text("May be the one.")
    desk.look("coverage-cannot-tell")
    assert desk.faults() == []


def test_a_payer_that_refuses_says_who_must_mend_what(window, insured):
    desk = window("ana")
    desk.open(f"/coverage/patients/{insured('BLUEH', 'N0')}/")
    desk.press("a")
    expect(desk.page.locator("#questions")).to_contain_text("could not answer", timeout=20_000)

    desk.page.locator("#questions").get_by_role("link").first.click()

    expect(desk.page.get_by_text("The front desk mends this")).to_be_visible()
    desk.look("coverage-rejected")
    assert desk.faults() == []


def test_while_the_payer_is_silent_the_clock_is_in_sight(window, insured):
    desk = window("ana")
    desk.open(f"/coverage/patients/{insured('BLUEH', 'T0')}/")

    desk.press("a")

    desk.page.locator("#questions").get_by_role("link").first.click()
    expect(desk.page.locator(".timer")).to_be_visible()
    expect(desk.page.get_by_text("Check-in can go on")).to_be_visible()
    desk.look("coverage-waiting")
    assert desk.faults() == []
