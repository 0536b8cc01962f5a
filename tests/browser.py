"""The desk in a real browser: all of `almoner run`, Chromium, real keys, and what we look for.

One clinic serves a whole test session. A `Desk` is one officer's browser window; it remembers every
key that went down and everything the content security policy or htmx refused.
"""

import gzip
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Error,
    Page,
    Response,
    sync_playwright,
)

from almoner.demo.setup import PASSWORD
from tests import embedded, keyboard
from tests.desk import free_port

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "var" / "screenshots"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LARGEST_JS = 60 * 1024  # bytes, gzipped, of all scripts of one page
LARGEST_OF_PATIENTS = 40 * 1024  # likewise, of a page patients open on their own phones
WIDE, NARROW = {"width": 1360, "height": 850}, {"width": 320, "height": 640}
ZOOMED = {"width": 640, "height": 425}  # what is left of 1280 by 850 at 200 %
# Dark and 200 % zoom are judged in one go: colours know no width, and places know no colour.
DRESSES: tuple[dict[str, bool], ...] = ({}, {"dark": True, "zoomed": True}, {"narrow": True})
TABBED = (
    "a[href], button:enabled, summary, input:enabled, select:enabled, textarea:enabled, [tabindex]"
)
_SIMULATED = re.compile(r"Simulated (.+): (\S+)")
PATIENCE = 45  # seconds a page may take to show what a story waits for, on a busy machine
OPENED = 300  # seconds `almoner run` may take to build its clinic on a busy machine

# Runs before any script of the page. Everything it sees goes out through one binding.
WATCH = """
addEventListener("keydown", (e) => e.isTrusted && __saw("key", e.key), true);
addEventListener("securitypolicyviolation", (e) => __saw("refused",
  `${e.effectiveDirective}: ${e.blockedURI} ${e.sample} (${e.sourceFile}:${e.lineNumber})`));
document.addEventListener("htmx:security:strip", (e) => __saw("refused",
  `htmx stripped ${e.detail.stripped} of ${e.target.outerHTML.slice(0, 120)}`));
"""


@dataclass(frozen=True, slots=True)
class Clinic:
    """A running desk."""

    address: str
    database_url: str
    partners: dict[str, str] = field(default_factory=dict)  # the simulators' addresses

    def rows(self, sql: str, *values: object, **named: object) -> list[tuple]:
        """What its database answers; a change answers nothing."""
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute(sql, named or values or None)
            return found.fetchall() if found.description else []

    def row(self, sql: str, *values: object, **named: object) -> tuple | None:
        return next(iter(self.rows(sql, *values, **named)), None)


@contextmanager
def clinic(
    name: str = "browser", *, build: str = "", environment: dict[str, str] | None = None
) -> Iterator[Clinic]:
    """Start the whole desk on a database of its own; every process of it ends with the block.

    ``build`` is a module whose ``build()`` fills the database first; else the demo is built.
    """
    name = f"{name}_{os.getpid()}"
    with embedded.copied(name) as url:
        yield from _running(name, url, build, environment or {})


def _running(name: str, url: str, build: str, environment: dict[str, str]) -> Iterator[Clinic]:
    port = free_port()
    var = ROOT / "var" / "test" / name
    told = {"DATABASE_URL": url, "ALMONER_VAR": str(var), "PYTHONPATH": str(ROOT)}
    # The tests' stories happen now, whenever now is, and nobody is texted but by what they do.
    by_night = {"ALMONER_TEXT_HOURS": "0-24", "ALMONER_REMIND_HOURS": ""}
    told = os.environ | told | by_night | environment
    if build:
        fill = f"import django; django.setup(); import {build} as it; it.build()"
        settings = {"DJANGO_SETTINGS_MODULE": "almoner.config.settings"}
        subprocess.run([sys.executable, "-c", fill], cwd=ROOT, env=told | settings, check=True)
    desk = subprocess.Popen(
        [sys.executable, "-m", "almoner.config.cli", "run", "--with-parent", "--port", str(port)],
        cwd=ROOT,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    reader, said = _wait_for(desk, "Almoner is open")
    try:
        yield Clinic(f"http://127.0.0.1:{port}", url, dict(_SIMULATED.findall(said)))
    finally:
        desk.send_signal(signal.SIGTERM)
        desk.wait(OPENED)
        reader.join(10)
        desk.stdout.close()
        shutil.rmtree(var, ignore_errors=True)


def _wait_for(process: "subprocess.Popen[str]", words: str) -> tuple[threading.Thread, str]:
    """Read on to the words, and go on reading in a thread, so that the process never blocks.

    Answers the thread and what was said.
    """
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in process.stdout:
            lines.put(line)
        lines.put("")  # the end

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    said = []
    while True:
        line = lines.get(timeout=OPENED)
        said.append(line)
        if words in line:
            return reader, "".join(said)
        if not line:
            raise RuntimeError("The desk did not open:\n" + "".join(said))


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """The system's own Chromium, with ``more`` flags."""
    with sync_playwright() as playwright, launched(playwright.chromium, *more) as browser:
        yield browser


@contextmanager
def launched(kind: BrowserType, *more: str) -> Iterator[Browser]:
    """One more of them: only one Playwright runs at a time, ``browser_type`` of a browser is it."""
    named = os.environ.get("ALMONER_CHROMIUM")
    where = named or next(filter(None, map(shutil.which, NAMES)), None)
    if not where:
        raise RuntimeError("Install Chromium (Debian: apt-get install chromium).")
    browser = kind.launch(executable_path=where, args=[*FLAGS, *more])
    yield browser
    browser.close()


@dataclass(slots=True)
class Keys:
    """Every key that went down in a window, as the browser itself reported it."""

    pressed: list[str] = field(default_factory=list)

    @property
    def typed(self) -> int:
        return len(self.pressed)

    def forget(self) -> None:
        self.pressed.clear()


class Desk:
    """One officer's browser window."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(
            base_url=address, viewport=WIDE, color_scheme="light", reduced_motion="reduce"
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.keys = Keys()
        self.refused: list[str] = []
        self.instrumented = False
        self.scripts: dict[str, int] = {}
        self.context.expose_binding("__saw", self._saw)
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.refused.append(f"script: {error}"))
        self.page.on("response", self._weigh)

    def close(self) -> None:
        self.context.close()

    def _saw(self, _source: object, kind: str, what: str) -> None:
        # Our instruments leave style attributes on the page, and a live swap after them carries
        # those over: that is refused, and is nothing an officer meets.
        if self.instrumented and what.startswith("style-src-attr") and "/vendor/htmx" in what:
            return
        (self.keys.pressed if kind == "key" else self.refused).append(what)

    def _weigh(self, response: Response) -> None:
        if response.request.resource_type != "script":
            return
        with suppress(Error):  # the page was left before it could be weighed
            self.scripts[response.url] = len(gzip.compress(response.body()))

    # --- What an officer does

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.page.goto("/accounts/sign-in/")
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def open(self, path: str) -> Response | None:
        """Go to an address as if typed, and wait until nothing more is under way."""
        self.scripts.clear()
        self.instrumented = False
        response = self.page.goto(path)
        self.settle()
        return response

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def type(self, text: str, *, pause: float = 0) -> None:
        """Type with the keyboard, one real key for each character, ``pause`` ms apart."""
        self.page.keyboard.type(text, delay=pause)

    def settle(self) -> None:
        """Wait until the page has loaded and htmx has nothing under way."""
        self.page.wait_for_load_state()
        busy = self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")
        busy.first.wait_for(state="detached")  # there may be several, one inside the other

    # --- What we look for

    def faults(self) -> list[str]:
        """Everything wrong with the page as it stands now; empty is what a test asks for."""
        self.instrumented = True
        return [
            *self.refused,
            *self._axe(),
            *self._unstamped(),
            *self._overflow(),
            *self._heavy(),
            *self._undecided(),
            *self._ambiguous(),
            *keyboard.by_mouse_alone(self.page),
        ]

    def _axe(self) -> list[str]:
        if not self.page.evaluate("!!window.axe"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            """async (runOnly) => {
              const {violations} = await axe.run(document, {runOnly, resultTypes: ["violations"]});
              return violations.flatMap((v) => v.nodes.map((n) =>
                `${v.id}: ${n.target.join(" ")} — ${n.failureSummary.replaceAll("\\n", " ")}`));
            }""",
            AXE_TAGS,
        )
        return [f"axe {line}" for line in found]

    def _unstamped(self) -> list[str]:
        """Elements whose hx attributes lack the page's own nonce (hx-csp would strip them)."""
        found = self.page.evaluate(
            """() => {
              const nonce = document.querySelector("script[nonce]")?.nonce;
              return [...document.querySelectorAll("*")]
                .filter((e) => [...e.attributes].some((a) => a.name.startsWith("hx-")))
                .filter((e) => e.getAttribute("hx-nonce") !== nonce)
                .map((e) => e.outerHTML.slice(0, 160));
            }"""
        )
        return [f"no nonce {line}" for line in found]

    def _overflow(self) -> list[str]:
        """Parts that make the page wider than the window."""
        found = self.page.evaluate(
            """() => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return [];
              const clipped = (e) => e.closest(".scroll, [popover]:not(:popover-open)");
              return [...document.querySelectorAll("body *")]
                .filter((e) => e.getBoundingClientRect().right > wide + 1 && !clipped(e))
                .slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
            }"""
        )
        return [f"wider than the window {line}" for line in found]

    def _undecided(self) -> list[str]:
        """Buttons that all claim to be what comes next: a screen has one of them, or none."""
        found = self.page.evaluate(
            """() => [...document.querySelectorAll(".primary")]
                .filter((e) => e.checkVisibility() && !(e.closest("dialog[open], :popover-open")))
                .map((e) => e.outerHTML.slice(0, 120))"""
        )
        return [f"one of {len(found)} primary {line}" for line in found] if len(found) > 1 else []

    def _ambiguous(self) -> list[str]:
        """Keys that two things of one screen say are theirs: only the first of them hears it."""
        found = self.page.evaluate(
            """() => {
              const shown = [...document.querySelectorAll("[data-key]")]
                .filter((e) => e.checkVisibility() && !e.closest("dialog, [popover]"));
              const same = (a) => (b) => a !== b && a.dataset.key === b.dataset.key;
              return shown.filter((e) => shown.some(same(e)))
                .map((e) => `${e.dataset.key}: ${e.outerHTML.slice(0, 100)}`);
            }"""
        )
        return [f"key of two things {line}" for line in found]

    def _heavy(self) -> list[str]:
        weight = sum(self.scripts.values())
        patients = self.page.locator(".portal").count()
        most = LARGEST_OF_PATIENTS if patients else LARGEST_JS
        return [f"{weight} bytes of script: {self.scripts}"] if weight > most else []

    def in_order(self, name: str) -> None:
        """The page as it stands has no fault in any dress; pictures of it are kept."""
        self.look(name)
        for dress in DRESSES:
            self.dress(**dress)
            found = self.faults()
            assert found == [], (name, dress, found)
        self.dress()

    def dress(self, *, dark: bool = False, narrow: bool = False, zoomed: bool = False) -> None:
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.set_viewport_size(NARROW if narrow else ZOOMED if zoomed else WIDE)

    def look(self, name: str) -> None:
        """Keep pictures of the page: light, dark and 320 px wide."""
        self.instrumented = True
        PICTURES.mkdir(parents=True, exist_ok=True)
        for suffix, dress in (("", {}), ("-dark", {"dark": True}), ("-320", {"narrow": True})):
            self.dress(**dress)
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=PICTURES / f"{_plain(name)}{suffix}.png", full_page=True)
        self.dress()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "home"
