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


def write(phone, clinic, sender, words, *, file=None):
    """An e-mail to the clinic that answers none, from any address."""
    phone.page.goto(address(clinic))
    form = phone.page.locator('form[action="/write"]')
    form.get_by_label("Your address").fill(sender)
    form.get_by_label("Subject").fill("My card")
    form.get_by_label("Message").fill(words)
    _send(phone, form, "Write", words, file)


def text(phone, clinic, number, words, *, file=None):
    """A text from a number that was texted."""
    phone.page.goto(address(clinic))
    form = phone.page.locator('form[action="/answer"]')
    form.get_by_label("From").select_option(number)
    form.get_by_label("Words").fill(words)
    _send(phone, form, "Send", words, file)


def _send(phone, form, button, words, file):
    if file:
        form.get_by_label("File").set_input_files(file)
    form.get_by_role("button", name=button).focus()
    phone.press("Enter")
    phone.page.locator("pre").filter(has_text=words).first.wait_for()
