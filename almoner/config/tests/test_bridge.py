"""The bridge between granian's interface and WSGI, with both ends played by the test."""

import asyncio
from dataclasses import dataclass, field

import pytest

from almoner.config import bridge
from almoner.config.bridge import Bridge


class Headers(list):
    def items(self):
        return list(self)

    def get(self, name, default=None):
        return dict(self).get(name, default)


@dataclass
class Scope:
    method: str = "GET"
    path: str = "/patients/7"
    query_string: str = ""
    headers: Headers = field(default_factory=Headers)
    http_version: str = "1.1"
    scheme: str = "http"
    server: str = "127.0.0.1:8000"
    client: str = "10.0.0.9:5123"
    authority: str | None = None
    proto: str = "http"


class Wire:
    """Takes what is answered; hands out the body in the given parts."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = parts
        self.status = 0
        self.body = b""
        self.sent: list[bytes] = []

    async def __aiter__(self):
        for part in self.parts:
            yield part

    def response_bytes(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def response_stream(self, status, headers):
        self.status = status
        return self

    async def send_bytes(self, data):
        self.sent.append(data)


def ask(pages, scope, wire=None, **options):
    wire = wire or Wire()
    asyncio.run(Bridge(pages, threads=1, **options).__rsgi__(scope, wire))
    return wire


def echo(environ, start_response):
    echo.environ = environ
    start_response("200 OK", [("content-type", "text/plain")])
    return [environ["wsgi.input"].read()]


def test_a_body_reaches_the_page_whole():
    scope = Scope(method="POST", headers=Headers([("content-length", "10")]))

    wire = ask(echo, scope, Wire(b"first", b"later"))

    assert (wire.status, wire.body) == (200, b"firstlater")
    assert echo.environ["CONTENT_LENGTH"] == "10"


def test_a_path_is_unquoted_as_wsgi_wants_it():
    ask(echo, Scope(path="/find/Zo%C3%AB", query_string="a=%20"))

    assert echo.environ["PATH_INFO"].encode("latin-1").decode() == "/find/Zoë"
    assert echo.environ["QUERY_STRING"] == "a=%20"


def test_repeated_headers_are_joined_and_imitations_left_out():
    given = [("cookie", "a=1"), ("cookie", "b=2"), ("x-live", "1"), ("x_live", "0")]

    ask(echo, Scope(headers=Headers(given)))

    assert echo.environ["HTTP_COOKIE"] == "a=1; b=2"
    assert echo.environ["HTTP_X_LIVE"] == "1"


@pytest.mark.parametrize("declared", ["999", ""])
def test_more_than_we_take_is_refused_declared_or_not(monkeypatch, declared):
    monkeypatch.setattr(bridge, "LARGEST_BODY", 100)
    scope = Scope(method="POST", headers=Headers([("content-length", declared)]))

    wire = ask(echo, scope, Wire(b"x" * 60, b"x" * 60))

    assert wire.status == 413


def test_an_address_is_the_proxys_word_only_when_there_is_a_proxy():
    headers = Headers([("x-forwarded-for", "6.6.6.6, 192.0.2.8")])

    ask(echo, Scope(headers=headers))
    alone = echo.environ["REMOTE_ADDR"]
    ask(echo, Scope(headers=headers), proxied=True)

    assert alone == "10.0.0.9"
    assert echo.environ["REMOTE_ADDR"] == "192.0.2.8"
    assert echo.environ["wsgi.url_scheme"] == "https"


class Streaming:
    streaming = True

    def __init__(self):
        self.parts = iter([b"one", b"two"])
        self.closed = False

    def __iter__(self):
        return self.parts

    def close(self):
        self.closed = True


def test_a_streamed_answer_is_sent_part_by_part_and_closed():
    response = Streaming()

    def pages(environ, start_response):
        start_response("200 OK", [])
        return response

    wire = ask(pages, Scope())

    assert wire.sent == [b"one", b"two"]
    assert response.closed


def test_a_stream_whose_reader_has_gone_is_closed_too():
    response = Streaming()

    def pages(environ, start_response):
        start_response("200 OK", [])
        return response

    class Gone(Wire):
        async def send_bytes(self, data):
            raise RuntimeError("closed")

    with pytest.raises(RuntimeError):
        ask(pages, Scope(), Gone())

    assert response.closed


def test_live_streams_never_take_a_thread_of_the_pages():
    async def stream(scope, wire):
        wire.response_bytes(200, [], b"live")

    wire = ask(echo, Scope(path="/live/"), streams={"live": stream})

    assert wire.body == b"live"
