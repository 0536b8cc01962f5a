"""A visit by video between two Chromium windows with made-up cameras; times in ms.

A program of `bench.site`.
"""

import time
from functools import partial

from tests import browser, calls, waiting

# From the page's own beginning, or from when the others' picture is asked for, to a moving picture.
SEEN = """() => {
    const others = [...document.querySelectorAll(".tile:not(#self) video")];
    const moving = others.filter((v) => v.getVideoPlaybackQuality().totalVideoFrames > 0);
    return moving.length === OTHERS && performance.now();
}"""
ASKED = "SELECT first_frame_ms FROM telehealth_leg WHERE first_frame_ms IS NOT NULL ORDER BY id"
BY = "SELECT DISTINCT candidate FROM telehealth_leg WHERE candidate <> ''"
GUESTS = ("Rosa", "Tia")


def main(times: str, *options: str) -> dict[str, list[float]]:
    """``joined``: page opened to first picture of all others; ``asked``: connection asked for to
    first picture; ``back``: line given back to pictures that move again; ``by``: how they went.
    """
    rounds, relayed, four = int(times), "--relayed" in options, "--four" in options
    told = {"ALMONER_TURN_ONLY": "1" if relayed else ""}
    with (
        browser.clinic("call", environment=told) as clinic,
        browser.chromium(*calls.FAKE) as chromium,
    ):

        def device(username: str = "") -> browser.Desk:
            one = browser.Desk(chromium, clinic.address)
            if username:
                one.sign_in(username)
            return one

        if four:
            phone, desk, *guests = _of_four(device, clinic)
        else:
            _id, phone, desk = calls.the_call(device, partial(calls.made, clinic))
            guests = []
        joined = [_joined(phone, 1 + len(guests)) for _round in range(rounds)]
        back = [_back(phone, desk) for _round in range(rounds // 4)] if relayed else []
        time.sleep(1)  # the last report is on its way
        asked = [float(ms) for (ms,) in clinic.rows(ASKED)]
        by = [kind for (kind,) in clinic.rows(BY)]
        return {"joined": joined, "asked": asked, "back": back, "by": by}


def _of_four(device, clinic) -> list[browser.Desk]:
    """The patient, the clinician and two guests, each of whom decodes the three others."""
    id_, born, _family, link = calls.made(clinic)
    phone, desk, ana = (calls.small(device, name) for name in ("", "linh", "ana"))
    links = [calls.link_for(ana, id_) for _guest in GUESTS]
    ana.close()
    calls.to_the_waiting_room(phone, born, link)
    guests = [calls.small(device, "") for _guest in GUESTS]
    for guest, name, led in zip(guests, GUESTS, links, strict=True):
        calls.takes_part(guest, led, name)
    calls.admit(desk, id_)
    all_four = [phone, desk, *guests]
    for one in all_four:
        waiting.until(partial(calls.decodes, one, 3))
    return all_four


def _joined(phone: browser.Desk, others: int) -> float:
    phone.page.reload()
    asked = SEEN.replace("OTHERS", str(others))
    return float(waiting.until(lambda: phone.page.evaluate(asked), every=0.02))


def _back(phone: browser.Desk, desk: browser.Desk) -> float:
    with calls.cut(phone):
        waiting.until(lambda: calls.stands_still(phone) and calls.stands_still(desk))
        time.sleep(3)
    began = time.perf_counter()
    waiting.until(lambda: phone.page.locator("#trouble").is_hidden() and calls.seen(phone))
    waiting.until(lambda: calls.seen(desk))
    return (time.perf_counter() - began) * 1000
