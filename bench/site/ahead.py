"""Check-ins ahead of a visit by keys at 320 px; prints the seconds of each as JSON.

A program of its own: it brings its own database, clinic and Django settings.
"""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.config.settings"

import django

from tests import embedded  # noqa: F401  (first: it names the database)

django.setup()

from tests import ahead, browser, small_clinic  # noqa: E402 (Django is ready only now)


def main(rounds: int) -> dict[str, list[float]]:
    """``took``: from the first question to what is due, each of another patient's visit."""
    place = small_clinic.environment()
    with (
        browser.clinic("ahead", build="tests.small_clinic", environment=place) as clinic,
        browser.chromium() as chromium,
    ):
        return {"took": [_one(clinic, chromium) for _round in range(rounds)]}


def _one(clinic, chromium) -> float:
    phone = browser.Desk(chromium, clinic.address)
    phone.dress(narrow=True)
    _visit, _patient, born, address = ahead.link(clinic, "en")
    ahead.enter(phone, address, born)
    ahead.press(phone, "Check in now")
    took = ahead.keyed(phone, address)
    phone.close()
    return took


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
