"""A visit by video between two Chromium windows with made-up cameras; prints times in ms as JSON.

A program of its own: it brings its own database, clinic and Django settings.
"""

import json
import os
import sys
import time
from functools import partial

os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.config.settings"

import django

from tests import embedded  # noqa: F401  (first: it names the database)

django.setup()

from tests import browser, calls  # noqa: E402 (Django is ready only now)

# From the page's own beginning, or from when the others' picture is asked for, to a moving picture.
SEEN = """() => [...document.querySelectorAll(".tile:not(#self) video")]
    .some((v) => v.getVideoPlaybackQuality().totalVideoFrames > 0) && performance.now()"""
ASKED = "SELECT first_frame_ms FROM telehealth_leg WHERE first_frame_ms IS NOT NULL ORDER BY id"


def main(rounds: int) -> dict[str, list[float]]:
    """``joined``: page opened to first picture; ``asked``: connection asked for to first picture;
    ``back``: line given back to pictures that move again.
    """
    with browser.clinic("call") as clinic, browser.chromium(*calls.FAKE) as chromium:

        def device(username: str = "") -> browser.Desk:
            one = browser.Desk(chromium, clinic.address)
            if username:
                one.sign_in(username)
            return one

        _id, phone, desk = calls.the_call(device, partial(calls.made, clinic))
        joined = [_joined(phone) for _round in range(rounds)]
        back = [_back(phone, desk) for _round in range(max(2, rounds // 5))]
        time.sleep(1)  # the last report is on its way
        asked = [float(ms) for (ms,) in clinic.rows(ASKED)]
        return {"joined": joined, "asked": asked, "back": back}


def _joined(phone: browser.Desk) -> float:
    phone.page.reload()
    return float(calls.wait(lambda: phone.page.evaluate(SEEN), every=0.02))


def _back(phone: browser.Desk, desk: browser.Desk) -> float:
    phone.context.set_offline(True)
    time.sleep(3)
    phone.context.set_offline(False)
    began = time.perf_counter()
    calls.wait(lambda: phone.page.locator("#trouble").is_hidden() and calls.seen(phone))
    calls.wait(lambda: calls.seen(desk))
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
