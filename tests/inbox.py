"""The demo's page of texts and e-mails: what arrived there, and what is answered from there."""

import httpx

from tests.waiting import until


def address(clinic):
    return clinic.partners["inbox of texts and e-mails"]


def letters(clinic):
    """Every text and e-mail that arrived."""
    return httpx.get(f"{address(clinic)}/letters.json", trust_env=False).json()


def letter_to(clinic, who):
    """The e-mail as it arrived, once it has."""
    return until(lambda: next((one for one in letters(clinic) if one["to"] == who), None))


def text_to(clinic, number, words):
    """The newest text to a number that says these words, once it has arrived."""

    def bodies():
        return [each["body"] for each in letters(clinic) if each["to"] == number]

    return until(lambda: next((one for one in bodies() if words in one), None), shows=bodies)


def answer(phone, clinic, letter, words):
    """An e-mail, as the patient who got it."""
    phone.page.goto(address(clinic))
    phone.page.get_by_label("E-mail").select_option(str(letter["number"]))
    phone.page.get_by_role("textbox", name="Answer").fill(words)
    phone.page.get_by_role("button", name="Send it").focus()
    phone.press("Enter")
    phone.page.locator("pre").filter(has_text=words).first.wait_for()
