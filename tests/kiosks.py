"""A kiosk for the browser: a clinic with visits now, a line that can be cut, and kills."""

import hashlib
import os
import random
import shutil
import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
from playwright.sync_api import Browser, Page

from almoner.demo.people import homes
from almoner.ground import clock
from almoner.patients.actions import register_many
from almoner.scheduling.models import Appointment
from tests import browser, small_clinic
from tests.desk import free_port
from tests.waiting import until

VISITS = "ALMONER_TEST_KIOSK_VISITS"
WHO = """
    SELECT visit.id, to_char(patient.birth_date, 'FMMM/FMDD/YYYY'), patient.mrn, patient.family
      FROM scheduling_appointment visit JOIN patients_patient patient ON patient.id = patient_id
     WHERE visit.overbook_reason = 'kiosk' AND visit.status = 'booked' ORDER BY visit.id
"""
ARRIVED = "SELECT count(*) FROM arrivals_encounter WHERE appointment_id = ANY(%s)"
ENTRIES = """
    SELECT count(*), count(DISTINCT key) FROM portal_kioskentry entry
     WHERE entry.kiosk_id = (SELECT max(id) FROM portal_kiosk WHERE name LIKE 'Kills%')
"""
SWALLOWED, LOSES = 0.2, 0.04
LOOKS = 50  # of so many, what the device keeps of one is looked at
LONGEST = 600  # seconds after the last kill
BETWEEN_KILLS = 13  # seconds: more often, and the desk does not start it again
# What the device keeps, read as its pages could: sealed.
KEPT = """() => new Promise((done) => {
    const open = indexedDB.open("kiosk", 1);
    open.onerror = () => done(null);
    open.onsuccess = () => {
      const all = open.result.transaction("entries").objectStore("entries").getAll();
      all.onsuccess = () => {
        open.result.close();
        done(all.result.map((one) => [one.key, new TextDecoder().decode(one.sealed)]));
      };
    };
  })"""
MANY_KEPT = KEPT.replace("getAll", "count").replace(
    "all.result.map((one) => [one.key, new TextDecoder().decode(one.sealed)])", "all.result"
)
WRITE = """(typed) => {
    for (const [name, value] of Object.entries(typed)) document.getElementById(name).value = value;
  }"""
SEND = """async () => {
    const one = await navigator.serviceWorker.getRegistration("/kiosk/");
    one.active.postMessage("send");
  }"""
READY = """async () => {
    const one = await navigator.serviceWorker.getRegistration("/kiosk/");
    const two = await navigator.serviceWorker.getRegistration("/v/kiosk-");
    return Boolean(one?.active && two?.active && navigator.serviceWorker.controller);
  }"""


def build() -> None:
    """The clinic of the day, and so many visits of people of their own within the hour."""
    small_clinic.build()
    many = int(os.environ.get(VISITS, "40"))
    model = Appointment.objects.order_by("id").first()
    now = clock.now()
    day = now.astimezone(ZoneInfo(model.time_zone)).date()
    people = [home.members[0] for home in homes(4 * many, seed=11, today=day)][:many]
    assert len(people) == many
    ids = register_many(people=people, at=now - timedelta(days=30))
    Appointment.objects.bulk_create(
        Appointment(
            patient_id=id_, visit_type_id=model.visit_type_id, clinician_id=model.clinician_id,
            location_id=model.location_id, starts_at=now + timedelta(minutes=30),
            ends_at=now + timedelta(minutes=45), local_day=day, local_time="09:00",
            time_zone=model.time_zone, lane=1, overbook_reason="kiosk", booked_at=now,
        )
        for id_ in ids
    )  # fmt: skip


@contextmanager
def clinic(name: str, visits: int):
    told = small_clinic.environment() | {VISITS: str(visits)}
    with browser.clinic(name, build="tests.kiosks", environment=told) as running:
        yield running


class Line:
    """What lies between a device and the clinic: up, down, or one that loses what passes."""

    def __init__(self, address: str) -> None:
        self.there = int(address.rpartition(":")[2])
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.is_up, self.swallows, self.loses = True, False, 0.0
        self.dice = random.Random(5)
        self.open: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def down(self) -> None:
        self.is_up = False
        self._cut_all()

    def up(self, *, loses: float = 0.0, swallows: bool = False) -> None:
        """``loses`` is the chance of each part to be the last; ``swallows`` every answer."""
        self.is_up, self.loses, self.swallows = True, loses, swallows

    def close(self) -> None:
        self.down()
        self.listener.close()

    def _cut_all(self) -> None:
        for each in list(self.open):
            self._cut(each)

    def _cut(self, one: socket.socket) -> None:
        self.open.discard(one)
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _from = self.listener.accept()
                if not self.is_up:
                    near.close()
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", self.there))
                except OSError:  # the server was killed
                    near.close()
                    continue
                self.open |= {near, far}
                for way in ((near, far, False), (far, near, True)):
                    threading.Thread(target=self._pass, args=way, daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                if (answers and self.swallows) or self.dice.random() < self.loses:
                    break  # nobody learns whether it came
                other.sendall(data)
        self._cut(one)
        self._cut(other)


def kill_server() -> None:
    """The web server of the clinic that this program started, in the middle of whatever it does."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if "almoner.config.server" in child.cmdline():
                child.kill()


@contextmanager
def device(chromium: Browser, address: str, profile: Path):
    """A browser that keeps what it has when it is closed, or killed."""
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path=_program(), args=browser.FLAGS, base_url=address,
        viewport=browser.WIDE, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(30_000)
    yield context
    with suppress(Exception):
        context.close()


def kill_browser(profile: Path) -> None:
    for process in psutil.process_iter(["cmdline"]):
        if any(str(profile) in word for word in process.info["cmdline"] or ()):
            with suppress(psutil.Error):
                process.kill()


def _program() -> str:
    named = os.environ.get("ALMONER_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, browser.NAMES)), None)
    if not found:
        raise RuntimeError("Install Chromium.")
    return found


def enrolled(page: Page, code: str) -> None:
    """Make a device a kiosk, and wait until it can do without its line."""
    page.goto("/kiosk/")
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    page.locator(".greets").wait_for()
    until(lambda: page.evaluate(READY))


def comes(page: Page, born: str, second: str, lang: str = "en") -> None:
    """Somebody says who they are; what comes of it stands on the page."""
    page.goto(f"/kiosk/who/?lang={lang}")
    month, day, year = born.split("/")
    page.evaluate(WRITE, {"month": month, "day": day, "year": year, "second": second})
    with page.expect_navigation(wait_until="load"):
        page.locator("#second").press("Enter")


def code_of(clinic: browser.Clinic, name: str) -> str:
    """The code of a new kiosk at the location of the visits; a story may be told twice."""
    [(others,)] = clinic.rows("SELECT count(*) FROM portal_kiosk")
    name, code = f"{name} {others}", f"TESTS{name.upper()}{'A' * others}"
    clinic.rows(
        "INSERT INTO portal_kiosk (name, location_id, wait_en, wait_es, code_digest, code_until,"
        " made_at, unsent, wrong) SELECT %s, location_id, '', '', %s, now() + '1 day', now(),"
        " 0, 0 FROM scheduling_appointment WHERE overbook_reason = 'kiosk' LIMIT 1",
        name,
        hashlib.sha256(code.encode()).digest(),
    )
    return code


def under_kills(
    chromium: Browser, place: browser.Clinic, profile: Path, many: int
) -> dict[str, float]:
    """So many people come while the line is cut, and the server and the browser are killed.

    Answers how many of them were lost, how many were taken twice, how often what was killed, and
    the seconds until the last was in.
    """
    people = place.rows(WHO)[:many]
    line, dice = Line(place.address), random.Random(7)
    try:
        with device(chromium, line.address, profile) as context:
            enrolled(context.pages[0], code_of(place, "Kills"))
        # Closed once: a browser writes a new cookie down within half a minute, or when it ends.
        with device(chromium, line.address, profile) as context:
            swallowed = _come(context.pages[0], people[: many // 2], line, dice)
            kill_browser(profile)
        with device(chromium, line.address, profile) as context:
            page = context.new_page()  # beside what a killed browser may open again
            swallowed += _come(page, people[many // 2 :], line, dice)
            assert page.evaluate(MANY_KEPT) == many
            page.goto("/kiosk/")  # still without a line; and this page is never wiped
            began = time.monotonic()
            killed = _sent(page, line, most=max(1, many // 100))
            took = time.monotonic() - began
    finally:
        line.close()
    [(arrived,)] = place.rows(ARRIVED, [visit for visit, *_ in people])
    [(entries, keys)] = place.rows(ENTRIES)
    return {
        "people": len(people), "lost": len(people) - arrived, "double": entries - keys,
        "entries": entries, "seconds": took, "server": killed, "answers": swallowed,
    }  # fmt: skip


def _come(page: Page, people: list, line: Line, dice: random.Random) -> int:
    """They come one after another; how many answers of the server were swallowed."""
    swallowed = 0
    for number, (_visit, born, mrn, _family) in enumerate(people):
        line.down()
        if dice.random() < SWALLOWED:
            line.up(swallows=True)
            swallowed += 1
        comes(page, born, mrn)
        page.get_by_role("button", name="Tell the desk").wait_for()
        if number % LOOKS == 0:
            assert mrn not in str(page.evaluate(KEPT)[-1])
    line.down()
    return swallowed


def _sent(page: Page, line: Line, *, most: int) -> int:
    """Everything kept is sent, over a line that loses parts, to a server that is killed."""
    line.up(loses=LOSES)
    kills, last = 0, time.monotonic()
    while left := page.evaluate(MANY_KEPT):
        assert time.monotonic() - last < LONGEST, f"{left} are still kept"
        page.evaluate(SEND)
        if kills < most and time.monotonic() - last > BETWEEN_KILLS * min(kills, 1) + 0.5:
            kill_server()
            kills, last = kills + 1, time.monotonic()
        time.sleep(0.05)
    return kills
