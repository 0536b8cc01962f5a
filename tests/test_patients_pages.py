"""Every page of patients, in each language and dress; a page that is not visited fails the walk."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from contextlib import contextmanager

import pytest

from tests import browser, embedded
from tests.desk import free_port

pytestmark = pytest.mark.browser
PORTAL = browser.ROOT / "almoner" / "portal" / "templates" / "portal"
OF_THE_DESK = {"access.html", "kiosks.html", "send_link.html", "page.html"}
# What needs somebody who comes, signs, agrees or is offered a place: each has its own story.
IN_A_STORY = {"kiosk_seat.html", "place.html", "join_type.html", "form.html", "video_consent.html"}
# Its answers are streams that this small server has not; and it is in `test_video`.
NOT_WALKED = {"call"}
LANGUAGES = ("en", "es")


@contextmanager
def house():
    """The program of `patients_house`; ended with the block."""
    with embedded.copied(f"patients_{os.getpid()}") as url:
        port = free_port()
        told = {
            "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "almoner.config.settings",
            "PYTHONPATH": str(browser.ROOT), "ALMONER_HOUSE_PORT": str(port),
            "ALMONER_ADDRESS": "https://clinic.example",
        }  # fmt: skip
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.patients_house"], cwd=browser.ROOT,
            env=os.environ | told, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{port}", json.loads(program.stdout.readline())
        finally:
            program.terminate()
            program.wait(30)
            program.stdout.close()


class Walk:
    """A window for each of those who open pages, and what was found on the way."""

    def __init__(self, chromium, address, cookies):
        self.address, self.windows = address, {}
        self.faults, self.visited = defaultdict(list), set()
        for who, carried in cookies.items():
            desk = self.windows[who] = browser.Desk(chromium, address)
            desk.context.add_cookies(
                [
                    {"name": name, "value": value, "domain": "127.0.0.1", "path": path}
                    for name, value, path in carried
                ]
            )

    def close(self):
        for desk in self.windows.values():
            desk.close()

    def open(self, name, where, who):
        desk = self.windows[who]
        answer = desk.context.request.get(where)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return
        if "<html" not in answer.text():
            return
        for language in LANGUAGES:
            desk.refused.clear()
            answer = desk.open(f"{where}?lang={language}")
            self.look(desk, answer, name, language)

    def send(self, name, where, who, form, *, languages=LANGUAGES):
        """The page that a form of another leads to."""
        desk = self.windows[who]
        for language in languages:
            desk.refused.clear()
            desk.open(f"{where}?lang={language}")
            with desk.page.expect_navigation() as led:
                desk.page.locator(form).first.evaluate("form => form.submit()")
            self.look(desk, led.value, name, language)

    def look(self, desk, answer, name, language):
        self.visited |= set(answer.headers.get("x-made-of", "").split())
        for dress in browser.DRESSES:
            desk.dress(**dress)
            if found := desk.faults():
                self.faults[name, language, *dress] += found
        if language == "en":
            desk.look(f"patients-{name}")
        desk.dress()


def test_every_page_of_patients_is_in_order_in_each_language_and_dress(chromium):
    with house() as (address, told):
        walk = Walk(chromium, address, told["cookies"])
        for name, where, who in told["pages"]:
            if name not in NOT_WALKED:
                walk.open(name, where, who)
        walk.send("codes", "/my/ways-in/", "one", "form[action$='/codes/']")
        walk.send("wait", "/my/enter/", "nobody", "form:has([name=password])")
        where = next(where for name, where, _who in told["pages"] if name == "survey_sheet")
        no_more = "form[action$='/no-more/']"  # once said, nobody is asked again
        walk.send("survey-no-more", where, "one", no_more, languages=("es",))
        walk.close()

    assert dict(walk.faults) == {}
    every = {each.name for each in PORTAL.glob("*.html") if not each.name.startswith("_")}
    seen = {each.removeprefix("portal/") for each in walk.visited}
    assert every - OF_THE_DESK - IN_A_STORY - seen == set()
    assert {"telehealth/invited.html", "telehealth/over.html"} <= walk.visited
