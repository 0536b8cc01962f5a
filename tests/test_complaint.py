"""A patient complains by e-mail; two cases come of it, and the grievance ends with its letter."""

import pytest

from tests import inbox

pytestmark = pytest.mark.browser

ADDRESS = "wrong.bill@people.example"
WORDS = "You billed me twice for one visit. And the man at the desk laughed at me when I asked."
PATIENT = """
    SELECT p.id, p.family FROM patients_patient p
      JOIN patients_email email ON email.patient_id = p.id
     WHERE NOT p.deceased AND p.language LIKE 'en%' AND email.rank = 1
       AND EXISTS (SELECT FROM billing_claim claim WHERE claim.patient_id = p.id)
     ORDER BY p.id DESC OFFSET 11 LIMIT 1
"""


@pytest.fixture
def patient(clinic):
    """Somebody with a claim, and an e-mail address nobody else has."""
    [(patient, family)] = clinic.rows(PATIENT)
    clinic.rows(
        "UPDATE patients_email SET address = %s WHERE patient_id = %s AND rank = 1",
        ADDRESS,
        patient,
    )
    return patient, family


def write(phone, clinic):
    """As the patient, on the page of the demo's mail."""
    phone.page.goto(inbox.address(clinic))
    phone.page.get_by_label("Your address").focus()
    for words, keys in ((ADDRESS, ("Tab",)), ("My bill", ("Tab",)), (WORDS, ("Tab", "Enter"))):
        phone.type(words)
        phone.press(*keys)
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


def test_a_complaint_by_e_mail_becomes_two_cases_and_the_grievance_ends_with_its_letter(
    window, clinic, patient
):
    patient_id, family = patient
    phone, ana = window(), window("ana")
    write(phone, clinic)
    bill, rude = open_two(ana, clinic)
    say_who_wrote(ana, family)
    owned = "SELECT patient_id FROM relations_case WHERE id = ANY(%s)"
    assert clinic.rows(owned, [bill, rude]) == [(patient_id,), (patient_id,)]

    answer_the_questions(ana)
    close(ana, "Done")
    tell(ana, "The law does not let it.")
    ana.press("Escape")
    send_the_letter(ana)
    letter = inbox.letter_to(clinic, ADDRESS)
    assert "He is sorry." in letter["body"]

    # Their answer proves that it arrived; then, and only then, it can be closed.
    inbox.answer(phone, clinic, letter, "Thank you for your letter.")
    ana.page.reload()
    tell(ana, "they answered it")
    close(ana, "Apologised by letter")
    tell(ana, "The case is closed.")
    ana.in_order("complaint-closed")
    ended = clinic.rows("SELECT state, kind FROM relations_case WHERE id = %s", rude)
    assert ended == [("closed", "grievance")]


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
