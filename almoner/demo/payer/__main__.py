"""The clearinghouse's HTTP doors; see the package."""

import argparse
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from almoner.demo.payer.adjudication import Denial
from almoner.demo.payer.house import House, SameKey
from almoner.demo.payer.plans import SUFFIXES, suffix
from almoner.edges.x12.eligibility import read_270
from almoner.edges.x12.syntax import X12SyntaxError

EDI = "application/edi-x12"
NEVER, LATE = 75.0, 25.0
LARGEST = 64 * 1024 * 1024
MALFORMED = b"ISA*00*          *00*      ~ST*271*0001~EB*1**"


@dataclass(slots=True)
class Mood:
    """How the next questions are treated, until ``left`` of them have been (0: for good)."""

    mode: str = "normal"  # normal, silent, malformed, down
    delay: float = 0.0
    left: int = 0


class Controls:
    """What ``POST /control`` sets.

    ``{"eligibility": {"mode": "silent", "next": 2, "delay": 3}}``, ``{"settle_after": 1}``,
    ``{"deny": {"A1001": ["CO", "197", ""]}}``.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._mood = Mood()
        self._lock = threading.Lock()

    def set(self, wanted: dict) -> dict:  # type: ignore[type-arg]  # JSON
        with self._lock:
            if "eligibility" in wanted:
                asked = wanted["eligibility"]
                self._mood = Mood(
                    str(asked.get("mode", "normal")),
                    float(asked.get("delay", 0)),
                    int(asked.get("next", 0)),
                )
            if "settle_after" in wanted:
                self._house.settle_after = float(wanted["settle_after"])
            if "deny" in wanted:
                self._house.adjudicator.denied_procedures = {
                    code: Denial(*denial) for code, denial in wanted["deny"].items()
                }
        return self.shown()

    def shown(self) -> dict:  # type: ignore[type-arg]  # JSON
        mood = self._mood
        return {
            "eligibility": {"mode": mood.mode, "delay": mood.delay, "next": mood.left},
            "settle_after": self._house.settle_after,
            "deny": sorted(self._house.adjudicator.denied_procedures),
            "member_id_suffixes": SUFFIXES,
        }

    def next_mood(self) -> Mood:
        """How to treat this question; counts it."""
        with self._lock:
            mood = Mood(self._mood.mode, self._mood.delay)
            if self._mood.left:
                self._mood.left -= 1
                if not self._mood.left:
                    self._mood = Mood()
            return mood


class Doors(BaseHTTPRequestHandler):
    """One connection. ``house`` and ``controls`` are set by `serve`."""

    house: House
    controls: Controls
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self._answer(413, b"too large", "text/plain")
            return
        body = self.rfile.read(length)
        match urlsplit(self.path).path:
            case "/eligibility":
                self._eligibility(body)
            case "/claims":
                self._claims(body)
            case "/control":
                self._control(body)
            case _:
                self._answer(404, b"no such door", "text/plain")

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        match parts.path.strip("/").split("/"):
            case ["mailbox"]:
                self._mailbox(parse_qs(parts.query).get("after", [""])[0])
            case ["mailbox", number] if number.isdecimal():
                file = self.house.file(int(number))
                self._answer(200 if file else 404, file.body if file else b"gone", EDI)
            case ["control"]:
                self._json(self.controls.shown())
            case ["alive"]:
                self._answer(200, b"ok", "text/plain")
            case _:
                self._answer(404, b"no such door", "text/plain")

    def _eligibility(self, body: bytes) -> None:
        mood = self.controls.next_mood()
        wish = _wish(body)
        if mood.mode == "silent" or wish == "T0":
            time.sleep(NEVER)
            self.close_connection = True
            return
        time.sleep(max(mood.delay, LATE if wish == "S0" else 0))
        if mood.mode == "down" or wish == "H0":
            self._answer(503, b"down for maintenance", "text/plain")
        elif mood.mode == "malformed" or wish == "X0":
            self._answer(200, MALFORMED, EDI)
        else:
            self._answer(200, self.house.eligibility(body), EDI)

    def _claims(self, body: bytes) -> None:
        try:
            receipt = self.house.take_claims(body, self.headers.get("Idempotency-Key") or "")
        except SameKey:
            self._answer(409, b"this key was used for another file", "text/plain")
        else:
            self._answer(200, receipt.encode(), "text/plain")

    def _control(self, body: bytes) -> None:
        try:
            self._json(self.controls.set(json.loads(body)))
        except (ValueError, TypeError, AttributeError) as error:
            self._answer(400, str(error).encode(), "text/plain")

    def _mailbox(self, after: str) -> None:
        files = self.house.mailbox(int(after) if after.isdecimal() else 0)
        listing = "".join(f"{file.id}\t{file.name}\n" for file in files[:100])
        self._answer(200, listing.encode(), "text/plain")

    def _json(self, value: object) -> None:
        self._answer(200, json.dumps(value, indent=1).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each request would drown the desk's own output."""


class Server(ThreadingHTTPServer):
    daemon_threads = True  # a question left unanswered must not hold up the end


def _wish(body: bytes) -> str:
    try:
        return suffix(read_270(body).subscriber.member_id)
    except X12SyntaxError:
        return ""


def serve(port: int, *, settle_after: float) -> Server:
    """A server bound to the port (0: any), not yet running."""
    house = House(settle_after=settle_after)
    doors = type("OurDoors", (Doors,), {"house": house, "controls": Controls(house)})
    return Server(("127.0.0.1", port), doors)


def main() -> None:
    parser = argparse.ArgumentParser(prog="almoner.demo.payer", description="The demo's payers.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--settle-after", type=float, default=4.0, metavar="SECONDS")
    options = parser.parse_args()
    server = serve(options.port, settle_after=options.settle_after)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
