"""A gateway of a test: Janus, where it is installed, as the demo starts it; or a pretended one."""

import itertools
import json
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from almoner.config import gateway as janus_of_the_demo
from almoner.edges import janus
from tests.desk import free_port

MISSING = "Janus is not installed, so no call of five was tried (Debian: apt-get install janus)"
SECRET, KEY = "of the test", "for making rooms"


def needed():
    """Where Janus is; a test without it says so in the summary."""
    found = janus_of_the_demo.program()
    if found is None:
        pytest.skip(MISSING)
    return found


@contextmanager
def running(port=None):
    """A Janus on loopback, until the block ends."""
    at, port = needed(), port or free_port()
    folder = Path(tempfile.mkdtemp())
    janus_of_the_demo.write(folder, at, port=port, secret=SECRET, admin_key=KEY)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(janus_of_the_demo.command(folder, at), **quiet)
    try:
        there = janus.Gateway(f"http://127.0.0.1:{port}/janus", SECRET, KEY)
        _wait_for(there)
        yield there
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def _wait_for(there):
    ends = time.monotonic() + 20
    while True:
        try:
            return janus.works(there)
        except janus.NotReached:
            assert time.monotonic() < ends
            time.sleep(0.05)


class Pretended(ThreadingHTTPServer):
    """Speaks as Janus and its video room do when they are asked; nothing is passed on by it.

    For what the real one does only with a browser's media, and for faults it will not make on
    demand: ``faults`` holds "no plugin", "no handle", "no event" or "nonsense".
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Pretending)
        self.sessions, self.rooms, self.heard, self.faults = {}, {}, [], set()
        self.numbers = itertools.count(1_000)
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()

    @property
    def gateway(self):
        return janus.Gateway(f"http://127.0.0.1:{self.server_port}/janus", SECRET, KEY, timeout=1)

    def answer(self, parts, said):
        self.heard.append(said.get("body", {}).get("request", said["janus"]))
        if said.get("apisecret") != SECRET:
            return error(403, "Unauthorized request (wrong or missing secret/token)")
        if not parts:
            number = next(self.numbers)
            self.sessions[number] = []
            return {"janus": "success", "data": {"id": number}}
        if parts[0] not in self.sessions:
            return error(458, f"No such session {parts[0]}")
        return self.of_session(parts[0], said)

    def of_session(self, session, said):
        if said["janus"] == "attach":
            if "no plugin" in self.faults:
                return error(460, "No such plugin")
            return {"janus": "success", "data": {"id": next(self.numbers)}}
        if said["janus"] == "destroy":
            del self.sessions[session]
        if said["janus"] != "message":
            return {"janus": "success" if said["janus"] == "destroy" else "ack"}
        if "no handle" in self.faults:
            return error(459, "No such handle")
        return self.of_room(session, said)

    def of_room(self, session, said):
        body, transaction = said["body"], said["transaction"]
        room, request = body.get("room"), body["request"]
        if request == "create":
            self.rooms.setdefault(room, {})
        elif request != "start" and room not in self.rooms:
            return told({"error_code": 426, "error": f"No such room ({room})"})
        if request == "destroy":
            del self.rooms[room]
        if request in ("create", "destroy", "allowed"):
            return told({"videoroom": "success"})
        if "no event" not in self.faults:
            # Others come first: whoever waits for an answer takes none of them for it.
            event = getattr(self, request)(room, session, body)
            self.sessions[session] += [{"janus": "media", "transaction": "another"}]
            self.sessions[session] += [event | {"transaction": transaction}]
        return {"janus": "ack", "transaction": transaction}

    def start(self, *_line):
        return told({"videoroom": "event"})

    def joinandconfigure(self, room, session, _body):
        number = next(self.numbers)
        self.rooms[room][number] = session
        return told({"id": number}, jsep=sdp("answer"))

    def join(self, room, _session, body):
        if body["streams"][0]["feed"] not in self.rooms[room]:
            return told({"error_code": 428, "error": "No such feed"})
        return told({"videoroom": "attached"}, jsep=sdp("offer"))


def told(data, **more):
    plugin = {"plugin": "janus.plugin.videoroom", "data": data}
    return {"janus": "event", "plugindata": plugin} | more


def sdp(kind):
    return {"type": kind, "sdp": f"v=0 the {kind}"}


def error(code, reason):
    return {"janus": "error", "error": {"code": code, "reason": reason}}


class _Pretending(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.say(self.server.answer(self.parts(), said), said.get("transaction"))

    def do_GET(self):
        if not (parts := self.parts()):
            return self.send_error(404)
        [session] = parts
        secret = parse_qs(urlsplit(self.path).query)["apisecret"]
        if secret != [SECRET] or session not in self.server.sessions:
            return self.say(error(458, "No such session"))
        ends = time.monotonic() + 1.5
        while not self.server.sessions[session] and time.monotonic() < ends:
            time.sleep(0.01)
        events, self.server.sessions[session] = self.server.sessions[session], []
        return self.say(events or [{"janus": "keepalive"}])

    def parts(self):
        return [int(one) for one in urlsplit(self.path).path.split("/")[2:]]

    def say(self, answer, transaction=None):
        if isinstance(answer, dict) and transaction:
            answer = answer | {"transaction": transaction}
        body = b"<html>" if "nonsense" in self.server.faults else json.dumps(answer).encode()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_said):
        pass
