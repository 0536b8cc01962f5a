"""The demo's phones as the process they are: they ring, hear our words, and press keys."""

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import httpx
import pytest

from almoner.edges import sms, voice
from tests.desk import free_port

TOKEN = "a token"


@pytest.fixture
def desk():
    """A desk that greets, asks for one key, and says goodbye; what it was called with."""
    heard = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = parse_qs(body, keep_blank_values=True)
            where = f"http://{self.headers['Host']}{self.path}"
            signed = sms.genuine(
                url=where, fields=form, given=self.headers[sms.SIGNATURE], token=TOKEN
            )
            heard.append((self.path, form.get("CallStatus", [""])[0], form.get("Digits"), signed))
            words = voice.Words("es", ("Oprima 1 <ya>",), 1, where.replace("/7/", "/7/1/"))
            if self.path.endswith("/1/"):
                words = voice.Words("es", ("Gracias & adiós",))
            answer = voice.twiml(words)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/calls/7/", heard
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def phones():
    port = free_port()
    command = [sys.executable, "-m", "almoner.demo.phones", "--port", str(port)]
    process = subprocess.Popen(command, env=os.environ | {"ALMONER_VOICE_TOKEN": TOKEN})
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(address)
            break
        except httpx.ConnectError:
            time.sleep(0.05)
    yield address
    process.terminate()
    process.wait(5)


def ring(phones, desk, number, *, answer="", keys=""):
    """Have it called, and wait for what the call comes to."""
    if answer:
        told = {"To": number, "Answer": answer, "Keys": keys}
        httpx.post(f"{phones}/script", data=told)
    carrier = sms.Carrier(phones, "AC1", "token", "+16085550100")
    sid = voice.place(carrier, to=number, words_at=desk[0], report_to=f"{desk[0]}report/")
    return over(phones, sid)


def over(phones, sid):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        call = one(phones, sid)
        if call["status"] in ("completed", "busy", "no-answer"):
            return call
        time.sleep(0.05)
    pytest.fail("the call did not end")


def one(phones, sid):
    return next(each for each in httpx.get(f"{phones}/calls.json").json() if each["sid"] == sid)


def test_a_person_hears_the_words_and_presses_keys_and_all_of_it_is_signed(phones, desk):
    call = ring(phones, desk, "+16085550142", answer="person", keys="1")

    assert call["heard"] == ["es-MX: Oprima 1 <ya>", "[1]", "es-MX: Gracias & adiós"]
    said = [(path, status, digits) for path, status, digits, _signed in desk[1]]
    assert said == [
        ("/calls/7/report/", "initiated", None),
        ("/calls/7/report/", "ringing", None),
        ("/calls/7/report/", "in-progress", None),
        ("/calls/7/", "in-progress", None),
        ("/calls/7/1/", "in-progress", ["1"]),
        ("/calls/7/report/", "completed", None),
    ]
    assert all(signed for *_rest, signed in desk[1])


@pytest.mark.parametrize(
    ("number", "status"), [("+16085550007", "busy"), ("+16085550004", "no-answer")]
)
def test_a_phone_that_is_not_taken_asks_for_no_words(phones, desk, number, status):
    assert ring(phones, desk, number)["status"] == status
    assert "/calls/7/" not in [path for path, *_rest in desk[1]]


def test_reports_of_one_number_come_twice_and_the_last_first(phones, desk):
    ring(phones, desk, "+16085550003", answer="no-answer")
    deadline = time.monotonic() + 10
    while len(desk[1]) < 6 and time.monotonic() < deadline:
        time.sleep(0.05)

    said = [status for _path, status, *_rest in desk[1]]
    assert said == ["initiated", "ringing", "no-answer", "no-answer", "ringing", "initiated"]


def test_whoever_is_at_the_page_picks_up_and_presses(phones, desk):
    carrier = sms.Carrier(phones, "AC1", "token", "+16085550100")
    sid = voice.place(carrier, to="+16085550155", words_at=desk[0], report_to=f"{desk[0]}report/")
    deadline = time.monotonic() + 10
    while one(phones, sid)["status"] != "ringing" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "Pick it up" in httpx.get(phones).text

    httpx.post(f"{phones}/pick-up", data={"Sid": sid, "By": "person"})
    assert "Oprima 1 &lt;ya&gt;" in httpx.get(phones).text
    httpx.post(f"{phones}/press", data={"Sid": sid, "Keys": "1"})

    assert over(phones, sid)["heard"][-1] == "es-MX: Gracias & adiós"


def test_a_number_that_cannot_be_called_is_refused(phones, desk):
    with pytest.raises(sms.Refused) as refused:
        ring(phones, desk, "+16085550000")

    assert refused.value.code == 21211
