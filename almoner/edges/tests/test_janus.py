"""What the gateway answers: Janus itself where it is installed, a pretended one for its faults."""

import socket
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from almoner.edges import janus
from tests import gateways

ROOM = janus.Room(7_001, "to end it", "to join it")


@pytest.fixture
def pretended():
    server = gateways.Pretended()
    yield server
    server.close()


@pytest.fixture(scope="module")
def real():
    with gateways.running() as gateway:
        yield gateway


class TestJanusItself:
    def test_it_makes_rooms_and_ends_them_however_often_it_is_asked(self, real):
        janus.works(real)
        for _twice in range(2):
            janus.open_room(real, ROOM, most=12)
        for _twice in range(2):
            janus.close_room(real, ROOM)

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"secret": "guessed"}, 403),
            ({"admin_key": "guessed"}, 433),
            ({"admin_key": ""}, 429),
        ],
    )
    def test_a_wrong_secret_or_key_is_said_as_such(self, real, wrong, code):
        with pytest.raises(janus.Unauthorised) as refused:
            janus.works(replace(real, **wrong))
        assert refused.value.code == code

    def test_whoever_knows_neither_token_nor_pin_joins_no_room(self, real):
        janus.open_room(real, ROOM, most=12)
        offer = OFFER

        for stranger in (replace(ROOM, pin="guessed"), replace(ROOM, secret="guessed")):
            with pytest.raises(janus.Unauthorised):
                janus.send(real, stranger, token="a token", offer=offer)
        sent = janus.send(real, ROOM, token="a token", offer=offer)
        assert sent.answer.startswith("v=0")
        assert "a=recvonly" in sent.answer

        janus.forbid(real, ROOM, "a token")
        janus.close(real, [sent.line])
        janus.close_room(real, ROOM)

    def test_a_room_and_a_sender_that_are_not_there_are_told_apart(self, real):
        with pytest.raises(janus.NoRoom):
            janus.send(real, replace(ROOM, number=7_002), token="a token", offer=OFFER)
        janus.open_room(real, ROOM, most=12)
        with pytest.raises(janus.NoFeed):
            janus.get(real, ROOM, feed=1)
        janus.close_room(real, ROOM)

    def test_of_connections_those_it_has_forgotten_are_named(self, real):
        janus.open_room(real, ROOM, most=12)
        sent = janus.send(real, ROOM, token="a token", offer=OFFER)
        gone = janus.Line(1, 2)

        assert janus.stay(real, [sent.line, gone]) == [gone]
        janus.close(real, [gone, sent.line])
        assert janus.stay(real, [sent.line]) == [sent.line]
        with pytest.raises(janus.Lost):
            janus.answer(real, sent.line, "v=0")
        with pytest.raises(janus.Lost):
            janus.trickle(real, sent.line, [{"completed": True}])
        janus.close_room(real, ROOM)


class TestFaults:
    def test_what_is_waited_for_is_found_among_what_is_told_besides(self, pretended):
        gateway = pretended.gateway
        janus.open_room(gateway, ROOM, most=12)

        sent = janus.send(gateway, ROOM, token="a token", offer="v=0")
        line, offer = janus.get(gateway, ROOM, feed=sent.feed)

        assert (sent.answer, offer) == ("v=0 the answer", "v=0 the offer")
        janus.answer(gateway, line, "v=0")
        assert pretended.heard[-2:] == ["join", "start"]

    def test_without_its_video_room_it_says_so(self, pretended):
        pretended.faults.add("no plugin")

        with pytest.raises(janus.Refused) as refused:
            janus.works(pretended.gateway)

        assert refused.value.code == janus.NO_PLUGIN
        assert pretended.sessions == {}  # the one that was opened to ask is ended

    def test_a_connection_without_its_handle_is_lost(self, pretended):
        pretended.faults.add("no handle")

        with pytest.raises(janus.Lost):
            janus.works(pretended.gateway)

    @pytest.mark.parametrize("fault", ["no event", "nonsense"])
    def test_what_is_not_answered_in_time_or_cannot_be_read_was_not_reached(self, pretended, fault):
        gateway = pretended.gateway
        janus.open_room(gateway, ROOM, most=12)
        pretended.faults.add(fault)

        with pytest.raises(janus.NotReached) as silent:
            janus.send(gateway, ROOM, token="a token", offer="v=0")

        assert gateways.SECRET not in str(silent.value)

    def test_one_that_hangs_is_asked_by_one_at_a_time_until_it_answers(self, monkeypatch):
        with socket.socket() as hangs:
            hangs.bind(("127.0.0.1", 0))
            hangs.listen()
            port = hangs.getsockname()[1]
            gateway = janus.Gateway(f"http://127.0.0.1:{port}/janus", "a secret", timeout=0.2)
            with pytest.raises(janus.NotReached):
                janus.works(gateway)

            began = time.monotonic()
            for _many in range(20):
                with pytest.raises(janus.NotReached):
                    janus.works(gateway)
            assert time.monotonic() - began < 2  # each waiting by itself would take four seconds

        rested = SimpleNamespace(monotonic=lambda: time.monotonic() + 11)
        monkeypatch.setattr(janus, "time", rested)  # its clock alone
        asked = janus._Asking(gateway)
        with pytest.raises(janus.NotReached):
            janus.works(gateway)  # one looks already
        assert asked.gateway == gateway

    def test_where_nobody_listens_nothing_is_reached_and_the_secret_is_not_told(self):
        nowhere = janus.Gateway("http://127.0.0.1:1/janus", "the secret of it")

        with pytest.raises(janus.NotReached) as silent:
            janus.works(nowhere)

        assert "secret" not in str(silent.value)


FINGERPRINT = ":".join(["AB"] * 32)
OFFER = "\r\n".join(
    [
        "v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
        "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuvwx", f"a=fingerprint:sha-256 {FINGERPRINT}",
        "a=setup:actpass", "a=mid:0", "a=sendonly", "a=rtcp-mux", "a=rtpmap:96 VP8/90000", "",
    ]
)  # fmt: skip
