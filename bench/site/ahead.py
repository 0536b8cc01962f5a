"""Check-ins ahead of a visit by keys at 320 px.

A program of `bench.site`.
"""

from tests import ahead, browser, small_clinic


def main(rounds: str) -> dict[str, list[float]]:
    """``took``: from the first question to what is due, each in a clinic of its own."""
    with browser.chromium() as chromium:
        return {"took": [_one(chromium, number) for number in range(int(rounds))]}


def _one(chromium, number: int) -> float:
    place = small_clinic.environment()
    name = f"ahead_{number}"
    with browser.clinic(name, build="tests.small_clinic", environment=place) as clinic:
        phone = browser.Desk(chromium, clinic.address)
        phone.dress(narrow=True)
        _visit, _patient, born, address = ahead.link(clinic, "en")
        ahead.enter(phone, address, born)
        ahead.press(phone, "Check in now")
        took = ahead.keyed(phone, address)
        phone.close()
    return took
