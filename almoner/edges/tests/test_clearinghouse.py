"""Against a real server on loopback: the client is only as good as its sockets."""

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from almoner.edges import clearinghouse


class Partner(BaseHTTPRequestHandler):
    seen: list[tuple[str, str, bytes, str | None]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Content-Type"], body, self.key()))
        if body == b"slow":
            time.sleep(1)
        if body == b"cut":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"ISA*")
            return
        if body == b"drip":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            with suppress(OSError):
                for _ in range(20):
                    self.wfile.write(b"ISA")
                    self.wfile.flush()
                    time.sleep(0.05)
            return
        if body == b"no":
            self.reply(503, b"down for maintenance")
            return
        self.reply(200, b"receipt-7\n" if self.path == "/claims" else b"answer to " + body)

    def do_GET(self):
        if self.path == "/mailbox?after=3":
            self.reply(200, b"4\tfirst.999\n5\tsecond.835\n")
        else:
            self.reply(200, b"bytes of " + self.path.encode())

    def key(self):
        return self.headers.get("Idempotency-Key")

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def partner(settings):
    Partner.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Partner)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.CLEARINGHOUSE_URL = f"http://127.0.0.1:{server.server_port}"
    yield Partner
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_question_is_sent_as_raw_x12_and_its_answer_comes_back(partner):
    answer = clearinghouse.ask_eligibility(b"ISA*270", timeout=5)

    assert answer == b"answer to ISA*270"
    assert partner.seen == [("/eligibility", "application/edi-x12", b"ISA*270", None)]


def test_claims_carry_their_key_and_give_a_receipt(partner):
    receipt = clearinghouse.send_claims(b"ISA*837", key="batch-12")

    assert receipt == "receipt-7"
    assert partner.seen == [("/claims", "application/edi-x12", b"ISA*837", "batch-12")]


def test_the_mailbox_is_read_from_where_we_left_it(partner):
    files = clearinghouse.fetch("3")

    assert files == [
        clearinghouse.Delivery("4", "first.999", b"bytes of /mailbox/4"),
        clearinghouse.Delivery("5", "second.835", b"bytes of /mailbox/5"),
    ]


def test_silence_is_told_from_a_refusal(partner):
    with pytest.raises(clearinghouse.TimedOut):
        clearinghouse.ask_eligibility(b"slow", timeout=0.2)
    with pytest.raises(clearinghouse.TimedOut):
        clearinghouse.ask_eligibility(b"drip", timeout=0.3)
    with pytest.raises(clearinghouse.Refused, match=r"503.*down for maintenance"):
        clearinghouse.ask_eligibility(b"no", timeout=5)


def test_an_answer_cut_short_is_an_unknown_outcome(partner):
    with pytest.raises(clearinghouse.TimedOut):
        clearinghouse.ask_eligibility(b"cut", timeout=5)


def test_a_partner_nobody_listens_for_is_not_reached(settings):
    settings.CLEARINGHOUSE_URL = "http://127.0.0.1:9"

    with pytest.raises(clearinghouse.NotReached):
        clearinghouse.send_claims(b"ISA*837", key="batch-12")


def test_without_an_address_nothing_is_sent(settings):
    settings.CLEARINGHOUSE_URL = ""

    with pytest.raises(clearinghouse.NotReached, match="ALMONER_CLEARINGHOUSE_URL"):
        clearinghouse.fetch()
