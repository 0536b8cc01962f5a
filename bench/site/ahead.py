"""Check-ins ahead of a visit by keys at 320 px.

A program of `bench.site`.
"""

from tests import ahead, browser, small_clinic


def main(rounds: str) -> dict[str, list[float]]:
    """``took``: from the first question to what is due, each of another patient's visit."""
    place = small_clinic.environment()
    with (
        browser.clinic("ahead", build="tests.small_clinic", environment=place) as clinic,
        browser.chromium() as chromium,
    ):
        return {"took": [_one(clinic, chromium) for _round in range(int(rounds))]}


def _one(clinic, chromium) -> float:
    phone = browser.Desk(chromium, clinic.address)
    phone.dress(narrow=True)
    _visit, _patient, born, address = ahead.link(clinic, "en")
    ahead.enter(phone, address, born)
    ahead.press(phone, "Check in now")
    took = ahead.keyed(phone, address)
    phone.close()
    return took
