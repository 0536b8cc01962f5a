"""Files that come with texts: named by an address at our carrier, and fetched from there alone."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almoner.edges import sms

PLACE = "Messages/MM1/Media/ME1"
HOME = sms.Carrier("https://api.carrier.example", "AC1", "a token", "+16085550100")
HEAD = "https://api.carrier.example/2010-04-01/Accounts/AC1/"


def test_an_address_at_our_carrier_names_its_file():
    assert sms.media_place(HOME, HEAD + PLACE) == PLACE


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/2010-04-01/Accounts/AC1/" + PLACE,
        "http://api.carrier.example/2010-04-01/Accounts/AC1/" + PLACE,
        "https://api.carrier.example@evil.example/2010-04-01/Accounts/AC1/" + PLACE,
        "https://api.carrier.example.evil.example/2010-04-01/Accounts/AC1/" + PLACE,
        HEAD.replace("AC1", "AC2") + PLACE,
        HEAD + "Messages/../../Media/ME1",
        HEAD + PLACE + "?to=http://169.254.169.254/",
        HEAD + PLACE + "/../../../x",
        HEAD + PLACE + "\n",
        HEAD + "Messages/MM1.json",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_any_other_address_names_none(url):
    assert sms.media_place(HOME, url) == ""


@given(st.text(max_size=80))
def test_whatever_an_address_says_no_other_host_is_asked(said):
    for url in (said, HEAD + said, HEAD + "Messages/" + said + "/Media/ME1"):
        place = sms.media_place(HOME, url)
        assert place == "" or (HEAD + place).isascii()
        assert not set(place) & set("@?#\\: .%")


@pytest.fixture
def carrier():
    """A carrier of which each test says what it answers; and what it was asked with."""
    asked, answers = [], []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Authorization", "")))
            status, headers, body = answers[0]
            self.send_response(status)
            for name, each in headers.items():
                self.send_header(name, each)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield sms.Carrier(url, "AC1", "a token", "+16085550100", timeout=5), asked, answers
    server.shutdown()
    server.server_close()


def test_it_is_fetched_with_our_account(carrier):
    us, asked, answers = carrier
    answers.append((200, {}, b"a picture"))

    assert sms.fetch(us, PLACE, most=100) == b"a picture"
    mark = "Basic " + base64.b64encode(b"AC1:a token").decode()
    assert asked == [(f"/2010-04-01/Accounts/AC1/{PLACE}", mark)]


def test_above_what_it_may_have_nothing_is_kept(carrier):
    us, _asked, answers = carrier
    answers.append((200, {}, b"x" * 101))

    with pytest.raises(sms.TooLarge):
        sms.fetch(us, PLACE, most=100)


@pytest.mark.parametrize(
    ("there", "store"),
    [
        ("http://169.254.169.254/latest/", ""),
        ("https://elsewhere.example/x", "store.example"),
        ("http://store.example/x", "store.example"),
        ("https://store.example@evil.example/x", "store.example"),
        ("https://store.example:8443/x", "store.example"),
        ("/2010-04-01/Accounts/AC1/Calls", "store.example"),
    ],
)
def test_it_is_followed_nowhere_but_to_the_store_that_was_named(carrier, there, store):
    us, asked, answers = carrier
    answers.append((307, {"Location": there}, b""))

    with pytest.raises(sms.NotReached):
        sms.fetch(us, PLACE, most=100, store=store)
    assert len(asked) == 1


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_what_the_carrier_does_not_hand_over_was_not_reached(carrier, status):
    us, _asked, answers = carrier
    answers.append((status, {}, b"no"))

    with pytest.raises(sms.NotReached):
        sms.fetch(us, PLACE, most=100)
