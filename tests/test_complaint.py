"""A patient complains by e-mail about a bill and a rude remark, until the letter has arrived.

Two cases come of it, with the account, the visit and the call on them; whoever had a right to see
some of it until last month sees none of it any more.
"""

import pytest
from playwright.sync_api import expect

from tests import inbox, passkeys

pytestmark = pytest.mark.browser

ADDRESS = "wrong.bill@people.example"
WORDS = "You billed me twice for one visit. And the man at the desk laughed at me when I asked."
PATIENT = """
    SELECT p.id, p.family, p.birth_date, bill.number FROM patients_patient p
      JOIN patients_email email ON email.patient_id = p.id
      JOIN billing_statement bill ON bill.guarantor_id = p.id AND bill.state = 'sent'
     WHERE NOT p.deceased AND p.language LIKE 'en%' AND email.rank = 1
       AND p.birth_date < '2000-01-01'
       AND EXISTS (SELECT FROM billing_claim claim WHERE claim.patient_id = p.id)
     ORDER BY p.id DESC LIMIT 1
"""
UNTIL_LAST_MONTH = """
    UPDATE portal_acting SET since = current_date - 90, until = current_date - 30
     WHERE patient_id = %s AND kind = 'helper'
"""
FOUR_DAYS_AGO = """
    UPDATE relations_received
       SET at = (at AT TIME ZONE 'America/Chicago' - interval '4 days')
                AT TIME ZONE 'America/Chicago'
     WHERE sender = %s
"""
ENDED = """
    SELECT c.state, c.kind, (c.closed_at AT TIME ZONE 'America/Chicago')::date
         - (g.received_at AT TIME ZONE 'America/Chicago')::date
      FROM relations_case c JOIN relations_grievance g ON g.case_id = c.id WHERE c.id = %s
"""
ENOUGH = 60_000  # ms a step may take on a machine that has other work


@pytest.fixture
def patient(clinic):
    """Somebody with a claim, a statement, and an e-mail address nobody else has."""
    found = clinic.row(PATIENT)
    clinic.rows(
        "UPDATE patients_email SET address = %s WHERE patient_id = %s AND rank = 1",
        ADDRESS,
        found[0],
    )
    return found


@pytest.fixture
def helper(chromium, clinic):
    """The phone of somebody who helps the patient; browsers make no passkey for a bare number."""
    with passkeys.phone(chromium, clinic) as opened:
        opened.page.set_default_timeout(ENOUGH)
        yield opened


def let_help(ana, helper, patient):
    """The desk lets somebody see visits and bills; they sign in, and see the bill."""
    patient_id, _family, born, bill = patient
    ana.open(f"/portal/patients/{patient_id}/")
    ana.page.get_by_label("Who will sign in").select_option("helper")
    ana.page.get_by_label("Visits", exact=True).check()
    ana.page.get_by_label("Bills", exact=True).check()
    ana.page.get_by_label("What shows that they may").fill("Signed paper of the patient")
    ana.page.get_by_role("button", name="Make a code").focus()
    ana.press("Enter")
    code = ana.page.locator("#code").inner_text()
    helper.open("/my/join/?lang=en")
    helper.page.locator("#code").focus()
    helper.type(code)
    for part in (born.month, born.day, born.year):
        helper.press("Tab")
        helper.type(str(part))
    helper.press("Enter")
    helper.page.get_by_label("Your own name").focus()
    helper.type("Hal Berg")
    helper.page.get_by_role("button", name="Make a passkey").focus()
    helper.press("Enter")
    expect(helper.page.get_by_role("heading", name="Hello, ")).to_be_visible(timeout=ENOUGH)
    helper.open("/my/bills/")
    expect(helper.page.locator(f'a[href="/my/bills/{bill}.pdf"]')).to_be_visible(timeout=ENOUGH)


def sees_nothing(helper, patient):
    """Whatever address they try, and signing in anew, shows them nothing of the patient's."""
    _patient, family, _born, bill = patient
    letter = helper.context.request.get(f"/my/bills/{bill}.pdf")
    assert b"%PDF" not in letter.body()
    for address in ("/my/", "/my/bills/", "/my/visits/", "/my/looks/"):
        helper.open(address)
        expect(helper.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=ENOUGH)
        said = helper.page.content()
        assert family not in said
        assert bill not in said
    helper.page.get_by_role("button", name="Sign in with a passkey").focus()
    helper.press("Enter")
    helper.page.wait_for_load_state("networkidle")
    helper.open("/my/bills/")
    assert bill not in helper.page.content()
    assert family not in helper.page.content()


def write(phone, clinic):
    """As the patient, on the page of the demo's mail."""
    phone.page.goto(inbox.address(clinic))
    phone.page.get_by_label("Your address").focus()
    for words in (ADDRESS, "My bill", WORDS):
        phone.type(words)
        phone.press("Tab")
    phone.press("Tab", "Enter")  # without a file
    phone.page.locator("pre").filter(has_text="laughed at me").first.wait_for()


def tell(desk, words):
    desk.page.get_by_text(words).first.wait_for()
    desk.settle()


def open_two(ana, clinic):
    """From the unknown sender's message, while nobody knows whose it is: the ids of both cases."""
    ana.open("/messages/conversations/?show=unknown&by=email")
    ana.page.get_by_text("laughed at me").wait_for()
    link = ana.page.locator("[data-line]").filter(has_text=ADDRESS)
    while not link.evaluate("link => link === document.activeElement"):
        ana.press("ArrowDown")
    ana.press("Enter")
    tell(ana, "Nobody knows yet whose this is")
    ana.in_order("complaint-unknown")
    ana.page.reload()
    ana.settle()
    ana.press("o")
    ana.page.locator("#id_kind").wait_for()
    ana.press("4", "b")
    tell(ana, "is open.")
    ana.press("3")
    ana.page.get_by_label("What it is about").focus()
    ana.press("Control+a")
    ana.type("Laughed at by the man at the desk")
    ana.press("Enter")
    tell(ana, "Nobody knows yet whose case it is")
    found = clinic.rows("SELECT case_id FROM relations_casething thing JOIN relations_received mail"
        " ON thing.kind = 'received' AND thing.item_id = mail.id WHERE mail.sender = %s"
        " ORDER BY case_id", ADDRESS,
    )  # fmt: skip
    return [each for (each,) in found]


def log_a_call(ana, patient_id):
    """They called as well: what was said stands in their conversation."""
    ana.open(f"/messages/{patient_id}/conversation/")
    ana.press("l")
    ana.page.get_by_label("What was said").focus()
    ana.type("Called about the bill, and about how she was spoken to.")
    ana.page.get_by_role("button", name="Passed on").focus()
    ana.press("Enter")
    tell(ana, "The call is kept.")


def keep_with(ana, case_id, *kinds):
    """Say on the case's page, by keys, what it is about, too."""
    ana.open(f"/cases/{case_id}/?for=case:{case_id}")
    ana.page.locator("#about summary").focus()
    ana.press("Enter")
    for kind in kinds:
        ana.page.locator(f'#about input[value^="{kind}:"]').first.focus()
        ana.press("Space")
    ana.page.locator("#about form button").focus()
    ana.press("Enter")
    tell(ana, "Kept with the case.")


def put_with_them(ana, patient_id, bill, rude):
    """The account stands on the case about the bill, the visit and the call on the other."""
    log_a_call(ana, patient_id)
    keep_with(ana, bill, "claim")
    expect(ana.page.locator("#account")).to_contain_text("Patient owes", timeout=ENOUGH)
    ana.in_order("complaint-account")
    keep_with(ana, rude, "appointment", "call")
    expect(ana.page.locator("#said")).to_contain_text("how she was spoken to", timeout=ENOUGH)
    expect(ana.page.locator("#about > .body > .lines a")).to_have_count(1, timeout=ENOUGH)


def say_who_wrote(ana, family):
    """From the case; the message is part of their conversation then, and leads back to the case."""
    ana.page.get_by_role("button", name="wrote it").focus()
    ana.press("Enter")
    ana.page.locator(".patient").filter(has_text=family).wait_for()
    ana.settle()
    ana.page.get_by_role("link", name="Laughed at by the man").focus()
    ana.press("Enter")
    ana.page.locator("#questions").wait_for()
    ana.settle()


def answer_the_questions(ana):
    """It was in writing; nothing else of it is so."""
    ana.page.locator("#questions input[type=radio]").first.focus()
    for number in range(7):
        ana.press("Space" if number == 5 else "ArrowDown", "Tab")
    ana.in_order("complaint-questions")
    ana.page.get_by_role("button", name="Say which it is").focus()
    ana.press("Enter")
    tell(ana, "A grievance, since a complaint in writing always is one.")
    ana.press("t")
    tell(ana, "It is yours.")


def close(ana, words):
    ana.press("c")
    ana.page.locator("#close-result").wait_for()
    ana.type(words)
    ana.press("Tab", "Enter")


def send_the_letter(ana):
    """Say what it must say, draft it, read its grade, and let it go."""
    ana.page.reload()
    ana.settle()
    ana.page.locator("#id_completed_on").focus()
    ana.type("t")
    ana.press("Tab")
    ana.type("We talked with the man at the desk and with his lead.")
    ana.press("Tab")
    ana.type("He is sorry. He now learns how to talk with patients.")
    ana.press("Tab", "Enter")
    tell(ana, "Kept with the case.")
    ana.press("l")
    tell(ana, "The letter is drafted.")
    ana.page.locator("#grievance .badge").filter(has_text="Grade").first.wait_for()
    ana.settle()
    ana.in_order("complaint-letter")
    ana.page.reload()
    ana.settle()
    ana.press("e")
    tell(ana, "The letter is on its way.")


def answer_by_letter(ana, phone, clinic):
    """What they wrote is a grievance: it ends once its letter has arrived, and no sooner."""
    ana.page.reload()
    ana.settle()
    answer_the_questions(ana)
    close(ana, "Done")
    tell(ana, "The law does not let it.")
    ana.press("Escape")
    send_the_letter(ana)
    letter = inbox.letter_to(clinic, ADDRESS)
    assert "He is sorry." in letter["body"]

    # Their answer proves that it arrived; then, and only then, it can be closed: on the fourth day.
    inbox.answer(phone, clinic, letter, "Thank you for your letter.")
    ana.page.reload()
    tell(ana, "they answered it")
    expect(ana.page.locator("#grievance .stat").first).to_contain_text("4")
    close(ana, "Apologised by letter")
    tell(ana, "The case is closed.")
    ana.in_order("complaint-closed")


def test_a_complaint_by_e_mail_becomes_two_cases_and_the_grievance_ends_with_its_letter(
    window, clinic, patient, helper
):
    patient_id, family, *_ = patient
    phone, ana = window(), window("ana")
    for desk in (phone, ana):
        desk.page.set_default_timeout(ENOUGH)
    for outside in (phone, helper):
        outside.dress(narrow=True)
    let_help(ana, helper, patient)
    clinic.rows(UNTIL_LAST_MONTH, patient_id)

    # It came in four days ago: whoever wrote is unknown until an officer says who it is.
    write(phone, clinic)
    clinic.rows(FOUR_DAYS_AGO, ADDRESS)
    bill, rude = open_two(ana, clinic)
    say_who_wrote(ana, family)
    owned = "SELECT patient_id FROM relations_case WHERE id = ANY(%s)"
    assert clinic.rows(owned, [bill, rude]) == [(patient_id,), (patient_id,)]
    sees_nothing(helper, patient)

    put_with_them(ana, patient_id, bill, rude)
    answer_by_letter(ana, phone, clinic)
    ended = clinic.row(ENDED, rude)
    assert ended == ("closed", "grievance", 4)
    sees_nothing(helper, patient)


def test_a_biller_says_which_bill_a_dispute_is_about_by_keys(window, clinic):
    [(bill,)] = clinic.rows("SELECT min(id) FROM relations_case WHERE kind = 'billing_dispute'")
    ben = window("ben")
    ben.open(f"/cases/{bill}/?for=case:{bill}")
    ben.page.locator("#about summary").focus()
    ben.press("Enter", "Tab", "Space")
    ben.in_order("complaint-bill")
    ben.page.locator("#about form button").focus()
    ben.press("Enter")
    tell(ben, "Kept with the case.")


def test_a_call_from_a_family_s_phone_shows_nothing_before_two_identifiers(window, clinic):
    people = clinic.rows(
        "SELECT patient_id FROM patients_phone WHERE rank = 1 AND patient_id NOT IN"
        " (SELECT patient_id FROM relations_case WHERE patient_id IS NOT NULL)"
        " ORDER BY patient_id DESC OFFSET 40 LIMIT 2",
    )
    clinic.rows(
        "UPDATE patients_phone SET number = '+16085550166' WHERE patient_id = ANY(%s)",
        [each for (each,) in people],
    )
    ana = window("ana")
    ana.open("/messages/calling/")
    ana.type("6085550166")
    ana.press("Enter")
    tell(ana, "It may be any of them")
    ana.in_order("calling-family")
    ana.page.reload()
    ana.settle()
    ana.press("1", "2", "i")
    ana.page.get_by_role("link", name="Their record").wait_for()
    ana.settle()
    ana.in_order("calling-sure")
    ana.page.reload()
    ana.settle()
    ana.keys.forget()
    ana.press("1")
    tell(ana, "The call is kept.")
    assert ana.keys.typed <= 2
